//! Connections to a port, and what is said through them.

use super::reach::Lead;
use rustix::net::{Shutdown, shutdown};
use rustix::pipe::{PipeFlags, SpliceFlags, fcntl_setpipe_size, pipe_with, splice};
use std::io;
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::time::Duration;
use tokio::io::Interest;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::time::sleep;

/// What is moved at once.
const PIECE: usize = 64 * 1024;

/// What the kernel may hold of a direction in which a lot is sent.
const PIPE: usize = 1024 * 1024;

/// How long what a container has said before its end may take to be read.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Accept for good.
pub(super) async fn accept(
    listener: TcpListener,
    lead: Lead,
    seats: Rc<Semaphore>,
    ended: watch::Receiver<()>,
) {
    loop {
        let Ok((client, _)) = listener.accept().await else {
            // Out of descriptors: some come free when others end.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        // The next ones wait in the kernel.
        let Ok(free) = seats.acquire().await else {
            return;
        };
        let seat = Seat::of(free, &seats);
        let (lead, mut ended) = (lead.clone(), ended.clone());
        tokio::task::spawn_local(async move {
            let _seat = seat;
            let over = async {
                // it ends with its sender
                while ended.changed().await.is_ok() {}
                sleep(LAST_WORDS).await;
            };
            tokio::select! {
                () = join(client, &lead) => {}
                () = over => {}
            }
        });
    }
}

/// A place among all connections.
pub(super) struct Seat(Rc<Semaphore>);

impl Seat {
    fn of(free: SemaphorePermit<'_>, seats: &Rc<Semaphore>) -> Self {
        free.forget();
        Self(Rc::clone(seats))
    }

    /// One, if there is one.
    pub(super) fn take(seats: &Rc<Semaphore>) -> Option<Self> {
        let free = seats.try_acquire().ok()?;
        Some(Self::of(free, seats))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

async fn join(client: TcpStream, lead: &Lead) {
    let container = lead.connect().await;
    let Ok(container) = container else {
        // as if nobody had listened
        let _ = client.set_zero_linger();
        return;
    };
    relay(client, container).await;
}

/// Both directions, until both have ended or one side is gone.
async fn relay(client: TcpStream, container: TcpStream) {
    let _ = client.set_nodelay(true);
    let _ = container.set_nodelay(true);
    let ended = tokio::try_join!(copy(&client, &container), copy(&container, &client));
    if ended.is_err() {
        // One side has broken off: so does the other one.
        let _ = client.set_zero_linger();
        let _ = container.set_zero_linger();
    }
}

/// How a direction ends.
enum End {
    /// It has no more to say.
    Said,
    /// Nobody takes it any more. There may still be something to be read on the way back; only who
    /// cannot be read from is gone.
    NotTaken,
    /// It was a lot at once: it goes on without being copied.
    Much,
}

/// Until the end of `from`, which is then the end of `to`.
async fn copy(from: &TcpStream, to: &TcpStream) -> io::Result<()> {
    let mut end = pieces(from, to, true).await?;
    if let End::Much = end {
        end = match pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK) {
            Ok(pipe) => pages(from, to, pipe).await?,
            // out of descriptors: it goes on as it began
            Err(_) => pieces(from, to, false).await?,
        };
    }
    if let End::Said = end {
        let _ = shutdown(to, Shutdown::Write);
    }
    Ok(())
}

async fn pieces(from: &TcpStream, to: &TcpStream, changes: bool) -> io::Result<End> {
    let mut piece = Vec::new();
    loop {
        from.readable().await?;
        piece.clear();
        piece.reserve_exact(PIECE);
        match from.try_read_buf(&mut piece) {
            Ok(0) => return Ok(End::Said),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                // nothing is held for a connection that is silent
                piece = Vec::new();
                continue;
            }
            Err(error) => return Err(error),
        }
        let mut rest = piece.as_slice();
        while !rest.is_empty() {
            let written = to.async_io(Interest::WRITABLE, || to.try_write(rest));
            match written.await {
                Ok(length) => rest = rest.get(length..).unwrap_or_default(),
                Err(_) => return Ok(End::NotTaken),
            }
        }
        if changes && piece.len() == PIECE {
            return Ok(End::Much);
        }
    }
}

/// By splice(2): the kernel hands over what it has, and nothing is copied here.
async fn pages(
    from: &TcpStream,
    to: &TcpStream,
    (out, into): (OwnedFd, OwnedFd),
) -> io::Result<End> {
    // A user can have so many large ones; a small one does it, too.
    let _ = fcntl_setpipe_size(&into, PIPE);
    let flags = SpliceFlags::NONBLOCK | SpliceFlags::MOVE;
    loop {
        let read = || Ok(splice(from, None, &into, None, PIPE, flags)?);
        let mut left = from.async_io(Interest::READABLE, read).await?;
        if left == 0 {
            return Ok(End::Said);
        }
        while left > 0 {
            let write = || Ok(splice(&out, None, to, None, left, flags)?);
            match to.async_io(Interest::WRITABLE, write).await {
                Ok(length) => left = left.saturating_sub(length),
                Err(_) => return Ok(End::NotTaken),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    async fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let connected = TcpStream::connect(listener.local_addr().unwrap());
        let (ours, theirs) = tokio::join!(connected, listener.accept());
        (ours.unwrap(), theirs.unwrap().0)
    }

    /// A client and a container with the relay between them.
    async fn joined() -> (TcpStream, TcpStream, tokio::task::JoinHandle<()>) {
        let ((user, client), (container, server)) = tokio::join!(pair(), pair());
        (user, server, tokio::spawn(relay(client, container)))
    }

    async fn rest(stream: &mut TcpStream) -> Vec<u8> {
        let mut all = Vec::new();
        stream.read_to_end(&mut all).await.unwrap();
        all
    }

    #[tokio::test]
    async fn the_end_of_either_side_is_passed_on_and_the_other_goes_on() {
        let (mut user, mut server, relay) = joined().await;
        user.write_all(b"ask").await.unwrap();
        user.shutdown().await.unwrap();
        assert_eq!(rest(&mut server).await, b"ask");
        server.write_all(b"answer").await.unwrap();
        drop(server);
        assert_eq!(rest(&mut user).await, b"answer");
        relay.await.unwrap();

        let (mut user, mut server, relay) = joined().await;
        server.shutdown().await.unwrap();
        assert_eq!(rest(&mut user).await, b"");
        user.write_all(b"late").await.unwrap();
        drop(user);
        assert_eq!(rest(&mut server).await, b"late");
        relay.await.unwrap();
    }

    #[tokio::test]
    async fn a_lot_is_whole_in_both_directions() {
        let (user, server, relay) = joined().await;
        let many: Vec<u8> = (0_u32..3_000_000).flat_map(u32::to_be_bytes).collect();
        let side = |stream: TcpStream| async {
            let (mut from, mut to) = stream.into_split();
            let mut got = Vec::new();
            let (sent, read) = tokio::join!(
                async {
                    to.write_all(&many).await?;
                    to.shutdown().await
                },
                from.read_to_end(&mut got)
            );
            sent.and(read).unwrap();
            got
        };
        let (one, other) = tokio::join!(side(user), side(server));
        assert!(one == many && other == many);
        relay.await.unwrap();
    }

    #[tokio::test]
    async fn who_breaks_off_is_gone_for_the_other_side() {
        let (user, mut server, relay) = joined().await;
        user.set_zero_linger().unwrap();
        drop(user);
        relay.await.unwrap();
        let error = server.read(&mut [0]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);

        // what was said before the end is heard, though the question was not taken
        let (mut user, mut server, relay) = joined().await;
        server.write_all(b"last words").await.unwrap();
        user.write_all(b"nobody reads this").await.unwrap();
        let mut byte = [0];
        server.read_exact(&mut byte).await.unwrap();
        drop(server);
        let mut said = [0; 10];
        user.read_exact(&mut said).await.unwrap();
        assert_eq!(&said, b"last words");
        drop(user);
        relay.await.unwrap();
    }
}
