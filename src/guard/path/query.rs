//! Query strings: parsed into what a row of the table knows, and written anew.

use super::row::Row;
use crate::guard::Refusal;
use crate::guard::rule::{self, GuardRule};
use std::fmt::Write as _;

/// How a parameter is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamKind {
    /// A boolean as the engine reads it (httputils `BoolValue`): written anew as `1` or `0`.
    Flag,
    /// A whole number.
    Int,
    /// Any text.
    Text,
    /// Any text; of several the first, as the engine takes it.
    First,
    /// Any text, several times.
    Texts,
    /// `filters`: read by [`crate::guard::filters`].
    Filters,
    /// Known, and left out.
    Dropped,
    /// Known, and refused unless it says nothing.
    Refused(&'static GuardRule),
}

/// One parameter of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Param {
    /// Its name, exactly.
    pub name: &'static str,
    /// How it is read.
    pub kind: ParamKind,
}

/// The parameters that were given, decoded, by the names in the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<(&'static str, String)>);

impl Query {
    /// The value of a parameter that can be given once.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All values of a parameter.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(given, _)| *given == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether a flag is set.
    pub fn flag(&self, name: &str) -> bool {
        self.get(name) == Some("1")
    }

    /// Replace all values of a parameter by one, in its place.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.replace(name, &[value.into()]);
    }

    /// Replace all values of a parameter by these, in its place.
    pub fn replace(&mut self, name: &'static str, values: &[String]) {
        let at = self.0.iter().position(|(given, _)| *given == name);
        let at = at.unwrap_or(self.0.len());
        self.remove(name);
        let values = values.iter().map(|value| (name, value.clone()));
        // what was removed is at or behind the place
        self.0.splice(at..at, values);
    }

    /// Leave a parameter out.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(given, _)| *given != name);
    }

    /// What was given, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// As it is sent, without `?`; empty if there is nothing.
    pub fn encode(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.0 {
            if !text.is_empty() {
                text.push('&');
            }
            text.push_str(name);
            text.push('=');
            percent_encode(value, "", &mut text);
        }
        text
    }

    /// Read what came after the `?` for this route. `ignored` are names that the engine does not read
    /// in the query and that a client is known to repeat there.
    pub(super) fn parse(
        text: &str,
        row: &Row,
        ignored: impl Fn(&str) -> bool,
    ) -> Result<Self, Refusal> {
        let mut read = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, raw) = pair.split_once('=').unwrap_or((pair, ""));
            let malformed = |cause| Refusal::malformed(rule::QUERY, format!("query {name}"), cause);
            let Some(param) = row.query.iter().find(|param| param.name == name) else {
                if ignored(name) {
                    continue;
                }
                return Err(malformed("is not a parameter of this route"));
            };
            if seen.contains(&name) {
                match param.kind {
                    ParamKind::Texts => {}
                    ParamKind::First => continue,
                    _ => return Err(malformed("is given twice")),
                }
            }
            seen.push(name);
            let value = percent_decode(raw)
                .ok_or_else(|| malformed("is not UTF-8, percent-encoded once and without NUL"))?;
            if let Some(value) = param.read(value)? {
                read.push((param.name, value));
            }
        }
        // in the table's order: the same request is written the same way every time
        let place = |name: &str| row.query.iter().position(|param| param.name == name);
        read.sort_by_key(|(name, _)| place(name));
        Ok(Self(read))
    }
}

impl Param {
    /// The value as it is sent on; `None` if it says nothing or is left out.
    fn read(&self, value: String) -> Result<Option<String>, Refusal> {
        let field = || format!("query {}", self.name);
        match self.kind {
            ParamKind::Flag => match value.trim().to_ascii_lowercase().as_str() {
                "1" | "true" | "yes" | "on" | "t" | "y" => Ok(Some("1".to_owned())),
                "" | "0" | "false" | "no" | "none" => Ok(Some("0".to_owned())),
                _ => Err(Refusal::malformed(rule::QUERY, field(), "is not a boolean")),
            },
            ParamKind::Dropped => Ok(None),
            _ if value.is_empty() && self.kind != ParamKind::Texts => Ok(None),
            ParamKind::Int => match value.parse::<i64>() {
                Ok(number) if !value.starts_with('+') => Ok(Some(number.to_string())),
                _ => Err(Refusal::malformed(
                    rule::QUERY,
                    field(),
                    "is not a whole number",
                )),
            },
            ParamKind::Text | ParamKind::First | ParamKind::Texts | ParamKind::Filters => {
                Ok(Some(value))
            }
            ParamKind::Refused(rule) => Err(Refusal::forbidden(rule, field(), "is given")),
        }
    }
}

/// Decode a form value once, as Go's `url.ParseQuery` does, but strictly: `+` is a space, every `%`
/// is followed by two hexadecimal digits, `;` is no separator, the result is UTF-8 without NUL.
pub(super) fn percent_decode(text: &str) -> Option<String> {
    if text.contains(';') {
        return None;
    }
    decode(text, |b| if b == b'+' { b' ' } else { b })
}

/// Decode a segment of a path: `+` is itself there.
pub(super) fn percent_decode_segment(text: &str) -> Option<String> {
    decode(text, |b| b)
}

fn decode(text: &str, plain: impl Fn(u8) -> u8) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = char::from(bytes.next()?).to_digit(16)?;
            let low = char::from(bytes.next()?).to_digit(16)?;
            decoded.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            decoded.push(plain(byte));
        }
    }
    String::from_utf8(decoded)
        .ok()
        .filter(|text| !text.contains('\0'))
}

/// Append `text` with everything encoded but unreserved characters and those in `kept`.
pub fn percent_encode(text: &str, kept: &str, into: &mut String) {
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || "-._~".contains(c) || (c.is_ascii() && kept.contains(c)) {
            into.push(c);
        } else {
            // writing to a string cannot fail
            let _ = write!(into, "%{byte:02X}");
        }
    }
}
