//! The BuildKit sessions and builds of this guard's clients, by the ids that those have made up. A
//! build's calls come in any order: who asks for one that is not there yet waits a little.

use crate::guard::{Refusal, rule};
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// Connections at once: each has two descriptors and its buffers.
const SEATS: usize = 100;

/// Messages that are read whole at once: each can have 16 MiB.
const READERS: usize = 4;

/// What calls that wait for the engine have together, in KiB.
const ROOM: usize = 64 * 1024;

/// Builds that are known after they have ended.
const KEPT: usize = 1000;

/// How long a session is waited for: its connection is made at the same time as the build's call.
const FOR_SESSION: Duration = Duration::from_secs(5);

/// How long a build is waited for, which waits for its session.
const FOR_BUILD: Duration = Duration::from_secs(10);

/// What is known.
#[derive(Debug)]
pub(in crate::proxy) struct Builds {
    pub(super) seats: Arc<Semaphore>,
    pub(super) readers: Semaphore,
    room: Semaphore,
    known: Rc<Known>,
}

#[derive(Debug, Default)]
struct Known {
    sessions: RefCell<BTreeMap<String, usize>>,
    /// Builds, and why those that were not begun were refused.
    builds: RefCell<VecDeque<(String, Result<(), Refusal>)>>,
    changed: Notify,
}

impl Default for Builds {
    fn default() -> Self {
        Self {
            seats: Arc::new(Semaphore::new(SEATS)),
            readers: Semaphore::new(READERS),
            room: Semaphore::new(ROOM),
            known: Rc::default(),
        }
    }
}

/// A session, which is closed when this is dropped.
#[derive(Debug)]
pub(super) struct Opened {
    known: Rc<Known>,
    id: String,
}

impl Drop for Opened {
    fn drop(&mut self) {
        let mut sessions = self.known.sessions.borrow_mut();
        if let Some(count) = sessions.get_mut(&self.id) {
            *count -= 1;
        }
        sessions.retain(|_, count| *count > 0);
    }
}

impl Builds {
    /// Room for a message, for as long as its call.
    pub(super) async fn room(&self, length: usize) -> Option<SemaphorePermit<'_>> {
        let pieces = u32::try_from(length / 1024 + 1).unwrap_or(u32::MAX);
        self.room.acquire_many(pieces).await.ok()
    }

    /// A session is open.
    pub(super) fn open(&self, id: String) -> Opened {
        *self
            .known
            .sessions
            .borrow_mut()
            .entry(id.clone())
            .or_default() += 1;
        self.known.changed.notify_waiters();
        let known = Rc::clone(&self.known);
        Opened { known, id }
    }

    pub(super) fn is_open(&self, id: &str) -> bool {
        self.known.sessions.borrow().contains_key(id)
    }

    /// Wait for a session.
    pub(super) async fn session(&self, id: &str) {
        let open = || self.is_open(id).then_some(());
        // The judgement finds what is missing.
        let _ = self.wait(FOR_SESSION, open).await;
    }

    /// A build is begun, or it is refused.
    pub(super) fn settle(&self, id: &str, begun: Result<(), Refusal>) {
        let mut builds = self.known.builds.borrow_mut();
        // A build that runs stays what it is, whatever is tried under its id.
        let known = builds.iter().any(|(known, was)| known == id && was.is_ok());
        if !known {
            builds.retain(|(known, _)| known != id);
            builds.push_back((id.to_owned(), begun));
        }
        if builds.len() > KEPT {
            builds.pop_front();
        }
        drop(builds);
        self.known.changed.notify_waiters();
    }

    /// Whether a build is this guard's, as soon as that is known. Its other calls say what its own was
    /// told: clients show the first that fails.
    pub(super) async fn own(&self, field: &str, id: &str) -> Result<(), Refusal> {
        let found = || {
            let builds = self.known.builds.borrow();
            let found = builds.iter().find(|(known, _)| known == id);
            found.map(|(_, begun)| begun.clone())
        };
        let unknown = || {
            let cause = format!("is `{id}`");
            Err(Refusal::forbidden(rule::BUILD_REF, field, cause))
        };
        self.wait(FOR_BUILD, found).await.unwrap_or_else(unknown)
    }

    async fn wait<T>(&self, longest: Duration, found: impl Fn() -> Option<T>) -> Option<T> {
        let wait = async {
            loop {
                let changed = self.known.changed.notified();
                if let Some(found) = found() {
                    return found;
                }
                changed.await;
            }
        };
        timeout(longest, wait).await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_session_is_open_as_long_as_one_connection_of_it() {
        let builds = Builds::default();
        let (one, other) = (builds.open("a".to_owned()), builds.open("a".to_owned()));
        drop(one);
        assert!(builds.is_open("a") && !builds.is_open("b"));
        drop(other);
        assert!(!builds.is_open("a"));
        // not for ever
        builds.session("a").await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_build_is_waited_for_until_it_is_begun_or_refused() {
        let builds = Builds::default();
        let refused = || Err(Refusal::forbidden(rule::BUILD_OPTION, "x", "is given"));
        let own = async |id: &str| builds.own("x", id).await.map_err(|refusal| refusal.rule.id);
        let (found, ()) = tokio::join!(own("a"), async { builds.settle("a", Ok(())) });
        assert_eq!(found, Ok(()));
        let (found, ()) = tokio::join!(own("b"), async { builds.settle("b", refused()) });
        assert_eq!(found, Err("HAL-G-BUILD-OPTION"));
        builds.settle("a", refused());
        assert_eq!(own("a").await, Ok(()));
        builds.settle("b", Ok(()));
        assert_eq!(own("b").await, Ok(()));
        assert_eq!(own("c").await, Err("HAL-G-BUILD-REF"));
        for id in 0..2 * KEPT {
            builds.settle(&id.to_string(), Ok(()));
        }
        assert_eq!(builds.known.builds.borrow().len(), KEPT);
    }
}
