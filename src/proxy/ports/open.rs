//! Opening ports in the session's container: a helper is run there by the engine, for a moment.

use super::handed::{self, Opened};
use crate::guard::path::Method;
use crate::model::listening::{PORTS_SOCKET, Port};
use crate::proxy::content;
use crate::proxy::engine::{self, Line};
use crate::proxy::life::Session;
use crate::proxy::shared::Shared;
use crate::vars;
use hyper::Response;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use rustix::net::{
    AddressFamily, SocketAddrUnix, SocketFlags, SocketType, bind, listen, socket_with,
};
use serde_json::{Value, json};
use std::fmt::{Display, Write as _};
use std::fs::{self, File, Permissions};
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::UnixListener;
use tokio::time::timeout;

/// Nobody: neither the session's user nor root in its container.
pub(super) const HELPER: u32 = 65_534;

/// How long the helper may take; it tries a port again for half a second.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long what a helper has sent may take that has ended.
const LAST: Duration = Duration::from_millis(500);

/// No more of a helper's words than this is repeated.
const WORDS: usize = 4096;

/// Why a port cannot be had.
#[derive(Debug)]
pub(super) enum Failed {
    /// A socket of this user has it.
    Taken(Port, Option<u32>),
    /// For another reason.
    Port(Port, String),
    /// None can.
    All(String),
}

impl Failed {
    pub(super) fn engine(error: impl Display) -> Self {
        Self::All(format!("the engine did not answer: {error}"))
    }

    pub(super) fn here(error: impl Display) -> Self {
        Self::All(error.to_string())
    }
}

/// Open these ports in the session.
pub(super) async fn open(
    shared: &Shared,
    session: &Session,
    wanted: &[Port],
) -> Result<Opened, Failed> {
    let key = key().map_err(Failed::here)?;
    let directory = shared.config.socket.parent().unwrap_or(Path::new("/"));
    let door = Door::open(directory).map_err(Failed::here)?;
    let mut command = vec![
        session.program.clone(),
        "listen".to_owned(),
        format!("{}/{PORTS_SOCKET}", session.directory),
    ];
    command.extend(wanted.iter().map(Port::to_string));
    let (output, _line) = run(shared, session, command, &key).await?;
    let received = handed::receive(&door.listener, &key, wanted);
    let ended = content::read(output.into_body(), WORDS);
    tokio::pin!(received);
    let opened = timeout(PATIENCE, async {
        tokio::select! {
            opened = &mut received => opened,
            output = ended => match timeout(LAST, received).await {
                Ok(opened) => opened,
                Err(_) => Err(Failed::All(words(&output.unwrap_or_default()))),
            },
        }
    });
    let late = |_| Failed::All("the session's container does not answer".to_owned());
    opened.await.map_err(late)?
}

/// Start the helper; its output, and the connection through which it comes.
async fn run(
    shared: &Shared,
    session: &Session,
    command: Vec<String>,
    key: &str,
) -> Result<(Response<Incoming>, Line), Failed> {
    let path = format!("{}/containers/{}/exec", shared.version(), session.id);
    let body = json!({
        "Cmd": command,
        "Env": [format!("{}={key}", vars::PORTS_KEY)],
        "User": format!("{HELPER}:{HELPER}"),
        "AttachStdout": true,
        "AttachStderr": true,
    });
    let asked = shared
        .engine
        .ask(Method::Post, &path, "", Some(body.to_string()));
    let (status, answer) = asked.await.map_err(Failed::engine)?;
    let id = answer.get("Id").and_then(Value::as_str);
    let id = id.ok_or_else(|| Failed::All(format!("{status} {answer}")))?;
    let path = format!("{}/exec/{id}/start", shared.version());
    let body = content::whole(r#"{"Detach":false,"Tty":false}"#);
    let mut request = engine::request(Method::Post, &path, "", body).map_err(Failed::engine)?;
    let kind = HeaderValue::from_static("application/json");
    request.headers_mut().insert(CONTENT_TYPE, kind);
    shared.engine.send(request).await.map_err(Failed::engine)
}

/// What a helper has said that has opened nothing: its words come in frames of eight bytes and text.
fn words(output: &[u8]) -> String {
    let mut text = Vec::new();
    let mut rest = output;
    while let Some((&[_, _, _, _, a, b, c, d], after)) = rest.split_first_chunk::<8>() {
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        let (frame, after) = after.split_at(length.min(after.len()));
        text.extend_from_slice(frame);
        rest = after;
    }
    match String::from_utf8_lossy(&text).trim() {
        "" => "its program for it ended without a word".to_owned(),
        text => text.to_owned(),
    }
}

/// What nobody can guess.
fn key() -> io::Result<String> {
    let mut bytes = [0_u8; 16];
    rustix::rand::getrandom(&mut bytes[..], rustix::rand::GetRandomFlags::empty())?;
    let mut key = String::new();
    for byte in bytes {
        // writing to a string cannot fail
        let _ = write!(key, "{byte:02x}");
    }
    Ok(key)
}

/// Where the helper connects, for as long as it is waited for.
struct Door {
    listener: UnixListener,
    path: PathBuf,
}

impl Door {
    fn open(directory: &Path) -> io::Result<Self> {
        let path = directory.join(PORTS_SOCKET);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        // By the directory's descriptor: the path of a socket can have 107 bytes (unix(7)).
        let held = File::open(directory)?;
        let short = format!("/proc/self/fd/{}/{PORTS_SOCKET}", held.as_raw_fd());
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        // A message is one, with its descriptors: a stream could be cut anywhere.
        let socket = socket_with(AddressFamily::UNIX, SocketType::SEQPACKET, flags, None)?;
        bind(&socket, &SocketAddrUnix::new(short.as_str())?)?;
        fs::set_permissions(&path, Permissions::from_mode(0o666))?;
        listen(&socket, 128)?;
        let listener = UnixListener::from_std(net::UnixListener::from(socket))?;
        Ok(Self { listener, path })
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_out_of_their_frames() {
        let output = b"\x02\0\0\0\0\0\0\x03no \x01\0\0\0\0\0\0\x09such file";
        assert_eq!(words(output), "no such file");
        assert_eq!(words(&output[..output.len() - 1]), "no such fil");
        assert!(words(b"").contains("without a word"));
        assert_ne!(key().unwrap(), key().unwrap());
    }
}
