//! `filters`: the parameter of that name. What is sent is a subset of what was asked, in one spelling,
//! and a list of containers is the session's own.

use super::session::{self, LABEL, SESSIONS, WEB};
use super::{go, is_plain};
use hal9000::guard::filters::{self, Filters};
use hal9000::guard::path::{parse, percent_encode};
use hal9000::guard::verdict::Verdict;
use hal9000::guard::{Refusal, decide};
use serde_json::Value;

const KNOWN: &[(&str, &[&str])] = &[
    ("/containers/json", filters::CONTAINERS),
    ("/images/json", filters::IMAGES),
    ("/networks", filters::NETWORKS),
    ("/volumes", filters::VOLUMES),
    ("/events", filters::EVENTS),
    ("/images/search", filters::SEARCH),
];

/// The parameter, decoded.
pub fn filters(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let mut encoded = String::new();
    percent_encode(text, "", &mut encoded);
    // one route for each input: its length is what is varied most easily
    let (path, known) = KNOWN[data.len() % KNOWN.len()];
    let read = filters::parse(Some(text), known);
    match &read {
        Ok(read) => is_what_was_asked(text, read, known),
        Err(refusal) => is_refused_for_it(refusal),
    }
    let target = format!("{path}?filters={encoded}");
    // with NUL, or too long
    let Ok(asked) = parse("GET", target.as_bytes(), session::speaks()) else {
        return;
    };
    for session in SESSIONS.iter() {
        match decide(&asked, b"", &session.bounds()) {
            Ok(Verdict::Forward(sent)) => {
                assert!(read.is_ok() || text.is_empty());
                is_sent(&sent.query, path, known);
            }
            Ok(other) => panic!("{other:?}"),
            Err(refusal) => is_plain(&refusal),
        }
    }
}

fn is_refused_for_it(refusal: &Refusal) {
    is_plain(refusal);
    let about = ["HAL-G-FILTER", "HAL-G-JSON", "HAL-G-SIZE"];
    assert!(
        about.iter().any(|rule| refusal.rule.id.starts_with(rule)),
        "{refusal:?}"
    );
}

fn is_what_was_asked(text: &str, read: &Filters, known: &[&str]) {
    let again = filters::parse(Some(&filters::render(read)), known);
    assert_eq!(again.as_ref(), Ok(read));
    let asked: Value = serde_json::from_str(text).expect("what was read is JSON");
    for (name, terms) in read {
        for term in terms {
            let found = match &asked[name] {
                Value::Array(list) => list.iter().any(|item| item == term),
                Value::Object(map) => map.get(term) == Some(&Value::Bool(true)),
                _ => false,
            };
            assert!(found, "{name}={term} was not asked for");
        }
    }
}

fn is_sent(query: &str, path: &str, known: &[&str]) {
    let mut given = Value::Null;
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').expect(pair);
        assert_eq!(name, "filters");
        assert!(given.is_null(), "{query}");
        given = serde_json::from_str(&go::decoded(value)).expect("JSON");
    }
    for (name, terms) in given.as_object().into_iter().flatten() {
        assert!(known.contains(&name.as_str()), "{name}");
        let mut terms = terms.as_object().expect("a map").iter();
        assert!(terms.all(|(_, set)| *set == Value::Bool(true)), "{given}");
    }
    if path == "/containers/json" {
        let own = format!("{}={}", LABEL.0, LABEL.1);
        assert_eq!(given["label"][&own], true, "{given}");
        for name in ["since", "before"] {
            for (id, _) in go::entries(&given, name) {
                assert_eq!(id, WEB, "{given}");
            }
        }
    }
}
