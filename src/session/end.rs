//! Sessions ended: stopped with time to finish, then removed.

use super::Session;
use crate::engine::{Containers, EngineError, Which};
use crate::model::ContainerSpec;

/// Seconds between SIGTERM and SIGKILL: docker's own default.
const PATIENCE: i32 = 10;

/// What a shell is called in the label `hal9000.command`. An interactive shell ignores SIGTERM,
/// and ends with its terminal (bash(1), "Signals").
const SHELL: &str = "shell";

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
            if session.command == SHELL {
                // It may have ended meanwhile; whether it did, `stop` finds out.
                let _ = engine.hang_up(&session.id).await;
            }
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

/// Remove the container that `docker run --detach` made and could not start, as for a port that is
/// taken: docker keeps it. One that had the name before has other labels, or was started.
pub async fn discard_unstarted(
    engine: &impl Containers,
    spec: &ContainerSpec,
) -> Result<(), EngineError> {
    let same = Which::Labelled(spec.labels.clone());
    for found in engine.containers(&same).await? {
        if found.name == spec.name.as_str() && found.status == "Created" {
            engine.remove(&found.id, false).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::FakeContainers;

    fn session(name: &str, command: &str, running: bool) -> Session {
        Session {
            name: name.to_owned(),
            project: "/p".to_owned(),
            running,
            status: String::new(),
            command: command.to_owned(),
            profile: String::new(),
            image: String::new(),
            created: 0,
            id: name.to_owned(),
            inside: name.to_owned(),
        }
    }

    #[tokio::test]
    async fn only_a_running_shell_is_hung_up() {
        for (command, running, expected) in [
            ("shell", true, vec!["hang up a", "stop a", "remove a"]),
            ("claude", true, vec!["stop a", "remove a"]),
            ("command", true, vec!["stop a", "remove a"]),
            ("shell", false, vec!["remove a"]),
        ] {
            let engine = FakeContainers::default();
            let (ended, errors) = end(&engine, &[session("a", command, running)]).await;
            assert_eq!((ended, errors.len()), (vec!["a".to_owned()], 0));
            assert_eq!(*engine.done.borrow(), expected, "{command}");
        }
    }
}
