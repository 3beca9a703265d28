//! What the warm pool needs of the engine: a container on a terminal of ours, a file in it looked
//! at, its memory.

use super::{Docker, EngineError};
use bollard::container::{AttachContainerResults, LogOutput};
use bollard::errors::Error;
use bollard::query_parameters::{
    AttachContainerOptionsBuilder, ContainerArchiveInfoOptionsBuilder,
    ResizeContainerTTYOptionsBuilder, StatsOptionsBuilder,
};
use futures_util::StreamExt as _;
use tokio::io::AsyncWriteExt as _;

/// Our end of a container's terminal.
pub struct Attached {
    ends: AttachContainerResults,
}

impl std::fmt::Debug for Attached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attached").finish_non_exhaustive()
    }
}

impl Attached {
    /// What was written next; `None` where the container has ended.
    pub async fn read(&mut self) -> Result<Option<Vec<u8>>, EngineError> {
        let piece = self.ends.output.next().await.transpose()?;
        Ok(piece.map(|piece: LogOutput| piece.into_bytes().to_vec()))
    }

    /// Type.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), EngineError> {
        let written = self.ends.input.write_all(bytes).await;
        written.map_err(|error| EngineError::Unreachable(error.to_string()))
    }
}

impl Docker {
    /// Start a container on a terminal of this size that is ours: nothing that it writes is missed.
    pub async fn start_attached(
        &self,
        id: &str,
        rows: u16,
        columns: u16,
    ) -> Result<Attached, EngineError> {
        let options = AttachContainerOptionsBuilder::new()
            .stream(true)
            .stdin(true)
            .stdout(true)
            .stderr(true)
            .build();
        let ends = self.client.attach_container(id, Some(options)).await?;
        super::Parents::start(self, id).await?;
        let size = ResizeContainerTTYOptionsBuilder::new()
            .h(rows.into())
            .w(columns.into())
            .build();
        self.client.resize_container_tty(id, size).await?;
        Ok(Attached { ends })
    }

    /// The size of a file in a container and the time when it was changed, in the engine's words;
    /// `None` where there is none.
    pub async fn file(&self, name: &str, path: &str) -> Result<Option<String>, EngineError> {
        let options = ContainerArchiveInfoOptionsBuilder::new().path(path).build();
        let found = self
            .client
            .get_container_archive_info(name, Some(options))
            .await;
        match found {
            Ok(found) => {
                let changed = found.modification_time.unwrap_or_default();
                Ok(Some(format!("{} {changed}", found.size)))
            }
            // 404 for the file, which has no body, as for the container.
            Err(Error::DockerResponseServerError {
                status_code: 404, ..
            }) => Ok(None),
            Err(error) => Err(error.into()),
        }
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
        let count = |name: &str| memory.stats.as_ref().and_then(|s| s.get(name).copied());
        // docker's own way (docker/cli `container/stats_helpers.go`): control groups of version 1,
        // else 2.
        let idle = count("total_inactive_file").or_else(|| count("inactive_file"));
        let idle = idle.unwrap_or_default();
        Ok(memory.usage.map(|usage| usage.saturating_sub(idle)))
    }
}
