//! Why something cannot be done with the parent.

use crate::engine::EngineError;
use crate::ipc::CallError;

/// By what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum DaemonError {
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// There is none.
    #[error("the parent does not run")]
    NotRunning,
    /// A container of its name is somebody else's.
    #[error("the container `{0}` is not this user's parent")]
    Foreign(String),
    /// It ended while it was waited for.
    #[error("the parent `{name}` has ended with status {status}")]
    Died {
        /// Its name.
        name: String,
        /// Its exit status.
        status: i64,
    },
    /// ChromaDB does not stay.
    #[error("ChromaDB does not start in the parent")]
    Chroma {
        /// Its last words.
        problem: String,
    },
    /// The coordinator is of a release that speaks another protocol.
    #[error("the parent is of version {version}, which this one cannot talk to")]
    Stale {
        /// Its release.
        version: String,
    },
    /// It took too long.
    #[error("the parent is not ready after {0} s")]
    Late(u64),
    /// Every port that was tried is taken.
    #[error("no port is free for ChromaDB: {first} to {last} are all taken")]
    NoPort {
        /// The first that was tried.
        first: u16,
        /// The last.
        last: u16,
    },
    /// Workers run, and nobody said that they may lose their network.
    #[error("sessions run in the parent's network: {}", .0.join(", "))]
    Workers(Vec<String>),
    /// The coordinator refused.
    #[error("the coordinator refused: {0}")]
    Refused(String),
    /// The coordinator does not answer.
    #[error(transparent)]
    Call(#[from] CallError),
}
