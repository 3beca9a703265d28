//! Docker's command line as somebody types it. It is read as far as it has to be known, and never
//! written anew: what nobody here knows stays in it as it was.
//!
//! The grammar is that of docker's client: spf13/pflag, with options in front of words only.

use super::run_flags::Flags;
use std::path::{Component, Path};

/// Options of docker's client itself that take a value (docker/cli `cli/flags/options.go`).
const CLIENT_VALUES: &[(&str, Option<char>)] = &[
    ("config", None),
    ("context", Some('c')),
    ("host", Some('H')),
    ("log-level", Some('l')),
    ("tlscacert", None),
    ("tlscert", None),
    ("tlskey", None),
];

/// Those that take none.
const CLIENT_SWITCHES: &[(&str, Option<char>)] = &[
    ("debug", Some('D')),
    ("tls", None),
    ("tlsverify", None),
    ("version", Some('v')),
];

/// A command line that makes a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Making {
    /// The options in front of the command.
    pub client: Given,
    /// Where the options of the container begin: behind `run` or `create`.
    pub at: usize,
}

/// Options that were given, by their long names, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given(Vec<(String, String)>);

impl Given {
    /// Whether this one was given, whatever its value.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(given, _)| given == name)
    }

    /// Its value; of several the last, as docker has it.
    pub fn value(&self, name: &str) -> Option<&str> {
        let mut all = self.0.iter().rev();
        let found = all.find(|(given, _)| given == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether something is mounted at this place already; the engine refuses two.
    pub fn mounts_at(&self, target: &str) -> bool {
        let target = clean(target);
        self.targets().any(|it| it == target)
    }

    /// Whether something is mounted above this place: a mount in it would need a directory there, and
    /// leave one.
    pub fn mounts_above(&self, target: &str) -> bool {
        let target = clean(target);
        let below = |it: String| {
            target
                .strip_prefix(&it)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        self.targets().any(below)
    }

    fn targets(&self) -> impl Iterator<Item = String> {
        let targets = self
            .0
            .iter()
            .filter_map(|(name, value)| match name.as_str() {
                "volume" => volume_target(value),
                "mount" => mount_target(value),
                "tmpfs" => value.split(':').next().map(str::to_owned),
                _ => None,
            });
        targets.map(|it| clean(&it))
    }
}

/// Why the options of a command line are not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// Nobody has told whether this one takes a value.
    Unknown(String),
    /// There is no image in it: docker will say so, or print its help.
    NoImage,
}

/// Where a command line makes a container; nothing where it does something else, or what it does is
/// docker's to tell.
pub fn making(words: &[String]) -> Option<Making> {
    let flags = Flags::of(CLIENT_SWITCHES, CLIENT_VALUES);
    let mut reader = Reader::new(words, &flags);
    let client = reader.options().ok()?;
    let at = match reader.word()? {
        "run" | "create" => reader.at,
        "container" => match reader.word()? {
            "run" | "create" => reader.at,
            _ => return None,
        },
        _ => return None,
    };
    Some(Making { client, at })
}

/// The options of the container that these words make: those behind `run` or `create`.
pub fn given(words: &[String], flags: &Flags) -> Result<Given, Unread> {
    let mut reader = Reader::new(words, flags);
    let given = reader.options()?;
    reader.word().map(|_| given).ok_or(Unread::NoImage)
}

struct Reader<'a> {
    words: &'a [String],
    at: usize,
    flags: &'a Flags,
}

impl<'a> Reader<'a> {
    fn new(words: &'a [String], flags: &'a Flags) -> Self {
        Self {
            words,
            at: 0,
            flags,
        }
    }

    fn word(&mut self) -> Option<&'a str> {
        let word = self.words.get(self.at)?;
        self.at += 1;
        Some(word)
    }

    /// Everything up to the first word that is no option.
    fn options(&mut self) -> Result<Given, Unread> {
        let mut given = Given::default();
        while let Some(word) = self.words.get(self.at) {
            if word == "--" {
                self.at += 1;
                break;
            }
            if let Some(long) = word.strip_prefix("--") {
                self.at += 1;
                self.long(long, &mut given)?;
            } else if let Some(letters) = word.strip_prefix('-').filter(|it| !it.is_empty()) {
                self.at += 1;
                self.letters(letters, &mut given)?;
            } else {
                break;
            }
        }
        Ok(given)
    }

    fn long(&mut self, text: &str, given: &mut Given) -> Result<(), Unread> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let unknown = || Unread::Unknown(format!("--{name}"));
        let takes_value = self.flags.takes_value(name).ok_or_else(unknown)?;
        let value = match value {
            Some(value) => value.to_owned(),
            None if takes_value => self.value()?,
            None => "true".to_owned(),
        };
        given.0.push((name.to_owned(), value));
        Ok(())
    }

    /// `-it`, `-p80:80`, `-v=/a:/b`, `-e NAME`, and all of that in one word.
    fn letters(&mut self, letters: &str, given: &mut Given) -> Result<(), Unread> {
        let mut rest = letters.chars();
        while let Some(letter) = rest.next() {
            let unknown = || Unread::Unknown(format!("-{letter}"));
            let name = self.flags.long_of(letter).ok_or_else(unknown)?.to_owned();
            let takes_value = self.flags.takes_value(&name).ok_or_else(unknown)?;
            let value = match rest.as_str() {
                after if after.len() > 1 && after.starts_with('=') => {
                    rest.by_ref().for_each(drop);
                    after.get(1..).unwrap_or_default().to_owned()
                }
                "" if takes_value => self.value()?,
                after if takes_value => {
                    rest.by_ref().for_each(drop);
                    after.to_owned()
                }
                _ => "true".to_owned(),
            };
            given.0.push((name, value));
        }
        Ok(())
    }

    fn value(&mut self) -> Result<String, Unread> {
        self.word().map(str::to_owned).ok_or(Unread::NoImage)
    }
}

/// `SOURCE:TARGET[:MODE]`, or `TARGET` alone.
fn volume_target(text: &str) -> Option<String> {
    let mut parts = text.split(':');
    let first = parts.next()?;
    Some(parts.next().unwrap_or(first).to_owned())
}

/// The target in a CSV of `--mount` (docker/cli `opts/mount.go`).
fn mount_target(text: &str) -> Option<String> {
    let names = ["target", "dst", "destination"];
    let fields = csv(text);
    let mut fields = fields.iter().filter_map(|field| field.split_once('='));
    // Of several, docker takes the last.
    let target = fields.rfind(|(key, _)| names.contains(&key.to_ascii_lowercase().as_str()));
    target.map(|(_, value)| value.to_owned())
}

/// The fields of one CSV line (RFC 4180).
fn csv(text: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let Some(field) = fields.last_mut() else {
            break;
        };
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            ',' if !quoted => fields.push(String::new()),
            _ => field.push(letter),
        }
    }
    fields
}

/// A path as the engine compares it (Go's `path.Clean`).
fn clean(path: &str) -> String {
    let mut cleaned: Vec<&str> = Vec::new();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(name) => cleaned.push(name.to_str().unwrap_or_default()),
            Component::ParentDir => {
                cleaned.pop();
            }
            _ => {}
        }
    }
    format!("/{}", cleaned.join("/"))
}

#[cfg(test)]
#[path = "typed_tests.rs"]
mod tests;
