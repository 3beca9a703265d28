//! The container engine: narrow ports (traits) that the use-cases talk to, and their
//! implementation over the engine's API. The only module that knows bollard's client.

mod build_events;
mod classify;
mod context;
#[cfg(test)]
pub(crate) mod fake_images;
mod images;
mod images_docker;

pub use build_events::BuildEvent;
pub use classify::EngineError;
pub use images::{BuildFile, BuildRequest, FillRequest, Filler, Image, Images, Volume};

/// A connection to one engine, with the API version negotiated.
#[derive(Debug, Clone)]
pub struct Docker {
    client: bollard::Docker,
}

impl Docker {
    /// Wrap a client whose API version has been negotiated.
    pub fn new(client: bollard::Docker) -> Self {
        Self { client }
    }
}
