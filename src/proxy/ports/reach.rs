//! How a container of the session is reached from here.

use crate::guard::ports::Ends;
use crate::model::listening::Port;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;
use tokio::net::{TcpStream, UnixStream};
use tokio::time::{Instant, sleep};

/// How long a connection may take to come about; it is on this machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long to wait before a server that is about to listen is tried again.
const PAUSE: Duration = Duration::from_millis(20);

/// Where the engine's networks are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// In our own network: a container is reached at its own address.
    Container,
    /// In one of the engine's own, which is this user's and publishes in ours (rootless).
    Published,
    /// Not known. The addresses can be somebody else's here.
    Nowhere,
}

/// Find out. What is published by an engine in another network would be looked for at this machine's
/// own localhost, where any program listens.
pub(super) async fn way(engine: &Path) -> Way {
    let Ok(stream) = UnixStream::connect(engine).await else {
        return Way::Nowhere;
    };
    let Ok(peer) = stream.peer_cred() else {
        return Way::Nowhere;
    };
    let process = peer.pid().filter(|process| *process > 0);
    let theirs = process.and_then(|process| network(&process.to_string()));
    let own = rustix::process::getuid().as_raw();
    match (theirs, network("self")) {
        (Some(theirs), Some(ours)) if theirs == ours => Way::Container,
        (Some(_), Some(_)) if own != 0 && peer.uid() == own => Way::Published,
        _ => Way::Nowhere,
    }
}

/// What is one and the same for the processes of one network, and no other: files below
/// `/proc/PID/net` are made for a network, and everybody may look at them.
fn network(process: &str) -> Option<(u64, u64)> {
    let found = fs::metadata(format!("/proc/{process}/net/dev")).ok()?;
    Some((found.dev(), found.ino()))
}

/// Where a port leads.
#[derive(Debug, Clone)]
pub(super) struct Lead {
    pub(super) way: Way,
    pub(super) port: Port,
    pub(super) ends: Rc<RefCell<BTreeMap<Port, Ends>>>,
    /// Until when a refusal is not the last word.
    pub(super) young: Instant,
}

impl Lead {
    /// The address.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        let ends = self.ends.borrow();
        let ends = ends.get(&self.port)?;
        match self.way {
            Way::Container => Some(ends.container.unwrap_or(ends.published)),
            Way::Published => Some(ends.published),
            Way::Nowhere => None,
        }
    }

    /// Connect.
    pub(super) async fn connect(&self) -> io::Result<TcpStream> {
        loop {
            let nowhere = || io::Error::from(io::ErrorKind::NotConnected);
            let address = self.address().ok_or_else(nowhere)?;
            let connected = tokio::time::timeout(PATIENCE, TcpStream::connect(address)).await?;
            let refused = |error: &io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
            match connected {
                Err(error) if refused(&error) && Instant::now() < self.young => sleep(PAUSE).await,
                connected => return connected,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_engine_in_our_network_is_known() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("engine.sock");
        assert_eq!(way(&path).await, Way::Nowhere);
        let _engine = tokio::net::UnixListener::bind(&path).unwrap();
        assert_eq!(way(&path).await, Way::Container);
        assert!(network("self").is_some() && network("0").is_none());
    }
}
