//! `NetworkingConfig` and the settings of one endpoint, also in a network's `connect`.

use super::network;
use crate::guard::rule;
use crate::guard::schema::{Kind, Schema, allow, omit, resolve, together};

/// `NetworkingConfig`. docker-py also puts `{"<network>": null}` here, which says nothing.
pub static NETWORKING: Schema = Schema {
    name: "NetworkingConfig",
    fields: &[together("EndpointsConfig", Kind::Map(&ENDPOINT))],
};

/// `EndpointSettings`
#[rustfmt::skip]
pub static ENDPOINT: Schema = Schema {
    name: "EndpointSettings",
    fields: &[
        allow("IPAMConfig", Kind::Object(&IPAM)),
        resolve("Links", Kind::Texts, network::endpoint_links),
        allow("MacAddress", Kind::Text),
        allow("Aliases", Kind::Texts),
        omit("DriverOpts", Kind::TextMap, rule::ENDPOINT),
        allow("GwPriority", Kind::Int),
        omit("NetworkID", Kind::Text, rule::OUTPUT_FIELD),
        omit("EndpointID", Kind::Text, rule::OUTPUT_FIELD),
        omit("Gateway", Kind::Text, rule::OUTPUT_FIELD),
        omit("IPAddress", Kind::Text, rule::OUTPUT_FIELD),
        omit("IPPrefixLen", Kind::Int, rule::OUTPUT_FIELD),
        omit("IPv6Gateway", Kind::Text, rule::OUTPUT_FIELD),
        omit("GlobalIPv6Address", Kind::Text, rule::OUTPUT_FIELD),
        omit("GlobalIPv6PrefixLen", Kind::Int, rule::OUTPUT_FIELD),
        omit("DNSNames", Kind::Texts, rule::OUTPUT_FIELD),
    ],
};

/// `IPAMConfig`: addresses in a network that is the session's.
pub static IPAM: Schema = Schema {
    name: "EndpointIpamConfig",
    fields: &[
        allow("IPv4Address", Kind::Text),
        allow("IPv6Address", Kind::Text),
        allow("LinkLocalIPs", Kind::Texts),
    ],
};
