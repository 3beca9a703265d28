//! What a message of protobuf may be: its fields, and what is done with each.

use crate::guard::Refusal;
use crate::guard::policy::Bounds;
use crate::guard::rule::{self, GuardRule};
use std::fmt;

/// A kind of message.
pub(super) struct Shape {
    pub(super) name: &'static str,
    pub(super) fields: &'static [Field],
}

/// Shapes have each other in them.
impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A field of a message.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) number: u32,
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether it can be there more than once.
    pub(super) many: bool,
    pub(super) does: Does,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Numbers, flags and enumerations.
    Number,
    Text,
    Bytes,
    Message(&'static Shape),
    /// By text: what an entry's value is.
    Map(Entry),
}

/// What a map has under its keys.
#[derive(Debug, Clone, Copy)]
pub(super) enum Entry {
    Text,
    Bytes,
    Flag,
    Message(&'static Shape),
}

/// What is given for a field.
#[derive(Debug, Clone, Copy)]
pub(super) enum Given<'a> {
    Number(u64),
    Text(&'a str),
    /// One entry of a map of texts.
    Entry(&'a str, &'a str),
    /// Bytes, or another map's entry.
    Other,
}

pub(super) type Check = fn(Given<'_>, &At<'_>) -> Result<(), Refusal>;

#[derive(Clone, Copy)]
pub(super) enum Does {
    Allow,
    /// Only what it is without being given.
    Refuse(&'static GuardRule),
    Check(Check),
}

impl fmt::Debug for Does {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allow => "allow",
            Self::Refuse(rule) => rule.id,
            Self::Check(_) => "check",
        })
    }
}

const fn field(number: u32, name: &'static str, kind: Kind) -> Field {
    Field {
        number,
        name,
        kind,
        many: false,
        does: Does::Allow,
    }
}

pub(super) const fn number(number: u32, name: &'static str) -> Field {
    field(number, name, Kind::Number)
}

pub(super) const fn text(number: u32, name: &'static str) -> Field {
    field(number, name, Kind::Text)
}

pub(super) const fn bytes(number: u32, name: &'static str) -> Field {
    field(number, name, Kind::Bytes)
}

pub(super) const fn message(number: u32, name: &'static str, shape: &'static Shape) -> Field {
    field(number, name, Kind::Message(shape))
}

pub(super) const fn map(number: u32, name: &'static str, entry: Entry) -> Field {
    Field {
        many: true,
        ..field(number, name, Kind::Map(entry))
    }
}

impl Field {
    pub(super) const fn many(self) -> Self {
        Self { many: true, ..self }
    }

    pub(super) const fn refuse(self, rule: &'static GuardRule) -> Self {
        Self {
            does: Does::Refuse(rule),
            ..self
        }
    }

    pub(super) const fn check(self, check: Check) -> Self {
        Self {
            does: Does::Check(check),
            ..self
        }
    }
}

/// What a message is held against.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    /// What is allowed, and what the session owns.
    pub bounds: &'a Bounds<'a>,
    /// Whether a BuildKit session was opened through this guard, and is open.
    pub is_open: &'a dyn Fn(&str) -> bool,
}

impl fmt::Debug for Moment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Moment")
    }
}

/// Where in a message something is.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) moment: &'a Moment<'a>,
    within: Option<&'a At<'a>>,
    name: &'a str,
    pub(super) depth: usize,
}

impl<'a> At<'a> {
    pub(super) fn new(moment: &'a Moment<'a>, name: &'a str) -> Self {
        Self {
            moment,
            within: None,
            name,
            depth: 0,
        }
    }

    pub(super) fn under<'b>(&'b self, name: &'b str) -> At<'b> {
        At {
            moment: self.moment,
            within: Some(self),
            name,
            depth: self.depth + 1,
        }
    }

    pub(super) fn forbidden(&self, rule: &'static GuardRule, cause: impl AsRef<str>) -> Refusal {
        Refusal::forbidden(rule, self.to_string(), cause)
    }

    pub(super) fn malformed(&self, cause: &str) -> Refusal {
        Refusal::malformed(rule::BUILD_MESSAGE, self.to_string(), cause)
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(within) = self.within {
            write!(f, "{within}.")?;
        }
        f.write_str(self.name)
    }
}
