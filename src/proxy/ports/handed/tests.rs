//! Hostile peers at the helper's socket.

use super::*;
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketFlags, sendmsg};
use std::io::IoSlice;
use std::net::{TcpListener, UdpSocket};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::net;

fn send(socket: &OwnedFd, text: &str, lent: &[BorrowedFd<'_>]) {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(16))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !lent.is_empty() {
        assert!(control.push(SendAncillaryMessage::ScmRights(lent)));
    }
    let text = [IoSlice::new(text.as_bytes())];
    sendmsg(socket, &text, &mut control, SendFlags::empty()).unwrap();
}

fn pair() -> (UnixStream, OwnedFd) {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let kind = SocketType::SEQPACKET;
    let (ours, theirs) = rustix::net::socketpair(AddressFamily::UNIX, kind, flags, None).unwrap();
    (
        UnixStream::from_std(net::UnixStream::from(ours)).unwrap(),
        theirs,
    )
}

/// What comes of one message; `None` if it is not believed.
async fn heard(
    text: &str,
    lent: &[BorrowedFd<'_>],
    wanted: &[Port],
) -> Option<Result<Opened, Failed>> {
    let (ours, theirs) = pair();
    send(&theirs, text, lent);
    drop(theirs);
    read(ours, "k", wanted).await
}

#[tokio::test]
async fn only_a_listening_socket_for_the_port_is_taken() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let number = listener.local_addr().unwrap().port();
    let port: Port = format!("tcp:{number}").parse().unwrap();
    let good = format!("k {port} listening");
    let lent = [listener.as_fd()];
    let opened = heard(&good, &lent, &[port]).await.unwrap().unwrap();
    assert_eq!(opened[&port].len(), 1);

    let everywhere = TcpListener::bind("0.0.0.0:0").unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let datagrams = UdpSocket::bind(("127.0.0.1", number)).unwrap();
    let (pipe, _end) = rustix::pipe::pipe().unwrap();
    let (local, _peer) = net::UnixStream::pair().unwrap();
    let connected = std::net::TcpStream::connect(("127.0.0.1", number)).unwrap();
    let (accepted, _) = listener.accept().unwrap();
    let many = [listener.as_fd(), listener.as_fd(), listener.as_fd()];
    for (what, lent) in [
        ("none", &[][..]),
        ("a port of all addresses", &[everywhere.as_fd()]),
        ("another port", &[other.as_fd()]),
        ("datagrams", &[datagrams.as_fd()]),
        ("a pipe", &[pipe.as_fd()]),
        ("a local socket", &[local.as_fd()]),
        ("a connection", &[connected.as_fd()]),
        ("an accepted one, of the same port", &[accepted.as_fd()]),
        ("one of two", &[listener.as_fd(), other.as_fd()]),
        ("the same twice", &many[..2]),
        ("too many", &many),
    ] {
        assert!(heard(&good, lent, &[port]).await.is_none(), "{what}");
    }
    for text in [
        format!("x {port} listening"),
        "k tcp:1 listening".to_owned(),
        format!("k {port}"),
        format!("{good}{}", " ".repeat(MESSAGE)),
        "\u{0}".to_owned(),
    ] {
        assert!(heard(&text, &lent, &[port]).await.is_none(), "{text}");
    }
}

#[tokio::test]
async fn every_descriptor_that_is_not_taken_is_closed() {
    let port: Port = "tcp:1".parse().unwrap();
    let (watched, lent) = rustix::pipe::pipe().unwrap();
    let many = vec![lent.as_fd(); 16];
    assert!(heard("k tcp:1 listening", &many, &[port]).await.is_none());
    assert!(heard("nonsense", &many[..2], &[port]).await.is_none());
    drop(lent);
    // the end of the pipe is seen once nobody has its other side
    let mut byte = [0];
    assert_eq!(rustix::io::read(&watched, &mut byte), Ok(0));
}

#[tokio::test]
async fn who_has_the_key_is_found_among_others() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s");
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let new = || {
        let kind = SocketType::SEQPACKET;
        rustix::net::socket_with(AddressFamily::UNIX, kind, flags, None).unwrap()
    };
    let address = rustix::net::SocketAddrUnix::new(&path).unwrap();
    let socket = new();
    rustix::net::bind(&socket, &address).unwrap();
    rustix::net::listen(&socket, 8).unwrap();
    let listener = UnixListener::from_std(net::UnixListener::from(socket)).unwrap();
    let connect = || {
        let client = new();
        rustix::net::connect(&client, &address).unwrap();
        client
    };
    let _silent = connect();
    let loud = connect();
    send(&loud, "x tcp:1 taken", &[]);
    let helper = connect();
    send(&helper, "k tcp:1 taken 7", &[]);
    let port: Port = "tcp:1".parse().unwrap();
    let heard = receive(&listener, "k", &[port]).await;
    assert!(matches!(heard, Err(Failed::Taken(_, Some(7)))), "{heard:?}");
}
