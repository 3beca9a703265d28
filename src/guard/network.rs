//! Networks: bridges with private addresses, for containers of the session (guard-policy §2.7).

use super::Refusal;
use super::container::ENDPOINT;
use super::json::Value;
use super::labels;
use super::ownership::Kind as Owned;
use super::path::is_name;
use super::rule;
use super::schema::{At, Kind, Schema, allow, check, refuse, resolve, rewrite};
use std::net::IpAddr;

/// The body of `POST /networks/create`.
pub static CREATE: Schema = Schema {
    name: "NetworkCreateRequest",
    fields: &[
        check("Name", Kind::Text, name),
        // engines before 25 make a second network of a name otherwise
        resolve("CheckDuplicate", Kind::Flag, |_, _| Ok(Value::Bool(true))),
        check("Driver", Kind::Text, driver),
        check("Scope", Kind::Text, scope),
        allow("Internal", Kind::Flag),
        allow("Attachable", Kind::Flag),
        refuse("Ingress", Kind::Flag, rule::NETWORK_SCOPE),
        refuse("ConfigOnly", Kind::Flag, rule::NETWORK_SCOPE),
        allow("ConfigFrom", Kind::Object(&CONFIG_FROM)),
        allow("IPAM", Kind::Object(&IPAM)),
        allow("EnableIPv4", Kind::Flag),
        allow("EnableIPv6", Kind::Flag),
        check("Options", Kind::TextMap, options),
        rewrite("Labels", Kind::TextMap, labels::set, rule::LABEL),
    ],
};

static CONFIG_FROM: Schema = Schema {
    name: "ConfigReference",
    fields: &[refuse("Network", Kind::Text, rule::NETWORK_SCOPE)],
};

static IPAM: Schema = Schema {
    name: "Ipam",
    fields: &[
        check("Driver", Kind::Text, ipam_driver),
        allow("Config", Kind::List(&IPAM_CONFIG)),
        refuse("Options", Kind::TextMap, rule::NETWORK_IPAM),
    ],
};

static IPAM_CONFIG: Schema = Schema {
    name: "IpamConfig",
    fields: &[
        check("Subnet", Kind::Text, addresses),
        check("IPRange", Kind::Text, addresses),
        check("Gateway", Kind::Text, addresses),
        check("AuxiliaryAddresses", Kind::TextMap, auxiliary),
    ],
};

/// The body of `POST /networks/{id}/connect`.
pub static CONNECT: Schema = Schema {
    name: "NetworkConnectRequest",
    fields: &[
        resolve("Container", Kind::Text, container),
        allow("EndpointConfig", Kind::Object(&ENDPOINT)),
    ],
};

/// The body of `POST /networks/{id}/disconnect`.
pub static DISCONNECT: Schema = Schema {
    name: "NetworkDisconnectRequest",
    fields: &[
        resolve("Container", Kind::Text, container),
        allow("Force", Kind::Flag),
    ],
};

fn name(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    let name = value.as_text();
    if is_name(name) && !["bridge", "host", "none", "default"].contains(&name) {
        return Ok(());
    }
    Err(at.forbidden(rule::NETWORK_NAME, format!("is `{name}`")))
}

fn driver(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    match value.as_text() {
        "" | "bridge" => Ok(()),
        other => Err(at.forbidden(rule::NETWORK_DRIVER, format!("is `{other}`"))),
    }
}

fn ipam_driver(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    match value.as_text() {
        "" | "default" => Ok(()),
        other => Err(at.forbidden(rule::NETWORK_IPAM, format!("is `{other}`"))),
    }
}

fn scope(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    match value.as_text() {
        "" | "local" => Ok(()),
        other => Err(at.forbidden(rule::NETWORK_SCOPE, format!("is `{other}`"))),
    }
}

fn container(value: &Value, at: &At<'_>) -> Result<Value, Refusal> {
    let name = value.as_text();
    if let Some(itself) = at.bounds.itself.filter(|itself| itself.is(name)) {
        return Ok(Value::Text(itself.id.clone()));
    }
    at.bounds
        .owned
        .require(Owned::Container, name)
        .map(Value::Text)
}

fn options(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    for (name, value) in value.as_map().into_iter().flatten() {
        let value = value.as_text();
        let flag = value.parse::<bool>().is_ok();
        let fits = match name.as_str() {
            "com.docker.network.bridge.enable_icc"
            | "com.docker.network.bridge.enable_ip_masquerade" => flag,
            "com.docker.network.driver.mtu" => value.parse::<u16>().is_ok(),
            "com.docker.network.bridge.host_binding_ipv4" => value == "127.0.0.1",
            _ => false,
        };
        if !fits {
            return Err(at.forbidden(rule::NETWORK_OPTION, format!("has `{name}`")));
        }
    }
    Ok(())
}

fn addresses(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    let text = value.as_text();
    let used = |subnet: &Subnet| {
        let mut host = at.bounds.host_networks.iter();
        host.any(|host| host.overlaps(subnet))
    };
    match Subnet::parse(text) {
        Some(subnet) if subnet.is_private() && !used(&subnet) => Ok(()),
        _ if text.is_empty() => Ok(()),
        _ => Err(at.forbidden(rule::NETWORK_SUBNET, format!("is `{text}`"))),
    }
}

fn auxiliary(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    let mut all = value.as_map().into_iter().flatten();
    all.try_for_each(|(_, address)| addresses(address, at))
}

/// A network of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subnet {
    address: IpAddr,
    bits: u8,
}

impl Subnet {
    /// `address/bits`, or one address.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) if bits.bytes().all(|b| b.is_ascii_digit()) => bits.parse().ok()?,
            Some(_) => return None,
            None => most,
        };
        (bits <= most).then_some(Self { address, bits })
    }

    /// The first bits of an address, as a number; all families in 128 bits.
    fn head(address: IpAddr, bits: u8) -> u128 {
        let (number, width) = match address {
            IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
            IpAddr::V6(address) => (address.to_bits(), 128),
        };
        number.checked_shr(width - u32::from(bits)).unwrap_or(0)
    }

    /// Whether an address is in both.
    pub fn overlaps(&self, other: &Self) -> bool {
        let bits = self.bits.min(other.bits);
        self.address.is_ipv4() == other.address.is_ipv4()
            && Self::head(self.address, bits) == Self::head(other.address, bits)
    }

    fn within(&self, outer: &Self) -> bool {
        self.bits >= outer.bits && self.overlaps(outer)
    }

    /// RFC 1918 and RFC 4193: what no public address is in.
    fn is_private(&self) -> bool {
        let private = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];
        let mut outer = private.into_iter().filter_map(Self::parse);
        outer.any(|outer| self.within(&outer))
    }
}
