//! Datagrams to a port: who sends some gets a socket of its own on the way to the container, so that
//! answers find the way back.

use super::reach::Lead;
use super::relay::Seat;
use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;

/// Senders of one port at once; the one that came first makes room.
const SENDERS: usize = 256;

/// How long a sender is remembered that is silent, and has no answer.
const SILENCE: Duration = Duration::from_secs(90);

/// The largest datagram.
const LARGEST: usize = 65_536;

/// Relay for good.
pub(super) async fn relay(socket: UdpSocket, lead: Lead, seats: Rc<Semaphore>) {
    let socket = Rc::new(socket);
    let mut senders = Senders::new(seats);
    let mut piece = vec![0; LARGEST];
    loop {
        tokio::select! {
            received = socket.recv_from(&mut piece) => {
                // An error is of an answer that nobody took.
                let Ok((length, sender)) = received else { continue };
                let Some(datagram) = piece.get(..length) else { continue };
                senders.send(&socket, &lead, sender, datagram).await;
            }
            Some(left) = senders.tasks.join_next() => {
                if let Ok((sender, number)) = left {
                    senders.forget(sender, number);
                }
            }
        }
    }
}

/// Who has sent something.
struct Senders {
    known: BTreeMap<SocketAddr, Sender>,
    tasks: JoinSet<(SocketAddr, u64)>,
    number: u64,
    seats: Rc<Semaphore>,
}

struct Sender {
    number: u64,
    way: Rc<UdpSocket>,
    used: mpsc::Sender<()>,
    task: AbortHandle,
    _seat: Seat,
}

impl Senders {
    fn new(seats: Rc<Semaphore>) -> Self {
        Self {
            known: BTreeMap::new(),
            tasks: JoinSet::new(),
            number: 0,
            seats,
        }
    }

    async fn send(&mut self, back: &Rc<UdpSocket>, lead: &Lead, from: SocketAddr, datagram: &[u8]) {
        if !self.known.contains_key(&from) {
            let Ok(way) = connect(lead).await else { return };
            let Some(seat) = Seat::take(&self.seats) else {
                return;
            };
            self.add(Rc::clone(back), from, Rc::new(way), seat);
        }
        if let Some(sender) = self.known.get(&from) {
            // What cannot be sent is lost, as datagrams are.
            let _ = sender.way.send(datagram).await;
            let _ = sender.used.try_send(());
        }
    }

    fn add(&mut self, back: Rc<UdpSocket>, from: SocketAddr, way: Rc<UdpSocket>, seat: Seat) {
        if self.known.len() >= SENDERS {
            let first = self.known.iter().min_by_key(|(_, sender)| sender.number);
            if let Some((first, number)) = first.map(|(first, sender)| (*first, sender.number)) {
                self.forget(first, number);
            }
        }
        self.number += 1;
        let number = self.number;
        let (used, active) = mpsc::channel(1);
        let answers = answers(Rc::clone(&way), active, (back, from));
        let task = self.tasks.spawn_local(async move {
            answers.await;
            (from, number)
        });
        let sender = Sender {
            number,
            way,
            used,
            task,
            _seat: seat,
        };
        self.known.insert(from, sender);
    }

    fn forget(&mut self, sender: SocketAddr, number: u64) {
        if self
            .known
            .get(&sender)
            .is_some_and(|it| it.number == number)
            && let Some(sender) = self.known.remove(&sender)
        {
            sender.task.abort();
        }
    }
}

async fn connect(lead: &Lead) -> io::Result<UdpSocket> {
    let nowhere = || io::Error::from(io::ErrorKind::NotConnected);
    let address = lead.address().ok_or_else(nowhere)?;
    let any = match address {
        SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    };
    let socket = UdpSocket::bind(any).await?;
    socket.connect(address).await?;
    Ok(socket)
}

/// Give answers back until both are silent.
async fn answers(
    way: Rc<UdpSocket>,
    mut active: mpsc::Receiver<()>,
    (back, to): (Rc<UdpSocket>, SocketAddr),
) {
    loop {
        tokio::select! {
            _ = way.readable() => {
                // had only for as long as there is something to be read
                let mut piece = Vec::with_capacity(LARGEST);
                // An error is of a datagram that nobody took, or there are no more.
                while way.try_recv_buf(&mut piece).is_ok() {
                    let _ = back.send_to(&piece, to).await;
                    piece.clear();
                }
            }
            used = timeout(SILENCE, active.recv()) => {
                if !matches!(used, Ok(Some(()))) {
                    return;
                }
            }
        }
    }
}
