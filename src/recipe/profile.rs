//! Toolchain profiles: their names, and which one a project's files ask for.

use std::fmt;
use std::str::FromStr;

/// The profile without a toolchain: the worker itself.
pub const BASE: &str = "base";

/// Markers in the order in which they win: a Java project with a `package.json` is a Java project.
const MARKERS: [(&str, &str); 9] = [
    ("pom.xml", "java"),
    ("build.gradle", "java"),
    ("build.gradle.kts", "java"),
    ("Cargo.toml", "rust"),
    ("go.mod", "go"),
    ("pyproject.toml", "python"),
    ("Pipfile", "python"),
    ("requirements.txt", "python"),
    ("package.json", "node"),
];

/// The profile of a project whose root directory has files of these names.
pub fn detect<S: AsRef<str>>(names: &[S]) -> ProfileName {
    let has = |marker: &str| names.iter().any(|name| name.as_ref() == marker);
    let name = MARKERS
        .iter()
        .find(|(marker, _)| has(marker))
        .map_or(BASE, |(_, profile)| profile);
    ProfileName(name.to_owned())
}

/// The files that ask for a profile.
pub fn markers(profile: &str) -> Vec<&'static str> {
    let markers = MARKERS.iter().filter(|(_, name)| *name == profile);
    markers.map(|(marker, _)| *marker).collect()
}

/// The name of a profile; part of an image's name, so the engine's rules for those hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProfileName(String);

impl ProfileName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name known to be valid: the built-in ones.
    pub(super) fn builtin(name: &'static str) -> Self {
        Self(name.to_owned())
    }
}

/// A text that cannot be the name of a profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "profile `{given}` is not usable: at most 40 of `a-z`, `0-9`, and `-` or `_` between them (one `_` or two in a row, not next to `-`)"
)]
pub struct InvalidProfile {
    /// What was given.
    pub given: String,
}

impl FromStr for ProfileName {
    type Err = InvalidProfile;

    fn from_str(text: &str) -> Result<Self, InvalidProfile> {
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let allowed = text.len() <= 40 && text.chars().all(|c| word(c) || c == '_' || c == '-');
        // The grammar of repository names (distribution/reference): separators are `_`, `__` or
        // any number of `-`, and only between words.
        let ends = text.starts_with(word) && text.ends_with(word);
        let joints = !["___", "_-", "-_"].iter().any(|bad| text.contains(bad));
        if allowed && ends && joints {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidProfile {
                given: text.to_owned(),
            })
        }
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
