//! The guard's helper in a session's container: it opens the ports that a container of the session
//! publishes, hands the listening sockets to the guard on the host, and is gone. The guard accepts on
//! them: a socket stays in the network namespace in which it was made.
//!
//! It runs as nobody: as another user than the session's, who else could take its place.
#![expect(
    clippy::disallowed_methods,
    reason = "reads what the guard gave it, and whose socket has a port"
)]

use super::say;
use crate::plan::listening::{Became, LOOPBACKS, Port, Protocol, Told};
use crate::vars;
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketAddrUnix,
    SocketFlags, SocketType, bind, connect, listen as accept_from_now, sendmsg, socket_with,
    sockopt,
};
use std::ffi::OsString;
use std::fs;
use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::{AsFd as _, OwnedFd};
use std::process::ExitCode;
use std::thread::sleep;
use std::time::Duration;

/// Connections that wait until the guard takes them; the kernel has a limit of its own.
const WAITING: i32 = 4096;

/// How often, and with which pause, a port is tried again that another guard has: it gives it back in
/// a moment, if its container has ended.
const AGAIN: (usize, Duration) = (10, Duration::from_millis(50));

/// Run `hal-9000 listen SOCKET PORT…`.
pub fn listen(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    match open_all(args.into_iter().map(|word| word.display().to_string())) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("listen: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Whether all could be opened; the guard is told of the first that cannot.
fn open_all(mut args: impl Iterator<Item = String>) -> io::Result<bool> {
    let bad = || {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            "the guard starts this, not you",
        )
    };
    let guard = args.next().ok_or_else(bad)?;
    let key = std::env::var(vars::PORTS_KEY).map_err(|_| bad())?;
    let kind = SocketType::SEQPACKET;
    let socket = socket_with(AddressFamily::UNIX, kind, SocketFlags::CLOEXEC, None)?;
    let guard = SocketAddrUnix::new(guard.as_str())?;
    for (index, word) in args.enumerate() {
        let port: Port = word.parse().map_err(|_| bad())?;
        let (became, sockets) = match open(port) {
            Ok(sockets) => (Became::Listening, sockets),
            Err(became) => (became, Vec::new()),
        };
        if index == 0 {
            // Not before there is something to say: the guard waits for nobody who is silent.
            connect(&socket, &guard)?;
        }
        let opened = became == Became::Listening;
        let key = key.clone();
        send(&socket, &Told { key, port, became }, &sockets)?;
        if !opened {
            return Ok(false);
        }
    }
    Ok(true)
}

fn send(socket: &OwnedFd, told: &Told, sockets: &[OwnedFd]) -> io::Result<()> {
    let text = told.to_string();
    let lent: Vec<_> = sockets.iter().map(|socket| socket.as_fd()).collect();
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(LOOPBACKS.len()))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !lent.is_empty() {
        control.push(SendAncillaryMessage::ScmRights(&lent));
    }
    let text = [IoSlice::new(text.as_bytes())];
    sendmsg(socket, &text, &mut control, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// A socket for each address that there is; IPv6 is off in most containers.
fn open(port: Port) -> Result<Vec<OwnedFd>, Became> {
    let mut sockets = Vec::new();
    for address in LOOPBACKS {
        match open_at(port, address) {
            Ok(socket) => sockets.push(socket),
            Err(Errno::ADDRNOTAVAIL | Errno::AFNOSUPPORT) if !sockets.is_empty() => {}
            Err(Errno::ADDRINUSE) => return Err(Became::Taken(holder(port))),
            Err(error) => return Err(Became::Failed(io::Error::from(error).to_string())),
        }
    }
    Ok(sockets)
}

fn open_at(port: Port, address: IpAddr) -> Result<OwnedFd, Errno> {
    let own = rustix::process::getuid().as_raw();
    let (times, pause) = AGAIN;
    for _ in 0..times {
        match open_once(port, address) {
            Err(Errno::ADDRINUSE) if holder(port) == Some(own) => sleep(pause),
            opened => return opened,
        }
    }
    open_once(port, address)
}

fn open_once(port: Port, address: IpAddr) -> Result<OwnedFd, Errno> {
    let family = match address {
        IpAddr::V4(_) => AddressFamily::INET,
        IpAddr::V6(_) => AddressFamily::INET6,
    };
    let kind = match port.protocol {
        Protocol::Tcp => SocketType::STREAM,
        Protocol::Udp => SocketType::DGRAM,
    };
    let socket = socket_with(family, kind, SocketFlags::CLOEXEC, None)?;
    if address.is_ipv6() {
        sockopt::set_ipv6_v6only(&socket, true)?;
    }
    if port.protocol == Protocol::Tcp {
        // Connections of a container that has ended are no reason to wait.
        sockopt::set_socket_reuseaddr(&socket, true)?;
    }
    bind(&socket, &SocketAddr::new(address, port.number))?;
    if port.protocol == Protocol::Tcp {
        accept_from_now(&socket, WAITING)?;
    }
    Ok(socket)
}

/// The user of a socket that has the port.
fn holder(port: Port) -> Option<u32> {
    let protocol = port.protocol;
    let tables = [
        format!("/proc/net/{protocol}"),
        format!("/proc/net/{protocol}6"),
    ];
    tables.iter().find_map(|path| {
        let table = fs::read_to_string(path).ok()?;
        holder_in(&table, port)
    })
}

/// The user of the first socket in a table of proc(5) that has the port; of a stream, that listens.
fn holder_in(table: &str, port: Port) -> Option<u32> {
    const LISTENS: &str = "0A";
    let mut rows = table.lines().skip(1).map(|row| {
        let mut columns = row.split_ascii_whitespace().skip(1);
        let local = columns.next()?.rsplit(':').next()?;
        let state = columns.nth(1)?;
        let number = u16::from_str_radix(local, 16).ok()?;
        let has = number == port.number && (port.protocol == Protocol::Udp || state == LISTENS);
        has.then(|| columns.nth(3)?.parse().ok()).flatten()
    });
    rows.find_map(|user| user)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000 65534        0 1 1
   1: 0100007F:1F90 0100007F:C000 01 00000000:00000000 00:00000000 00000000  1000        0 2 1
   2: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3 1
";

    fn port(text: &str) -> Port {
        text.parse().unwrap()
    }

    #[test]
    fn a_port_is_whose_socket_listens() {
        assert_eq!(holder_in(TABLE, port("tcp:5432")), Some(65534));
        assert_eq!(holder_in(TABLE, port("tcp:8080")), Some(0));
        assert_eq!(holder_in(TABLE, port("udp:8080")), Some(1000));
        assert_eq!(holder_in(TABLE, port("tcp:80")), None);
        assert_eq!(holder_in("", port("tcp:80")), None);
    }

    #[test]
    fn a_port_is_opened_where_localhost_is_and_once() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let number = free.local_addr().unwrap().port();
        drop(free);
        let port = port(&format!("tcp:{number}"));
        let sockets = open(port).unwrap();
        assert!(std::net::TcpStream::connect(("127.0.0.1", number)).is_ok());
        let own = rustix::process::getuid().as_raw();
        assert_eq!(open(port).unwrap_err(), Became::Taken(Some(own)));
        drop(sockets);
        assert!(open(port).is_ok());
    }
}
