//! End the parent: its container goes, its volumes stay.

use super::{DaemonError, Parent};
use crate::engine::{Containers, EngineError, Member, Parents};
use crate::model::{Labels, is_spare, label_keys};

/// Seconds between SIGTERM and SIGKILL: the coordinator gives ChromaDB seven.
const PATIENCE: i32 = 15;

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// Whether there was one.
    pub was_there: bool,
    /// The running workers that lost their network.
    pub stranded: Vec<String>,
}

/// Everything that was started through this parent and has not been removed.
async fn started<E, L>(parent: &Parent<'_, E, L>) -> Result<Vec<Member>, EngineError>
where
    E: Parents,
{
    let mut labels: Labels = parent.labels.clone();
    labels.remove(label_keys::ROLE);
    labels.insert(label_keys::VIA.to_owned(), parent.name.to_string());
    parent.engine.members(&labels).await
}

/// Remove the spares of the pool, wherever the coordinator has left some; how many there were.
pub async fn sweep<E, L>(parent: &Parent<'_, E, L>) -> Result<usize, EngineError>
where
    E: Containers + Parents,
{
    let mut count = 0;
    for spare in started(parent).await? {
        if is_spare(&spare.labels, &spare.name) {
            // By its name, which a start that takes it takes away.
            parent.engine.remove(&spare.name, true).await?;
            count += 1;
        }
    }
    Ok(count)
}

/// The running sessions in this parent's network namespace.
pub async fn workers<E, L>(parent: &Parent<'_, E, L>) -> Result<Vec<Member>, EngineError>
where
    E: Parents,
{
    let session = |m: &Member| m.state == "running" && !is_spare(&m.labels, &m.name);
    let found = started(parent).await?.into_iter();
    let mut running: Vec<Member> = found.filter(session).collect();
    running.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(running)
}

/// Stop and remove it. Where workers run, only with `force`.
pub async fn stop<E, L>(parent: &Parent<'_, E, L>, force: bool) -> Result<Stopped, DaemonError>
where
    E: Containers + Parents,
{
    let Some(look) = parent.engine.look(parent.name.as_str()).await? else {
        sweep(parent).await?;
        return Ok(Stopped {
            was_there: false,
            stranded: Vec::new(),
        });
    };
    if !parent.ours(&look) {
        return Err(DaemonError::Foreign(parent.name.to_string()));
    }
    let workers = workers(parent).await?;
    let here = workers
        .into_iter()
        .filter(|worker| worker.network_of == look.id);
    let stranded: Vec<String> = here.map(|worker| worker.name).collect();
    if !stranded.is_empty() && !force {
        return Err(DaemonError::Workers(stranded));
    }
    match parent.engine.stop(&look.id, PATIENCE).await {
        Ok(()) | Err(EngineError::NotFound(_)) => {}
        Err(error) => return Err(error.into()),
    }
    parent.engine.remove(&look.id, true).await?;
    sweep(parent).await?;
    Ok(Stopped {
        was_there: true,
        stranded,
    })
}
