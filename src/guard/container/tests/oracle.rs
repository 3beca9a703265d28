//! A reader that does what Go's `encoding/json` does with keys, against the guard: whatever passes is
//! read by the engine as the guard read it.

use super::Session;
use proptest::prelude::*;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A document with all its keys, in order.
#[derive(Debug, Clone, PartialEq)]
enum Raw {
    Null,
    Scalar(String),
    Object(Vec<(String, Raw)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keep;
        impl<'de> Visitor<'de> for Keep {
            type Value = Raw;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_unit<E>(self) -> Result<Raw, E> {
                Ok(Raw::Null)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
                Ok(Raw::Scalar(value.to_string()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
                Ok(Raw::Scalar(value.to_string()))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
                Ok(Raw::Scalar(value.to_string()))
            }
            fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
                Ok(Raw::Scalar(value.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
                let mut all = Vec::new();
                while let Some(item) = items.next_element::<Raw>()? {
                    all.push(item);
                }
                Ok(Raw::Scalar(format!("{all:?}")))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
                let mut all = Vec::new();
                while let Some(entry) = entries.next_entry()? {
                    all.push(entry);
                }
                Ok(Raw::Object(all))
            }
        }
        deserializer.deserialize_any(Keep)
    }
}

/// Simple folding as in `encoding/json` `foldRune`: the smallest rune of each orbit.
fn fold(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{17f}' => 'S',
            '\u{212a}' => 'K',
            c => c.to_ascii_uppercase(),
        })
        .collect()
}

/// What Go leaves at a path of struct fields: objects merge, scalars are replaced, null resets a
/// pointer and leaves anything else alone.
fn go(raw: &Raw, path: &[&str], pointer: bool) -> String {
    let mut left = String::new();
    let Some((name, rest)) = path.split_first() else {
        return match raw {
            Raw::Scalar(text) => text.clone(),
            Raw::Null | Raw::Object(_) => left,
        };
    };
    let Raw::Object(entries) = raw else {
        return left;
    };
    for (key, value) in entries.iter().filter(|(key, _)| fold(key) == fold(name)) {
        let _ = key;
        match value {
            Raw::Null if rest.is_empty() && !pointer => {}
            Raw::Null => left.clear(),
            value => {
                let read = go(value, rest, pointer);
                if rest.is_empty() || !read.is_empty() {
                    left = read;
                }
            }
        }
    }
    left
}

fn spelling(name: &'static str) -> impl Strategy<Value = String> {
    prop_oneof![
        6 => Just(name.to_owned()),
        1 => Just(name.to_lowercase()),
        1 => Just(name.to_uppercase()),
        1 => Just(name.replace('s', "\u{17f}").replace('k', "\u{212a}")),
        1 => Just(name.replace('s', "\\u017f").replace('k', "\\u212A")),
        1 => Just(format!("\\u{:04x}{}", u32::from(name.as_bytes()[0]), &name[1..])),
        1 => Just(format!("{name}\u{301}")),
    ]
}

fn entry(name: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = String> {
    (spelling(name), proptest::sample::select(values))
        .prop_map(|(key, value)| format!("\"{key}\":{value}"))
}

fn object(entries: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    proptest::collection::vec(entries, 0..4)
        .prop_map(|entries| format!("{{{}}}", entries.join(",")))
}

fn host() -> impl Strategy<Value = String> {
    object(prop_oneof![
        entry("Privileged", &["true", "false", "null"]),
        entry("NetworkMode", &["\"host\"", "\"none\"", "null"]),
        entry("PidMode", &["\"host\"", "\"\"", "null"]),
        entry("Memory", &["0", "64000000", "null"]),
        entry("Unknown", &["null", "1"]),
    ])
}

fn body() -> impl Strategy<Value = String> {
    let top = prop_oneof![
        2 => entry("Image", &["\"a\"", "\"b\"", "null"]),
        1 => entry("Hostname", &["\"h\"", "\"\"", "null"]),
        1 => entry("Tty", &["true", "false"]),
        3 => (spelling("HostConfig"), host()).prop_map(|(key, value)| format!("\"{key}\":{value}")),
    ];
    object(top)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn what_passes_is_read_by_go_as_by_the_guard(text in body()) {
        let session = Session::new();
        if let Ok(sent) = session.sent(&text) {
            let asked: Raw = serde_json::from_str(&text).unwrap();
            let sent: Raw = serde_json::from_str(&sent.to_json()).unwrap();
            for path in [
                &["Image"][..],
                &["Hostname"],
                &["Tty"],
                &["HostConfig", "NetworkMode"],
                &["HostConfig", "PidMode"],
                &["HostConfig", "Memory"],
            ] {
                prop_assert_eq!(go(&asked, path, false), go(&sent, path, false), "{:?} of {}", path, text);
            }
            prop_assert_ne!(go(&asked, &["HostConfig", "Privileged"], false), "true");
            prop_assert_eq!(go(&sent, &["HostConfig", "Privileged"], false), "");
        }
    }
}

/// The oracle itself: what guard-policy §2.1 measured on dockerd 20.10.
#[test]
fn the_oracle_reads_as_dockerd_was_measured_to() {
    let read = |text: &str, path: &[&str]| go(&serde_json::from_str(text).unwrap(), path, false);
    let privileged = ["HostConfig", "Privileged"];
    for text in [
        r#"{"HOSTCONFIG":{"PRIVILEGED":true}}"#,
        r#"{"Ho\u017ftConfig":{"Privileged":true}}"#,
        r#"{"HostConfig":{"Privileged":true},"hostconfig":{"NetworkMode":"none"}}"#,
    ] {
        assert_eq!(read(text, &privileged), "true", "{text}");
    }
    let reset = r#"{"HostConfig":{"Privileged":true},"HostConfig":null}"#;
    assert_eq!(read(reset, &privileged), "");
    assert_eq!(
        read(
            "{\"HostConfig\":{\"Networ\u{212a}Mode\":\"host\"}}",
            &["HostConfig", "NetworkMode"]
        ),
        "host"
    );
}
