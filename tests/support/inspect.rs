//! What makes a container what it is, by `docker inspect`, so that two can be compared.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::engine::Docker;

const CLIENTS_DIFFER: &str = "docker's clients differ: 28.2 sends an empty list, 20.10 none";

/// Every difference that is allowed: where in the inspection, and why.
const ALLOWED: &[(&str, Allowed, &str)] = &[
    (
        "/Config/Hostname",
        Allowed::OwnId,
        "the engine gives every container its own id as host name",
    ),
    (
        "/HostConfig/ConsoleSize",
        Allowed::Anything,
        "28.2 sends the size of its own terminal, from which a container made ahead has none",
    ),
    (
        "/Mounts",
        Allowed::Order,
        "the engine keeps them in a map, and lists them in no order",
    ),
    (
        "/HostConfig/Binds",
        Allowed::Order,
        "docker's client keeps volumes in a map; the engine sorts mounts by their depth",
    ),
    (
        "/Config/Env",
        Allowed::Order,
        "docker's client puts them through a map (docker/cli `ParseProxyConfig`), so each run of it \
         sends another order; no name is there twice",
    ),
    (
        "/HostConfig/BlkioDeviceReadBps",
        Allowed::NullOrEmpty,
        CLIENTS_DIFFER,
    ),
    (
        "/HostConfig/BlkioDeviceReadIOps",
        Allowed::NullOrEmpty,
        CLIENTS_DIFFER,
    ),
    (
        "/HostConfig/BlkioDeviceWriteBps",
        Allowed::NullOrEmpty,
        CLIENTS_DIFFER,
    ),
    (
        "/HostConfig/BlkioDeviceWriteIOps",
        Allowed::NullOrEmpty,
        CLIENTS_DIFFER,
    ),
    ("/HostConfig/Ulimits", Allowed::NullOrEmpty, CLIENTS_DIFFER),
];

/// How two inspections may differ at a place.
#[derive(Debug, Clone, Copy)]
enum Allowed {
    /// It is derived from the container's id.
    OwnId,
    /// The order of a list.
    Order,
    /// Any value.
    Anything,
    /// `null` here, empty there.
    NullOrEmpty,
}

/// What the engine says of a container. Of a running one's networks only the names count: their
/// addresses are its own.
pub(crate) fn container(docker: &Docker, name: &str) -> Value {
    let mut found: Value = serde_json::from_str(&docker.ok(&["inspect", name])).unwrap();
    let all = found[0].take();
    let networks = &all["NetworkSettings"]["Networks"];
    let networks = if all["State"]["Running"] == true {
        json!(networks.as_object().unwrap().keys().collect::<Vec<_>>())
    } else {
        networks.clone()
    };
    normal(json!({
        "Id": all["Id"], "Config": all["Config"], "HostConfig": all["HostConfig"],
        "Mounts": all["Mounts"], "Ports": all["NetworkSettings"]["Ports"],
        "Networks": networks, "Path": all["Path"], "Args": all["Args"],
    }))
}

fn normal(mut inspected: Value) -> Value {
    let id = inspected["Id"].take().as_str().unwrap().to_owned();
    for (place, allowed, reason) in ALLOWED {
        assert!(!reason.is_empty());
        let Some(value) = inspected.pointer_mut(place) else {
            continue;
        };
        match allowed {
            Allowed::OwnId if value.as_str().is_some_and(|text| id.starts_with(text)) => {
                *value = json!("(its id)");
            }
            Allowed::OwnId => {}
            Allowed::Order => {
                if let Some(list) = value.as_array_mut() {
                    list.sort_by_key(ToString::to_string);
                }
            }
            Allowed::Anything => *value = json!("(anything)"),
            Allowed::NullOrEmpty => {
                let empty = value.as_array().is_some_and(Vec::is_empty)
                    || value.as_object().is_some_and(serde_json::Map::is_empty);
                if empty {
                    *value = Value::Null;
                }
            }
        }
    }
    inspected
}

/// Every place where the two, each with what made it, are not the same.
pub(crate) fn differences(one: (&str, &Value), other: (&str, &Value)) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), Some(one.1), Some(other.1))];
    while let Some((place, a, b)) = open.pop() {
        if let (Some(Value::Object(a)), Some(Value::Object(b))) = (a, b) {
            for key in a.keys().chain(b.keys()).collect::<BTreeSet<_>>() {
                open.push((format!("{place}/{key}"), a.get(key), b.get(key)));
            }
        } else if a != b {
            let text = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
            let (a, b) = (text(a), text(b));
            found.push(format!(
                "{place}: {} makes {a}, {} makes {b}",
                one.0, other.0
            ));
        }
    }
    found
}
