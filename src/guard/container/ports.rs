//! Ports: which, and on which address of the host.

use crate::guard::Refusal;
use crate::guard::json::{Path, Value};
use crate::guard::policy::Bounds;
use crate::guard::rule;
use crate::guard::schema::{At, Change};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// `80`, `80/tcp`, `8000-8010/udp`
fn is_key(key: &str) -> bool {
    let (range, protocol) = key.split_once('/').unwrap_or((key, "tcp"));
    ["tcp", "udp", "sctp"].contains(&protocol.to_ascii_lowercase().as_str())
        && ports(range).is_some()
}

fn ports(range: &str) -> Option<(u16, u16)> {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten()
    };
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    let (first, last) = (number(first)?, number(last)?);
    (first <= last).then_some((first, last))
}

pub(super) fn keys(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    let mut keys = value.as_map().into_iter().flat_map(BTreeMap::keys);
    match keys.find(|key| !is_key(key)) {
        Some(key) => Err(at.malformed(rule::PORT, format!("has `{key}`"))),
        None => Ok(()),
    }
}

/// All exposed ports would be published on all addresses: where one alone is allowed, the engine is not
/// asked for that, and they are bound to it one by one once the image's are known ([`all`]).
pub(super) fn one_by_one(
    host: &mut BTreeMap<String, Value>,
    changes: &mut Vec<Change>,
    bounds: &Bounds<'_>,
) -> Option<IpAddr> {
    let only = bounds.policy.publish_on?;
    let asked = host.get_mut("PublishAllPorts")?;
    if *asked != Value::Bool(true) {
        return None;
    }
    *asked = Value::Bool(false);
    changes.push(Change {
        field: "HostConfig.PublishAllPorts".to_owned(),
        rule: rule::PORT,
    });
    Some(only)
}

/// Bind what is exposed and not bound yet to ports that the engine chooses.
pub(super) fn all<'a>(
    body: &mut BTreeMap<String, Value>,
    image: impl Iterator<Item = &'a str>,
    only: IpAddr,
) {
    let empty = || Value::Map(BTreeMap::new());
    let exposed = body.entry("ExposedPorts".to_owned()).or_insert(Value::Null);
    if *exposed == Value::Null {
        *exposed = empty();
    }
    let Value::Map(exposed) = exposed else { return };
    for port in image.filter(|port| is_key(port)) {
        exposed.entry(port.to_owned()).or_insert_with(empty);
    }
    let ports: Vec<String> = exposed.keys().cloned().collect();
    let Some(Value::Map(host)) = body.get_mut("HostConfig") else {
        return;
    };
    let bindings = host.entry("PortBindings".to_owned()).or_insert(Value::Null);
    if *bindings == Value::Null {
        *bindings = empty();
    }
    let Value::Map(bindings) = bindings else {
        return;
    };
    for port in ports {
        let address = ("HostIp".to_owned(), Value::Text(only.to_string()));
        let binding = Value::Map(BTreeMap::from([address]));
        bindings
            .entry(port)
            .or_insert_with(|| Value::List(vec![binding]));
    }
}

/// Put every binding on the address that is allowed.
pub(super) fn settle(
    host: &mut BTreeMap<String, Value>,
    changes: &mut Vec<Change>,
    bounds: &Bounds<'_>,
) -> Result<(), Refusal> {
    let Some(Value::Map(bindings)) = host.get_mut("PortBindings") else {
        return Ok(());
    };
    let path = Path::new("HostConfig.PortBindings");
    for (key, list) in bindings {
        let path = path.field(key);
        let at = At {
            path: &path,
            bounds,
        };
        let Value::List(list) = list else { continue };
        if !is_key(key) {
            return Err(at.malformed(rule::PORT, "is no port"));
        }
        if list.is_empty() && bounds.policy.publish_on.is_some() {
            list.push(Value::Map(BTreeMap::new()));
        }
        for binding in list {
            settle_one(binding, &at, changes)?;
        }
    }
    Ok(())
}

fn settle_one(binding: &mut Value, at: &At<'_>, changes: &mut Vec<Change>) -> Result<(), Refusal> {
    let policy = at.bounds.policy;
    let port = binding.get("HostPort").as_text();
    if !port.is_empty() {
        let Some((first, _)) = ports(port) else {
            return Err(at.malformed(rule::PORT, format!("is bound to `{port}`")));
        };
        // 0 lets the engine choose
        if policy.refuse_low_ports && first != 0 && first < 1024 {
            return Err(at.forbidden(rule::PORT, format!("is bound to `{port}`, below 1024")));
        }
    }
    let asked = binding.get("HostIp").as_text().to_owned();
    let address =
        match asked.as_str() {
            "" => None,
            text => Some(text.parse::<IpAddr>().map_err(|_| {
                at.malformed(rule::PORT, format!("is bound to the address `{text}`"))
            })?),
        };
    let Some(only) = policy.publish_on else {
        return Ok(());
    };
    if address.is_some_and(|address| address != only && !address.is_unspecified()) {
        return Err(at.forbidden(rule::PORT, format!("is bound to `{asked}`, not to {only}")));
    }
    if address != Some(only)
        && let Value::Map(binding) = binding
    {
        binding.insert("HostIp".to_owned(), Value::Text(only.to_string()));
        changes.push(Change {
            field: at.path.to_string(),
            rule: rule::PORT,
        });
    }
    Ok(())
}
