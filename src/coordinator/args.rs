//! What the coordinator is told: made on the host, from the parent's description.

use crate::model::{Labels, owned_sessions};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Args {
    /// Hand lines from standard input to the coordinator's socket, and back.
    Pipe,
    /// Coordinate.
    Serve(Config),
}

/// Whose coordinator this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Config {
    /// The parent's own name.
    pub(super) name: String,
    /// `<userhash>` of the owner.
    pub(super) user: String,
    /// The instance.
    pub(super) instance: String,
    /// Who may talk to it.
    pub(super) uid: u32,
    /// That user's group.
    pub(super) gid: u32,
}

impl Config {
    /// The labels of every session of the owner.
    pub(super) fn sessions(&self) -> Labels {
        owned_sessions(&self.user, &self.instance)
    }
}

impl Args {
    pub(super) fn parse(args: impl IntoIterator<Item = OsString>) -> io::Result<Self> {
        let bad = |what: String| io::Error::new(io::ErrorKind::InvalidInput, what);
        let mut values = BTreeMap::new();
        for word in args {
            let word = word.to_string_lossy().into_owned();
            if word == "pipe" {
                return Ok(Self::Pipe);
            }
            let value = word
                .strip_prefix("--")
                .and_then(|word| word.split_once('='));
            let (name, value) = value.ok_or_else(|| bad(format!("`{word}` is not understood")))?;
            values.insert(name.to_owned(), value.to_owned());
        }
        let text = |name: &str| {
            let missing = || {
                bad(format!(
                    "`--{name}` is missing: the host starts this, not you"
                ))
            };
            values.get(name).cloned().ok_or_else(missing)
        };
        let number = |name: &str| {
            let value = text(name)?;
            value
                .parse()
                .map_err(|_| bad(format!("`--{name}={value}` is no id")))
        };
        Ok(Self::Serve(Config {
            name: text("name")?,
            user: text("user")?,
            instance: text("instance")?,
            uid: number("uid")?,
            gid: number("gid")?,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::label_keys;

    fn parse(words: &[&str]) -> io::Result<Args> {
        Args::parse(words.iter().map(OsString::from))
    }

    #[test]
    fn what_the_host_writes_is_understood() {
        let words = [
            "--name=p",
            "--user=ab",
            "--instance=x",
            "--uid=1",
            "--gid=2",
        ];
        let Ok(Args::Serve(config)) = parse(&words) else {
            panic!()
        };
        assert_eq!((config.name.as_str(), config.uid, config.gid), ("p", 1, 2));
        assert_eq!(config.sessions()[label_keys::INSTANCE], "x");
        assert_eq!(parse(&["pipe"]).unwrap(), Args::Pipe);
        for bad in [&["x"][..], &[], &["--name=p"], &["--uid=-1"]] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }
}
