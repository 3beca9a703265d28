//! The values that a request can have: whole numbers only, since no field of the API has others.

use serde::ser::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// A JSON value without duplicate keys. Its serialisation is canonical: keys in a fixed order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`, and what is not there.
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A string without NUL.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object.
    Map(BTreeMap<String, Value>),
}

impl Value {
    /// What Go's decoder would leave a field at without this value: it says nothing.
    pub fn is_zero(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Bool(set) => !set,
            Self::Int(number) => *number == 0,
            Self::Text(text) => text.is_empty(),
            Self::List(list) => list.iter().all(|item| *item == Self::Int(0)),
            Self::Map(map) => map.is_empty(),
        }
    }

    /// A string.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A list of strings.
    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    /// The string, or an empty one.
    pub fn as_text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    /// The number, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The elements, if it is a list.
    pub fn as_list(&self) -> &[Value] {
        match self {
            Self::List(list) => list,
            _ => &[],
        }
    }

    /// The strings in a list.
    pub fn as_texts(&self) -> impl Iterator<Item = &str> {
        self.as_list().iter().map(Self::as_text)
    }

    /// The entries, if it is an object.
    pub fn as_map(&self) -> Option<&BTreeMap<String, Value>> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The entries, none if it is not an object.
    pub fn into_map(self) -> BTreeMap<String, Value> {
        match self {
            Self::Map(map) => map,
            _ => BTreeMap::new(),
        }
    }

    /// A field of an object; `null` if it is not there.
    pub fn get(&self, name: &str) -> &Value {
        self.as_map()
            .and_then(|map| map.get(name))
            .unwrap_or(&Self::Null)
    }

    /// The canonical text.
    pub fn to_json(&self) -> String {
        // keys are strings and numbers are whole: nothing here can fail to serialise
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What it is, in the words of JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "an array",
            Self::Map(_) => "an object",
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(set) => serializer.serialize_bool(*set),
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(list) => serializer.collect_seq(list),
            Self::Map(map) => serializer.collect_map(map),
        }
    }
}

/// Where a value is: `HostConfig.Mounts[0].Source`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Path(String);

impl Path {
    /// A path from a name.
    pub fn new(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// The field `name` of what is here.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        if self.0.is_empty() {
            Self::new(name)
        } else {
            Self(format!("{}.{name}", self.0))
        }
    }

    /// The element `index` of what is here.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}[{index}]", self.0))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() {
            "the body"
        } else {
            &self.0
        })
    }
}

impl From<&Path> for String {
    fn from(path: &Path) -> Self {
        path.to_string()
    }
}
