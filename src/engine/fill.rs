//! A volume filled from an image, by the container whose content it becomes.
//!
//! Docker copies when that container is made. Podman copies when it starts (measured with 4.3 and
//! 5.4), so there it is run: whoever finds it made and not ended starts it and waits, which two may
//! do at once, and which goes on where somebody else was stopped.

use super::Docker;
use super::images_docker::PATIENCE;
use bollard::errors::Error;
use bollard::query_parameters::{StartContainerOptions, WaitContainerOptionsBuilder};
use futures_util::StreamExt as _;

impl Docker {
    /// Have what the container `name` fills be full, where that takes its start.
    pub(super) async fn fill(&self, name: &str) -> Result<(), Error> {
        if !self.kind.fills_at_start() {
            return Ok(());
        }
        let client = self.client.clone().with_timeout(PATIENCE);
        match client
            .start_container(name, None::<StartContainerOptions>)
            .await
        {
            // 304: it runs already.
            Ok(())
            | Err(Error::DockerResponseServerError {
                status_code: 304, ..
            }) => {}
            Err(error) => return Err(error),
        }
        let options = WaitContainerOptionsBuilder::new()
            .condition("not-running")
            .build();
        let mut ended = std::pin::pin!(client.wait_container(name, Some(options)));
        ended.next().await.transpose().map(drop)
    }
}
