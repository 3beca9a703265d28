//! Names of containers, and of the instance that keeps users and test runs apart.

use super::Invalid;
use std::fmt;
use std::str::FromStr;

/// A name the engine accepts: `[a-zA-Z0-9][a-zA-Z0-9_.-]+` (moby `daemon/names`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContainerName(String);

impl ContainerName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The `n`-th name of the same project: the name itself, then `-2`, `-3`, …
    #[must_use]
    pub fn numbered(&self, n: usize) -> Self {
        if n < 2 {
            self.clone()
        } else {
            Self(format!("{}-{n}", self.0))
        }
    }
}

/// The longest name that is also a file's: with something behind it, that can have 255 bytes.
const LONGEST_FILE: usize = 200;

/// The name of a container as one of a file: a project's directory can have a name that leaves no room
/// for what is added to it.
pub fn file_name(container: &str) -> String {
    match container.get(..LONGEST_FILE) {
        Some(begin) if container.len() > LONGEST_FILE => {
            format!(
                "{begin}-{}",
                super::project::short_hash(container.as_bytes())
            )
        }
        _ => container.to_owned(),
    }
}

impl FromStr for ContainerName {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let mut letters = text.chars();
        let first = letters.next().is_some_and(|c| c.is_ascii_alphanumeric());
        let more = text.len() > 1;
        let rest = letters.all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
        if first && more && rest {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new(
                "name",
                text,
                "is not a container name: a letter or digit, then letters, digits, `_`, `.` or `-`",
            ))
        }
    }
}

impl fmt::Display for ContainerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What keeps two users or a test run apart on one engine (`HAL9000_INSTANCE`); empty for most.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Instance(String);

impl Instance {
    /// The value of the label `hal9000.instance`; `default` where no instance was named.
    pub fn label(&self) -> &str {
        if self.0.is_empty() {
            "default"
        } else {
            &self.0
        }
    }

    /// `base`, with the instance as a suffix where one was named.
    pub fn suffixed(&self, base: &str) -> String {
        if self.0.is_empty() {
            base.to_owned()
        } else {
            format!("{base}-{}", self.0)
        }
    }
}

impl FromStr for Instance {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if text == "default" || text.len() > 40 || !text.chars().all(allowed) {
            return Err(Invalid::new(
                "instance",
                text,
                "is not usable: at most 40 letters, digits, `_` or `-`, and not `default`",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn container_names_follow_the_engine() {
        for good in ["ab", "a1", "hal-9000-x_y.z", "0a"] {
            assert!(good.parse::<ContainerName>().is_ok(), "{good}");
        }
        for bad in ["", "a", "-a", ".a", "a b", "a/b", "ä1", "a\n"] {
            assert!(bad.parse::<ContainerName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_first_name_has_no_number() {
        let name: ContainerName = "ab".parse().unwrap();
        assert_eq!(name.numbered(1).as_str(), "ab");
        assert_eq!(name.numbered(2).as_str(), "ab-2");
    }

    #[test]
    fn an_instance_is_a_suffix() {
        assert_eq!(Instance::default().suffixed("vol"), "vol");
        let x: Instance = "x".parse().unwrap();
        assert_eq!((x.suffixed("vol").as_str(), x.label()), ("vol-x", "x"));
        assert!("default".parse::<Instance>().is_err());
        assert!("a/b".parse::<Instance>().is_err());
    }
}
