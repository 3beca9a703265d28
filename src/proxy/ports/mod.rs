//! The ports that containers of the session publish, at the session's own localhost.
//!
//! When a container has started, and before its client is told, a helper in the session's container
//! opens its ports there ([`open`]) and hands the sockets over. What is accepted on them is relayed to
//! the container ([`relay`], [`datagrams`]), whose address the engine tells: nothing that comes from
//! the session decides what is connected to. What starts and ends without a request is seen in the
//! engine's events ([`watch`]).

mod datagrams;
mod handed;
mod open;
mod reach;
mod relay;
mod watch;

use super::life;
use super::shared::Shared;
use super::stop::Stop;
use crate::guard::Upstream;
use crate::guard::container::Create;
use crate::guard::ownership::Kind;
use crate::guard::path::{Method, Route, percent_encode};
use crate::guard::ports::{self, Ends, MOST, Publishing};
use crate::guard::verdict::Payload;
use crate::model::listening::{Port, Protocol};
use hyper::StatusCode;
use open::{Failed, HELPER};
use rustix::process::{Resource, getrlimit, setrlimit};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::net::{TcpListener, UdpSocket};
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::time::Duration;
use tokio::sync::{Mutex, OnceCell, Semaphore, watch as signal};
use tokio::task::JoinSet;
use tokio::time::Instant;

pub(super) use watch::begin;

/// Connections at once, over all ports: a session cannot take all descriptors of the guard. More wait
/// until some end.
const SEATS: usize = 1024;

/// How long after its start a container may refuse connections, which are then tried again: the
/// command after `docker run` need not wait for a server that is about to listen.
const YOUNG: Duration = Duration::from_secs(3);

/// Have as many descriptors as this process may: many systems begin with a thousand, and one port has
/// two sockets, one connection as many and four ends of pipes.
pub(super) fn make_room() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // with less there are fewer connections
    let _ = setrlimit(Resource::Nofile, limit);
}

/// What is served.
#[derive(Debug)]
pub(super) struct Ports {
    /// By the container.
    served: RefCell<BTreeMap<String, Served>>,
    /// Held while that changes: requests and events are about the same containers.
    changing: Mutex<()>,
    seats: Rc<Semaphore>,
    way: OnceCell<reach::Way>,
}

impl Default for Ports {
    fn default() -> Self {
        Self {
            served: RefCell::default(),
            changing: Mutex::default(),
            seats: Rc::new(Semaphore::new(SEATS)),
            way: OnceCell::default(),
        }
    }
}

/// The ports of one run of a container.
#[derive(Debug)]
struct Served {
    started: String,
    /// Where they lead, which changes with the container's networks.
    ends: Rc<RefCell<BTreeMap<Port, Ends>>>,
    listeners: JoinSet<()>,
    /// Dropped, it tells the connections that the container has ended.
    _over: signal::Sender<()>,
}

impl Served {
    fn has(&self, port: Port) -> bool {
        self.ends.borrow().contains_key(&port)
    }
}

