//! From bytes to a [`Value`]: `serde_json` for the grammar (UTF-8, surrogates, numbers, the end of the
//! document), and a visitor of our own for what it would let pass.

use super::{Path, Value};
use crate::guard::refusal::Refusal;
use crate::guard::rule;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

/// The largest JSON body that is read: as much as dockerd shows its own authorisation plugins since
/// 29.3.1 (guard-policy §1.2); a larger one is refused, never judged in part.
pub const MAX_BODY: usize = 4 * 1024 * 1024;

/// The deepest nesting: the API's own bodies have eight levels.
pub const MAX_DEPTH: usize = 24;

/// Read one document.
pub fn read(bytes: &[u8]) -> Result<Value, Refusal> {
    if bytes.len() > MAX_BODY {
        let cause = format!("has {} bytes", bytes.len());
        return Err(Refusal::with_limit(&cause));
    }
    let found = RefCell::new(None);
    let seed = Seed {
        path: Path::default(),
        depth: 0,
        found: &found,
    };
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = seed
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    read.map_err(|error| {
        // the visitor's own refusals know their path; what serde_json finds knows its line
        found.take().unwrap_or_else(|| {
            Refusal::malformed(rule::JSON, "the body", format!("is not JSON ({error})"))
        })
    })
}

impl Refusal {
    fn with_limit(cause: &str) -> Self {
        Self {
            status: 413,
            ..Self::malformed(rule::SIZE, "the body", cause)
        }
    }
}

struct Seed<'a> {
    path: Path,
    depth: usize,
    found: &'a RefCell<Option<Refusal>>,
}

impl Seed<'_> {
    /// Keep the refusal, and stop the reader with an error that nobody sees.
    fn refuse<E: Error>(&self, refusal: Refusal) -> E {
        self.found.borrow_mut().get_or_insert(refusal);
        E::custom("refused")
    }

    fn malformed<E: Error>(&self, cause: &str) -> E {
        self.refuse(Refusal::malformed(rule::JSON, &self.path, cause))
    }

    fn inside(&self, path: Path) -> Seed<'_> {
        Seed {
            path,
            depth: self.depth + 1,
            found: self.found,
        }
    }

    fn check_depth<E: Error>(&self) -> Result<(), E> {
        if self.depth >= MAX_DEPTH {
            return Err(self.malformed("is nested too deeply"));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, set: bool) -> Result<Value, E> {
        Ok(Value::Bool(set))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        i64::try_from(number)
            .map(Value::Int)
            .map_err(|_| self.malformed("is a number that does not fit into 64 bits"))
    }

    /// Go refuses a fraction or an exponent for every field of the API, since all are whole numbers.
    fn visit_f64<E: Error>(self, _: f64) -> Result<Value, E> {
        Err(self.malformed("is not a whole number of 64 bits"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        if text.contains('\0') {
            return Err(self.malformed("contains NUL"));
        }
        Ok(Value::text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.check_depth()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.inside(self.path.index(list.len())))? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        self.check_depth()?;
        let mut map = BTreeMap::new();
        while let Some(key) = entries.next_key::<String>()? {
            let path = self.path.field(&key);
            if key.contains('\0') {
                return Err(self.malformed("has a key that contains NUL"));
            }
            if map.contains_key(&key) {
                let refusal = Refusal::malformed(rule::JSON_DUPLICATE, &path, "is there twice");
                return Err(self.refuse(refusal));
            }
            let value = entries.next_value_seed(self.inside(path))?;
            map.insert(key, value);
        }
        Ok(Value::Map(map))
    }
}
