//! Sessions ended: stopped with time to finish, then removed.

use super::Session;
use crate::engine::{Containers, EngineError};

/// Seconds between SIGTERM and SIGKILL: docker's own default.
const PATIENCE: i32 = 10;

/// A session that could not be ended.
#[derive(Debug, thiserror::Error)]
#[error("cannot end the session `{name}`: {source}")]
pub struct EndError {
    /// Its name.
    pub name: String,
    /// What the engine said.
    pub source: EngineError,
}

/// End these sessions, all at once, and say which ended. One that cannot be ended does not keep
/// the others alive.
pub async fn end(engine: &impl Containers, sessions: &[Session]) -> (Vec<String>, Vec<EndError>) {
    let one = async |session: &Session| {
        if session.running {
            match engine.stop(&session.id, PATIENCE).await {
                Ok(()) | Err(EngineError::NotFound(_)) => {}
                Err(source) => return Err(source),
            }
        }
        engine.remove(&session.id, true).await
    };
    let ends = futures_util::future::join_all(sessions.iter().map(one)).await;
    let mut ended = Vec::new();
    let mut errors = Vec::new();
    for (session, end) in sessions.iter().zip(ends) {
        match end {
            Ok(()) => ended.push(session.name.clone()),
            Err(source) => errors.push(EndError {
                name: session.name.clone(),
                source,
            }),
        }
    }
    (ended, errors)
}
