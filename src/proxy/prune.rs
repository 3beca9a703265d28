//! A prune: what is the session's and not used, one by one. The engine's own cannot be bound to ids.

use super::clock;
use super::content::Content;
use super::names;
use super::shared::Shared;
use super::stop::{self, Stop};
use crate::guard::decision::Decision;
use crate::guard::filters::Filters;
use crate::guard::moment;
use crate::guard::ownership::{Kind, Record};
use crate::guard::path::{Method, Request, percent_encode};
use crate::guard::verdict::Prune;
use crate::guard::{Refusal, rule};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};

/// Since this version only volumes without a name are pruned unless all are asked for.
const ANONYMOUS_SINCE: &str = "1.42";

/// The label that engines since 23 give volumes that they name.
const ANONYMOUS: &str = "com.docker.volume.anonymous";

/// Do it.
pub(super) async fn prune(
    shared: &Shared,
    parsed: &Request,
    prune: Prune,
) -> Result<Response<Content>, Stop> {
    let until = until(&prune.filters)?;
    shared.audit(|time, session| Decision::allowed(time, session, parsed, &[]))?;
    let mut removed = Vec::new();
    let mut reclaimed = 0;
    for (id, object) in candidates(shared, prune.kind).await? {
        if !wanted(&prune, &object) || until.is_some_and(|until| !made_by(&object, until)) {
            continue;
        }
        if prune.kind == Kind::Network {
            names::leave(shared, &id).await;
        }
        let mut path = format!("{}/{}s/", shared.version(), prune.kind);
        percent_encode(&id, "/:@", &mut path);
        let (status, answer) = shared.engine.ask(Method::Delete, &path, "", None).await?;
        // In use, or gone: the engine's own prune passes over those, too.
        if status.is_success() {
            let kind = prune.kind;
            let id = id.clone();
            shared.record(&[Record::Removed { kind, id }])?;
            // of a container; of the others it is not told
            reclaimed += object.get("SizeRw").and_then(Value::as_u64).unwrap_or(0);
            match answer {
                Value::Array(images) => removed.extend(images),
                _ => removed.push(json!(shown(&object, kind))),
            }
        }
    }
    let field = match prune.kind {
        Kind::Container | Kind::Exec => "ContainersDeleted",
        Kind::Network => "NetworksDeleted",
        Kind::Volume => "VolumesDeleted",
        Kind::Image => "ImagesDeleted",
    };
    let body = json!({field: removed, "SpaceReclaimed": reclaimed});
    Ok(stop::json(StatusCode::OK, body.to_string()))
}

