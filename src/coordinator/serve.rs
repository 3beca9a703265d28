//! What the coordinator answers.
#![expect(
    clippy::disallowed_methods,
    reason = "reads the container's own counters"
)]

use super::state::Shared;
use super::{pool, registry};
use crate::ipc::{Answer, ChromaState, Handler, Request, Status};
use crate::recipe;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::timeout;

/// Answers requests.
#[derive(Debug)]
pub(super) struct Desk(pub(super) Rc<Shared>);

impl Handler for Desk {
    fn version(&self) -> String {
        recipe::VERSION.to_owned()
    }

    async fn answer(&self, request: Request) -> Answer {
        match request {
            Request::Hello => Answer::Hello(self.0.hello()),
            Request::Status => {
                registry::refresh(&self.0).await;
                self.status()
            }
            Request::WaitReady { seconds } => {
                let mut chroma = self.0.chroma.subscribe();
                let settled = chroma.wait_for(|chroma| {
                    matches!(chroma.state, ChromaState::Ready | ChromaState::Failed)
                });
                let patience = Duration::from_secs(u64::from(seconds.min(600)));
                // Late or not: the status tells.
                let _ = timeout(patience, settled).await;
                self.status()
            }
            Request::RestartServices => {
                self.0.chroma(ChromaState::Restarting, |_| {});
                self.0.restart.notify_one();
                Answer::Done
            }
            Request::Claim { want } => pool::claim(&self.0, want).await,
            Request::Took { spare } => pool::took(&self.0, spare),
            Request::Warm { want, seconds } => pool::warm(&self.0, want, seconds).await,
            Request::Pool { order } => pool::order(&self.0, order).await,
            Request::Hold { worker } => match self.0.owners.hold(&worker) {
                // For as long as the connection lasts.
                Some(_hold) => std::future::pending().await,
                None => Answer::Error {
                    kind: "busy".to_owned(),
                    message: "too many sessions are held".to_owned(),
                },
            },
        }
    }
}

impl Desk {
    fn status(&self) -> Answer {
        Answer::Status(Box::new(Status {
            hello: self.0.hello(),
            chroma: self.0.chroma.borrow().clone(),
            workers: self.0.workers.borrow().clone(),
            memory: memory(),
            pool: Some(self.0.warm.summary()),
        }))
    }
}

/// What the kernel counts for this container: control groups of version 2, else 1.
fn memory() -> Option<u64> {
    let files = [
        "/sys/fs/cgroup/memory.current",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
    ];
    let read = |file: &&str| std::fs::read_to_string(file).ok();
    files.iter().find_map(read)?.trim().parse().ok()
}
