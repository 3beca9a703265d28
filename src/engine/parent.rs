//! What the parent needs of the engine, besides what sessions need: looked at, started, watched.

use super::between::settled;
use super::{Docker, EngineError};
use crate::model::Labels;
use bollard::query_parameters::{
    EventsOptionsBuilder, ListContainersOptionsBuilder, RestartContainerOptions,
    StartContainerOptions,
};
use futures_util::StreamExt as _;
use std::collections::HashMap;

/// One container, looked at closely.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// Its full id.
    pub id: String,
    /// The id of its image.
    pub image: String,
    /// Its labels.
    pub labels: Labels,
    /// The engine's word: `created`, `running`, `restarting`, `exited`, …
    pub state: String,
    /// When it was started last, as the engine writes it, digits padded so that it can be compared.
    pub started: String,
    /// The exit status of its last run.
    pub exit_code: i64,
    /// The port of the host at which its first published port is.
    pub port: Option<u16>,
    /// Whether it was made for a client with pipes: not for a terminal, not for the background.
    pub piped: bool,
}

impl Look {
    /// Whether it runs, or is about to.
    pub fn running(&self) -> bool {
        matches!(self.state.as_str(), "running" | "restarting" | "paused")
    }
}

/// A container with the network that it is in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Member {
    /// Its full id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: Labels,
    /// The engine's word for its state.
    pub state: String,
    /// The id of the container whose network namespace it is in; empty for a network of its own.
    pub network_of: String,
    /// When it was made, in seconds since 1970.
    pub created: i64,
}

/// What the use-cases need of an engine around the parent.
#[expect(
    async_fn_in_trait,
    reason = "one thread and static dispatch: no bounds are needed"
)]
pub trait Parents {
    /// The container of exactly this name or id.
    async fn look(&self, name: &str) -> Result<Option<Look>, EngineError>;

    /// Containers with these labels, ended ones too.
    async fn members(&self, labels: &Labels) -> Result<Vec<Member>, EngineError>;

    /// Start a container that was made; nothing where it runs already.
    async fn start(&self, id: &str) -> Result<(), EngineError>;

    /// End a container and start it again.
    async fn restart(&self, id: &str) -> Result<(), EngineError>;
}

impl Parents for Docker {
    async fn look(&self, name: &str) -> Result<Option<Look>, EngineError> {
        let Some(found) = self.inspect(name).await? else {
            return Ok(None);
        };
        let own_name = found.name.unwrap_or_default();
        let id = found.id.unwrap_or_default();
        // The engine also takes an id's beginning for a name.
        if own_name.trim_start_matches('/') != name && id != name {
            return Ok(None);
        }
        let state = found.state.unwrap_or_default();
        let bindings = found.host_config.and_then(|config| config.port_bindings);
        let mut ports = bindings
            .unwrap_or_default()
            .into_values()
            .flatten()
            .flatten();
        let config = found.config.unwrap_or_default();
        Ok(Some(Look {
            image: found.image.unwrap_or_default(),
            piped: config.attach_stdout == Some(true) && config.tty != Some(true),
            labels: config.labels.unwrap_or_default().into_iter().collect(),
            state: state.status.map(|s| s.to_string()).unwrap_or_default(),
            started: comparable(&state.started_at.unwrap_or_default()),
            exit_code: state.exit_code.unwrap_or_default(),
            port: ports.find_map(|port| port.host_port?.parse().ok()),
            id,
        }))
    }

    async fn members(&self, labels: &Labels) -> Result<Vec<Member>, EngineError> {
        let options = ListContainersOptionsBuilder::new()
            .all(true)
            .filters(&by_label(labels))
            .build();
        let found = settled(|| self.client.list_containers(Some(options.clone()))).await?;
        let mut members = Vec::new();
        for summary in found {
            let names = summary.names.unwrap_or_default();
            let own = names.iter().min_by_key(|name| name.matches('/').count());
            let id = summary.id.unwrap_or_default();
            let network = match summary.host_config {
                Some(config) => config.network_mode,
                // Podman's list is silent on it.
                None => self.network_mode(&id).await?,
            };
            let network_of = network
                .as_deref()
                .and_then(|n| n.strip_prefix("container:"));
            members.push(Member {
                id,
                name: own
                    .map_or("", |name| name.trim_start_matches('/'))
                    .to_owned(),
                labels: summary.labels.unwrap_or_default().into_iter().collect(),
                state: summary.state.map(|s| s.to_string()).unwrap_or_default(),
                network_of: network_of.unwrap_or_default().to_owned(),
                created: summary.created.unwrap_or_default(),
            });
        }
        Ok(members)
    }

    async fn start(&self, id: &str) -> Result<(), EngineError> {
        let options = None::<StartContainerOptions>;
        match self.client.start_container(id, options).await {
            Ok(())
            // 304: it runs already.
            | Err(bollard::errors::Error::DockerResponseServerError { status_code: 304, .. }) => {
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn restart(&self, id: &str) -> Result<(), EngineError> {
        let options = None::<RestartContainerOptions>;
        Ok(self.client.restart_container(id, options).await?)
    }
}

impl Docker {
    async fn network_mode(&self, id: &str) -> Result<Option<String>, EngineError> {
        let found = self.inspect(id).await?;
        Ok(found
            .and_then(|found| found.host_config)
            .and_then(|config| config.network_mode))
    }

    /// Call `on_event` with the action and the id for everything that happens to containers with
    /// these labels. Returns when the connection to the engine ends.
    pub async fn container_events(
        &self,
        labels: &Labels,
        on_event: &mut dyn FnMut(&str, &str),
    ) -> Result<(), EngineError> {
        let mut filters = by_label(labels);
        filters.insert("type".to_owned(), vec!["container".to_owned()]);
        let options = EventsOptionsBuilder::new().filters(&filters).build();
        let mut events = std::pin::pin!(self.client.events(Some(options)));
        while let Some(event) = events.next().await {
            let event = event?;
            let actor = event.actor.unwrap_or_default();
            on_event(
                &event.action.unwrap_or_default(),
                &actor.id.unwrap_or_default(),
            );
        }
        Ok(())
    }
}

fn by_label(labels: &Labels) -> HashMap<String, Vec<String>> {
    let labels = labels.iter().map(|(key, value)| format!("{key}={value}"));
    HashMap::from([("label".to_owned(), labels.collect())])
}

/// The engine's `2026-11-22T16:31:10.5718Z`, with nine digits of a second always: the engine leaves
/// zeros at the end out, and then texts do not compare as times do.
fn comparable(time: &str) -> String {
    let (seconds, fraction) = time
        .trim_end_matches('Z')
        .split_once('.')
        .unwrap_or((time, ""));
    format!("{}.{fraction:0<9}", seconds.trim_end_matches('Z'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_compare_as_texts() {
        let times = [
            "2026-11-22T16:31:10Z",
            "2026-11-22T16:31:10.5Z",
            "2026-11-22T16:31:10.500000001Z",
            "2026-11-22T16:31:10.51Z",
            "2026-11-22T16:31:11Z",
        ];
        let texts: Vec<String> = times.iter().map(|time| comparable(time)).collect();
        assert!(texts.is_sorted_by(|a, b| a < b), "{texts:?}");
    }
}
