//! Start the services again, or, where its image changed, the whole parent; and workers whose
//! network is gone.

use super::{DaemonError, Link, Parent, Started, start, stop};
use crate::engine::{Containers, Docker, EngineError, Look, Member, Parents};
use crate::ipc::{Answer, Request};
use std::time::Duration;
use tokio::time::Instant;

/// How long the coordinator may take to take note.
const PATIENCE: Duration = Duration::from_secs(5);

/// What was started again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Restarted {
    /// The services inside; the namespace and the workers stayed.
    Services,
    /// The container, from another image or description.
    Container(Started),
}

/// Start it again; the whole container only where it would be made otherwise today, and where
/// workers run only with `force`.
pub async fn restart<E, L>(parent: &Parent<'_, E, L>, force: bool) -> Result<Restarted, DaemonError>
where
    E: Containers + Parents,
    L: Link,
{
    let look = parent.engine.look(parent.name.as_str()).await?;
    let look = look.filter(Look::running).ok_or(DaemonError::NotRunning)?;
    if !parent.ours(&look) {
        return Err(DaemonError::Foreign(parent.name.to_string()));
    }
    if parent.outdated(&look) {
        stop(parent, force).await?;
        return Ok(Restarted::Container(start(parent).await?));
    }
    let reply = parent.link.ask(&Request::RestartServices, PATIENCE).await?;
    if let Answer::Error { message, .. } = reply.answer {
        return Err(DaemonError::Refused(message));
    }
    super::start::wait_ready(parent, Instant::now()).await?;
    Ok(Restarted::Services)
}

/// A worker that was started again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revived {
    /// Its name.
    pub name: String,
    /// Whether it is another container now: the old one could not join the new namespace.
    pub made_anew: bool,
}

/// Start a stranded worker again in the network namespace of the parent that runs. What ran in it
/// is lost; its project and Claude's state are not.
pub async fn revive(
    engine: &Docker,
    parent: &str,
    parent_id: &str,
    worker: &Member,
) -> Result<Revived, EngineError> {
    let made_anew = worker.network_of != parent_id;
    if made_anew {
        engine.made_again(&worker.name, parent).await?;
    } else {
        engine.restart(&worker.id).await?;
    }
    Ok(Revived {
        name: worker.name.clone(),
        made_anew,
    })
}
