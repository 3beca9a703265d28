//! What was found on the machine before anything was decided.

use crate::model::{ContainerName, EngineKind, Identity, Instance, Origin, ProjectDir};
use crate::terminal::Answers;
use std::collections::BTreeMap;

/// Who called, and with what environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The name from which `<userhash>` is made.
    pub name: String,
    /// The caller's uid and gid.
    pub identity: Identity,
    /// The home directory, where there is one.
    pub home: Option<String>,
    /// Whether standard input and output are a terminal.
    pub terminal: bool,
    /// The environment, as far as it is text.
    pub environment: BTreeMap<String, String>,
    /// The zone of the machine's clock (`Europe/Berlin`), where it can be told.
    pub timezone: Option<String>,
}

/// The image of the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its reference.
    pub reference: String,
    /// The profile it belongs to; `None` for the user's own image.
    pub profile: Option<String>,
    /// Why this one.
    pub origin: Origin,
}

/// Everything that a plan is made from, besides the request and the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The project.
    pub project: ProjectDir,
    /// Who owns the project's directory.
    pub project_owner: Identity,
    /// Who called.
    pub caller: Caller,
    /// The instance.
    pub instance: Instance,
    /// Options of the docker client that select the engine (`--context`, `--host`).
    pub client: Vec<String>,
    /// Which engine it is.
    pub engine: EngineKind,
    /// The engine's socket as a path on the engine's machine.
    pub socket: String,
    /// The directory, on this machine, of the guards' socket directories; none where a socket of this
    /// machine cannot be had in a container.
    pub guards: Option<String>,
    /// Whether the engine runs without root: then the container's root is the host's user.
    pub rootless: bool,
    /// The image of the session.
    pub image: Image,
    /// The volume with Claude, docker and hal-9000.
    pub runtime_volume: String,
    /// The parent to start through; none where there is none, or none that is well.
    pub parent: Option<ContainerName>,
    /// What the terminal has answered; none where it was not asked, or is mute.
    pub terminal: Option<Answers>,
}
