//! Attach and exec: after the head both directions are raw, and end when they end.

use super::answer;
use super::content::{Broken, Content};
use super::engine::Line;
use super::stop::Stop;
use bytes::Bytes;
use futures_util::stream;
use http_body_util::StreamBody;
use hyper::body::{Frame, Incoming};
use hyper::header::{CONNECTION, HeaderValue, UPGRADE};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Interest};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

/// What is moved at once.
const PIECE: usize = 64 * 1024;

/// One side: its socket, and what was read of it with the head.
struct Side {
    read: Vec<u8>,
    stream: UnixStream,
}

impl Side {
    fn of(upgraded: Upgraded) -> Result<Self, Broken> {
        let parts = upgraded.downcast::<TokioIo<UnixStream>>();
        let parts = parts.map_err(|_| "the connection is no unix socket")?;
        Ok(Self {
            read: parts.read_buf.to_vec(),
            stream: parts.io.into_inner(),
        })
    }
}

/// Join the client with the engine, which has agreed to an upgrade. A client that did not ask for one
/// (old docker-py) gets what comes from the engine as an answer without an end.
pub(super) async fn join(
    mut response: Response<Incoming>,
    line: Line,
    client: Option<OnUpgrade>,
) -> Result<Response<Content>, Stop> {
    let engine = hyper::upgrade::on(&mut response).await?;
    drop(line);
    let engine = Side::of(engine)?;
    let (head, _) = response.into_parts();
    let mut head = answer::head(head);
    let Some(client) = client else {
        head.status = StatusCode::OK;
        return Ok(Response::from_parts(head, output(engine)));
    };
    head.headers
        .insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    head.headers
        .insert(UPGRADE, HeaderValue::from_static("tcp"));
    tokio::task::spawn_local(async move {
        // Whoever goes away ends it; there is nobody to tell.
        if let Ok(client) = client.await
            && let Ok(client) = Side::of(client)
        {
            drop(relay(client, engine).await);
        }
    });
    Ok(Response::from_parts(head, super::content::empty()))
}

/// Both directions. The end of the client's input is passed on, and its output goes on; when the
/// engine ends, or the client is gone altogether, all ends.
async fn relay(client: Side, engine: Side) -> io::Result<()> {
    let watched = client.stream.as_fd().try_clone_to_owned()?;
    let (client_in, client_out) = client.stream.into_split();
    let (engine_in, engine_out) = engine.stream.into_split();
    let input = async {
        if copy(client.read, client_in, engine_out).await.is_ok() {
            gone(watched).await?;
        }
        io::Result::Ok(())
    };
    tokio::select! {
        ended = copy(engine.read, engine_in, client_out) => ended,
        ended = input => ended,
    }
}

/// Until the end of `from`, which is then the end of `to`.
async fn copy(first: Vec<u8>, from: OwnedReadHalf, mut to: OwnedWriteHalf) -> io::Result<()> {
    to.write_all(&first).await?;
    let mut from = BufReader::with_capacity(PIECE, from);
    loop {
        let piece = from.fill_buf().await?;
        if piece.is_empty() {
            return to.shutdown().await;
        }
        let length = to.write(piece).await?;
        from.consume(length);
    }
}

/// Until the other side has closed its socket, and not only its output: the end of input looks the
/// same when it is read. A descriptor of its own, as its readiness is cleared here.
async fn gone(socket: OwnedFd) -> io::Result<()> {
    let socket = UnixStream::from_std(net::UnixStream::from(socket))?;
    loop {
        if socket.ready(Interest::WRITABLE).await?.is_write_closed() {
            return Ok(());
        }
        // until it changes
        let again = || io::Result::<()>::Err(io::ErrorKind::WouldBlock.into());
        drop(socket.try_io(Interest::WRITABLE, again));
    }
}

fn output(engine: Side) -> Content {
    let first = Bytes::from(engine.read);
    let frames = stream::unfold((first, engine.stream), |(first, mut stream)| async move {
        if !first.is_empty() {
            return Some((Ok(Frame::data(first)), (Bytes::new(), stream)));
        }
        let mut piece = vec![0; PIECE];
        match stream.read(&mut piece).await {
            Ok(0) => None,
            // It has closed its side with input that nobody read: what it wrote came before.
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => None,
            Ok(length) => {
                piece.truncate(length);
                Some((Ok(Frame::data(Bytes::from(piece))), (Bytes::new(), stream)))
            }
            Err(error) => Some((Err(Broken::from(error)), (Bytes::new(), stream))),
        }
    });
    Box::pin(StreamBody::new(frames))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(stream: UnixStream, read: &[u8]) -> Side {
        Side {
            read: read.to_vec(),
            stream,
        }
    }

    #[tokio::test]
    async fn the_end_of_input_is_passed_on_and_output_goes_on() {
        let (mut user, client) = UnixStream::pair().unwrap();
        let (engine, mut container) = UnixStream::pair().unwrap();
        let relay = tokio::spawn(relay(side(client, b"a"), side(engine, b"x")));
        user.write_all(b"b").await.unwrap();
        user.shutdown().await.unwrap();
        let mut input = String::new();
        container.read_to_string(&mut input).await.unwrap();
        assert_eq!(input, "ab");
        container.write_all(b"y").await.unwrap();
        drop(container);
        let mut output = String::new();
        user.read_to_string(&mut output).await.unwrap();
        assert_eq!(output, "xy");
        relay.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn output_is_whole_where_input_was_left_unread() {
        let (mut engine, mut container) = UnixStream::pair().unwrap();
        engine.write_all(b"nobody reads this").await.unwrap();
        container.write_all(b"said").await.unwrap();
        drop(container);
        let output = super::super::content::read(output(side(engine, b"it ")), 100);
        assert_eq!(output.await.unwrap(), "it said");
    }

    #[tokio::test]
    async fn a_client_that_is_gone_ends_it_at_once() {
        let (user, client) = UnixStream::pair().unwrap();
        let (engine, mut container) = UnixStream::pair().unwrap();
        let relay = tokio::spawn(relay(side(client, b""), side(engine, b"")));
        drop(user);
        // without a word from the engine
        relay.await.unwrap().unwrap();
        assert!(container.write_all(b"x").await.is_err());
    }
}
