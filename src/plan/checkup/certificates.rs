//! A file of certificates, read as far as it has to be: how many, and how many have expired.
//!
//! PEM is RFC 7468, what is in it X.509 in DER (RFC 5280 §4.1): of that only the way to the end of
//! the validity is walked.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// What is in such a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bundle {
    /// Certificates.
    Read {
        /// How many.
        count: usize,
        /// Of these have expired.
        expired: usize,
    },
    /// One of them is no certificate.
    Damaged {
        /// Which, counted from 1.
        number: usize,
    },
    /// One certificate, and not as PEM.
    Binary,
    /// Nothing of that.
    None,
}

const BEGIN: &str = "-----BEGIN ";
const LABELS: [&str; 3] = [
    "CERTIFICATE-----",
    "X509 CERTIFICATE-----",
    "TRUSTED CERTIFICATE-----",
];

/// Read it; `now` is in seconds since 1970.
pub(super) fn read(bytes: &[u8], now: i64) -> Bundle {
    if not_after(bytes).is_some() {
        return Bundle::Binary;
    }
    let text = String::from_utf8_lossy(bytes);
    let (mut count, mut expired) = (0, 0);
    for part in text.split(BEGIN).skip(1) {
        let Some(body) = LABELS.iter().find_map(|label| part.strip_prefix(label)) else {
            continue;
        };
        count += 1;
        let body = body.split_once("-----END ").map(|(body, _)| body);
        let end = body.and_then(base64).and_then(|der| not_after(&der));
        match end {
            Some(end) if end < now => expired += 1,
            Some(_) => {}
            None => return Bundle::Damaged { number: count },
        }
    }
    if count == 0 {
        return Bundle::None;
    }
    Bundle::Read { count, expired }
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0);
    for letter in text.bytes().filter(|letter| !letter.is_ascii_whitespace()) {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => continue,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    Some(bytes)
}

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// When a certificate ends, in seconds since 1970.
fn not_after(der: &[u8]) -> Option<i64> {
    let (certificate, _) = inside(der, SEQUENCE)?;
    let (mut rest, _) = inside(certificate, SEQUENCE)?;
    if rest.first() == Some(&VERSION) {
        rest = element(rest)?.2;
    }
    // The serial number, the algorithm and the issuer are before the validity.
    for _ in 0..3 {
        rest = element(rest)?.2;
    }
    let (validity, _) = inside(rest, SEQUENCE)?;
    let (_, _, rest) = element(validity)?;
    let (kind, text, _) = element(rest)?;
    time(kind, std::str::from_utf8(text).ok()?)
}

fn inside(der: &[u8], kind: u8) -> Option<(&[u8], &[u8])> {
    let (found, content, rest) = element(der)?;
    (found == kind).then_some((content, rest))
}

/// The kind and the content of the first element, and what is after it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&kind, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        let (digits, rest) = rest
            .split_at_checked(count)
            .filter(|_| (1..=4).contains(&count))?;
        let length = digits
            .iter()
            .fold(0, |sum, digit| sum << 8 | usize::from(*digit));
        (length, rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((kind, content, rest))
}

/// `YYMMDDHHMMSSZ`, years from 1950 on, or `YYYYMMDDHHMMSSZ`.
fn time(kind: u8, text: &str) -> Option<i64> {
    let digits = text.strip_suffix('Z')?;
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = match kind {
        UTC_TIME => {
            let (year, rest) = digits.split_at_checked(2)?;
            let year: i16 = year.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = digits.split_at_checked(4)?;
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    let two = |at: usize| rest.get(at..at + 2)?.parse::<i8>().ok();
    let (month, day, hour) = (two(0)?, two(2)?, two(4)?);
    let when = DateTime::new(year, month, day, hour, two(6)?, two(8)?, 0).ok()?;
    Some(when.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

#[cfg(test)]
#[path = "certificates_tests.rs"]
pub(super) mod tests;
