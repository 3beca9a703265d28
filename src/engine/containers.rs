//! Containers: found by their labels, looked at, made, ended.

use super::between::settled;
use super::{Docker, EngineError};
use crate::dockercli::CreateRequest;
use crate::model::Labels;
use bollard::query_parameters::{
    CreateContainerOptionsBuilder, EventsOptionsBuilder, InspectContainerOptions,
    KillContainerOptionsBuilder, ListContainersOptionsBuilder, RemoveContainerOptionsBuilder,
    RenameContainerOptionsBuilder, StopContainerOptionsBuilder, WaitContainerOptionsBuilder,
};
use futures_util::StreamExt;
use std::collections::HashMap;

/// A container in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its full id.
    pub id: String,
    /// Its name, without the slash that the API puts in front.
    pub name: String,
    /// The image it was made from, as it was called then.
    pub image: String,
    /// Its labels.
    pub labels: Labels,
    /// Whether it runs.
    pub running: bool,
    /// The engine's words for its state (`Up 5 minutes`, `Exited (1) 2 hours ago`).
    pub status: String,
    /// When it was made, in seconds since 1970.
    pub created: i64,
}

/// Which containers to list; all conditions hold together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// With these labels.
    Labelled(Labels),
    /// Whose name begins like this.
    Named(String),
}

/// What the use-cases need of an engine's containers.
#[expect(
    async_fn_in_trait,
    reason = "one thread and static dispatch: no bounds are needed"
)]
pub trait Containers {
    /// Running and ended containers.
    async fn containers(&self, which: &Which) -> Result<Vec<Listed>, EngineError>;

    /// Make a container without starting it; its id.
    async fn create(&self, request: &CreateRequest) -> Result<String, EngineError>;

    /// End a container: SIGTERM, and SIGKILL after `seconds`.
    async fn stop(&self, name: &str, seconds: i32) -> Result<(), EngineError>;

    /// Tell a container's command that its terminal is gone: SIGHUP.
    async fn hang_up(&self, name: &str) -> Result<(), EngineError>;

    /// Remove a container that has ended; with `force` a running one too.
    async fn remove(&self, name: &str, force: bool) -> Result<(), EngineError>;

    /// Give a container another name. Of two that do this at once, by the name that it has, only
    /// one succeeds.
    async fn rename(&self, name: &str, new: &str) -> Result<(), EngineError>;

    /// Whether the engine runs without root (docker docs, "Rootless mode").
    async fn rootless(&self) -> Result<bool, EngineError>;
}

