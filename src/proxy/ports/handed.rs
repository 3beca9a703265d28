//! What is handed in through the helper's socket: everybody in the session can connect to it, so that
//! nothing is believed.
//!
//! A message counts only with the key, which the helper alone has: it is in the environment of a
//! process of another user than the session's. Who gets hold of it nonetheless (root in the session)
//! can hand in a listening socket of another network namespace of its own, or one that blocks: the
//! session's own connections end nowhere, or its own guard stands still. What is connected to is
//! decided without anything that comes from here.

use super::open::Failed;
use crate::guard::ports::Socket;
use crate::model::listening::{Became, LOOPBACKS, MESSAGE, Port, Protocol, Told};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SocketType,
    getsockname, ipproto, recvmsg, sockopt,
};
use std::collections::BTreeMap;
use std::io::{self, IoSliceMut};
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::time::Duration;
use tokio::io::Interest;
use tokio::net::{UnixListener, UnixStream};
use tokio::time::timeout;

/// Connections that are read at once; more wait.
const AT_ONCE: usize = 128;

/// How long who has connected may be silent: the helper has something to say. Who connects again and
/// again only makes its own session wait.
const SILENCE: Duration = Duration::from_millis(300);

/// The sockets of each port.
pub(super) type Opened = BTreeMap<Port, Vec<OwnedFd>>;

/// Wait for whoever has the key. The others are heard to their end, which the caller bounds.
pub(super) async fn receive(
    listener: &UnixListener,
    key: &str,
    wanted: &[Port],
) -> Result<Opened, Failed> {
    let mut open = FuturesUnordered::new();
    loop {
        tokio::select! {
            accepted = listener.accept(), if open.len() < AT_ONCE => {
                let (stream, _) = accepted.map_err(Failed::here)?;
                open.push(read(stream, key, wanted));
            }
            Some(heard) = open.next() => {
                if let Some(heard) = heard {
                    return heard;
                }
            }
        }
    }
}

/// What one connection says; `None` from who has not the key or says anything else than was asked.
async fn read(stream: UnixStream, key: &str, wanted: &[Port]) -> Option<Result<Opened, Failed>> {
    let mut opened = Opened::new();
    while opened.len() < wanted.len() {
        let next = message(&stream);
        let (told, sockets) = if opened.is_empty() {
            timeout(SILENCE, next).await.ok()?
        } else {
            next.await
        }
        .ok()??;
        let known = wanted.contains(&told.port) && !opened.contains_key(&told.port);
        if told.key != key || !known {
            return None;
        }
        match told.became {
            Became::Listening if are_for(&sockets, told.port) => {
                opened.insert(told.port, sockets);
            }
            Became::Listening => return None,
            Became::Taken(holder) => return Some(Err(Failed::Taken(told.port, holder))),
            Became::Failed(cause) => return Some(Err(Failed::Port(told.port, cause))),
        }
    }
    Some(Ok(opened))
}

/// Whether there is a socket for the port, and nothing else.
fn are_for(sockets: &[OwnedFd], port: Port) -> bool {
    let facts: Vec<Socket> = sockets.iter().map(facts).collect();
    let own = facts.iter().filter_map(|socket| socket.local);
    let own: std::collections::BTreeSet<SocketAddr> = own.collect();
    !facts.is_empty() && facts.iter().all(|it| it.is_for(port)) && own.len() == facts.len()
}

fn facts(socket: &OwnedFd) -> Socket {
    let ip = matches!(
        sockopt::socket_domain(socket),
        Ok(AddressFamily::INET | AddressFamily::INET6)
    );
    let kind = sockopt::socket_type(socket).ok();
    let protocol = sockopt::socket_protocol(socket).ok().flatten();
    let protocol = match (kind, protocol) {
        (Some(SocketType::STREAM), Some(ipproto::TCP)) if ip => Some(Protocol::Tcp),
        (Some(SocketType::DGRAM), Some(ipproto::UDP)) if ip => Some(Protocol::Udp),
        _ => None,
    };
    Socket {
        protocol,
        listens: sockopt::socket_acceptconn(socket).unwrap_or(false),
        local: getsockname(socket)
            .ok()
            .and_then(|name| SocketAddr::try_from(name).ok()),
    }
}

/// The next message with its descriptors; `None` of one that is not understood, or too large.
async fn message(stream: &UnixStream) -> io::Result<Option<(Told, Vec<OwnedFd>)>> {
    stream
        .async_io(Interest::READABLE, || {
            let mut text = [0; MESSAGE];
            let mut space =
                [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(LOOPBACKS.len()))];
            let mut control = RecvAncillaryBuffer::new(&mut space);
            let mut parts = [IoSliceMut::new(&mut text)];
            let got = recvmsg(stream, &mut parts, &mut control, RecvFlags::CMSG_CLOEXEC)?;
            // Taken out whatever comes of it, so that they are closed.
            let mut sockets = Vec::new();
            for message in control.drain() {
                if let RecvAncillaryMessage::ScmRights(handed) = message {
                    sockets.extend(handed);
                }
            }
            let whole = !got
                .flags
                .intersects(ReturnFlags::TRUNC | ReturnFlags::CTRUNC);
            let text = text.get(..got.bytes).and_then(|it| str::from_utf8(it).ok());
            let told = text.and_then(|it| it.parse().ok());
            Ok(told.filter(|_| whole).map(|told| (told, sockets)))
        })
        .await
}

#[cfg(test)]
mod tests;
