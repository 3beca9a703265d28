//! What the engine's answers mean: the one place that looks at status codes and messages.

use bollard::errors::Error as Bollard;

/// Why a request to the engine failed, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The object does not exist (HTTP 404).
    #[error("{0}")]
    NotFound(String),
    /// The name is taken or the object is in use (HTTP 409).
    #[error("{0}")]
    Conflict(String),
    /// The engine's disk is full (`no space left on device` in its message).
    #[error("{0}")]
    DiskFull(String),
    /// The engine refused or failed the request; its own words.
    #[error("{0}")]
    Refused(String),
    /// The engine could not be talked to.
    #[error("cannot talk to the docker engine: {0}")]
    Unreachable(String),
}

impl EngineError {
    /// Sort a message of the engine, wherever it came from (an answer or a build's stream).
    pub fn from_message(message: String) -> Self {
        if message.contains("no space left on device") {
            Self::DiskFull(message)
        } else {
            Self::Refused(message)
        }
    }
}

impl From<Bollard> for EngineError {
    fn from(error: Bollard) -> Self {
        match error {
            Bollard::DockerResponseServerError {
                status_code,
                message,
            } => match status_code {
                404 => Self::NotFound(message),
                409 => Self::Conflict(message),
                _ => Self::from_message(message),
            },
            Bollard::DockerStreamError { error } => Self::from_message(error),
            other => Self::Unreachable(causes(&other)),
        }
    }
}

/// An error and its sources on one line: bollard hides the io error deep in the chain.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}
