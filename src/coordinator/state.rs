//! What the tasks of the coordinator share; all of them are on one thread.

use super::args::Config;
use super::clock;
use super::owners::Owners;
use super::pool::Warm;
use crate::ipc::{Chroma, ChromaState, Hello, Worker};
use crate::recipe;
use std::cell::RefCell;
use std::collections::BTreeMap;
use tokio::sync::{Notify, watch};

/// The state.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) config: Config,
    pub(super) started: i64,
    pub(super) chroma: watch::Sender<Chroma>,
    pub(super) workers: RefCell<Vec<Worker>>,
    /// When each running worker was started, by id; forgotten when an event says that it changed.
    pub(super) worker_starts: RefCell<BTreeMap<String, String>>,
    /// The warm pool.
    pub(super) warm: Warm,
    /// The clients of sessions on pipes.
    pub(super) owners: Owners,
    /// ChromaDB is to be started again.
    pub(super) restart: Notify,
    /// Everything is to end.
    pub(super) stop: Notify,
}

impl Shared {
    pub(super) fn new(config: Config, started: i64) -> Self {
        let chroma = Chroma {
            state: ChromaState::Starting,
            version: recipe::CHROMA_VERSION.to_owned(),
            pid: None,
            since: started,
            restarts: 0,
            problem: None,
        };
        Self {
            config,
            started,
            chroma: watch::Sender::new(chroma),
            workers: RefCell::default(),
            worker_starts: RefCell::default(),
            warm: Warm::new(),
            owners: Owners::default(),
            restart: Notify::new(),
            stop: Notify::new(),
        }
    }

    pub(super) fn hello(&self) -> Hello {
        Hello {
            build: recipe::BUILD.to_owned(),
            started: self.started,
            schema: 1,
        }
    }

    /// ChromaDB came into another state.
    pub(super) fn chroma(&self, state: ChromaState, change: impl FnOnce(&mut Chroma)) {
        self.chroma.send_modify(|chroma| {
            chroma.state = state;
            chroma.since = clock::now();
            change(chroma);
        });
    }
}
