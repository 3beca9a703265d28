//! What all requests share: what the session owns, where its project is, what the engine speaks.

use super::args::Config;
use super::audit::Audit;
use super::buildkit::Builds;
use super::clock;
use super::engine::Engine;
use super::journal::Journal;
use super::life;
use super::places::Places;
use super::ports::Ports;
use super::project_images::ProjectImages;
use super::routes;
use super::stop::Stop;
use super::volumes;
use crate::guard::bind::Mapping;
use crate::guard::decision::Decision;
use crate::guard::network::Subnet;
use crate::guard::ownership::{Kind, Owned, Record};
use crate::guard::path::{Method, Speaks};
use crate::guard::{Bounds, Itself, Refusal};
use serde_json::Value;
use std::cell::RefCell;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{Mutex, Semaphore};

/// More archives of images than this wait: each has a thread and some megabytes.
const LOADS: usize = 4;

/// One guard.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) config: Config,
    pub(super) mapping: Mapping,
    pub(super) speaks: Speaks,
    pub(super) engine: Engine,
    pub(super) owned: RefCell<Owned>,
    host_networks: RefCell<Vec<Subnet>>,
    itself: RefCell<Option<Itself>>,
    pub(super) places: Places,
    /// Held from the question whether a name is free until it is the session's: two requests of the
    /// session would else each take the other's for somebody else's.
    pub(super) naming: Arc<Mutex<()>>,
    /// BuildKit's sessions and builds.
    pub(super) builds: Builds,
    /// Archives of images that are read at once.
    pub(super) loads: Semaphore,
    /// What the session has at its localhost.
    pub(super) ports: Ports,
    /// Held while the session's container joins networks, or leaves them.
    pub(super) joining: Mutex<()>,
    journal: RefCell<Journal>,
    images: Option<RefCell<ProjectImages>>,
    audit: RefCell<Audit>,
}

impl Shared {
    /// Begin, or go on where a guard with this state directory ended.
    pub(super) async fn open(mut config: Config) -> io::Result<Self> {
        let mapping = mapping(&config)?;
        let engine = Engine {
            socket: config.engine.clone(),
        };
        let speaks = speaks(&engine).await?;
        if speaks.subpath().is_none() {
            // An engine that restarts a container by itself would find, after the guard has ended, any
            // process under its number: what is mounted through a descriptor is started only by it.
            config.policy.restarts = 0;
        }
        let (journal, owned) = Journal::open(&config.state)?;
        let images = config
            .images
            .as_deref()
            .map(ProjectImages::open)
            .transpose()?;
        let shared = Self {
            mapping,
            images: images.map(RefCell::new),
            speaks,
            engine,
            owned: RefCell::new(owned),
            host_networks: RefCell::default(),
            itself: RefCell::default(),
            places: Places::open(&config.project, &config.state, speaks)?,
            naming: Arc::default(),
            builds: Builds::default(),
            loads: Semaphore::new(LOADS),
            ports: Ports::default(),
            joining: Mutex::default(),
            journal: RefCell::new(journal),
            audit: RefCell::new(Audit::open(&config.state)?),
            config,
        };
        shared.learn()?;
        volumes::take_over(&shared).await?;
        Ok(shared)
    }

    /// Do something within the bounds of this moment.
    pub(super) fn within<T>(&self, work: impl FnOnce(&Bounds<'_>) -> T) -> T {
        let owned = self.owned.borrow();
        work(&Bounds {
            policy: &self.config.policy,
            owned: &owned,
            mapping: &self.mapping,
            host_networks: &self.host_networks.borrow(),
            itself: self.itself.borrow().as_ref(),
        })
    }

    /// Look at the networks of the host, which change when it goes elsewhere.
    pub(super) fn look_at_networks(&self) {
        *self.host_networks.borrow_mut() = routes::read();
    }

    /// Look for the session's own container, which is made after the guard.
    pub(super) async fn look_for_itself(&self) -> Result<(), Stop> {
        let found = life::found(self).await?;
        *self.itself.borrow_mut() = found.map(|session| Itself {
            id: session.id,
            name: self.config.session.clone(),
        });
        Ok(())
    }

    /// Take over what other sessions of the project have made of images.
    pub(super) fn learn(&self) -> io::Result<()> {
        let Some(images) = &self.images else {
            return Ok(());
        };
        for record in images.borrow_mut().news()? {
            self.owned.borrow_mut().apply(&record);
        }
        Ok(())
    }

    /// Write changes of what is owned, then take them over.
    pub(super) fn record(&self, records: &[Record]) -> Result<(), Stop> {
        for record in records {
            let written = match &self.images {
                Some(images) if record.kind() == Kind::Image => images.borrow_mut().append(record),
                _ => self.journal.borrow_mut().append(record),
            };
            written.map_err(|error| {
                Stop::Failed(format!(
                    "what the session made could not be written down ({error}): see whether {} is full",
                    self.config.state.display()
                ))
            })?;
            self.owned.borrow_mut().apply(record);
        }
        Ok(())
    }

    /// Write a decision into the audit.
    pub(super) fn audit(&self, decision: impl FnOnce(&str, &str) -> Decision) -> Result<(), Stop> {
        let line = decision(&clock::now(), &self.config.session).line();
        let written = self.audit.borrow_mut().append(&line);
        written.map_err(|error| Stop::Failed(format!("the audit could not be written ({error})")))
    }

    /// Write a refusal into the audit.
    pub(super) fn audit_refused(
        &self,
        method: &str,
        target: &str,
        refusal: &Refusal,
    ) -> Result<(), Stop> {
        self.audit(|time, session| {
            Decision::refused(time, session, (method, target.as_bytes()), refusal)
        })
    }

    /// The beginning of every path that the guard asks for itself.
    pub(super) fn version(&self) -> String {
        format!("/v{}", self.speaks.max())
    }
}

/// The project by its real path, which no session can change: the paths that the engine is given are
/// followed by it when a container starts.
fn mapping(config: &Config) -> io::Result<Mapping> {
    let bad = |cause: String| io::Error::new(io::ErrorKind::InvalidInput, cause);
    let real = |path: &Path| {
        let real = fs::canonicalize(path);
        real.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
    };
    let project = Path::new(&config.project);
    let found = real(project)?;
    if found != project {
        return Err(bad(format!(
            "--project {} is {} by its real path: give that one",
            project.display(),
            found.display()
        )));
    }
    let socket = config.socket.parent().unwrap_or(Path::new("/"));
    for directory in [socket, &config.state] {
        if real(directory)?.starts_with(project) {
            return Err(bad(format!(
                "{} is inside the project, where the session can write: choose another directory",
                directory.display()
            )));
        }
    }
    let seen_as: Vec<&str> = config.seen_as.iter().map(String::as_str).collect();
    let socket = config.socket.to_str().unwrap_or_default();
    Mapping::new(&config.project, &seen_as, socket)
        .ok_or_else(|| bad("--project, --seen-as and --socket are absolute paths".to_owned()))
}

/// What the engine speaks.
async fn speaks(engine: &Engine) -> io::Result<Speaks> {
    let place = engine.socket.display();
    let asked = engine.ask(Method::Get, "/version", "", None).await;
    let (_, version) =
        asked.map_err(|error| io::Error::other(format!("the engine at {place}: {error}")))?;
    let text = |name: &str| version.get(name).and_then(Value::as_str);
    let max = text("ApiVersion").unwrap_or_default();
    Speaks::new(max, text("MinAPIVersion")).ok_or_else(|| {
        io::Error::other(format!(
            "the engine at {place} speaks API `{max}`, the guard 1.41 to 1.52"
        ))
    })
}
