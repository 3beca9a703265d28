//! The labels of what a session makes.

use super::Refusal;
use super::json::Value;
use super::rule;
use super::schema::At;
use crate::guard::policy::Policy;
use crate::model::label_keys as keys;

/// Labels under this prefix say whose an object is.
pub const RESERVED: &str = "hal9000.";

/// The client's labels without reserved ones, and the session's own. They are for finding and cleaning
/// up; what belongs to a session is known by id.
pub fn set(value: &Value, at: &At<'_>) -> Result<Value, Refusal> {
    let given = *value != Value::Null;
    let mut labels = value.clone().into_map();
    let policy = at.bounds.policy;
    for key in labels.keys() {
        let refused = |prefix: &String| key.starts_with(prefix.as_str());
        if policy.refused_labels.iter().any(refused) {
            return Err(at.forbidden(rule::LABEL, format!("has the label `{key}`")));
        }
    }
    labels.retain(|key, _| !key.starts_with(RESERVED));
    let own = policy.labels.iter();
    labels.extend(own.map(|(key, value)| (key.clone(), Value::text(value))));
    if labels.is_empty() && !given {
        return Ok(Value::Null);
    }
    Ok(Value::Map(labels))
}

/// What hal-9000's own images say of themselves. Nothing is found by these alone.
const OF_IMAGES: &[&str] = &[
    keys::INPUTS,
    keys::PROFILE,
    keys::ROLE,
    keys::SCHEMA,
    keys::SIZE,
    keys::STAGE,
    keys::VERSION,
];

/// A reserved label that a container has from its image: hal-9000 would take the container for one of
/// its own sessions. `labels` are the engine's.
pub fn pretended<'a>(labels: Option<&'a serde_json::Value>, policy: &Policy) -> Option<&'a str> {
    let mut labels = labels?.as_object()?.iter();
    labels.find_map(|(key, value)| {
        let reserved = key.starts_with(RESERVED) && !OF_IMAGES.contains(&key.as_str());
        let own = policy.labels.get(key).map(String::as_str) == value.as_str();
        (reserved && !own).then_some(key.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_image_makes_a_container_a_session() {
        let labels = [("hal9000.guard".to_owned(), "a".to_owned())];
        let policy = Policy {
            labels: labels.into(),
            ..Policy::default()
        };
        for (labels, found) in [
            (json!(null), None),
            (json!({"a": "b", "hal9000.guard": "a"}), None),
            (
                json!({"hal9000.role": "worker", "hal9000.version": "1"}),
                None,
            ),
            (json!({"hal9000.guard": "b"}), Some("hal9000.guard")),
            (json!({"hal9000.session": "true"}), Some("hal9000.session")),
            (json!({"hal9000.user": ""}), Some("hal9000.user")),
        ] {
            assert_eq!(pretended(Some(&labels), &policy), found, "{labels}");
        }
    }
}
