//! What a container shares with other containers: namespaces, networks, volumes, links. Every name
//! becomes the full id of something that the session owns.

use crate::guard::Refusal;
use crate::guard::json::{Path, Value};
use crate::guard::ownership::Kind;
use crate::guard::policy::Bounds;
use crate::guard::rule::{self, GuardRule};
use crate::guard::schema::At;
use std::collections::BTreeMap;

/// Networks that every engine has. The host's is not among them.
const BUILT_IN: &[&str] = &["default", "bridge", "none"];

/// `container:<name>` with the full id.
fn joined(mode: &str, rule: &'static GuardRule, at: &At<'_>) -> Result<Value, Refusal> {
    let Some(name) = mode.strip_prefix("container:") else {
        return Err(at.forbidden(rule, format!("is `{mode}`")));
    };
    let id = at.bounds.owned.require(Kind::Container, name)?;
    Ok(Value::Text(format!("container:{id}")))
}

pub(super) fn pid_mode(value: &Value, at: &At<'_>) -> Result<Value, Refusal> {
    match value.as_text() {
        "" | "private" => Ok(value.clone()),
        mode => joined(mode, rule::NAMESPACE, at),
    }
}

pub(super) fn ipc_mode(value: &Value, at: &At<'_>) -> Result<Value, Refusal> {
    match value.as_text() {
        "" | "none" | "private" | "shareable" => Ok(value.clone()),
        mode => joined(mode, rule::NAMESPACE, at),
    }
}

/// `container[:ro|rw[,z]]`
pub(super) fn volumes_from(value: &Value, at: &At<'_>) -> Result<Value, Refusal> {
    each(value, |text| {
        let (name, mode) = text.split_once(':').unwrap_or((text, "rw"));
        if !mode
            .split(',')
            .all(|word| ["ro", "rw", "z", "nocopy"].contains(&word))
        {
            return Err(at.forbidden(rule::MOUNT_MODE, format!("has `{text}`")));
        }
        let id = at.bounds.owned.require(Kind::Container, name)?;
        Ok(format!("{id}:{mode}"))
    })
}

/// `container[:alias]`
pub(super) fn links(value: &Value, at: &At<'_>) -> Result<Value, Refusal> {
    each(value, |text| {
        let (id, alias) = link(text, at)?;
        Ok(format!("{id}:{alias}"))
    })
}

/// Links in a network that somebody has made: there what is linked is looked up by what the network's
/// resolver knows, which is the beginning of the id.
pub(super) fn endpoint_links(value: &Value, at: &At<'_>) -> Result<Value, Refusal> {
    each(value, |text| {
        let (id, alias) = link(text, at)?;
        Ok(format!("{}:{alias}", id.get(..12).unwrap_or(&id)))
    })
}

fn link<'a>(text: &'a str, at: &At<'_>) -> Result<(String, &'a str), Refusal> {
    let (name, alias) = text.split_once(':').unwrap_or((text, text));
    let id = at.bounds.owned.require(Kind::Container, name)?;
    if !crate::guard::path::is_name(alias) {
        return Err(at.malformed(rule::LINK, format!("has the alias `{alias}`")));
    }
    Ok((id, alias))
}

fn each(
    value: &Value,
    resolve: impl Fn(&str) -> Result<String, Refusal>,
) -> Result<Value, Refusal> {
    if *value == Value::Null {
        return Ok(Value::Null);
    }
    let resolved: Result<Vec<String>, _> = value.as_texts().map(resolve).collect();
    resolved.map(Value::texts)
}

/// The network called `name`: built in, the session's own by its full id, or the one that stands for
/// the default.
pub(crate) fn named(name: &str, bounds: &Bounds<'_>) -> Result<String, Refusal> {
    match (name, &bounds.policy.default_network) {
        ("" | "default", Some(network)) => Ok(network.clone()),
        (name, Some(network)) if name == network => Ok(network.clone()),
        (name, _) if BUILT_IN.contains(&name) => Ok(name.to_owned()),
        (name, _) => bounds.owned.require(Kind::Network, name),
    }
}

/// `HostConfig.NetworkMode` and the networks in `EndpointsConfig`, which name the same network the
/// same way.
pub(super) fn settle(
    host: &mut BTreeMap<String, Value>,
    networking: Option<&mut BTreeMap<String, Value>>,
    bounds: &Bounds<'_>,
) -> Result<(), Refusal> {
    let path = Path::new("HostConfig.NetworkMode");
    let at = At {
        path: &path,
        bounds,
    };
    let asked = host.get("NetworkMode").map_or("", Value::as_text);
    let mode = match asked {
        "" if bounds.policy.default_network.is_none() => None,
        "host" => return Err(at.forbidden(rule::NETWORK_MODE, "is `host`")),
        mode if mode.contains(':') => Some(joined(mode, rule::NETWORK_MODE, &at)?),
        name => Some(Value::Text(named(name, bounds)?)),
    };
    if let Some(mode) = mode {
        host.insert("NetworkMode".to_owned(), mode);
    }
    let Some(Value::Map(endpoints)) = networking.and_then(|map| map.get_mut("EndpointsConfig"))
    else {
        return Ok(());
    };
    let mut settled = BTreeMap::new();
    for (name, endpoint) in std::mem::take(endpoints) {
        let path = Path::new("NetworkingConfig.EndpointsConfig").field(&name);
        if name == "host" {
            return Err(Refusal::forbidden(rule::NETWORK_MODE, &path, "is given"));
        }
        if settled.insert(named(&name, bounds)?, endpoint).is_some() {
            let cause = "is a network that is there under another name";
            return Err(Refusal::malformed(rule::JSON_DUPLICATE, &path, cause));
        }
    }
    *endpoints = settled;
    Ok(())
}
