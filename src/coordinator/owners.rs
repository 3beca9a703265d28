//! Sessions on pipes, and the clients that they are for.
//!
//! The engine does not tell whether anybody is connected to a container. So the command on the host
//! keeps a connection to the coordinator open while docker's client works on such a session, and the
//! client inherits it: the kernel closes it when the last of the two is gone, however that came
//! about. A session on a terminal, or in the background, is never held: those can be joined again.

use super::log::{Level, log};
use super::registry;
use super::state::Shared;
use crate::engine::{Containers, EngineError, Look, Parents};
use crate::ipc::HOLDS;
use crate::model::{Labels, label_keys};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use tokio::sync::Notify;

/// Seconds that a session has to end in: those that the command on the host gives it.
const PATIENCE: i32 = 10;

/// Who is held, and whose clients are gone.
#[derive(Debug, Default)]
pub(super) struct Owners {
    held: RefCell<BTreeMap<String, usize>>,
    gone: RefCell<BTreeSet<String>>,
    changed: Notify,
}

/// A client that is there; it is gone when this is dropped.
#[derive(Debug)]
pub(super) struct Hold<'a> {
    owners: &'a Owners,
    worker: String,
}

impl Owners {
    /// A client for the session of this name; `None` where there are too many.
    pub(super) fn hold(&self, worker: &str) -> Option<Hold<'_>> {
        let mut held = self.held.borrow_mut();
        if held.values().sum::<usize>() >= HOLDS {
            return None;
        }
        *held.entry(worker.to_owned()).or_default() += 1;
        self.gone.borrow_mut().remove(worker);
        Some(Hold {
            owners: self,
            worker: worker.to_owned(),
        })
    }

    /// Something has changed: look again at the sessions whose clients are gone.
    pub(super) fn look_again(&self) {
        if !self.gone.borrow().is_empty() {
            self.changed.notify_one();
        }
    }

    fn gone(&self) -> Vec<String> {
        self.gone.borrow().iter().cloned().collect()
    }

    fn forget(&self, worker: &str) {
        self.gone.borrow_mut().remove(worker);
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        let mut held = self.owners.held.borrow_mut();
        if let Some(count) = held.get_mut(&self.worker) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.worker);
                self.owners.gone.borrow_mut().insert(self.worker.clone());
                self.owners.changed.notify_one();
            }
        }
    }
}

/// What becomes of a container whose client is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is none of ours, it has ended, or it can be joined again.
    Stay,
    /// It is not started yet, and may still be.
    Wait,
    /// It goes on for nobody.
    End,
}

fn fate(look: &Look, sessions: &Labels, parent: &str) -> Fate {
    let has = |(key, value): (&String, &String)| look.labels.get(key) == Some(value);
    let ours = sessions.iter().all(has);
    let via = look.labels.get(label_keys::VIA).map(String::as_str) == Some(parent);
    if !(ours && via && look.piped) {
        Fate::Stay
    } else if look.state == "created" {
        Fate::Wait
    } else if look.running() {
        Fate::End
    } else {
        Fate::Stay
    }
}

/// End the sessions whose clients are gone, for ever.
pub(super) async fn reap(shared: Rc<Shared>) {
    loop {
        shared.owners.changed.notified().await;
        let gone = shared.owners.gone();
        futures_util::future::join_all(gone.iter().map(|worker| one(&shared, worker))).await;
    }
}

async fn one(shared: &Shared, worker: &str) {
    if let Err(error) = try_one(shared, worker).await {
        let fields: [(&str, &dyn std::fmt::Display); 2] = [("worker", &worker), ("error", &error)];
        // It is tried again with the next thing that happens to any session.
        log(
            Level::Warn,
            "coordinator",
            "cannot end a worker whose client is gone",
            &fields,
        );
    }
}

async fn try_one(shared: &Shared, worker: &str) -> Result<(), EngineError> {
    let engine = registry::engine()?;
    let Some(look) = engine.look(worker).await? else {
        shared.owners.forget(worker);
        return Ok(());
    };
    match fate(&look, &shared.config.sessions(), &shared.config.name) {
        Fate::Wait => Ok(()),
        Fate::Stay => {
            shared.owners.forget(worker);
            Ok(())
        }
        Fate::End => {
            log(
                Level::Warn,
                "coordinator",
                "a worker whose client is gone is ended",
                &[("worker", &worker)],
            );
            // By id: the name may be another one's a moment later.
            match engine.stop(&look.id, PATIENCE).await {
                Ok(()) | Err(EngineError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
            engine.remove(&look.id, true).await?;
            shared.owners.forget(worker);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::owned_sessions;

    #[test]
    fn only_what_nobody_can_join_again_is_ended() {
        let sessions = owned_sessions("u", "i");
        let look = |state: &str, piped: bool, via: &str, user: &str| {
            let mut labels = owned_sessions(user, "i");
            labels.insert(label_keys::VIA.to_owned(), via.to_owned());
            Look {
                state: state.to_owned(),
                piped,
                labels,
                ..Look::default()
            }
        };
        for (state, piped, via, user, expected) in [
            ("running", true, "p", "u", Fate::End),
            ("paused", true, "p", "u", Fate::End),
            ("created", true, "p", "u", Fate::Wait),
            ("exited", true, "p", "u", Fate::Stay),
            // On a terminal, or in the background.
            ("running", false, "p", "u", Fate::Stay),
            ("created", false, "p", "u", Fate::Stay),
            // Another parent's, another user's.
            ("running", true, "q", "u", Fate::Stay),
            ("running", true, "p", "v", Fate::Stay),
        ] {
            let found = fate(&look(state, piped, via, user), &sessions, "p");
            assert_eq!(found, expected, "{state} {piped} {via} {user}");
        }
    }

    #[test]
    fn a_client_is_gone_when_the_last_one_of_a_name_is() {
        let owners = Owners::default();
        let (one, two) = (owners.hold("w").unwrap(), owners.hold("w").unwrap());
        drop(one);
        assert!(owners.gone().is_empty());
        drop(two);
        assert_eq!(owners.gone(), ["w"]);
        // The name is another session's now.
        let next = owners.hold("w");
        assert!(next.is_some() && owners.gone().is_empty());
    }

    #[test]
    fn there_is_an_end_to_how_many_are_held() {
        let owners = Owners::default();
        let all: Vec<_> = (0..HOLDS).map(|n| owners.hold(&n.to_string())).collect();
        assert!(all.iter().all(Option::is_some));
        assert!(owners.hold("more").is_none());
        drop(all);
        assert!(owners.hold("more").is_some());
    }
}
