//! `hal-9000 coordinator pipe`: the same protocol over `docker exec`, where no socket crosses.

use super::socket;
use std::io;
use std::os::fd::AsFd;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::net::unix::pipe::{Receiver, Sender};

/// Copy from standard input to the socket and back, until the coordinator has said all.
pub(super) async fn pipe() -> io::Result<()> {
    let mut stream = UnixStream::connect(socket::LOCAL).await?;
    let (mut from, mut to) = stream.split();
    let mut input = Receiver::from_owned_fd(io::stdin().as_fd().try_clone_to_owned()?)?;
    let mut output = Sender::from_owned_fd(io::stdout().as_fd().try_clone_to_owned()?)?;
    let ask = async {
        let mut buffer = [0; 4096];
        loop {
            let count = input.read(&mut buffer).await?;
            if count == 0 {
                return io::Result::Ok(());
            }
            to.write_all(&buffer[..count]).await?;
        }
    };
    let answer = async {
        let mut buffer = [0; 4096];
        loop {
            let count = from.read(&mut buffer).await?;
            if count == 0 {
                return io::Result::Ok(());
            }
            output.write_all(&buffer[..count]).await?;
        }
    };
    // Whichever side ends first ends the conversation.
    tokio::select! {
        ended = ask => ended,
        ended = answer => ended,
    }
}
