//! Have a parent that is ready: found, or made. Two that do this at once end with the same one:
//! the engine gives its name to one container only, and whoever comes second waits for it.

use super::{DaemonError, Link, Parent};
use crate::dockercli::create_request;
use crate::engine::{Containers, EngineError, Look, Parents};
use crate::ipc::{Answer, CallError, ChromaState, PROTOCOL, Request};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long everything may take: a loaded engine needs seconds.
const PATIENCE: Duration = Duration::from_secs(90);

/// How often is looked again.
const SOON: Duration = Duration::from_millis(15);

/// How long a container of the name may stay made and not started, before it is a leftover.
const UNSTARTED: Duration = Duration::from_secs(5);

/// A parent that is ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// Whether it ran before.
    pub ran: bool,
    /// The port of the host at which ChromaDB answers.
    pub port: Option<u16>,
    /// Whether it would be made otherwise today.
    pub outdated: bool,
}

/// Start it, unless it runs; return when ChromaDB answers.
pub async fn start<E, L>(parent: &Parent<'_, E, L>) -> Result<Started, DaemonError>
where
    E: Containers + Parents,
    L: Link,
{
    let began = Instant::now();
    let mut ports = parent.ports.iter().copied();
    let mut port = ports.next().unwrap_or_default();
    let mut made = false;
    let mut unstarted: Option<Instant> = None;
    while began.elapsed() < PATIENCE {
        let Some(look) = parent.engine.look(parent.name.as_str()).await? else {
            match made_at(parent, port).await {
                Ok(()) => made = true,
                Err(Refused::Port) => {
                    let none = DaemonError::NoPort {
                        first: parent.ports.first().copied().unwrap_or_default(),
                        last: port,
                    };
                    port = ports.next().ok_or(none)?;
                }
                // Somebody else has the name: the next look shows whom.
                Err(Refused::Name) => sleep(SOON).await,
                Err(Refused::Engine(error)) => return Err(error.into()),
            }
            continue;
        };
        if !parent.ours(&look) {
            return Err(DaemonError::Foreign(parent.name.to_string()));
        }
        if look.running() {
            wait_ready(parent, began).await?;
            return Ok(Started {
                ran: !made,
                port: look.port,
                outdated: !made && parent.outdated(&look),
            });
        }
        if made && look.state == "exited" {
            return Err(died(parent, &look));
        }
        // Another start is about to start what it has made.
        let since = *unstarted.get_or_insert_with(Instant::now);
        if look.state == "created" && since.elapsed() < UNSTARTED {
            sleep(SOON).await;
            continue;
        }
        // By id: the name may be another one's by now.
        parent.engine.remove(&look.id, true).await?;
    }
    Err(DaemonError::Late(PATIENCE.as_secs()))
}

enum Refused {
    Port,
    Name,
    Engine(EngineError),
}

/// Make and start it at this port. What cannot be started is removed.
async fn made_at<E, L>(parent: &Parent<'_, E, L>, port: u16) -> Result<(), Refused>
where
    E: Containers + Parents,
{
    let request = create_request(&(parent.spec)(port));
    let id = match parent.engine.create(&request).await {
        Ok(id) => id,
        Err(EngineError::Conflict(_)) => return Err(Refused::Name),
        Err(error) => return Err(Refused::Engine(error)),
    };
    let Err(error) = parent.engine.start(&id).await else {
        return Ok(());
    };
    let message = error.to_string();
    let taken = message.contains("port is already allocated")
        || message.contains("address already in use")
        || message.contains("Ports are not available");
    let _ = parent.engine.remove(&id, true).await;
    Err(if taken {
        Refused::Port
    } else {
        Refused::Engine(error)
    })
}

/// Return when ChromaDB answers.
pub(super) async fn wait_ready<E, L>(
    parent: &Parent<'_, E, L>,
    began: Instant,
) -> Result<(), DaemonError>
where
    E: Parents,
    L: Link,
{
    while began.elapsed() < PATIENCE {
        let seconds = 20;
        let request = Request::WaitReady { seconds };
        let patience = Duration::from_secs(u64::from(seconds) + 5);
        match parent.link.ask(&request, patience).await {
            Ok(reply) if reply.protocol != PROTOCOL => {
                let version = reply.version;
                return Err(DaemonError::Stale { version });
            }
            Ok(reply) => match reply.answer {
                Answer::Status(status) => match status.chroma.state {
                    ChromaState::Ready => return Ok(()),
                    ChromaState::Failed => {
                        let problem = status.chroma.problem.unwrap_or_default();
                        return Err(DaemonError::Chroma { problem });
                    }
                    _ => {}
                },
                Answer::Error { message, .. } => return Err(DaemonError::Refused(message)),
                _ => {}
            },
            // Not yet, or no more.
            Err(CallError::Unreachable(_) | CallError::Late) => alive(parent).await?,
            Err(error) => return Err(error.into()),
        }
        sleep(SOON).await;
    }
    Err(DaemonError::Late(PATIENCE.as_secs()))
}

async fn alive<E, L>(parent: &Parent<'_, E, L>) -> Result<(), DaemonError>
where
    E: Parents,
{
    let look = parent.engine.look(parent.name.as_str()).await?;
    let ended =
        |look: &Look| !look.running() || (look.state == "restarting" && look.exit_code != 0);
    match look {
        None => Err(DaemonError::NotRunning),
        Some(look) if ended(&look) => Err(died(parent, &look)),
        Some(_) => Ok(()),
    }
}

fn died<E, L>(parent: &Parent<'_, E, L>, look: &Look) -> DaemonError {
    DaemonError::Died {
        name: parent.name.to_string(),
        status: look.exit_code,
    }
}
