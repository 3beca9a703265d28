//! Volumes: local ones, without what the local driver can mount (guard-policy §2.5).

use super::Refusal;
use super::json::Value;
use super::labels;
use super::path::is_name;
use super::policy::Policy;
use super::rule;
use super::schema::{At, Kind, Schema, check, refuse, rewrite};

/// The body of `POST /volumes/create`.
pub static CREATE: Schema = Schema {
    name: "VolumeCreateRequest",
    fields: &[
        check("Name", Kind::Text, name),
        check("Driver", Kind::Text, driver),
        check("DriverOpts", Kind::TextMap, options),
        rewrite("Labels", Kind::TextMap, labels::set, rule::LABEL),
        refuse("ClusterVolumeSpec", Kind::Any, rule::VOLUME_CLUSTER),
    ],
};

/// The body that makes a volume of the session's, for one that a container names.
pub fn create_body(name: &str, policy: &Policy) -> String {
    let labels = policy.labels.iter();
    let labels = labels.map(|(key, value)| (key.clone(), Value::text(value)));
    let body = [
        ("Driver".to_owned(), Value::text("local")),
        ("Labels".to_owned(), Value::Map(labels.collect())),
        ("Name".to_owned(), Value::text(name)),
    ];
    Value::Map(body.into()).to_json()
}

/// Whether a volume, as the engine describes it, was made for the session and not, under a name that it
/// once had, by somebody else: it has the session's labels, or a name that the engine gave.
pub fn is_made_by(volume: &serde_json::Value, name: &str, policy: &Policy) -> bool {
    let given = name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit());
    let label = |key: &String| {
        volume
            .get("Labels")
            .and_then(|labels| labels.get(key)?.as_str())
    };
    let mut labels = policy.labels.iter();
    given || labels.all(|(key, value)| label(key) == Some(value))
}

/// Without a name the engine gives one.
fn name(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    match value.as_text() {
        "" => Ok(()),
        name if is_name(name) => Ok(()),
        name => Err(at.malformed(rule::NAME, format!("is `{name}`"))),
    }
}

fn driver(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    match value.as_text() {
        "" | "local" => Ok(()),
        other => Err(at.forbidden(rule::VOLUME_DRIVER, format!("is `{other}`"))),
    }
}

/// Memory is all that can be asked for: `type=none`, `overlay`, `ext4`, `nfs` and their like mount
/// paths, devices and servers without any privilege.
fn options(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    for (name, word) in value.as_map().into_iter().flatten() {
        let word = word.as_text();
        let fits = match name.as_str() {
            "type" => word == "tmpfs",
            "device" => word == "tmpfs" && value.get("type").as_text() == "tmpfs",
            "o" => value.get("type").as_text() == "tmpfs" && super::bind::is_tmpfs(word),
            _ => false,
        };
        if !fits {
            return Err(at.forbidden(rule::VOLUME_OPTION, format!("has `{name}={word}`")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_volume_of_the_same_name_is_not_the_same() {
        let policy = Policy {
            labels: [("hal9000.guard".to_owned(), "a".to_owned())].into(),
            ..Policy::default()
        };
        let given = "0f".repeat(32);
        for (name, labels, own) in [
            ("data", json!({"hal9000.guard": "a", "x": "y"}), true),
            ("data", json!({"hal9000.guard": "b"}), false),
            ("data", json!(null), false),
            (given.as_str(), json!(null), true),
        ] {
            let volume = json!({"Name": name, "Labels": labels});
            assert_eq!(is_made_by(&volume, name, &policy), own, "{volume}");
        }
    }
}
