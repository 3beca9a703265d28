//! The models of bodies: tables in which every known field has a type and a class. Reading a body by
//! its table gives a body that has nothing but what the table lets through.

use super::json::{Path, Value, folds_to};
use super::policy::Bounds;
use super::refusal::Refusal;
use super::rule::{self, GuardRule};
use std::collections::BTreeMap;

/// The type of a field, as Go's decoder expects it.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A boolean.
    Flag,
    /// A whole number.
    Int,
    /// A string.
    Text,
    /// An array of strings.
    Texts,
    /// An array of strings, or one string (Go's `strslice.StrSlice`); becomes an array.
    Words,
    /// An array of numbers.
    Ints,
    /// An array of arrays of strings.
    TextLists,
    /// An object of strings.
    TextMap,
    /// An object of strings and nulls (build arguments whose value the client does not have).
    Arguments,
    /// An object whose values say nothing (`{"80/tcp": {}}`).
    Set,
    /// Whatever it is: for fields that are refused or left out whole.
    Any,
    /// An object with fields of its own.
    Object(&'static Schema),
    /// An array of such.
    List(&'static Schema),
    /// An object whose values are such.
    Map(&'static Schema),
    /// An object whose values are arrays of such.
    MapOfLists(&'static Schema),
}

/// Where a check is, and what it is held against.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    /// The field's path.
    pub path: &'a Path,
    /// The session's bounds.
    pub bounds: &'a Bounds<'a>,
}

impl At<'_> {
    /// A refusal of this field.
    pub fn forbidden(&self, rule: &'static GuardRule, cause: impl AsRef<str>) -> Refusal {
        Refusal::forbidden(rule, self.path, cause)
    }

    /// A refusal of this field because it is not understood.
    pub fn malformed(&self, rule: &'static GuardRule, cause: impl AsRef<str>) -> Refusal {
        Refusal::malformed(rule, self.path, cause)
    }
}

/// A check of a value that is there.
pub type Check = fn(&Value, &At<'_>) -> Result<(), Refusal>;

/// A change of a value, [`Value::Null`] if it is not there.
pub type Rewrite = fn(&Value, &At<'_>) -> Result<Value, Refusal>;

/// What is done with a field.
#[derive(Debug, Clone, Copy)]
pub enum Class {
    /// Passed on; an object's own fields have classes of their own.
    Allowed,
    /// Passed on if the check finds nothing.
    Checked(Check),
    /// Names in it become full ids.
    Resolved(Rewrite),
    /// Set by the guard, there or not; a change is audited with the rule.
    Rewritten(Rewrite, &'static GuardRule),
    /// Refused unless it says nothing.
    Refused(&'static GuardRule),
    /// Left out; if it said something, that is audited with the rule.
    Dropped(&'static GuardRule),
    /// Passed on under this name: as a client spells a field whose name the engine folds.
    Spelled(&'static str),
    /// Kept, and decided together with other fields by the room of its object.
    Together,
    /// Taken out of the body, and decided by [`super::bind`], which writes it anew.
    Aside,
}

/// A field of a body.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name, exactly.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// What is done with it.
    pub class: Class,
}

/// A body or an object in one.
#[derive(Debug)]
pub struct Schema {
    /// The name of the model in docker's API definition.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

/// A field that the guard changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The field's path.
    pub field: String,
    /// The rule for which it was changed.
    pub rule: &'static GuardRule,
}

/// A body that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// What is passed on.
    pub body: BTreeMap<String, Value>,
    /// What was taken out, by its path.
    pub aside: BTreeMap<String, Value>,
    /// What was changed.
    pub changes: Vec<Change>,
}

impl Schema {
    /// Read a body.
    pub fn read(&'static self, body: Value, bounds: &Bounds<'_>) -> Result<Model, Refusal> {
        let mut reader = Reader {
            bounds,
            aside: BTreeMap::new(),
            changes: Vec::new(),
        };
        let body = reader.object(self, body, &Path::default())?.into_map();
        Ok(Model {
            body,
            aside: reader.aside,
            changes: reader.changes,
        })
    }
}

struct Reader<'a> {
    bounds: &'a Bounds<'a>,
    aside: BTreeMap<String, Value>,
    changes: Vec<Change>,
}

impl Reader<'_> {
    fn object(&mut self, schema: &Schema, value: Value, path: &Path) -> Result<Value, Refusal> {
        let Value::Map(mut given) = value else {
            return Err(wrong(&value, "an object", path));
        };
        let mut read = BTreeMap::new();
        for field in schema.fields {
            let value = given.remove(field.name).unwrap_or(Value::Null);
            let at = path.field(field.name);
            let value = self.field(field, value, &at)?;
            let name = match field.class {
                Class::Spelled(name) => name,
                _ => field.name,
            };
            if value != Value::Null && read.insert(name.to_owned(), value).is_some() {
                let cause = format!("is `{name}` again");
                return Err(Refusal::malformed(rule::JSON_DUPLICATE, &at, cause));
            }
        }
        for (key, value) in given {
            unknown(schema, &key, &value, &path.field(&key))?;
        }
        Ok(Value::Map(read))
    }

    fn field(&mut self, field: &Field, value: Value, path: &Path) -> Result<Value, Refusal> {
        let value = match value {
            Value::Null => Value::Null,
            value => self.typed(field.kind, value, path)?,
        };
        let bounds = self.bounds;
        let at = At { path, bounds };
        match field.class {
            Class::Allowed | Class::Together | Class::Spelled(_) => Ok(value),
            Class::Checked(_) if value == Value::Null => Ok(value),
            Class::Checked(check) => check(&value, &at).map(|()| value),
            Class::Resolved(rewrite) => rewrite(&value, &at),
            Class::Rewritten(rewrite, rule) => {
                let rewritten = rewrite(&value, &at)?;
                if rewritten != value {
                    self.changed(path, rule);
                }
                Ok(rewritten)
            }
            Class::Refused(_) | Class::Dropped(_) if value.is_zero() => Ok(Value::Null),
            Class::Refused(rule) => Err(at.forbidden(rule, "is set")),
            Class::Dropped(rule) => {
                self.changed(path, rule);
                Ok(Value::Null)
            }
            Class::Aside => {
                self.aside.insert(path.to_string(), value);
                Ok(Value::Null)
            }
        }
    }

    fn changed(&mut self, path: &Path, rule: &'static GuardRule) {
        self.changes.push(Change {
            field: path.to_string(),
            rule,
        });
    }

    fn typed(&mut self, kind: Kind, value: Value, path: &Path) -> Result<Value, Refusal> {
        match (kind, value) {
            (Kind::Any, value)
            | (Kind::Flag, value @ Value::Bool(_))
            | (Kind::Int, value @ Value::Int(_))
            | (Kind::Text, value @ Value::Text(_)) => Ok(value),
            (Kind::Words, Value::Text(word)) => Ok(Value::texts([word])),
            (Kind::Texts | Kind::Words, value) => each(value, path, |item, path| match item {
                Value::Text(_) => Ok(item),
                item => Err(wrong(&item, "a string", path)),
            }),
            (Kind::Ints, value) => each(value, path, |item, path| match item {
                Value::Int(_) => Ok(item),
                item => Err(wrong(&item, "a number", path)),
            }),
            (Kind::TextLists, value) => each(value, path, |item, path| {
                self.typed(Kind::Texts, item, path)
            }),
            (Kind::TextMap, value) => entries(value, path, |item, path| match item {
                Value::Text(_) => Ok(item),
                // Go leaves the empty string
                Value::Null => Ok(Value::text("")),
                item => Err(wrong(&item, "a string", path)),
            }),
            (Kind::Arguments, value) => entries(value, path, |item, path| match item {
                Value::Text(_) | Value::Null => Ok(item),
                item => Err(wrong(&item, "a string", path)),
            }),
            (Kind::Set, value) => entries(value, path, |item, path| match item {
                Value::Null => Ok(Value::Map(BTreeMap::new())),
                item if item.is_zero() && item.as_map().is_some() => Ok(item),
                item => Err(wrong(&item, "an empty object", path)),
            }),
            (Kind::Object(schema), value) => self.object(schema, value, path),
            (Kind::List(schema), value) => {
                each(value, path, |item, path| self.object(schema, item, path))
            }
            (Kind::Map(schema), value) => entries(value, path, |item, path| {
                let item = match item {
                    Value::Null => Value::Map(BTreeMap::new()),
                    item => item,
                };
                self.object(schema, item, path)
            }),
            (Kind::MapOfLists(schema), value) => entries(value, path, |item, path| match item {
                Value::Null => Ok(Value::List(Vec::new())),
                item => each(item, path, |item, path| self.object(schema, item, path)),
            }),
            (Kind::Flag, value) => Err(wrong(&value, "a boolean", path)),
            (Kind::Int, value) => Err(wrong(&value, "a number", path)),
            (Kind::Text, value) => Err(wrong(&value, "a string", path)),
        }
    }
}

/// A key that is not in the table. One that folds to a key of the table would be read as that by the
/// engine. One whose value says nothing is left out: clients of other versions send such, and what is
/// sent on is written anew.
fn unknown(schema: &Schema, key: &str, value: &Value, path: &Path) -> Result<(), Refusal> {
    let meant = schema.fields.iter().find(|field| folds_to(key, field.name));
    if let Some(field) = meant {
        let cause = format!("is read as `{}`", field.name);
        return Err(Refusal::malformed(rule::JSON_CASE, path, cause));
    }
    if value.is_zero() {
        return Ok(());
    }
    let cause = format!("is no field of {}", schema.name);
    Err(Refusal::forbidden(rule::JSON_UNKNOWN, path, cause))
}

fn wrong(value: &Value, expected: &str, path: &Path) -> Refusal {
    let cause = format!("is {}, not {expected}", value.kind());
    Refusal::malformed(rule::JSON_TYPE, path, cause)
}

fn each(
    value: Value,
    path: &Path,
    mut read: impl FnMut(Value, &Path) -> Result<Value, Refusal>,
) -> Result<Value, Refusal> {
    let Value::List(list) = value else {
        return Err(wrong(&value, "an array", path));
    };
    let items = list.into_iter().enumerate();
    let read: Result<_, _> = items
        .map(|(index, item)| read(item, &path.index(index)))
        .collect();
    Ok(Value::List(read?))
}

fn entries(
    value: Value,
    path: &Path,
    mut read: impl FnMut(Value, &Path) -> Result<Value, Refusal>,
) -> Result<Value, Refusal> {
    let Value::Map(map) = value else {
        return Err(wrong(&value, "an object", path));
    };
    let read: Result<_, _> = map
        .into_iter()
        .map(|(key, item)| read(item, &path.field(&key)).map(|item| (key, item)))
        .collect();
    Ok(Value::Map(read?))
}

pub(super) const fn allow(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        class: Class::Allowed,
    }
}

pub(super) const fn check(name: &'static str, kind: Kind, check: Check) -> Field {
    Field {
        name,
        kind,
        class: Class::Checked(check),
    }
}

pub(super) const fn resolve(name: &'static str, kind: Kind, to: Rewrite) -> Field {
    Field {
        name,
        kind,
        class: Class::Resolved(to),
    }
}

pub(super) const fn rewrite(
    name: &'static str,
    kind: Kind,
    to: Rewrite,
    rule: &'static GuardRule,
) -> Field {
    Field {
        name,
        kind,
        class: Class::Rewritten(to, rule),
    }
}

pub(super) const fn refuse(name: &'static str, kind: Kind, rule: &'static GuardRule) -> Field {
    Field {
        name,
        kind,
        class: Class::Refused(rule),
    }
}

pub(super) const fn omit(name: &'static str, kind: Kind, rule: &'static GuardRule) -> Field {
    Field {
        name,
        kind,
        class: Class::Dropped(rule),
    }
}

pub(super) const fn spelled(name: &'static str, kind: Kind, meant: &'static str) -> Field {
    Field {
        name,
        kind,
        class: Class::Spelled(meant),
    }
}

pub(super) const fn together(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        class: Class::Together,
    }
}

pub(super) const fn aside(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        class: Class::Aside,
    }
}

#[cfg(test)]
mod tests;
