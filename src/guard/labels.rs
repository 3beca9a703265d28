//! The labels of what a session makes.

use super::Refusal;
use super::json::Value;
use super::rule;
use super::schema::At;

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
