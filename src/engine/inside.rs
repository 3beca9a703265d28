//! What goes on in a running container: a program beside the first one, its log, and the container
//! made again elsewhere.

use super::{Containers as _, Docker, EngineError};
use bollard::container::LogOutput;
use bollard::exec::{StartExecOptions, StartExecResults};
use bollard::models::{ContainerConfig, ContainerCreateBody, ExecConfig, HostConfig};
use bollard::query_parameters::{
    CreateContainerOptionsBuilder, LogsOptionsBuilder, RemoveContainerOptionsBuilder,
};
use futures_util::StreamExt as _;
use tokio::io::AsyncWriteExt as _;

/// An answer of more is none.
const LONGEST_ANSWER: usize = 128 * 1024;

impl Docker {
    /// Run a program in a container, hand it one line, and take one line of its output.
    pub async fn exec_line(
        &self,
        name: &str,
        command: &[&str],
        line: &str,
    ) -> Result<String, EngineError> {
        let config = ExecConfig {
            attach_stdin: Some(true),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            cmd: Some(command.iter().map(|word| (*word).to_owned()).collect()),
            ..ExecConfig::default()
        };
        let exec = self.client.create_exec(name, config).await?;
        let started = self.client.start_exec(&exec.id, None::<StartExecOptions>);
        let StartExecResults::Attached {
            mut output,
            mut input,
        } = started.await?
        else {
            return Err(EngineError::Refused("the program has no output".to_owned()));
        };
        let ended = |why: &str| EngineError::Unreachable(why.to_owned());
        let text = format!("{line}\n");
        let written = input.write_all(text.as_bytes()).await;
        written.map_err(|error| ended(&error.to_string()))?;
        let (mut answer, mut complaint) = (Vec::new(), Vec::new());
        while let Some(piece) = output.next().await {
            match piece? {
                LogOutput::StdErr { message } => complaint.extend_from_slice(&message),
                other => answer.extend_from_slice(&other.into_bytes()),
            }
            if let Some(end) = answer.iter().position(|byte| *byte == b'\n') {
                return Ok(String::from_utf8_lossy(&answer[..end]).into_owned());
            }
            if answer.len() > LONGEST_ANSWER {
                return Err(ended("an endless answer"));
            }
        }
        let complaint = String::from_utf8_lossy(&complaint);
        Err(ended(complaint.trim()))
    }

    /// Call `on_line` with every line of a container's log, those to come included with `follow`,
    /// until it says no.
    pub async fn log_lines(
        &self,
        name: &str,
        follow: bool,
        on_line: &mut dyn FnMut(&str) -> bool,
    ) -> Result<(), EngineError> {
        let options = LogsOptionsBuilder::new()
            .stdout(true)
            .stderr(true)
            .follow(follow)
            .build();
        let mut pieces = std::pin::pin!(self.client.logs(name, Some(options)));
        let mut pending = Vec::new();
        while let Some(piece) = pieces.next().await {
            pending.extend_from_slice(&piece?.into_bytes());
            while let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = pending.drain(..=end).collect();
                if !on_line(String::from_utf8_lossy(&line).trim_end()) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Make a container again, as the engine knows it, in the network namespace of `network_of`,
    /// and start it in the background. The old one goes once the new one runs.
    pub async fn made_again(&self, name: &str, network_of: &str) -> Result<(), EngineError> {
        let found = self.inspect(name).await?;
        let found = found.ok_or_else(|| EngineError::NotFound(name.to_owned()))?;
        let old = found.id.unwrap_or_default();
        let host = HostConfig {
            network_mode: Some(format!("container:{network_of}")),
            // Nobody is connected who would see how it ends.
            auto_remove: Some(false),
            ..found.host_config.unwrap_or_default()
        };
        let body = body(found.config.unwrap_or_default(), host);
        let aside = format!("{name}-stranded");
        self.rename(&old, &aside).await?;
        let options = CreateContainerOptionsBuilder::new().name(name).build();
        let made = async {
            let made = self.client.create_container(Some(options), body).await?;
            let started = super::Parents::start(self, &made.id).await;
            if started.is_err() {
                self.remove_quietly(&made.id).await;
            }
            started
        };
        let made = made.await;
        match made {
            Ok(()) => self.remove_quietly(&old).await,
            Err(_) => self.rename(&old, name).await?,
        }
        made
    }

    async fn remove_quietly(&self, id: &str) {
        let options = RemoveContainerOptionsBuilder::new()
            .force(true)
            .v(true)
            .build();
        let _ = self.client.remove_container(id, Some(options)).await;
    }
}

/// The request that makes a container of this configuration, with nobody connected to it. The
/// hostname is left out: it is the network namespace's.
fn body(config: ContainerConfig, host: HostConfig) -> ContainerCreateBody {
    ContainerCreateBody {
        user: config.user,
        tty: config.tty,
        open_stdin: config.open_stdin,
        stdin_once: Some(false),
        env: config.env,
        cmd: config.cmd,
        image: config.image,
        working_dir: config.working_dir,
        entrypoint: config.entrypoint,
        labels: config.labels,
        stop_signal: config.stop_signal,
        host_config: Some(host),
        ..ContainerCreateBody::default()
    }
}