/// After a request of the session that has succeeded: what it has changed.
pub(super) async fn after(shared: &Rc<Shared>, route: Route, sent: &Upstream) -> Result<(), Stop> {
    let starts = matches!(route, Route::ContainerStart | Route::ContainerRestart);
    let id = match route {
        Route::ContainerStart
        | Route::ContainerRestart
        | Route::ContainerStop
        | Route::ContainerKill
        // `/v1.41/containers/ID/start`
        | Route::ContainerDelete => sent.path.split('/').nth(3).map(str::to_owned),
        // The engine may choose other ports, when another network is what it publishes on.
        Route::NetworkConnect | Route::NetworkDisconnect => match &sent.payload {
            Payload::Json(text) => serde_json::from_str(text).ok().and_then(|body: Value| {
                let id = body.get("Container").and_then(Value::as_str);
                id.map(str::to_owned)
            }),
            _ => None,
        },
        _ => None,
    };
    let Some(id) = id else {
        return Ok(());
    };
    let id = id.as_str();
    let settled = settle(shared, id).await;
    match settled {
        Err(failed) if starts => {
            // as the engine leaves a container whose port is taken: there, and not running
            let path = format!("{}/containers/{id}/stop", shared.version());
            drop(shared.engine.ask(Method::Post, &path, "t=0", None).await);
            Err(Stop::Port(failed.words()))
        }
        Err(failed) => {
            told(shared, id, &failed);
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// Before a container is made whose ports are all published: which its image exposes. Of one that is
/// not there the engine says so when it is asked to make the container.
pub(super) async fn published(shared: &Shared, create: &mut Create) -> Result<(), Stop> {
    if create.publish_all.is_none() {
        return Ok(());
    }
    let mut path = format!("{}/images/", shared.version());
    percent_encode(create.image(), "/:@", &mut path);
    path.push_str("/json");
    let (_, image) = shared.engine.ask(Method::Get, &path, "", None).await?;
    let exposed = image.pointer("/Config/ExposedPorts");
    let exposed = exposed.and_then(Value::as_object).into_iter().flatten();
    create.publish(exposed.map(|(port, _)| port.as_str()));
    Ok(())
}

impl Failed {
    fn words(&self) -> String {
        match self {
            Self::Taken(port, holder) => ports::taken(*port, *holder, HELPER),
            Self::Port(port, cause) => ports::failed(Some(*port), cause),
            Self::All(cause) => ports::failed(None, cause),
        }
    }
}

/// Say what nobody waits for. Where its standard error goes, whoever looks for it finds it.
fn told(shared: &Shared, id: &str, failed: &Failed) {
    let (session, words) = (&shared.config.session, failed.words());
    let _ = writeln!(
        io::stderr(),
        "hal-9000 guard: the container {id} of the session {session}: {words}"
    );
}

/// Open what a container publishes, or close what it no longer does.
async fn settle(shared: &Rc<Shared>, id: &str) -> Result<(), Failed> {
    let _one = shared.ports.changing.lock().await;
    let found = publishing(shared, id).await?;
    let Some(found) = found.filter(|found| found.running && !found.ports.is_empty()) else {
        close(shared, |other, _| other == id).await;
        return Ok(());
    };
    if let Some(served) = shared.ports.served.borrow().get(id) {
        let mut ends = served.ends.borrow_mut();
        if served.started == found.started && ends.keys().eq(found.ports.keys()) {
            ends.clone_from(&found.ports);
            return Ok(());
        }
    }
    // The engine has given the ports to this container: no other one has them any more.
    let given = |served: &Served| found.ports.keys().any(|port| served.has(*port));
    close(shared, |other, served| other == id || given(served)).await;
    let Some(way) = way(shared).await else {
        return Ok(());
    };
    let session = life::found(shared).await.map_err(Failed::engine)?;
    let Some(session) = session.filter(|session| session.running) else {
        // nobody is there who could connect
        return Ok(());
    };
    let wanted: Vec<Port> = found.ports.keys().copied().collect();
    if wanted.len() + count(shared) > MOST {
        return Err(Failed::All(format!("a session has at most {MOST}")));
    }
    let opened = open::open(shared, &session, &wanted).await?;
    let served =
        serve(shared, way, found, opened).map_err(|error| Failed::All(error.to_string()))?;
    let mut all = shared.ports.served.borrow_mut();
    all.insert(id.to_owned(), served);
    Ok(())
}

/// How the session's containers are reached, where they are.
async fn way(shared: &Shared) -> Option<reach::Way> {
    let found = shared.ports.way.get_or_init(|| async {
        let way = reach::way(&shared.config.engine).await;
        if way == reach::Way::Nowhere {
            let session = &shared.config.session;
            let _ = writeln!(
                io::stderr(),
                "hal-9000 guard: the engine of the session {session} has another network than this \
                 process: published ports are not had in the session"
            );
        }
        way
    });
    Some(*found.await).filter(|way| *way != reach::Way::Nowhere)
}

fn count(shared: &Shared) -> usize {
    let served = shared.ports.served.borrow();
    served.values().map(|it| it.ends.borrow().len()).sum()
}

/// What the engine says of an own container; `None` of one that is not, or no more.
async fn publishing(shared: &Shared, id: &str) -> Result<Option<Publishing>, Failed> {
    if !shared.owned.borrow().has(Kind::Container, id) {
        return Ok(None);
    }
    let path = format!("{}/containers/{id}/json", shared.version());
    let asked = shared.engine.ask(Method::Get, &path, "", None).await;
    match asked.map_err(Failed::engine)? {
        (StatusCode::OK, container) => Ok(Some(Publishing::read(&container))),
        (StatusCode::NOT_FOUND, _) => Ok(None),
        (status, _) => Err(Failed::All(format!("the engine says {status}"))),
    }
}

/// Listen no more for those; returns when the ports are free.
async fn close(shared: &Shared, which: impl Fn(&str, &Served) -> bool) {
    let closed = {
        let mut all = shared.ports.served.borrow_mut();
        let (closed, kept) = std::mem::take(&mut *all)
            .into_iter()
            .partition::<BTreeMap<_, _>, _>(|(id, served)| which(id, served));
        *all = kept;
        closed
    };
    for mut served in closed.into_values() {
        served.listeners.shutdown().await;
    }
}

fn serve(
    shared: &Shared,
    way: reach::Way,
    found: Publishing,
    opened: BTreeMap<Port, Vec<OwnedFd>>,
) -> io::Result<Served> {
    let (over, ended) = signal::channel(());
    let ends = Rc::new(RefCell::new(found.ports));
    let mut listeners = JoinSet::new();
    let young = Instant::now() + YOUNG;
    for (port, sockets) in opened {
        for socket in sockets {
            let ends = Rc::clone(&ends);
            let lead = reach::Lead {
                way,
                port,
                ends,
                young,
            };
            let seats = Rc::clone(&shared.ports.seats);
            match port.protocol {
                Protocol::Tcp => {
                    let listener = TcpListener::from(socket);
                    listener.set_nonblocking(true)?;
                    let listener = tokio::net::TcpListener::from_std(listener)?;
                    let ended = ended.clone();
                    listeners.spawn_local(relay::accept(listener, lead, seats, ended));
                }
                Protocol::Udp => {
                    let socket = UdpSocket::from(socket);
                    socket.set_nonblocking(true)?;
                    let socket = tokio::net::UdpSocket::from_std(socket)?;
                    listeners.spawn_local(datagrams::relay(socket, lead, seats));
                }
            }
        }
    }
    Ok(Served {
        started: found.started,
        ends,
        listeners,
        _over: over,
    })
}
