//! The network of a container and the ports it publishes.

use super::Invalid;
use std::fmt;
use std::str::FromStr;

/// `--network`, in docker's own words (`bridge`, `none`, `container:NAME`, a network's name).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network(String);

impl Network {
    /// The engine's default bridge.
    pub fn bridge() -> Self {
        Self("bridge".to_owned())
    }

    /// The network namespace of another container.
    pub fn of_container(name: &super::ContainerName) -> Self {
        Self(format!("container:{name}"))
    }

    /// The mode as docker writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether ports can be published: not where the namespace belongs to somebody else.
    pub fn can_publish(&self) -> bool {
        !(self.0 == "none" || self.0 == "host" || self.0.starts_with("container:"))
    }
}

/// A port of the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Port(u16);

impl Port {
    /// The number.
    pub fn number(self) -> u16 {
        self.0
    }

    /// The first port to try and those after it, for when it is taken.
    pub fn and_next(self, count: u16) -> impl Iterator<Item = u16> {
        self.0..=self.0.saturating_add(count)
    }
}

impl FromStr for Port {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.parse::<u16>() {
            Ok(number) if number > 0 => Ok(Self(number)),
            _ => Err(Invalid::new(
                "port",
                text,
                "is not a port: a number from 1 to 65535",
            )),
        }
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Network {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let name = text.strip_prefix("container:").unwrap_or(text);
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        if name.is_empty() || !name.chars().all(allowed) {
            return Err(Invalid::new(
                "network",
                text,
                "is not a network: write `bridge`, `none`, `container:NAME` or a network's name",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

/// A published port: `[[IP:]HOST:]CONTAINER[/PROTOCOL]`, one port, as docker's `--publish`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    /// The address of the host; empty means every one.
    pub host_ip: String,
    /// The port of the host; empty lets the engine choose.
    pub host_port: String,
    /// The port of the container.
    pub container_port: u16,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
}

impl FromStr for Publish {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refuse = || {
            Err(Invalid::new(
                "published port",
                text,
                "is not `[[IP:]HOST:]CONTAINER[/tcp|udp]` with ports from 1 to 65535, as in `8080:80`",
            ))
        };
        let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
        if !["tcp", "udp", "sctp"].contains(&protocol) {
            return refuse();
        }
        let (host, container) = match ports.rsplit_once(':') {
            Some((host, container)) => (Some(host), container),
            None => (None, ports),
        };
        let (host_ip, host_port) = match host {
            None => ("", ""),
            Some(host) => host.rsplit_once(':').unwrap_or(("", host)),
        };
        let host_ip = host_ip.trim_start_matches('[').trim_end_matches(']');
        let port = |digits: &str| digits.parse::<u16>().ok().filter(|port| *port > 0);
        let Some(container_port) = port(container) else {
            return refuse();
        };
        let ip_ok = host_ip.is_empty() || host_ip.parse::<std::net::IpAddr>().is_ok();
        if !ip_ok || !(host_port.is_empty() || port(host_port).is_some()) {
            return refuse();
        }
        Ok(Self {
            host_ip: host_ip.to_owned(),
            host_port: host_port.to_owned(),
            container_port,
            protocol: protocol.to_owned(),
        })
    }
}

impl fmt::Display for Publish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host_ip.contains(':') {
            write!(f, "[{}]:", self.host_ip)?;
        } else if !self.host_ip.is_empty() {
            write!(f, "{}:", self.host_ip)?;
        }
        if !self.host_ip.is_empty() || !self.host_port.is_empty() {
            write!(f, "{}:", self.host_port)?;
        }
        write!(f, "{}/{}", self.container_port, self.protocol)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_read_and_written_as_docker_does() {
        for (text, canonical) in [
            ("80", "80/tcp"),
            ("8080:80", "8080:80/tcp"),
            ("127.0.0.1:8080:80/udp", "127.0.0.1:8080:80/udp"),
            ("127.0.0.1::80", "127.0.0.1::80/tcp"),
            ("[::1]:8080:80", "[::1]:8080:80/tcp"),
        ] {
            let publish: Publish = text.parse().unwrap();
            assert_eq!(publish.to_string(), canonical, "{text}");
            assert_eq!(canonical.parse::<Publish>().unwrap(), publish);
        }
        for bad in [
            "",
            "0",
            "70000",
            "a:80",
            "80:b",
            "1.2.3:80:80",
            "80/icmp",
            "1:2:3:4",
        ] {
            assert!(bad.parse::<Publish>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_network_is_one_word() {
        for good in ["bridge", "none", "container:x-1", "my_net"] {
            assert!(good.parse::<Network>().is_ok(), "{good}");
        }
        for bad in ["", "container:", "a b", "a/b", "--x y"] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }
}
