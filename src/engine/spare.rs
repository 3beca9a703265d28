//! What the warm pool needs of the engine: a container's screen watched, its terminal's size, its
//! memory.

use super::{Docker, EngineError};
use bollard::query_parameters::{
    AttachContainerOptionsBuilder, ResizeContainerTTYOptionsBuilder, StatsOptionsBuilder,
};
use futures_util::StreamExt as _;

impl Docker {
    /// Start a container and call `on_output` with everything that it writes on its terminal, until
    /// that says that it has seen enough. Fails where the container ends before.
    pub async fn start_watched(
        &self,
        id: &str,
        rows: u16,
        columns: u16,
        on_output: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Result<(), EngineError> {
        let options = AttachContainerOptionsBuilder::new()
            .stream(true)
            .stdout(true)
            .stderr(true)
            .build();
        // Before it is started: nothing that it writes is missed.
        let mut watched = self.client.attach_container(id, Some(options)).await?;
        super::Parents::start(self, id).await?;
        if rows > 0 && columns > 0 {
            let size = ResizeContainerTTYOptionsBuilder::new()
                .h(rows.into())
                .w(columns.into())
                .build();
            self.client.resize_container_tty(id, size).await?;
        }
        while let Some(piece) = watched.output.next().await {
            if on_output(&piece?.into_bytes()) {
                return Ok(());
            }
        }
        Err(EngineError::Refused("it ended".to_owned()))
    }

    /// The bytes of memory of a container that runs, without what the kernel only keeps because
    /// nobody else needs the room.
    pub async fn memory(&self, name: &str) -> Result<Option<u64>, EngineError> {
        let options = StatsOptionsBuilder::new()
            .stream(false)
            .one_shot(true)
            .build();
        let mut stats = std::pin::pin!(self.client.stats(name, Some(options)));
        let Some(found) = stats.next().await else {
            return Ok(None);
        };
        let memory = found?.memory_stats.unwrap_or_default();
        let count = |name: &str| {
            memory
                .stats
                .as_ref()
                .and_then(|stats| stats.get(name).copied())
        };
        // docker's own way (docker/cli `container/stats_helpers.go`): control groups of version 1,
        // else 2.
        let idle = count("total_inactive_file").or_else(|| count("inactive_file"));
        Ok(memory
            .usage
            .map(|usage| usage.saturating_sub(idle.unwrap_or_default())))
    }
}
