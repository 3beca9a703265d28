//! Protobuf, read strictly and against a shape in which every field has a number, a kind and what is
//! done with it. Go's readers keep what they do not know and take the last of two: neither passes here,
//! so that what was judged is what the engine reads. It is read here, and not by a generated reader,
//! as those drop what they do not know without a word.

use super::shape::{At, Does, Entry, Field, Given, Kind, Shape};
use crate::guard::Refusal;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Messages within messages: more than a build's definition has.
const DEEPEST: usize = 32;

/// One field as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part<'a> {
    Number(u64),
    Bytes(Cow<'a, [u8]>),
}

/// A message that was read: its fields in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message<'a>(Vec<(u32, Part<'a>)>);

impl<'a> Message<'a> {
    /// The text of a field; empty if it is not there.
    pub(super) fn text(&self, number: u32) -> &str {
        self.all(number)
            .last()
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }

    /// The texts, messages or entries of a field.
    pub(super) fn all(&self, number: u32) -> impl Iterator<Item = &[u8]> {
        self.0.iter().filter_map(move |part| match part {
            (found, Part::Bytes(bytes)) if *found == number => Some(bytes.as_ref()),
            _ => None,
        })
    }

    pub(super) fn remove(&mut self, number: u32) {
        self.0.retain(|(found, _)| *found != number);
    }

    pub(super) fn push(&mut self, number: u32, bytes: impl Into<Cow<'a, [u8]>>) {
        self.0.push((number, Part::Bytes(bytes.into())));
    }

    /// A map of texts.
    pub(super) fn texts(&self, number: u32) -> BTreeMap<String, String> {
        let entries = self.all(number).filter_map(|entry| {
            let entry = parts(entry).ok()?;
            Some((entry.text(1).to_owned(), entry.text(2).to_owned()))
        });
        entries.collect()
    }

    pub(super) fn set_texts(&mut self, number: u32, texts: &BTreeMap<String, String>) {
        self.remove(number);
        for (key, value) in texts {
            let mut entry = Message(Vec::new());
            entry.push(1, key.as_bytes());
            entry.push(2, value.as_bytes());
            self.push(number, entry.encode());
        }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (number, part) in &self.0 {
            let number = u64::from(*number) << 3;
            match part {
                Part::Number(value) => {
                    put(number, &mut bytes);
                    put(*value, &mut bytes);
                }
                Part::Bytes(content) => {
                    put(number | 2, &mut bytes);
                    put(content.len() as u64, &mut bytes);
                    bytes.extend_from_slice(content);
                }
            }
        }
        bytes
    }
}

fn put(mut value: u64, to: &mut Vec<u8>) {
    loop {
        let [seven, ..] = (value & 0x7f).to_le_bytes();
        value >>= 7;
        if value == 0 {
            return to.push(seven);
        }
        to.push(seven | 0x80);
    }
}

/// A number of at most 64 bits, and what is after it.
fn varint(bytes: &[u8]) -> Result<(u64, &[u8]), &'static str> {
    let mut value = 0;
    for (index, byte) in bytes.iter().enumerate().take(10) {
        if index == 9 && *byte > 1 {
            break;
        }
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Ok((value, bytes.get(index + 1..).unwrap_or_default()));
        }
    }
    Err("has a number that does not end")
}

/// The fields, whatever they are.
pub(super) fn parts(mut bytes: &[u8]) -> Result<Message<'_>, &'static str> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (key, rest) = varint(bytes)?;
        let number = u32::try_from(key >> 3).map_err(|_| "has a field without a number")?;
        if number == 0 {
            return Err("has a field without a number");
        }
        let (part, rest) = match key & 7 {
            0 => {
                let (value, rest) = varint(rest)?;
                (Part::Number(value), rest)
            }
            2 => {
                let (length, rest) = varint(rest)?;
                let content = usize::try_from(length)
                    .ok()
                    .and_then(|length| rest.split_at_checked(length));
                let (content, rest) = content.ok_or("has a field that is cut off")?;
                (Part::Bytes(content.into()), rest)
            }
            _ => return Err("has a field of a type that no build has"),
        };
        found.push((number, part));
        bytes = rest;
    }
    Ok(Message(found))
}

