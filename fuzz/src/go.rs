//! JSON as Go's `encoding/json` reads it into structs.

use serde_json::{Map, Value};

/// Simple folding as in `foldRune`: the smallest rune of each orbit that has an ASCII letter.
fn fold(text: &str) -> String {
    let folded = text.chars().map(|c| match c {
        '\u{17f}' => 'S',
        '\u{212a}' => 'K',
        c => c.to_ascii_uppercase(),
    });
    folded.collect()
}

/// What is left in the field `name`: the last key that folds to it.
pub fn field<'a>(object: &'a Value, name: &str) -> &'a Value {
    let name = fold(name);
    let entries = object.as_object().into_iter().flatten();
    let mut found = &Value::Null;
    for (key, value) in entries {
        if fold(key) == name {
            found = value;
        }
    }
    found
}

/// The string in a field; empty where there is none.
pub fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    field(object, name).as_str().unwrap_or_default()
}

/// The strings in a field; a single string is a list of itself (`strslice.StrSlice`).
pub fn texts<'a>(object: &'a Value, name: &str) -> Vec<&'a str> {
    match field(object, name) {
        Value::String(text) => vec![text],
        Value::Array(list) => list
            .iter()
            .map(|item| item.as_str().expect("text"))
            .collect(),
        _ => Vec::new(),
    }
}

/// The entries of a field that is a map or an object.
pub fn entries<'a>(object: &'a Value, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    field(object, name)
        .as_object()
        .into_iter()
        .flat_map(Map::iter)
}

/// The objects in a field that is a list.
pub fn list<'a>(object: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    field(object, name).as_array().into_iter().flatten()
}

/// Whether a field says nothing.
pub fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(set) => !set,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
    }
}

/// An object with no other keys than these, spelled exactly so.
#[track_caller]
pub fn only(object: &Value, known: &[&str]) {
    for key in object.as_object().expect("an object").keys() {
        assert!(
            known.contains(&key.as_str()),
            "`{key}` is sent to the engine"
        );
    }
}

/// A form value that was percent-encoded, as `url.QueryUnescape` reads it.
pub fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits =
                [rest.next(), rest.next()].map(|digit| char::from(digit.expect("two digits")));
            let digits: String = digits.iter().collect();
            bytes.push(u8::from_str_radix(&digits, 16).expect("hexadecimal"));
        } else {
            bytes.push(if byte == b'+' { b' ' } else { byte });
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}
