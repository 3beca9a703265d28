//! Where a value came from, so that every flag can be explained.

use std::fmt;

/// The place that decided a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Built into hal-9000.
    BuiltIn,
    /// Found on this machine: what was looked at.
    Found(String),
    /// The user's configuration file.
    UserFile(String),
    /// The project's `.hal-9000.toml`, which the user has trusted.
    ProjectFile(String),
    /// An environment variable.
    Variable(String),
    /// A flag of the command line.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn => f.write_str("built in"),
            Self::Found(what) => write!(f, "found: {what}"),
            Self::UserFile(path) => write!(f, "user file {path}"),
            Self::ProjectFile(path) => write!(f, "project file {path}"),
            Self::Variable(name) => write!(f, "variable {name}"),
            Self::Flag(name) => write!(f, "flag {name}"),
        }
    }
}

/// A value and the place that decided it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value in force.
    pub value: T,
    /// Who decided it.
    pub origin: Origin,
}

impl<T> Setting<T> {
    /// A value that hal-9000 brings along.
    pub fn built_in(value: T) -> Self {
        Self {
            value,
            origin: Origin::BuiltIn,
        }
    }

    /// The same origin with another form of the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Setting<U> {
        Setting {
            value: change(self.value),
            origin: self.origin,
        }
    }
}
