//! `POST /containers/create` and `…/update`: every field of the API is in a table with its class.

mod capability;
mod config;
mod confine;
mod create;
mod endpoint;
mod host;
mod limits;
mod network;
mod output;
mod ports;
mod update;

pub use capability::{BY_CHOICE as CAPABILITIES_BY_CHOICE, BY_DEFAULT as CAPABILITIES_BY_DEFAULT};
pub use config::{CONFIG, CREATE, HEALTHCHECK};
pub(super) use confine::ulimits;
pub use create::{Create, read};
pub use endpoint::{ENDPOINT, IPAM as ENDPOINT_IPAM, NETWORKING};
pub use host::{HOST, PORT_BINDING, RESTART, ULIMIT};
pub(super) use limits::build as build_limits;
pub(super) use network::named as named_network;
pub use output::LOG;
pub use update::{UPDATE, read as update};

#[cfg(test)]
mod tests;
