//! The options of a frontend (buildkit `frontend/dockerui`), written anew: what the classic builder has
//! in its query.

use super::shape::At;
use crate::guard::Refusal;
use crate::guard::container::build_limits;
use crate::guard::json::{self, Value};
use crate::guard::labels::RESERVED;
use crate::guard::rule;
use crate::guard::schema::Change;
use std::collections::BTreeMap;

/// Options by name. What is not here is not known.
const KNOWN: &[&str] = &[
    "add-hosts",
    "cache-from",
    "cmdline",
    "contextkey",
    "contextsubdir",
    "cpusetcpus",
    "cpusetmems",
    "cpushares",
    "dockerfilekey",
    "filename",
    "frontend.caps",
    "hostname",
    "image-resolve-mode",
    "multi-platform",
    "no-cache",
    "platform",
    "requestid",
    "shm-size",
    "source",
    "target",
    "ulimit",
];

/// Options with a name of the client's in theirs.
const FAMILIES: &[&str] = &[
    "attest:",
    "build-arg:",
    "input-metadata:",
    "sharedkey:localdir:",
    "vcs:",
];

/// What a client uploads for a build, in its own session.
pub(super) const UPLOADED: &str = "http://buildkit-session/";

const LABEL: &str = "label:";

/// Check options, and set those that are the guard's.
pub(super) fn options(
    options: &mut BTreeMap<String, String>,
    at: &At<'_>,
) -> Result<Vec<Change>, Refusal> {
    for (name, value) in &*options {
        option(name, value, &at.under(name))?;
    }
    let policy = at.moment.bounds.policy;
    let mut changes = labels(options, at)?;
    if let Some(parent) = &policy.cgroup_parent {
        options.insert("cgroup-parent".to_owned(), parent.clone());
    }
    if let Some(most) = &policy.limits {
        // engines that do not know them leave them out
        let names = ["memory", "memswap", "cpuperiod", "cpuquota"];
        let asked = names.map(|name| options.get(name).and_then(|text| text.parse().ok()));
        let (set, changed) = build_limits(asked, most);
        for (name, value) in names.into_iter().zip(set) {
            match value {
                Some(value) => options.insert(name.to_owned(), value.to_string()),
                None => options.remove(name),
            };
        }
        changes.extend(changed);
    }
    Ok(changes)
}

fn option(name: &str, value: &str, at: &At<'_>) -> Result<(), Refusal> {
    let is = |value: &str| format!("is `{value}`");
    match name {
        "force-network-mode" => match value {
            "" | "default" | "sandbox" | "none" => Ok(()),
            _ => Err(at.forbidden(rule::BUILD_NETWORK, is(value))),
        },
        "cgroup-parent" => Err(at.forbidden(rule::BUILD_CGROUP, is(value))),
        "context" => context(value, at),
        "cache-imports" => imports(value, at),
        "memory" | "memswap" | "cpuperiod" | "cpuquota" => match value.parse::<i64>() {
            Ok(_) => Ok(()),
            Err(_) => Err(at.forbidden(rule::BUILD_OPTION, is(value))),
        },
        name if KNOWN.contains(&name) || name.starts_with(LABEL) => Ok(()),
        name if name.starts_with("context:") => context(value, at),
        name if name.starts_with("local-sessionid:") => super::session::own(value, at),
        name if FAMILIES.iter().any(|family| name.starts_with(family)) => Ok(()),
        _ => Err(at.forbidden(rule::BUILD_OPTION, "is given")),
    }
}

/// A context is the client's own, an image, or another step: never an address that the engine fetches.
fn context(value: &str, at: &At<'_>) -> Result<(), Refusal> {
    let own = [
        "docker-image://",
        "input:",
        "local:",
        "oci-layout://",
        UPLOADED,
    ];
    if own.iter().any(|own| value.starts_with(own)) {
        return Ok(());
    }
    Err(at.forbidden(rule::BUILD_REMOTE, format!("is `{value}`")))
}

/// Caches, as JSON.
fn imports(value: &str, at: &At<'_>) -> Result<(), Refusal> {
    let odd = || at.forbidden(rule::BUILD_CACHE, "is not a list of caches");
    let read = json::read(value.as_bytes()).map_err(|_| odd())?;
    let Value::List(list) = read else {
        return match read {
            Value::Null => Ok(()),
            _ => Err(odd()),
        };
    };
    for entry in list {
        let mut entry = entry.into_map();
        let kind = entry.remove("Type").ok_or_else(odd)?;
        super::control::cache(super::shape::Given::Text(kind.as_text()), at)?;
        entry.remove("Attrs");
        if !entry.is_empty() {
            return Err(odd());
        }
    }
    Ok(())
}

fn labels(options: &mut BTreeMap<String, String>, at: &At<'_>) -> Result<Vec<Change>, Refusal> {
    let policy = at.moment.bounds.policy;
    let mut changes = Vec::new();
    let given: Vec<String> = options.keys().cloned().collect();
    for name in given {
        let Some(label) = name.strip_prefix(LABEL) else {
            continue;
        };
        let refused = |prefix: &String| label.starts_with(prefix.as_str());
        if policy.refused_labels.iter().any(refused) {
            return Err(at.forbidden(rule::LABEL, format!("has the label `{label}`")));
        }
        if label.starts_with(RESERVED) {
            options.remove(&name);
            let field = at.under(&name).to_string();
            let rule = rule::LABEL;
            changes.push(Change { field, rule });
        }
    }
    for (key, value) in &policy.labels {
        options.insert(format!("{LABEL}{key}"), value.clone());
    }
    Ok(changes)
}
