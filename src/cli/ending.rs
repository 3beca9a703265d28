//! What is seen of a session while docker's client has it, for the line that says why it ended.

use super::client::Connect;
use super::context;
use crate::engine::{Docker, EngineError};
use crate::host::{self, PidsEvents};
use crate::model::Memory;
use crate::plan::{Seen, endings};
use crate::ui::{self, Report, Ui};
use std::sync::{Arc, Mutex, PoisonError};

/// What was seen so far. Where nothing can be seen, nothing is said.
#[derive(Debug, Clone, Default)]
pub(super) struct Watched(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    seen: Seen,
    /// The container whose network the session has.
    network_of: Option<String>,
}

impl Watched {
    /// Watch a session that runs, or is about to. The watcher ends with this process.
    pub(super) fn begin(&self, connect: &Connect, runs: bool, since: &str) {
        let (engine, name) = (connect.engine.clone(), connect.name.clone());
        let (since, told) = (since.to_owned(), self.clone());
        std::thread::spawn(move || {
            let found = context::block_on(async {
                if !runs {
                    engine.happens("start", &name, &since).await?;
                }
                Ok(told.look(&engine, &name).await?)
            });
            if let Ok(Some(process)) = found {
                told.count(process);
            }
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The limits of a session, and its first process.
    async fn look(&self, engine: &Docker, name: &str) -> Result<Option<i64>, EngineError> {
        let Some(found) = engine.inspect(name).await? else {
            return Ok(None);
        };
        let host = found.host_config.unwrap_or_default();
        let positive = |number: Option<i64>| u64::try_from(number.unwrap_or_default()).unwrap_or(0);
        let mode = host.network_mode.unwrap_or_default();
        self.with(|state| {
            state.seen.memory = Memory::in_force(positive(host.memory));
            state.seen.pids = positive(host.pids_limit);
            state.network_of = mode.strip_prefix("container:").map(str::to_owned);
        });
        let process = found.state.and_then(|state| state.pid);
        Ok(process.filter(|process| *process > 0))
    }

    fn count(&self, process: i64) {
        // Of a container in a virtual machine only that machine knows.
        let Ok(mut events) = PidsEvents::of(process) else {
            return;
        };
        while let Ok(count) = events.count() {
            self.with(|state| state.seen.refused = count);
            if events.changes().is_err() {
                return;
            }
        }
    }

    /// Say why the session ended, if there is something to say.
    pub(super) async fn tell(
        &self,
        connect: &Connect,
        since: &str,
        status: u8,
        ui: Ui,
    ) -> Result<(), Report> {
        if status == 0 {
            return Ok(());
        }
        let (mut seen, network_of) =
            self.with(|state| (state.seen.clone(), state.network_of.take()));
        let (engine, name) = (&connect.engine, &connect.name);
        let now = host::now_exactly();
        seen.out_of_memory = engine.happened("oom", name, [since, &now]).await?;
        if let Some(holder) = network_of {
            let holder = engine.inspect(&holder).await?;
            let state = holder.and_then(|holder| holder.state);
            seen.network_gone = state.and_then(|state| state.running) != Some(true);
        }
        for ending in endings(status, &seen) {
            ui.warn(&ui::ending(name, ending));
        }
        Ok(())
    }
}
