//! The parent, from the host: started, stopped, started again, asked how it is. Talks to ports
//! only; never prints, never reads the environment.

mod error;
mod link;
mod pool;
mod restart;
mod start;
mod status;
mod stop;

pub use error::DaemonError;
pub use link::{ByEngine, Link};
pub use pool::{claim, pool, warm};
pub use restart::{Restarted, Revived, restart, revive};
pub use start::{Started, start};
pub use status::{Report, healthy, status};
pub use stop::{Stopped, stop, sweep, workers};

use crate::engine::Look;
use crate::model::{ContainerName, ContainerSpec, Labels};

/// One parent: what it would be made as, and how it is reached.
pub struct Parent<'a, E, L> {
    /// The engine.
    pub engine: &'a E,
    /// The way to its coordinator.
    pub link: &'a L,
    /// Its name.
    pub name: ContainerName,
    /// The labels that make it ours.
    pub labels: Labels,
    /// Its description, at a port of the host.
    pub spec: &'a dyn Fn(u16) -> ContainerSpec,
    /// The id of the image that it would be made from now; none where the image is missing.
    pub image: Option<String>,
    /// The ports to try, in order.
    pub ports: Vec<u16>,
}

impl<E, L> std::fmt::Debug for Parent<'_, E, L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parent")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl<E, L> Parent<'_, E, L> {
    /// Whether a container of the parent's name is this user's.
    fn ours(&self, look: &Look) -> bool {
        let same = |(key, value): (&String, &String)| look.labels.get(key) == Some(value);
        self.labels.iter().all(same)
    }

    /// Whether it would be made otherwise today.
    fn outdated(&self, look: &Look) -> bool {
        use crate::model::label_keys::SPEC;
        let image = self
            .image
            .as_ref()
            .is_some_and(|image| *image != look.image);
        let port = self.ports.first().copied().unwrap_or_default();
        image || (self.spec)(port).labels.get(SPEC) != look.labels.get(SPEC)
    }
}

#[cfg(test)]
mod tests;
