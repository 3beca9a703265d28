//! `LogConfig`: drivers that write on the engine's machine alone.

use crate::guard::Refusal;
use crate::guard::json::Value;
use crate::guard::rule;
use crate::guard::schema::{At, Kind, Schema, check};
use std::collections::BTreeMap;

/// `LogConfig`
pub static LOG: Schema = Schema {
    name: "HostConfigLogConfig",
    fields: &[
        check("Type", Kind::Text, driver),
        check("Config", Kind::TextMap, options),
    ],
};

/// Syslog, fluentd and others open sockets and files of the host; cloud drivers use its credentials.
fn driver(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    match value.as_text() {
        "" | "json-file" | "local" | "none" => Ok(()),
        "journald" if at.bounds.policy.journald => Ok(()),
        other => Err(at.forbidden(rule::LOG_CONFIG, format!("is `{other}`"))),
    }
}

fn options(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    #[rustfmt::skip]
    let known = [
        "max-size", "max-file", "compress", "labels", "labels-regex", "env", "env-regex", "tag",
        "mode", "max-buffer-size",
    ];
    let mut names = value.as_map().into_iter().flat_map(BTreeMap::keys);
    match names.find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(at.forbidden(rule::LOG_CONFIG, format!("has `{name}`"))),
        None => Ok(()),
    }
}
