//! The ports that a container publishes, as the session has them at its own localhost: which they are,
//! where they lead, and what may be accepted on.

use super::refusal::printable;
use crate::model::listening::{LOOPBACKS, Port, Protocol};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Ports of a session at once: each has two sockets.
pub const MOST: usize = 1000;

/// What the engine says of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publishing {
    /// Whether it runs.
    pub running: bool,
    /// When it was started; another time is another run.
    pub started: String,
    /// What is published, by the port on the host, which is the port in the session.
    pub ports: BTreeMap<Port, Ends>,
}

/// Where a published port leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// On the host, where the engine listens.
    pub published: SocketAddr,
    /// The container itself, where it has one address and not several.
    pub container: Option<SocketAddr>,
}

impl Publishing {
    /// Read the engine's answer to an inspection. What is no port that can be had is left out (SCTP).
    pub fn read(container: &Value) -> Self {
        let running = container.pointer("/State/Running").and_then(Value::as_bool);
        let started = container
            .pointer("/State/StartedAt")
            .and_then(Value::as_str);
        let address = address(container);
        let published = container.pointer("/NetworkSettings/Ports");
        let published = published.and_then(Value::as_object).into_iter().flatten();
        let mut ports = BTreeMap::new();
        for (inner, bindings) in published {
            let Some(inner) = key(inner) else { continue };
            for binding in bindings.as_array().into_iter().flatten() {
                let Some(published) = host(binding) else {
                    continue;
                };
                let port = Port {
                    number: published.port(),
                    protocol: inner.protocol,
                };
                let container = address.map(|address| SocketAddr::new(address, inner.number));
                // one on each family, where it is published on all addresses
                ports.entry(port).or_insert(Ends {
                    published,
                    container,
                });
            }
        }
        Self {
            running: running.unwrap_or(false),
            started: started.unwrap_or_default().to_owned(),
            ports,
        }
    }
}

/// `5432/tcp`
fn key(text: &str) -> Option<Port> {
    let (number, protocol) = text.split_once('/')?;
    format!("{protocol}:{number}").parse().ok()
}

fn host(binding: &Value) -> Option<SocketAddr> {
    let text = |name: &str| {
        binding
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let port = text("HostPort").parse().ok().filter(|port| *port != 0)?;
    let address = match text("HostIp") {
        "" => Ipv4Addr::UNSPECIFIED.into(),
        text => text.parse().ok()?,
    };
    let [v4, v6] = LOOPBACKS;
    Some(match address {
        IpAddr::V4(address) if address.is_unspecified() => SocketAddr::new(v4, port),
        IpAddr::V6(address) if address.is_unspecified() => SocketAddr::new(v6, port),
        address => SocketAddr::new(address, port),
    })
}

/// The one address of a container on one network: on several, only the engine knows which of them a
/// port is published of.
fn address(container: &Value) -> Option<IpAddr> {
    let networks = container
        .pointer("/NetworkSettings/Networks")?
        .as_object()?;
    let mut networks = networks.values();
    let (network, None) = (networks.next()?, networks.next()) else {
        return None;
    };
    network.get("IPAddress")?.as_str()?.parse().ok()
}

/// What the kernel says of a descriptor that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Socket {
    /// What is sent through it; neither a stream nor datagrams of IP are none.
    pub protocol: Option<Protocol>,
    /// Whether it accepts.
    pub listens: bool,
    /// Its address.
    pub local: Option<SocketAddr>,
}

impl Socket {
    /// Whether it is what was asked for: a socket for this port, at localhost.
    pub fn is_for(&self, port: Port) -> bool {
        let loopback = |address: &IpAddr| LOOPBACKS.contains(address);
        self.protocol == Some(port.protocol)
            && self.listens == (port.protocol == Protocol::Tcp)
            && self
                .local
                .is_some_and(|local| local.port() == port.number && loopback(&local.ip()))
    }
}

/// Why a container whose port is taken in the session is not started: who has it, and the way out.
/// `helper` is the user of the guards' own sockets.
pub fn taken(port: Port, holder: Option<u32>, helper: u32) -> String {
    let Port { number, protocol } = port;
    let who = match holder {
        Some(user) if user == helper => {
            "a container of another session, which shares the network,".to_owned()
        }
        Some(user) => format!("a program of the user {user} that listens in the session's network"),
        None => "a program that listens in the session's network".to_owned(),
    };
    let other = number.checked_add(1).unwrap_or(1024);
    format!(
        "driver failed programming external connectivity: localhost:{number}/{protocol} of this session is taken by \
         {who}: end that, or publish another port (`-p {other}:…`)"
    )
}

/// Why a container whose port cannot be had in the session is not started.
pub fn failed(port: Option<Port>, cause: &str) -> String {
    let what = match port {
        Some(Port { number, protocol }) => format!("localhost:{number}/{protocol}"),
        None => "the published ports".to_owned(),
    };
    format!(
        "driver failed programming external connectivity: {what} cannot be had in this session ({}): leave \
         out `-p`, or start the session again",
        printable(cause)
    )
}

#[cfg(test)]
mod tests;