/// What the client is told was removed: of a network its name.
fn shown(object: &Value, kind: Kind) -> String {
    let field = match kind {
        Kind::Network | Kind::Volume => "Name",
        _ => "Id",
    };
    object
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// The session's own, each as the engine describes it now.
async fn candidates(shared: &Shared, kind: Kind) -> Result<Vec<(String, Value)>, Stop> {
    let ids: Vec<String> = shared.owned.borrow().ids(kind).map(str::to_owned).collect();
    let mut found = Vec::new();
    for id in ids {
        let mut path = format!("{}/{kind}s/", shared.version());
        percent_encode(&id, "/:@", &mut path);
        if matches!(kind, Kind::Container | Kind::Image) {
            path.push_str("/json");
        }
        let sized = if kind == Kind::Container {
            "size=1"
        } else {
            ""
        };
        let (status, object) = shared.engine.ask(Method::Get, &path, sized, None).await?;
        if status.is_success() {
            found.push((id, object));
        }
    }
    Ok(found)
}

/// The moment until which what goes must have been made.
fn until(filters: &Filters) -> Result<Option<i128>, Refusal> {
    let mut terms = filters.get("until").into_iter().flatten();
    let odd = |cause| Refusal::malformed(rule::FILTER, "filters.until", cause);
    let Some(term) = terms.next() else {
        return Ok(None);
    };
    if terms.next().is_some() {
        return Err(odd("is given twice"));
    }
    match moment::until(term, clock::nanoseconds()) {
        Some(until) => Ok(Some(until)),
        None => Err(odd(
            "is neither a duration (`24h`) nor a time with its zone (`2026-01-02T03:04:05Z`)",
        )),
    }
}

/// What does not say when it was made stays.
fn made_by(object: &Value, until: i128) -> bool {
    let created = object.get("Created").and_then(Value::as_str);
    created
        .and_then(moment::rfc3339)
        .is_some_and(|created| created <= until)
}

fn wanted(prune: &Prune, object: &Value) -> bool {
    let labels = match prune.kind {
        Kind::Container | Kind::Image => object.pointer("/Config/Labels"),
        _ => object.get("Labels"),
    };
    let empty = Value::Null;
    let labels = labels.unwrap_or(&empty);
    let unused = match prune.kind {
        Kind::Container => {
            let state = object.pointer("/State/Status").and_then(Value::as_str);
            state.is_some_and(|state| ["created", "exited", "dead"].contains(&state))
        }
        Kind::Volume => {
            let all = is_set(&prune.filters, "all");
            let since = prune.version.to_string().as_str() < ANONYMOUS_SINCE;
            all || since || labels.get(ANONYMOUS).is_some()
        }
        Kind::Image => {
            let names = object.get("RepoTags").and_then(Value::as_array);
            let all = prune.filters.contains_key("dangling") && !is_set(&prune.filters, "dangling");
            all || names.is_none_or(Vec::is_empty)
        }
        _ => true,
    };
    let terms = |name: &str| prune.filters.get(name).into_iter().flatten();
    unused
        && terms("label").all(|term| has(labels, term))
        // As the engine has it: what has all of these stays.
        && (terms("label!").next().is_none() || !terms("label!").all(|term| has(labels, term)))
}

fn is_set(filters: &Filters, name: &str) -> bool {
    let mut terms = filters.get(name).into_iter().flatten();
    terms.any(|term| term == "true" || term == "1")
}

/// Whether there is a label `key`, or `key=value`.
fn has(labels: &Value, term: &str) -> bool {
    let (key, wanted) = match term.split_once('=') {
        Some((key, value)) => (key, Some(value)),
        None => (term, None),
    };
    let value = labels.get(key).and_then(Value::as_str);
    value.is_some_and(|value| wanted.is_none_or(|wanted| wanted == value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::filters;
    use crate::guard::path::ApiVersion;

    #[test]
    fn only_what_is_unused_and_asked_for_goes() {
        let stopped = json!({"State": {"Status": "exited"}, "Config": {"Labels": {"a": "1"}}});
        let running = json!({"State": {"Status": "running"}, "Config": {"Labels": {"a": "1"}}});
        let image = json!({"RepoTags": ["x:1"], "Config": {}});
        let volume = json!({"Labels": null});
        let two =
            json!({"State": {"Status": "exited"}, "Config": {"Labels": {"a": "1", "b": "2"}}});
        for (kind, version, filters, object, goes) in [
            (Kind::Container, "1.41", "{}", &stopped, true),
            (Kind::Container, "1.41", "{}", &running, false),
            (
                Kind::Container,
                "1.41",
                r#"{"label":["a"]}"#,
                &stopped,
                true,
            ),
            (
                Kind::Container,
                "1.41",
                r#"{"label":["a=2"]}"#,
                &stopped,
                false,
            ),
            (
                Kind::Container,
                "1.41",
                r#"{"label!":["a=1"]}"#,
                &stopped,
                false,
            ),
            (
                Kind::Container,
                "1.41",
                r#"{"label!":["a","b"]}"#,
                &stopped,
                true,
            ),
            (
                Kind::Container,
                "1.41",
                r#"{"label!":["a","b=2"]}"#,
                &two,
                false,
            ),
            (Kind::Image, "1.41", "{}", &image, false),
            (
                Kind::Image,
                "1.41",
                r#"{"dangling":["false"]}"#,
                &image,
                true,
            ),
            (Kind::Volume, "1.41", "{}", &volume, true),
            (Kind::Volume, "1.42", "{}", &volume, false),
            (Kind::Volume, "1.42", r#"{"all":["true"]}"#, &volume, true),
        ] {
            let known = ["label", "label!", "dangling", "all"];
            let prune = Prune {
                kind,
                filters: filters::parse(Some(filters), &known).unwrap(),
                version: ApiVersion::parse(version).unwrap(),
            };
            assert_eq!(wanted(&prune, object), goes, "{kind} {filters}");
        }
    }

    #[test]
    fn what_was_made_later_stays() {
        let filters = |text| filters::parse(Some(text), &["until"]).unwrap();
        let hour = until(&filters(r#"{"until":["1h"]}"#)).unwrap().unwrap();
        assert!((clock::nanoseconds() - hour) / 1_000_000_000 >= 3_600);
        assert!(until(&filters(r#"{"until":["1h","2h"]}"#)).is_err());
        assert!(until(&filters(r#"{"until":["2026-01-02"]}"#)).is_err());
        assert_eq!(until(&filters("{}")).unwrap(), None);
        let at = moment::rfc3339("2026-01-02T03:04:05Z").unwrap();
        for (created, goes) in [
            (json!({"Created": "2026-01-02T04:04:04.9+01:00"}), true),
            (json!({"Created": "2026-01-02T03:04:05.1Z"}), false),
            (json!({"Created": ""}), false),
            (json!({}), false),
        ] {
            assert_eq!(made_by(&created, at), goes, "{created}");
        }
    }
}
