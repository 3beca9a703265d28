//! The duty of a first process: to take note of every process that ended, its own children and
//! those whose parents are gone (`docker exec` leaves some).

use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use tokio::signal::unix::Signal;
use tokio::sync::mpsc;

/// A process that ended, and how, in words.
pub(super) type Exit = (u32, String);

/// Where exits are told.
pub(super) fn exits() -> (mpsc::UnboundedSender<Exit>, mpsc::UnboundedReceiver<Exit>) {
    mpsc::unbounded_channel()
}

/// Reap at every SIGCHLD. Signals that come while others are handled are one: all are looked for.
pub(super) async fn reap(mut ended: Signal, tell: mpsc::UnboundedSender<Exit>) {
    while ended.recv().await.is_some() {
        loop {
            let how = match waitpid(None::<Pid>, Some(WaitPidFlag::WNOHANG)) {
                Ok(WaitStatus::Exited(pid, status)) => (pid, format!("exit status {status}")),
                Ok(WaitStatus::Signaled(pid, signal, _)) => (pid, format!("signal {signal}")),
                Ok(WaitStatus::StillAlive) | Err(_) => break,
                Ok(_) => continue,
            };
            let _ = tell.send((how.0.as_raw().cast_unsigned(), how.1));
        }
    }
}
