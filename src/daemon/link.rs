//! The way to the coordinator: its socket, or `docker exec` where that does not cross.

use crate::engine::Docker;
use crate::ipc::{self, CallError, Reply, Request};
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Asks the coordinator.
#[expect(
    async_fn_in_trait,
    reason = "one thread and static dispatch: no bounds are needed"
)]
pub trait Link {
    /// Ask, and wait so long for the answer.
    async fn ask(&self, request: &Request, patience: Duration) -> Result<Reply, CallError>;
}

/// The socket where it is there, else a program in the container.
#[derive(Debug)]
pub struct ByEngine<'a> {
    /// The engine.
    pub engine: &'a Docker,
    /// The parent's name.
    pub name: &'a str,
    /// The socket on this machine.
    pub socket: PathBuf,
    /// Whether the socket crosses from the container to this machine.
    pub crosses: bool,
}

/// How often a socket that is about to be there is looked for, and for how long.
const SOON: Duration = Duration::from_millis(15);
const BOUND_BY_NOW: Duration = Duration::from_millis(700);

/// Whether only a look is taken, at a parent that need not be there.
fn is_glance(request: &Request) -> bool {
    matches!(request, Request::WaitReady { seconds: 0 })
}

impl ByEngine<'_> {
    /// How long to wait for the socket before `docker exec` is tried: a parent that is starting has
    /// none yet, and others have theirs.
    fn until_exec(request: &Request) -> Duration {
        match request {
            Request::WaitReady { seconds } if *seconds > 0 => BOUND_BY_NOW,
            _ => Duration::ZERO,
        }
    }
}

impl Link for ByEngine<'_> {
    async fn ask(&self, request: &Request, patience: Duration) -> Result<Reply, CallError> {
        if self.crosses {
            let began = Instant::now();
            loop {
                match ipc::call(&self.socket, request, patience).await {
                    Err(CallError::Unreachable(_))
                        if began.elapsed() < Self::until_exec(request) =>
                    {
                        sleep(SOON).await;
                    }
                    // At a glance, only the socket counts.
                    Err(CallError::Unreachable(why)) if is_glance(request) => {
                        return Err(CallError::Unreachable(why));
                    }
                    // It may be in the directory of another login of the same user.
                    Err(CallError::Unreachable(_)) => break,
                    answer => return answer,
                }
            }
        }
        let line = request.to_json().to_string();
        let command = ["/usr/local/bin/hal-9000", "coordinator", "pipe"];
        let answer = self.engine.exec_line(self.name, &command, &line);
        match tokio::time::timeout(patience, answer).await {
            Err(_) => Err(CallError::Late),
            Ok(Err(error)) => Err(CallError::Unreachable(error.to_string())),
            Ok(Ok(line)) => ipc::read_reply(line.as_bytes()),
        }
    }
}
