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
pub use pool::{Claimed, claim, pool, warm};
pub use restart::{Restarted, Revived, restart, revive};
pub use start::{Started, start};
pub use status::{Report, healthy, status};
pub use stop::{Stopped, stop, sweep, workers};

use crate::engine::Look;
use crate::model::{ContainerName, ContainerSpec, Labels, label_keys};

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
    /// The hash of everything that its image would be made from today.
    pub inputs: String,
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

    /// Whether it would be made otherwise today: by what its image was made from, which is a label
    /// that the container has from it. The image's name may be another build's by now.
    fn outdated(&self, look: &Look) -> bool {
        let port = self.ports.first().copied().unwrap_or_default();
        let today = (self.spec)(port).labels;
        look.labels.get(label_keys::INPUTS) != Some(&self.inputs)
            || look.labels.get(label_keys::SPEC) != today.get(label_keys::SPEC)
    }
}

#[cfg(test)]
mod tests;
