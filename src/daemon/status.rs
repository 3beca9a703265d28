//! How the parent is.

use super::{DaemonError, Link, Parent, workers};
use crate::engine::{Look, Parents};
use crate::ipc::{Answer, CallError, ChromaState, PROTOCOL, Reply, Request, Status, Worker};
use crate::model::label_keys;
use std::time::Duration;

/// How long a coordinator may take that is well.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long a start that could do without the parent waits for it.
const GLANCE: Duration = Duration::from_millis(300);

/// Everything that is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The container.
    pub look: Look,
    /// Whether it would be made otherwise today.
    pub outdated: bool,
    /// The coordinator's release, where it answers.
    pub version: Option<String>,
    /// What the coordinator says; the reason where it says nothing that is understood.
    pub status: Result<Status, String>,
    /// Sessions of this parent that run, whoever is asked.
    pub workers: Vec<Worker>,
}

/// Look at it and ask it; `None` where there is no container. Stranded workers are told of even
/// then.
pub async fn status<E, L>(
    parent: &Parent<'_, E, L>,
) -> Result<(Option<Report>, Vec<Worker>), DaemonError>
where
    E: Parents,
    L: Link,
{
    let (look, asked) = tokio::join!(
        parent.engine.look(parent.name.as_str()),
        parent.link.ask(&Request::Status, PATIENCE)
    );
    let look = look?;
    if let Some(look) = &look
        && !parent.ours(look)
    {
        return Err(DaemonError::Foreign(parent.name.to_string()));
    }
    let Some(look) = look else {
        return Ok((None, by_labels(parent, "").await?));
    };
    let version = asked.as_ref().ok().map(|reply| reply.version.clone());
    let status = match asked {
        Ok(reply) => understood(reply),
        Err(error) => Err(error.to_string()),
    };
    let workers = match &status {
        Ok(status) => status.workers.clone(),
        Err(_) => by_labels(parent, &look.id).await?,
    };
    let report = Report {
        outdated: parent.outdated(&look),
        look,
        version,
        status,
        workers: workers.clone(),
    };
    Ok((Some(report), workers))
}

fn understood(reply: Reply) -> Result<Status, String> {
    match reply.answer {
        Answer::Status(status) if reply.protocol == PROTOCOL => Ok(*status),
        Answer::Error { message, .. } => Err(message),
        _ => Err(CallError::another().to_string()),
    }
}

/// Where no coordinator answers, the labels still tell who the workers are.
async fn by_labels<E, L>(parent: &Parent<'_, E, L>, id: &str) -> Result<Vec<Worker>, DaemonError>
where
    E: Parents,
{
    let found = workers(parent).await?;
    let worker = |member: crate::engine::Member| Worker {
        project: member
            .labels
            .get(label_keys::PROJECT)
            .cloned()
            .unwrap_or_default(),
        running: true,
        stranded: member.network_of != id,
        name: member.name,
    };
    Ok(found.into_iter().map(worker).collect())
}

/// Whether a session can be started through it, at a glance.
pub async fn healthy(link: &impl Link) -> bool {
    let request = Request::WaitReady { seconds: 0 };
    match link.ask(&request, GLANCE).await {
        Ok(Reply {
            protocol: PROTOCOL,
            answer: Answer::Status(status),
            ..
        }) => status.chroma.state == ChromaState::Ready,
        _ => false,
    }
}
