//! A session on pipes is for its client: the coordinator ends it when that is gone.

use super::codec::{CodecError, encode};
use super::message::Request;
use std::io::Write as _;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;

/// The connection that says that a client is there, for as long as this value, or a program that
/// inherits it, lives.
#[derive(Debug)]
pub struct Lease {
    stream: UnixStream,
}

impl AsFd for Lease {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}

/// Tell the coordinator behind the socket at `path` that the session `worker` is for this process.
/// No answer is waited for: an older coordinator does not know what is meant, and ends nothing.
pub fn hold(path: &Path, worker: &str) -> Result<Lease, CodecError> {
    let mut stream = UnixStream::connect(path)?;
    let request = Request::Hold {
        worker: worker.to_owned(),
    };
    stream.write_all(&encode(&request.to_json())?)?;
    Ok(Lease { stream })
}