impl Containers for Docker {
    async fn containers(&self, which: &Which) -> Result<Vec<Listed>, EngineError> {
        let (kind, values): (&str, Vec<String>) = match which {
            Which::Labelled(labels) => (
                "label",
                labels
                    .iter()
                    .map(|(key, value)| format!("{key}={value}"))
                    .collect(),
            ),
            // The engine reads names as regular expressions; every letter of ours stands for itself.
            Which::Named(prefix) => ("name", vec![format!("^/?{}", prefix.replace('.', "\\."))]),
        };
        let filters = HashMap::from([(kind.to_owned(), values)]);
        let options = ListContainersOptionsBuilder::new()
            .all(true)
            .filters(&filters)
            .build();
        let found = settled(|| self.client.list_containers(Some(options.clone()))).await?;
        Ok(found.into_iter().map(listed).collect())
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, EngineError> {
        let options = CreateContainerOptionsBuilder::new()
            .name(&request.name)
            .build();
        let made = self
            .client
            .create_container(Some(options), request.body.clone())
            .await?;
        Ok(made.id)
    }

    async fn stop(&self, name: &str, seconds: i32) -> Result<(), EngineError> {
        let options = StopContainerOptionsBuilder::new().t(seconds).build();
        match self.client.stop_container(name, Some(options)).await {
            // 304: it had ended already.
            Err(bollard::errors::Error::DockerResponseServerError {
                status_code: 304, ..
            })
            | Ok(()) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn hang_up(&self, name: &str) -> Result<(), EngineError> {
        let options = KillContainerOptionsBuilder::new().signal("SIGHUP").build();
        self.client.kill_container(name, Some(options)).await?;
        Ok(())
    }

    async fn remove(&self, name: &str, force: bool) -> Result<(), EngineError> {
        let options = RemoveContainerOptionsBuilder::new()
            .force(force)
            .v(true)
            .build();
        match self.client.remove_container(name, Some(options)).await {
            Ok(()) => Ok(()),
            Err(error) => match EngineError::from(error) {
                EngineError::NotFound(_) => Ok(()),
                // `--rm` is removing it at this moment; until that is done it has its name.
                EngineError::Conflict(message) if message.contains("already in progress") => {
                    self.removed(name).await;
                    Ok(())
                }
                error => Err(error),
            },
        }
    }

    async fn rename(&self, name: &str, new: &str) -> Result<(), EngineError> {
        let options = RenameContainerOptionsBuilder::new().name(new).build();
        Ok(self.client.rename_container(name, options).await?)
    }

    async fn rootless(&self) -> Result<bool, EngineError> {
        let options = self
            .client
            .info()
            .await?
            .security_options
            .unwrap_or_default();
        Ok(options.iter().any(|option| option.contains("rootless")))
    }
}

/// Seconds that the engine may take to remove a container that has ended.
const REMOVAL: u64 = 10;

/// Ask for one container by name or id, in the engine's own words.
impl Docker {
    /// Wait until something happens to a container (docker-events(1)), later than `since`.
    ///
    /// `resize`: docker's client sets the size of the terminal when it has attached (docker/cli
    /// `container/attach.go`, `resizeTTY`), so that what the container writes from then on is seen.
    pub async fn happens(&self, event: &str, name: &str, since: &str) -> Result<(), EngineError> {
        let filters = about(event, name);
        let options = EventsOptionsBuilder::new()
            .since(since)
            .filters(&filters)
            .build();
        let mut events = std::pin::pin!(self.client.events(Some(options)));
        match events.next().await {
            Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(error.into()),
            None => Err(EngineError::Unreachable(
                "the stream of events ended".to_owned(),
            )),
        }
    }

    /// Whether something has happened to a container between two moments.
    pub async fn happened(
        &self,
        event: &str,
        name: &str,
        [since, until]: [&str; 2],
    ) -> Result<bool, EngineError> {
        let filters = about(event, name);
        let options = EventsOptionsBuilder::new()
            .since(since)
            .until(until)
            .filters(&filters)
            .build();
        let mut events = std::pin::pin!(self.client.events(Some(options)));
        Ok(events.next().await.transpose()?.is_some())
    }

    /// Send SIGCONT to a container's first process, which passes it on.
    pub async fn resume(&self, name: &str) -> Result<(), EngineError> {
        let options = KillContainerOptionsBuilder::new().signal("SIGCONT").build();
        self.client.kill_container(name, Some(options)).await?;
        Ok(())
    }

    /// Wait until a container that is being removed is gone, or for as long as that should take.
    async fn removed(&self, name: &str) {
        let options = WaitContainerOptionsBuilder::new()
            .condition("removed")
            .build();
        let mut gone = self.client.wait_container(name, Some(options));
        let patience = std::time::Duration::from_secs(REMOVAL);
        // An error is an answer, too: it is not there any more.
        let _ = tokio::time::timeout(patience, gone.next()).await;
    }

    /// What the engine says about a container; `None` where there is none.
    pub async fn inspect(
        &self,
        name: &str,
    ) -> Result<Option<bollard::models::ContainerInspectResponse>, EngineError> {
        let options = None::<InspectContainerOptions>;
        match settled(|| self.client.inspect_container(name, options.clone())).await {
            Ok(found) => Ok(Some(found)),
            Err(error) => match EngineError::from(error) {
                EngineError::NotFound(_) => Ok(None),
                error => Err(error),
            },
        }
    }
}

/// The filter for one event of one container.
fn about(event: &str, name: &str) -> HashMap<String, Vec<String>> {
    HashMap::from([
        ("container".to_owned(), vec![name.to_owned()]),
        ("event".to_owned(), vec![event.to_owned()]),
    ])
}

fn listed(summary: bollard::models::ContainerSummary) -> Listed {
    let names = summary.names.unwrap_or_default();
    // Links give a container further names, with more slashes in them.
    let own = names.iter().min_by_key(|name| name.matches('/').count());
    let state = summary
        .state
        .map(|state| state.to_string())
        .unwrap_or_default();
    Listed {
        id: summary.id.unwrap_or_default(),
        name: own
            .map(|name| name.trim_start_matches('/').to_owned())
            .unwrap_or_default(),
        image: summary.image.unwrap_or_default(),
        labels: summary.labels.unwrap_or_default().into_iter().collect(),
        running: matches!(state.as_str(), "running" | "paused" | "restarting"),
        status: summary.status.unwrap_or_default(),
        created: summary.created.unwrap_or_default(),
    }
}
