//! The networks that the session's own container joins, to know the containers there by their names.

use super::path::ApiVersion;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// The networks of the session's own container.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attached {
    /// Whether it can have others. One in the namespace of another container cannot, and one that was
    /// given none shall not.
    can: bool,
    /// Names by the id.
    networks: BTreeMap<String, String>,
}

impl Attached {
    /// Read the engine's answer to an inspection.
    pub fn read(container: &Value) -> Self {
        let mode = container.pointer("/HostConfig/NetworkMode");
        let mode = mode.and_then(Value::as_str).unwrap_or("none");
        Self {
            can: !["none", "host"].contains(&mode) && !mode.starts_with("container:"),
            networks: networks(container),
        }
    }

    /// Whether it is in a network.
    pub fn has(&self, network: &str) -> bool {
        self.networks.contains_key(network)
    }

    /// What asks the engine to connect it to a network (as that is inspected): each is to be tried if
    /// the one before was refused. None where it stays away.
    pub fn asks(&self, itself: &str, network: &Value, speaks: ApiVersion) -> Vec<String> {
        let text = |name: &str| network.get(name).and_then(Value::as_str);
        let internal = network.get("Internal").and_then(Value::as_bool);
        let chosen = speaks >= ApiVersion::GATEWAY_PRIORITY;
        // Older engines let a container out through the network whose name is the first one, and
        // what the session has open would go another way from then on.
        let last = text("Name").is_some_and(|name| self.networks.values().all(|own| **own < *name));
        if !self.can || text("Driver") != Some("bridge") {
            return Vec::new();
        }
        if !(chosen || last || internal == Some(true)) {
            return Vec::new();
        }
        let ask = |address: Option<Ipv4Addr>| {
            let mut endpoint = json!({});
            if let Some(address) = address {
                endpoint["IPAMConfig"] = json!({"IPv4Address": address.to_string()});
            }
            if chosen {
                endpoint["GwPriority"] = json!(-1);
            }
            json!({"Container": itself, "EndpointConfig": endpoint}).to_string()
        };
        // Only where the session has chosen the addresses can one be asked for; and there a container
        // may be about to ask for any, of which the last ones are the least likely.
        let mut asks = Vec::new();
        asks.extend(last_address(network).map(|address| ask(Some(address))));
        asks.push(ask(None));
        asks
    }
}

/// The networks of a container, as it is inspected: names by the id.
pub fn networks(container: &Value) -> BTreeMap<String, String> {
    let networks = container.pointer("/NetworkSettings/Networks");
    let networks = networks.and_then(Value::as_object).into_iter().flatten();
    let named = networks.filter_map(|(name, network)| {
        let id = network.get("NetworkID").and_then(Value::as_str);
        let id = id.filter(|id| !id.is_empty())?;
        Some((id.to_owned(), name.clone()))
    });
    named.collect()
}

/// The containers that run in a network, as it is inspected.
pub fn containers(network: &Value) -> impl Iterator<Item = &str> {
    let containers = network.get("Containers").and_then(Value::as_object);
    containers.into_iter().flatten().map(|(id, _)| id.as_str())
}

