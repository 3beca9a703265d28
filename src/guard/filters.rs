//! `filters`: parsed, and written anew.

use super::Refusal;
use super::json::{self, Path, Value};
use super::rule;
use std::collections::{BTreeMap, BTreeSet};

/// Filter terms by name.
pub type Filters = BTreeMap<String, BTreeSet<String>>;

/// Read the parameter: `{"label":["a=b"]}`, or `{"label":{"a=b":true}}` as docker's client writes it.
/// `known` are the names that the route has; an unknown one could be one that the guard must replace.
pub fn parse(text: Option<&str>, known: &[&str]) -> Result<Filters, Refusal> {
    let Some(text) = text else {
        return Ok(Filters::new());
    };
    let malformed = |path: &Path, cause: &str| Refusal::malformed(rule::FILTER, path, cause);
    let top = Path::new("filters");
    let value = json::read(text.as_bytes()).map_err(|refusal| {
        let field = format!("filters: {}", refusal.field);
        Refusal { field, ..refusal }
    })?;
    let Value::Map(map) = value else {
        return Err(malformed(&top, "is not a JSON object"));
    };
    let mut filters = Filters::new();
    for (name, terms) in map {
        let path = top.field(&name);
        if !known.contains(&name.as_str()) {
            return Err(malformed(&path, "is not a filter of this route"));
        }
        let terms: Option<BTreeSet<String>> = match terms {
            Value::List(list) => list.into_iter().map(text_of).collect(),
            Value::Map(map) => {
                let set = map.values().all(|value| *value == Value::Bool(true));
                set.then(|| map.into_keys().collect())
            }
            _ => None,
        };
        let terms = terms.ok_or_else(|| malformed(&path, "is not a list of strings"))?;
        filters.insert(name, terms);
    }
    Ok(filters)
}

fn text_of(value: Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// The parameter, as docker's client writes it.
pub fn render(filters: &Filters) -> String {
    let terms = |terms: &BTreeSet<String>| {
        let entry = |term: &String| (term.clone(), Value::Bool(true));
        Value::Map(terms.iter().map(entry).collect())
    };
    let entries = filters.iter().map(|(name, set)| (name.clone(), terms(set)));
    Value::Map(entries.collect()).to_json()
}

/// Names of filters (docker's API reference, by route). `id` and `name` only narrow what is shown.
pub const CONTAINERS: &[&str] = &[
    "ancestor",
    "before",
    "expose",
    "exited",
    "health",
    "id",
    "isolation",
    "is-task",
    "label",
    "label!",
    "name",
    "network",
    "publish",
    "since",
    "status",
    "until",
    "volume",
];
/// Of images.
pub const IMAGES: &[&str] = &[
    "before",
    "dangling",
    "label",
    "label!",
    "reference",
    "since",
    "until",
];
/// Of networks.
pub const NETWORKS: &[&str] = &[
    "dangling", "driver", "id", "label", "label!", "name", "scope", "type", "until",
];
/// Of volumes.
pub const VOLUMES: &[&str] = &["all", "dangling", "driver", "label", "label!", "name"];
/// Of events.
pub const EVENTS: &[&str] = &[
    "config",
    "container",
    "daemon",
    "event",
    "image",
    "label",
    "network",
    "node",
    "plugin",
    "scope",
    "secret",
    "service",
    "type",
    "volume",
];
/// Of the build cache.
pub const BUILDS: &[&str] = &[
    "description",
    "id",
    "inuse",
    "label",
    "label!",
    "parent",
    "private",
    "shared",
    "type",
    "until",
    "unused-for",
];
/// Of a search in a registry.
pub const SEARCH: &[&str] = &["is-automated", "is-official", "stars"];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn filters_are_written_in_one_way() {
        for text in [r#"{"label":["a=b"]}"#, r#"{"label":{"a=b":true}}"#] {
            let filters = parse(Some(text), CONTAINERS).unwrap();
            assert_eq!(render(&filters), r#"{"label":{"a=b":true}}"#);
        }
        assert_eq!(parse(None, CONTAINERS).unwrap(), Filters::new());
    }

    #[test]
    fn what_reads_two_ways_is_refused() {
        for (text, id) in [
            (r#"{"label":["a"],"label":["b"]}"#, "HAL-G-JSON-DUPLICATE"),
            (r#"{"label":{"a":true,"a":true}}"#, "HAL-G-JSON-DUPLICATE"),
            (r#"{"Label":["a"]}"#, "HAL-G-FILTER"),
            (r#"{"label":"a"}"#, "HAL-G-FILTER"),
            (r#"{"label":{"a":false}}"#, "HAL-G-FILTER"),
            (r#"{"label":[1]}"#, "HAL-G-FILTER"),
            (r#"{"unheard":["a"]}"#, "HAL-G-FILTER"),
            (r"[]", "HAL-G-FILTER"),
            (r"{}{}", "HAL-G-JSON"),
            ("x", "HAL-G-JSON"),
        ] {
            assert_eq!(
                parse(Some(text), CONTAINERS).unwrap_err().rule.id,
                id,
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in r#"\{?("(label|id)":[\[{"a-z:true,\]}]{0,10},?){0,3}\}?"#) {
            if let Ok(filters) = parse(Some(&text), CONTAINERS) {
                prop_assert_eq!(parse(Some(&render(&filters)), CONTAINERS).unwrap(), filters);
            }
        }
    }
}
