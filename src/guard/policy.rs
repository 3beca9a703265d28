//! What the user allows a session beyond the defaults, and what it lives in.

use super::bind::Mapping;
use super::network::Subnet;
use super::ownership::Owned;
use crate::model::{Labels, Limits};
use std::net::IpAddr;

/// What is allowed, from the settings. The default allows what closes no route.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one choice of the user"
)]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// Capabilities beyond docker's default set, without `CAP_`: only of
    /// [`crate::guard::container::CAPABILITIES_BY_CHOICE`].
    pub capabilities: Vec<String>,
    /// Devices of the host, by exact path.
    pub devices: Vec<String>,
    /// Whether GPUs can be asked for.
    pub gpus: bool,
    /// Whether containers can log to the journal of the host.
    pub journald: bool,
    /// The session's limits: a container of it gets no more than these.
    pub limits: Option<Limits>,
    /// The control group in which the session's containers are put.
    pub cgroup_parent: Option<String>,
    /// The only address on which ports are published; any if `None`.
    pub publish_on: Option<IpAddr>,
    /// Whether ports below 1024 are refused.
    pub refuse_low_ports: bool,
    /// The full id of the network that stands for the default one.
    pub default_network: Option<String>,
    /// The labels that everything the session makes has.
    pub labels: Labels,
    /// Prefixes of labels that are refused, as they drive programs on the host (`traefik.`).
    pub refused_labels: Vec<String>,
    /// How often a container that wants to restart always is restarted when it fails; 0 is never.
    pub restarts: u32,
    /// Whether the project can only be read.
    pub read_only: bool,
    /// Whether images are only built by the classic builder.
    pub classic_builder: bool,
    /// Beginnings of image names that nobody in a session writes: those of hal-9000.
    pub reserved_images: Vec<String>,
}

/// Everything that a request is held against.
#[derive(Debug, Clone, Copy)]
pub struct Bounds<'a> {
    /// What is allowed.
    pub policy: &'a Policy,
    /// What the session owns.
    pub owned: &'a Owned,
    /// Where the project is.
    pub mapping: &'a Mapping,
    /// Networks that the host uses: no subnet of a session overlaps them.
    pub host_networks: &'a [Subnet],
    /// The session's own container, where the request can name it.
    pub itself: Option<&'a Itself>,
}

/// The container in which the session runs. It is not the session's to change; a network of the
/// session's it can join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Itself {
    /// Its full id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Itself {
    /// Whether a name in a request is this container's: its name, its id, or what docker makes the
    /// host name of that.
    pub fn is(&self, name: &str) -> bool {
        name == self.name || (name.len() >= 12 && self.id.starts_with(name))
    }
}
