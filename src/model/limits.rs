//! Resource limits, parsed as docker parses them.

use super::Invalid;
use std::fmt;
use std::str::FromStr;

/// A memory limit in bytes. The engine's minimum is 6 MiB (moby `daemon_unix.go`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Memory(u64);

const MEMORY_MINIMUM: u64 = 6 * 1024 * 1024;

impl Memory {
    /// A limit that the engine names, in bytes; 0 is none.
    pub fn in_force(bytes: u64) -> Option<Self> {
        (bytes > 0).then_some(Self(bytes))
    }

    /// The limit in bytes.
    pub fn bytes(self) -> u64 {
        self.0
    }
}

impl FromStr for Memory {
    type Err = Invalid;

    /// docker's grammar (go-units `RAMInBytes`): a number, then `b`, `k`, `m`, `g` or `t`, with an
    /// optional `b` or `ib`; powers of 1024.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refuse = |problem: &str| Err(Invalid::new("memory limit", text, problem));
        let split = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(split);
        let unit = unit.trim_start().to_ascii_lowercase();
        let power = match unit.as_str() {
            "" | "b" => 0,
            "k" | "kb" | "kib" => 1,
            "m" | "mb" | "mib" => 2,
            "g" | "gb" | "gib" => 3,
            "t" | "tb" | "tib" => 4,
            _ => return refuse("is not a size: write a number and a unit, as in `4g` or `512m`"),
        };
        let Ok(number) = number.parse::<f64>() else {
            return refuse("is not a size: write a number and a unit, as in `4g` or `512m`");
        };
        let bytes = number * 1024_f64.powi(power);
        if bytes > 2_f64.powi(62) {
            return refuse("is more than any machine has");
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the number has no sign and was compared with the largest that fits"
        )]
        let bytes = bytes as u64;
        if bytes < MEMORY_MINIMUM {
            return refuse("is less than docker accepts: the minimum is `6m`");
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, size) in [("g", 1 << 30), ("m", 1 << 20), ("k", 1 << 10)] {
            if self.0.is_multiple_of(size) {
                return write!(f, "{}{unit}", self.0 / size);
            }
        }
        write!(f, "{}b", self.0)
    }
}

/// A CPU limit in billionths of a core, as the engine's API counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cpus(i64);

impl Cpus {
    /// The limit in billionths of a core.
    pub fn nano(self) -> i64 {
        self.0
    }
}

impl FromStr for Cpus {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refuse = |problem: &str| Err(Invalid::new("cpu limit", text, problem));
        if !text.chars().all(|c| c.is_ascii_digit() || c == '.') {
            return refuse("is not a number of cores: write for example `2` or `1.5`");
        }
        let Ok(cores) = text.parse::<f64>() else {
            return refuse("is not a number of cores: write for example `2` or `1.5`");
        };
        if !(0.01..=100_000.0).contains(&cores) {
            return refuse("is outside what docker accepts: at least `0.01`");
        }
        #[expect(clippy::cast_possible_truncation, reason = "at most 100 000 cores")]
        Ok(Self((cores * 1e9).round() as i64))
    }
}

impl fmt::Display for Cpus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 1_000_000_000, self.0 % 1_000_000_000);
        if part == 0 {
            write!(f, "{whole}")
        } else {
            let digits = format!("{part:09}");
            write!(f, "{whole}.{}", digits.trim_end_matches('0'))
        }
    }
}

/// The number of processes and threads that a session may have at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pids(i64);

impl Pids {
    /// The limit.
    pub fn count(self) -> i64 {
        self.0
    }
}

/// The entrypoint, the init process, Claude's own threads and one shell do not fit into less.
const PIDS_MINIMUM: i64 = 20;

impl FromStr for Pids {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.parse::<i64>() {
            Ok(count) if count >= PIDS_MINIMUM => Ok(Self(count)),
            Ok(_) => Err(Invalid::new(
                "pids limit",
                text,
                format!("leaves no room for Claude: at least {PIDS_MINIMUM}, or `--no-limits`"),
            )),
            Err(_) => Err(Invalid::new(
                "pids limit",
                text,
                "is not a number of processes: write for example `100`",
            )),
        }
    }
}

impl fmt::Display for Pids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The limits of one container; all three or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// `--memory`
    pub memory: Memory,
    /// `--cpus`
    pub cpus: Cpus,
    /// `--pids-limit`
    pub pids: Pids,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_as_docker_reads_it() {
        for (text, bytes) in [
            ("4g", 4 << 30),
            ("4G", 4 << 30),
            ("512m", 512 << 20),
            ("1.5g", 3 << 29),
            ("4gb", 4 << 30),
            ("4GiB", 4 << 30),
            ("8388608", 8 << 20),
            ("8388608b", 8 << 20),
        ] {
            assert_eq!(text.parse::<Memory>().unwrap().bytes(), bytes, "{text}");
        }
        for bad in [
            "", "4x", "g", "-4g", "1m", "0", "4 g g", "1e9g", "NaN", "inf", "9999999t",
        ] {
            assert!(bad.parse::<Memory>().is_err(), "{bad}");
        }
    }

    #[test]
    fn limits_print_as_they_are_typed() {
        for text in ["4g", "512m", "1536m", "8193k", "8388609b"] {
            assert_eq!(text.parse::<Memory>().unwrap().to_string(), text);
        }
        for text in ["2", "1.5", "0.25"] {
            assert_eq!(text.parse::<Cpus>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn cpus_and_pids_have_a_floor() {
        for bad in ["0", "-1", "two", "", "1e3", "0.001"] {
            assert!(bad.parse::<Cpus>().is_err(), "{bad}");
        }
        for bad in ["0", "-1", "19", "many", ""] {
            assert!(bad.parse::<Pids>().is_err(), "{bad}");
        }
        assert_eq!("100".parse::<Pids>().unwrap().count(), 100);
    }
}
