//! The coordinator's side: a few connections at once, from the right people, none of them for ever.

use super::codec::{CodecError, Lines, encode};
use super::message::{Answer, PROTOCOL, Reply, Request, read_request};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::UnixListener;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// How many sessions on pipes may be held at once: those connections last.
pub const HOLDS: usize = 256;

/// How many may be connected at once.
const CONNECTIONS: usize = 64 + HOLDS;

/// How long a request may take to come, and an answer to be taken.
const PATIENCE: Duration = Duration::from_secs(5);

/// Who may connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// The user's uid; root may as well.
    pub uid: u32,
}

impl Access {
    /// Whether a process of this user may.
    pub fn allows(self, uid: u32) -> bool {
        uid == 0 || uid == self.uid
    }
}

/// What answers requests.
#[expect(
    async_fn_in_trait,
    reason = "one thread and static dispatch: no bounds are needed"
)]
pub trait Handler {
    /// The release that answers.
    fn version(&self) -> String;

    /// Answer a request. The future is dropped when whoever asked goes away.
    async fn answer(&self, request: Request) -> Answer;
}

/// Serve everybody who connects, until this future is dropped; needs a `LocalSet`.
pub async fn serve<H: Handler + 'static>(listener: UnixListener, access: Access, handler: Rc<H>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    // They end with this future: a server that stops leaves nobody half-served.
    let mut tasks = tokio::task::JoinSet::new();
    loop {
        // Whoever comes when it is full waits in the listener's queue: besides those who hold a
        // session nobody keeps a place for long.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of descriptors, most likely: others will give theirs back.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        while tasks.try_join_next().is_some() {}
        let peer = stream.peer_cred();
        if !peer.is_ok_and(|peer| access.allows(peer.uid())) {
            continue;
        }
        let handler = Rc::clone(&handler);
        tasks.spawn_local(async move {
            // A peer that misbehaves or goes away is no concern of anybody else.
            let _ = converse(stream, &*handler).await;
            drop(place);
        });
    }
}

/// One connection: request, answer, request, …
async fn converse<S, H>(stream: S, handler: &H) -> Result<(), CodecError>
where
    S: AsyncRead + AsyncWrite,
    H: Handler,
{
    let (reader, mut writer) = tokio::io::split(stream);
    let mut lines = Lines::new(reader);
    loop {
        let Ok(line) = timeout(PATIENCE, lines.next()).await else {
            return Ok(());
        };
        let (answer, last) = match line {
            Ok(None) => return Ok(()),
            Ok(Some(line)) => match read_request(&line) {
                Err(refusal) => (refusal, false),
                Ok(request) => tokio::select! {
                    answer = handler.answer(request) => (answer, false),
                    // Whoever asked says more, or goes away, before the answer: one at a time.
                    more = lines.next() => match more {
                        Ok(Some(_)) => (refusal("busy", "one request at a time"), true),
                        _ => return Ok(()),
                    },
                },
            },
            Err(error @ CodecError::TooLong) => (refusal("malformed", &error.to_string()), true),
            Err(error) => return Err(error),
        };
        let reply = Reply {
            protocol: PROTOCOL,
            version: handler.version(),
            answer,
        };
        let line = encode(&reply)?;
        match timeout(PATIENCE, writer.write_all(&line)).await {
            Ok(written) => written?,
            Err(_) => return Ok(()),
        }
        if last {
            return Ok(());
        }
    }
}

fn refusal(kind: &str, message: &str) -> Answer {
    Answer::Error {
        kind: kind.to_owned(),
        message: message.to_owned(),
    }
}

#[cfg(test)]
#[path = "server_tests.rs"]
mod tests;
