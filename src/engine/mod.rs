//! The container engine: narrow ports (traits) that the use-cases talk to, and their
//! implementation over the engine's API. The only module that knows bollard's client.

mod classify;

pub use classify::EngineError;

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
