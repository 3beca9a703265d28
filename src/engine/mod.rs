//! The container engine: narrow ports (traits) that the use-cases talk to, and their
//! implementation over the engine's API. The only module that knows bollard's client.

mod about;
mod between;
mod build_events;
mod classify;
mod containers;
mod context;
#[cfg(test)]
mod fake_containers;
#[cfg(test)]
pub(crate) mod fake_images;
mod fill;
mod images;
mod images_docker;
mod inside;
mod names;
mod parent;
mod spare;

pub use build_events::BuildEvent;
pub use classify::EngineError;
pub use containers::{Containers, Listed, Which};
#[cfg(test)]
pub use fake_containers::FakeContainers;
pub use images::{BuildFile, BuildRequest, FillRequest, Filler, Image, Images, Volume};
pub use parent::{Look, Member, Parents};
pub use spare::Attached;

use crate::model::EngineKind;
use std::path::Path;

/// A connection to one engine.
#[derive(Debug, Clone)]
pub struct Docker {
    client: bollard::Docker,
    kind: EngineKind,
}

/// The newest API that we know.
const NEWEST_API: u16 = 52;

/// Seconds that the engine may take for an answer: a container with a large volume, or an engine
/// under load, needs long.
const PATIENCE: u64 = 600;

impl Docker {
    /// Talk to the engine at `socket`, whose newest API is `1.<api>`.
    pub fn connect(socket: &Path, api: u16, kind: EngineKind) -> Result<Self, EngineError> {
        let version = bollard::ClientVersion {
            major_version: 1,
            minor_version: api.min(NEWEST_API).into(),
        };
        let path = socket.to_string_lossy();
        Ok(Self {
            client: bollard::Docker::connect_with_unix(&path, PATIENCE, &version)?,
            kind,
        })
    }
}
