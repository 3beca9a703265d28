//! The time zone of this machine.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A time zone.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

impl Zone {
    /// The one that `$TZ` names, or else `/etc/localtime`; UTC where there is neither.
    pub fn here() -> Self {
        Self(TimeZone::try_system().unwrap_or(TimeZone::UTC))
    }

    /// A time of RFC 3339 as the clock on the wall showed it: `2026-01-02 04:04:05`. What is no time
    /// is left as it is.
    pub fn shown(&self, time: &str) -> String {
        match time.parse::<Timestamp>() {
            Ok(time) => {
                let time = time.to_zoned(self.0.clone());
                time.strftime("%Y-%m-%d %H:%M:%S").to_string()
            }
            Err(_) => time.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_zone() {
        let berlin = Zone(TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap());
        for (utc, shown) in [
            ("2026-01-02T03:04:05Z", "2026-01-02 04:04:05"),
            ("2026-07-02T23:04:05Z", "2026-07-03 01:04:05"),
            ("yesterday", "yesterday"),
        ] {
            assert_eq!(berlin.shown(utc), shown);
        }
    }
}
