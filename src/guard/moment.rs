//! Points in time as docker's filters and objects have them, in nanoseconds since 1970.

/// Nanoseconds of a second.
const SECOND: i128 = 1_000_000_000;

/// The units of a duration (Go's `time.ParseDuration`), the longer first where one begins like another.
const UNITS: &[(&str, i128)] = &[
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3_600 * SECOND),
];

/// What `until` can be: how long before `now` (`1h30m`), seconds since 1970, or a date and time with its
/// zone. One without is the engine's local time, which the guard does not know.
pub fn until(text: &str, now: i128) -> Option<i128> {
    if let Some(ago) = duration(text) {
        return Some(now - ago);
    }
    number(text, SECOND).or_else(|| rfc3339(text))
}

/// `2026-01-02T03:04:05.123+01:00`
pub fn rfc3339(text: &str) -> Option<i128> {
    let (date, time) = text.split_once('T')?;
    let (time, ahead) = match (time.strip_suffix('Z'), time.rfind(['+', '-'])) {
        (Some(time), _) => (time, 0),
        (None, Some(at)) => {
            let (time, zone) = time.split_at(at);
            let [hours, minutes] = digits(zone.get(1..)?, ':', [2, 2])?;
            let minutes = hours * 60 + minutes;
            (
                time,
                if zone.starts_with('-') {
                    -minutes
                } else {
                    minutes
                },
            )
        }
        _ => return None,
    };
    let [year, month, day] = digits(date, '-', [4, 2, 2])?;
    let (clock, fraction) = match time.split_once('.') {
        Some((clock, fraction)) => (clock, number(&format!("0.{fraction}"), SECOND)?),
        None => (time, 0),
    };
    let [hour, minute, second] = digits(clock, ':', [2, 2, 2])?;
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day);
    let fits = fits && hour < 24 && minute < 60 && second <= 60;
    // days_from_civil (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms")
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let month = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * month + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    let seconds = days * 86_400 + hour * 3_600 + (minute - ahead) * 60 + second;
    fits.then_some(seconds * SECOND + fraction)
}

fn duration(text: &str) -> Option<i128> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut sum: i128 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let (count, after) = rest.split_at(end);
        let length = after.find(|c: char| !c.is_ascii_alphabetic());
        let (unit, after) = after.split_at(length.unwrap_or(after.len()));
        let (_, unit) = UNITS.iter().find(|(name, _)| *name == unit)?;
        sum = sum.checked_add(number(count, *unit)?)?;
        rest = after;
    }
    Some(if negative { -sum } else { sum })
}

/// A decimal number of units.
fn number(text: &str, unit: i128) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let plain = |text: &str| {
        (1..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !plain(whole) || !plain(fraction) {
        return None;
    }
    let scale = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
    let (whole, fraction): (i128, i128) = (whole.parse().ok()?, fraction.parse().ok()?);
    Some(whole * unit + fraction * unit / scale)
}

/// Numbers of so many digits each.
fn digits<const N: usize>(text: &str, between: char, lengths: [usize; N]) -> Option<[i128; N]> {
    let mut parts = text.split(between);
    let mut found = [0; N];
    for (number, length) in found.iter_mut().zip(lengths) {
        let part = parts.next().filter(|part| part.len() == length)?;
        let plain = part.bytes().all(|byte| byte.is_ascii_digit());
        *number = part.parse().ok().filter(|_| plain)?;
    }
    parts.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_docker_writes_them() {
        let now = 1_000_000 * SECOND;
        for (text, expected) in [
            ("24h", Some(now - 86_400 * SECOND)),
            ("1h30m0.5s", Some(now - 5_400 * SECOND - SECOND / 2)),
            ("100ms", Some(now - SECOND / 10)),
            ("-1m", Some(now + 60 * SECOND)),
            ("1700000000", Some(1_700_000_000 * SECOND)),
            ("1700000000.25", Some(1_700_000_000 * SECOND + SECOND / 4)),
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1970-01-01T01:00:00.000000001+01:00", Some(1)),
            ("2000-02-29T00:00:00Z", Some(951_782_400 * SECOND)),
            ("2026-01-02T03:04:05Z", Some(1_767_323_045 * SECOND)),
            ("2026-01-02T03:04:05-00:30", Some(1_767_324_845 * SECOND)),
            (
                "2100-02-28T23:59:59.5Z",
                Some(4_107_542_399 * SECOND + SECOND / 2),
            ),
            ("2026-01-02", None),
            ("2026-01-02T03:04:05", None),
            ("2026-13-02T03:04:05Z", None),
            ("2026-01-02T+3:04:05Z", None),
            ("", None),
            ("-", None),
            ("1d", None),
            ("1", Some(SECOND)),
            ("h", None),
            ("1h2", None),
            ("99999999999999999999h", None),
            ("yesterday", None),
        ] {
            assert_eq!(until(text, now), expected, "{text}");
        }
    }
}
