//! The way to the coordinator: its socket, or `docker exec` where that does not cross.

use crate::engine::Docker;
use crate::ipc::{self, CallError, Reply, Request};
use std::path::PathBuf;
use std::time::Duration;

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
    /// Whether the socket is expected to cross: then `docker exec` is not tried.
    pub crosses: bool,
}

impl Link for ByEngine<'_> {
    async fn ask(&self, request: &Request, patience: Duration) -> Result<Reply, CallError> {
        if self.crosses {
            return ipc::call(&self.socket, request, patience).await;
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
