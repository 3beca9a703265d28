//! What a client gets of the engine's answers: what is not the session's is left out, paths are shown
//! as the session knows them. The engine is trusted, so answers are read as they come.

use super::bind::Mapping;
use super::ownership::{Kind, Owned};
use super::path::Speaks;
use super::policy::Policy;
use serde_json::{Map, Value, json};

/// Networks that a session sees beside its own: clients look for them.
const BUILT_IN: &[&str] = &["bridge", "host", "none"];

/// The headers of `_ping` that are the guard's, in place of the engine's; `Builder-Version: 1` is the
/// classic builder.
pub fn ping(speaks: Speaks) -> [(&'static str, String); 3] {
    [
        ("Api-Version", speaks.max().to_string()),
        ("Builder-Version", "1".to_owned()),
        ("Swarm", "inactive".to_owned()),
    ]
}

/// `version`
pub fn version(answer: &mut Value, speaks: Speaks) {
    let set = |object: &mut Map<String, Value>| {
        object.insert("ApiVersion".to_owned(), json!(speaks.max().to_string()));
        object.insert("MinAPIVersion".to_owned(), json!(speaks.min().to_string()));
    };
    if let Some(object) = answer.as_object_mut() {
        set(object);
    }
    for component in elements(answer.get_mut("Components")) {
        let engine = component.get("Name").and_then(Value::as_str) == Some("Engine");
        if let Some(Value::Object(details)) = component.get_mut("Details").filter(|_| engine) {
            set(details);
        }
    }
}

/// `info`, without what is the user's: proxies can have credentials in their addresses.
pub fn info(answer: &mut Value, owned: &Owned) {
    let Some(info) = answer.as_object_mut() else {
        return;
    };
    for name in [
        "Labels",
        "RegistryConfig",
        "HttpProxy",
        "HttpsProxy",
        "NoProxy",
        "ClusterStore",
        "ClusterAdvertise",
        "DiscoveredDevices",
        "ContainersRunning",
        "ContainersPaused",
        "ContainersStopped",
        "Name",
        "ID",
    ] {
        info.remove(name);
    }
    info.insert("Swarm".to_owned(), json!({"LocalNodeState": "inactive"}));
    let containers = owned.ids(Kind::Container).count();
    info.insert("Containers".to_owned(), json!(containers));
}

/// A list of containers, networks or volumes.
pub fn list(kind: Kind, answer: &mut Value, owned: &Owned) {
    let list = match kind {
        Kind::Volume => answer.get_mut("Volumes"),
        _ => Some(answer),
    };
    let Some(Value::Array(list)) = list else {
        return;
    };
    list.retain(|entry| visible(kind, entry, owned));
    if kind == Kind::Network {
        for entry in list {
            network(entry, owned);
        }
    }
}

fn visible(kind: Kind, entry: &Value, owned: &Owned) -> bool {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
    match kind {
        Kind::Volume => owned.has(kind, text("Name")),
        Kind::Network if BUILT_IN.contains(&text("Name")) => true,
        kind => owned.has(kind, text("Id")),
    }
}

/// A network, without containers that are not the session's.
pub fn network(answer: &mut Value, owned: &Owned) {
    if let Some(Value::Object(containers)) = answer.get_mut("Containers") {
        containers.retain(|id, _| owned.has(Kind::Container, id));
    }
}

/// `system/df`: of the build cache nothing is the session's. Fields that are not known are left out.
pub fn disk_usage(answer: &mut Value, owned: &Owned) {
    let Some(usage) = answer.as_object_mut() else {
        return;
    };
    usage.retain(|name, _| {
        ["LayersSize", "Images", "Containers", "Volumes"].contains(&name.as_str())
    });
    for (name, kind) in [("Containers", Kind::Container), ("Volumes", Kind::Volume)] {
        if let Some(Value::Array(list)) = usage.get_mut(name) {
            list.retain(|entry| visible(kind, entry, owned));
        }
    }
    usage.insert("BuildCache".to_owned(), json!([]));
}

/// Whether the session gets an event. Networks and volumes have no labels in theirs, so ids decide.
pub fn event(event: &Value, owned: &Owned) -> bool {
    let text = |name: &str| {
        event
            .pointer(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let id = text("/Actor/ID");
    match text("/Type") {
        "container" => owned.had(Kind::Container, id),
        "volume" => owned.has(Kind::Volume, id),
        // of the default network only what happens to the session's containers
        "network" => {
            owned.had(Kind::Network, id)
                || owned.had(Kind::Container, text("/Actor/Attributes/container"))
        }
        "image" => matches!(
            super::image::resolve(owned, id),
            super::ownership::Resolved::Owned(_)
        ),
        _ => false,
    }
}

/// A container, inspected or in a list: its mounts as the session asked for them. `beneath` tells, for
/// what the guard made of a path beneath the project, that path.
pub fn container(answer: &mut Value, mapping: &Mapping, beneath: &dyn Fn(&str) -> Option<String>) {
    for mount in elements(answer.get_mut("Mounts")) {
        shown(mount, "Name", mapping, beneath);
    }
    for mount in elements(answer.pointer_mut("/HostConfig/Mounts")) {
        shown(mount, "Source", mapping, beneath);
    }
}

/// The network that a container was made in, by the name that the client used and not by the id that the
/// guard made of it.
pub fn network_mode(answer: &mut Value, owned: &Owned, policy: &Policy) {
    let Some(mode) = answer.pointer_mut("/HostConfig/NetworkMode") else {
        return;
    };
    let id = mode.as_str().unwrap_or_default();
    let name = match &policy.default_network {
        Some(network) if network == id => Some("default"),
        _ => owned.names(Kind::Network, id).next(),
    };
    if let Some(name) = name {
        *mode = json!(name);
    }
}

fn elements(list: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
    list.and_then(Value::as_array_mut).into_iter().flatten()
}

fn shown(
    mount: &mut Value,
    volume: &str,
    mapping: &Mapping,
    beneath: &dyn Fn(&str) -> Option<String>,
) {
    let Some(mount) = mount.as_object_mut() else {
        return;
    };
    let text = |name: &str| mount.get(name).and_then(Value::as_str).unwrap_or_default();
    let source = match text("Type") {
        "volume" => beneath(text(volume)).map(|path| format!("{}/{path}", mapping.project())),
        "bind" => Some(match beneath(text("Source")) {
            Some(path) => format!("{}/{path}", mapping.project()),
            None => text("Source").to_owned(),
        }),
        _ => None,
    };
    let Some(source) = source else { return };
    let source = mapping
        .shown(&source)
        .unwrap_or_else(|| "/var/run/docker.sock".to_owned());
    for name in ["Name", "Driver", "VolumeOptions"] {
        mount.remove(name);
    }
    // of what is mounted, and not only asked for: as a bind has it, of which no other is allowed
    if let Some(propagation) = mount.get_mut("Propagation") {
        *propagation = json!("rprivate");
    }
    mount.insert("Type".to_owned(), json!("bind"));
    mount.insert("Source".to_owned(), json!(source));
}

#[cfg(test)]
mod tests;