/// The last address of a network that nothing is known to have.
fn last_address(network: &Value) -> Option<Ipv4Addr> {
    let configs = network.pointer("/IPAM/Config")?.as_array()?;
    let text = |value: &Value, name: &str| {
        let text = value.get(name).and_then(Value::as_str);
        text.map(str::to_owned)
    };
    let (config, address, bits) = configs.iter().find_map(|config| {
        let subnet = text(config, "Subnet")?;
        let (address, bits) = subnet.split_once('/')?;
        let bits: u32 = bits.parse().ok()?;
        Some((config, address.parse::<Ipv4Addr>().ok()?, bits))
    })?;
    let hosts = u32::MAX.checked_shr(bits).filter(|hosts| *hosts > 2)?;
    let broadcast = address.to_bits() | hosts;
    let auxiliary = config
        .get("AuxiliaryAddresses")
        .or_else(|| config.get("AuxAddress"));
    let auxiliary = auxiliary.and_then(Value::as_object).into_iter().flatten();
    let mut taken: Vec<String> = auxiliary
        .filter_map(|(_, address)| address.as_str().map(str::to_owned))
        .collect();
    taken.extend(text(config, "Gateway"));
    let free = |address: &Ipv4Addr| {
        let address = address.to_string();
        !taken
            .iter()
            .any(|taken| taken.split('/').next() == Some(address.as_str()))
    };
    (1..hosts.min(16))
        .map(|before| Ipv4Addr::from_bits(broadcast - before))
        .find(free)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(mode: &str, networks: &[&str]) -> Attached {
        let networks: serde_json::Map<String, Value> = networks
            .iter()
            .map(|name| {
                (
                    (*name).to_owned(),
                    json!({"NetworkID": format!("id-{name}")}),
                )
            })
            .collect();
        Attached::read(&json!({
            "HostConfig": {"NetworkMode": mode},
            "NetworkSettings": {"Networks": networks},
        }))
    }

    fn network(name: &str) -> Value {
        json!({"Name": name, "Driver": "bridge", "Internal": false, "IPAM": {"Config": []}})
    }

    #[test]
    fn a_session_joins_what_leaves_its_way_out_as_it_is() {
        let [old, new] = ["1.47", "1.48"].map(|text| ApiVersion::parse(text).unwrap());
        let mut internal = network("a");
        internal["Internal"] = json!(true);
        let mut overlay = network("shop");
        overlay["Driver"] = json!("overlay");
        let plain = r#"[{"Container":"me","EndpointConfig":{}}]"#;
        let chosen = r#"[{"Container":"me","EndpointConfig":{"GwPriority":-1}}]"#;
        for (mode, networks, network, speaks, asks) in [
            ("default", &["bridge"] as &[_], network("shop"), old, plain),
            ("bridge", &["bridge"], network("shop"), new, chosen),
            ("default", &["bridge"], network("api"), old, "[]"),
            ("default", &["bridge"], network("api"), new, chosen),
            ("default", &["bridge"], internal, old, plain),
            ("default", &["bridge", "shop"], network("m"), old, "[]"),
            ("mine", &["mine"], network("shop"), old, plain),
            ("default", &["bridge"], overlay, new, "[]"),
            ("container:parent", &[], network("shop"), new, "[]"),
            ("none", &["none"], network("shop"), new, "[]"),
            ("host", &["host"], network("shop"), new, "[]"),
        ] {
            let made = session(mode, networks).asks("me", &network, speaks);
            assert_eq!(format!("[{}]", made.join(",")), asks, "{mode} {network}");
        }
        assert!(session("default", &["bridge"]).has("id-bridge"));
        assert!(!session("default", &["bridge"]).has("bridge"));
        assert_eq!(Attached::read(&json!({})), Attached::default());
    }

    #[test]
    fn its_address_is_one_that_nobody_asks_for() {
        for (config, address) in [
            (
                json!({"Subnet": "10.9.0.0/24", "Gateway": "10.9.0.1"}),
                Some("10.9.0.254"),
            ),
            (
                json!({"Subnet": "10.9.0.0/24", "Gateway": "10.9.0.254"}),
                Some("10.9.0.253"),
            ),
            (
                json!({"Subnet": "10.9.0.8/29", "AuxiliaryAddresses": {"a": "10.9.0.14", "b": "10.9.0.13/29"}}),
                Some("10.9.0.12"),
            ),
            (
                json!({"Subnet": "10.9.0.0/30", "Gateway": "10.9.0.2"}),
                Some("10.9.0.1"),
            ),
            (json!({"Subnet": "10.9.0.0/31"}), None),
            (json!({"Subnet": "10.9.0.0/32"}), None),
            (json!({"Subnet": "10.9.0.0/33"}), None),
            (json!({"Subnet": "fd00::/64"}), None),
            (json!({}), None),
        ] {
            let mut network = network("n");
            network["IPAM"]["Config"] = json!([config]);
            let found = last_address(&network).map(|it| it.to_string());
            assert_eq!(found.as_deref(), address, "{config}");
            let asks = session("default", &["bridge"]).asks("me", &network, ApiVersion::FLOOR);
            assert_eq!(asks.len(), 1 + usize::from(address.is_some()), "{config}");
        }
    }
}