/// Read a message of a shape, and all that is in it.
pub(super) fn read<'a>(
    bytes: &'a [u8],
    shape: &'static Shape,
    at: &At<'_>,
) -> Result<Message<'a>, Refusal> {
    if at.depth > DEEPEST {
        return Err(at.malformed("is too deep"));
    }
    let message = parts(bytes).map_err(|cause| at.malformed(cause))?;
    let mut seen: BTreeSet<(u32, &str)> = BTreeSet::new();
    for (number, part) in &message.0 {
        let Some(field) = shape.fields.iter().find(|field| field.number == *number) else {
            return Err(at.malformed(&format!("has the field {number}, which is not known")));
        };
        let here = at.under(field.name);
        if !field.many && !seen.insert((*number, "")) {
            return Err(here.malformed("is given twice"));
        }
        if let Some(key) = one(field, part, &here)?
            && !seen.insert((*number, key))
        {
            return Err(here.malformed("has a key twice"));
        }
    }
    Ok(message)
}

/// One field; of a map the entry's key.
fn one<'a>(field: &Field, part: &'a Part<'_>, at: &At<'_>) -> Result<Option<&'a str>, Refusal> {
    let typed = || at.malformed("is not of its type");
    let utf8 = |bytes| std::str::from_utf8(bytes).map_err(|_| at.malformed("is not UTF-8"));
    let given = match (field.kind, part) {
        (Kind::Number, Part::Number(value)) => Given::Number(*value),
        (Kind::Number, Part::Bytes(packed)) if field.many => {
            let mut rest: &[u8] = packed;
            while !rest.is_empty() {
                let (value, after) = varint(rest).map_err(|cause| at.malformed(cause))?;
                judge(field, Given::Number(value), at)?;
                rest = after;
            }
            return Ok(None);
        }
        (Kind::Text, Part::Bytes(bytes)) => Given::Text(utf8(bytes)?),
        (Kind::Bytes, Part::Bytes(bytes)) if bytes.is_empty() => Given::Text(""),
        (Kind::Bytes, Part::Bytes(_)) => Given::Other,
        (Kind::Message(shape), Part::Bytes(bytes)) => {
            judge(field, Given::Other, at)?;
            read(bytes, shape, at)?;
            return Ok(None);
        }
        (Kind::Map(values), Part::Bytes(entry)) => {
            let (key, given) = map_entry(entry, values, at)?;
            judge(field, given, &at.under(key))?;
            return Ok(Some(key));
        }
        _ => return Err(typed()),
    };
    judge(field, given, at)?;
    Ok(None)
}

fn map_entry<'a>(
    entry: &'a [u8],
    values: Entry,
    at: &At<'_>,
) -> Result<(&'a str, Given<'a>), Refusal> {
    let odd = || at.malformed("has an entry that is not a key and a value");
    let read_parts = parts(entry).map_err(|cause| at.malformed(cause))?;
    let mut key: Option<&'a [u8]> = None;
    let mut value: Option<Part<'a>> = None;
    for (number, part) in read_parts.0 {
        match (number, part) {
            (1, Part::Bytes(Cow::Borrowed(bytes))) if key.is_none() => key = Some(bytes),
            (2, part) if value.is_none() => value = Some(part),
            _ => return Err(odd()),
        }
    }
    let key = std::str::from_utf8(key.unwrap_or_default()).map_err(|_| odd())?;
    let given = match (values, value) {
        (Entry::Text, None) => Given::Entry(key, ""),
        (Entry::Text, Some(Part::Bytes(Cow::Borrowed(bytes)))) => {
            Given::Entry(key, std::str::from_utf8(bytes).map_err(|_| odd())?)
        }
        (Entry::Message(shape), Some(Part::Bytes(bytes))) => {
            read(&bytes, shape, &at.under(key))?;
            Given::Other
        }
        (Entry::Bytes, Some(Part::Bytes(_))) | (Entry::Flag, Some(Part::Number(_))) | (_, None) => {
            Given::Other
        }
        _ => return Err(odd()),
    };
    Ok((key, given))
}

fn judge(field: &Field, given: Given<'_>, at: &At<'_>) -> Result<(), Refusal> {
    match field.does {
        Does::Allow => Ok(()),
        Does::Check(check) => check(given, at),
        Does::Refuse(rule) => match given {
            // what such a field is without being given; one more of many is given
            Given::Number(0) | Given::Text("") if !field.many => Ok(()),
            Given::Number(value) => Err(at.forbidden(rule, format!("is {value}"))),
            Given::Text(text) | Given::Entry(_, text) => {
                Err(at.forbidden(rule, format!("is `{text}`")))
            }
            Given::Other => Err(at.forbidden(rule, "is given")),
        },
    }
}

#[cfg(test)]
mod tests;
