//! Connections to a port, and what is said through them.

use super::reach::Lead;
use std::io;
use std::rc::Rc;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::time::sleep;

/// What is moved at once.
const PIECE: usize = 64 * 1024;

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
async fn relay(mut client: TcpStream, mut container: TcpStream) {
    let _ = client.set_nodelay(true);
    let _ = container.set_nodelay(true);
    let ended = {
        let (from_client, to_client) = client.split();
        let (from_container, to_container) = container.split();
        tokio::try_join!(
            copy(from_client, to_container),
            copy(from_container, to_client)
        )
    };
    if ended.is_err() {
        // One side has broken off: so does the other one.
        let _ = client.set_zero_linger();
        let _ = container.set_zero_linger();
    }
}

/// Until the end of `from`, which is then the end of `to`. Where nobody takes it any more, there may
/// still be something to be read on the way back; only who cannot be read from is gone.
async fn copy(from: ReadHalf<'_>, mut to: WriteHalf<'_>) -> io::Result<()> {
    let mut piece = Vec::new();
    loop {
        from.readable().await?;
        piece.clear();
        piece.reserve(PIECE);
        match from.try_read_buf(&mut piece) {
            Ok(0) => {
                let _ = to.shutdown().await;
                return Ok(());
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                // nothing is held for a connection that is silent
                piece = Vec::new();
                continue;
            }
            Err(error) => return Err(error),
        }
        if to.write_all(&piece).await.is_err() {
            return Ok(());
        }
    }
}
