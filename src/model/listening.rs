//! What a guard and its helper in the session's container say to each other: which ports are to be
//! listened on there, and what became of each.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Where is listened: `localhost` is the first of these that a program tries.
pub const LOOPBACKS: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::LOCALHOST),
    IpAddr::V6(Ipv6Addr::LOCALHOST),
];

/// The helper's socket, in the directory of the guard's.
pub const PORTS_SOCKET: &str = "ports.sock";

/// No message of the helper is longer.
pub const MESSAGE: usize = 256;

/// How something is sent to a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// As a stream.
    Tcp,
    /// As datagrams.
    Udp,
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        })
    }
}

/// A port, `tcp:5432`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Port {
    /// Its number.
    pub number: u16,
    /// Its protocol.
    pub protocol: Protocol,
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.protocol, self.number)
    }
}

/// Text that nobody wrote who knows how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotUnderstood;

impl FromStr for Port {
    type Err = NotUnderstood;

    fn from_str(text: &str) -> Result<Self, NotUnderstood> {
        let (protocol, number) = text.split_once(':').ok_or(NotUnderstood)?;
        let protocol = match protocol {
            "tcp" => Protocol::Tcp,
            "udp" => Protocol::Udp,
            _ => return Err(NotUnderstood),
        };
        Ok(Self {
            number: number_of(number)
                .filter(|it| *it != 0)
                .ok_or(NotUnderstood)?,
            protocol,
        })
    }
}

fn number_of<N: FromStr>(text: &str) -> Option<N> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// What became of a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// The descriptors with the message listen on it.
    Listening,
    /// A socket of this user has it.
    Taken(Option<u32>),
    /// It cannot be had for this reason.
    Failed(String),
}

/// A message of the helper: a line of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What only the helper was told.
    pub key: String,
    /// The port.
    pub port: Port,
    /// What became of it.
    pub became: Became,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.key, self.port)?;
        match &self.became {
            Became::Listening => f.write_str("listening"),
            Became::Taken(None) => f.write_str("taken"),
            Became::Taken(Some(user)) => write!(f, "taken {user}"),
            Became::Failed(cause) => write!(f, "failed {cause}"),
        }
    }
}

impl FromStr for Told {
    type Err = NotUnderstood;

    fn from_str(text: &str) -> Result<Self, NotUnderstood> {
        let mut words = text.splitn(4, ' ');
        let mut word = || words.next().ok_or(NotUnderstood);
        let (key, port, became) = (word()?.to_owned(), word()?.parse()?, word()?);
        let became = match (became, words.next()) {
            ("listening", None) => Became::Listening,
            ("taken", None) => Became::Taken(None),
            ("taken", Some(user)) => Became::Taken(Some(number_of(user).ok_or(NotUnderstood)?)),
            ("failed", Some(cause)) => Became::Failed(cause.to_owned()),
            _ => return Err(NotUnderstood),
        };
        Ok(Self { key, port, became })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_helper_writes_is_read() {
        let port: Port = "udp:53".parse().unwrap();
        for became in [
            Became::Listening,
            Became::Taken(None),
            Became::Taken(Some(1000)),
            Became::Failed("of a reason (os error 1)".to_owned()),
        ] {
            let key = "k".to_owned();
            let told = Told { key, port, became };
            assert_eq!(told.to_string().parse(), Ok(told));
        }
        for other in [
            "",
            "k",
            "k tcp:1",
            "k tcp:1 ",
            "k tcp:0 listening",
            "k tcp:+1 listening",
            "k tcp:65536 listening",
            "k sctp:1 listening",
            "k tcp:1 listening ",
            "k tcp:1 taken -1",
            "k tcp:1 failed",
            "k  tcp:1 listening",
        ] {
            assert_eq!(other.parse::<Told>(), Err(NotUnderstood), "{other}");
        }
    }
}
