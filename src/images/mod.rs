//! Images: make sure that they are there and current, list them, clear them away.
//!
//! Use-cases over the port [`crate::engine::Images`]: nothing here prints, reads the environment
//! or opens a file. The database is the engine's labels; there is no other state.

mod ensure;
mod error;
mod list;
mod newest;
mod prune;
mod pull;
pub mod runtime;

pub use ensure::{Outcome, Workshop, current, ensure, made, rebuild};
pub use error::ImageError;
pub use list::{Listed, State, list};
pub use newest::newest_claude;
pub use prune::{Kept, PruneReport, Removed, prune, prune_all, remove};
pub use pull::{Source, pull};

use crate::engine::BuildEvent;

/// Something that a person who waits would like to know.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// The build of an image begins.
    Building {
        /// Its reference.
        image: &'a str,
    },
    /// Something happened in a build.
    Build {
        /// The image's reference.
        image: &'a str,
        /// What happened.
        event: &'a BuildEvent,
    },
    /// An image is built.
    Built {
        /// Its reference.
        image: &'a str,
    },
    /// An image is looked for in a registry.
    Pulling {
        /// What the registry calls it.
        image: &'a str,
    },
    /// An image was pulled, and is what would have been built.
    Pulled {
        /// Its reference here.
        image: &'a str,
    },
    /// An image was not to be had from a registry, and is built.
    NotPulled {
        /// Why not.
        error: &'a ImageError,
    },
    /// A runtime volume is being filled, by this process.
    Filling {
        /// The volume.
        volume: &'a str,
    },
    /// A runtime volume is being filled by somebody else, and this process waits; said once.
    Waiting {
        /// The volume.
        volume: &'a str,
    },
    /// A volume that was left half-filled is removed, to be filled again.
    Discarded {
        /// The volume.
        volume: &'a str,
    },
}

/// Who is told how work goes on.
pub trait Observer {
    /// Something happened.
    fn event(&mut self, event: Event<'_>);
}

/// Nobody watches.
impl Observer for () {
    fn event(&mut self, _: Event<'_>) {}
}

#[cfg(test)]
mod tests;
