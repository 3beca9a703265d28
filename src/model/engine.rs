//! Which engine it is, and what that engine does otherwise than Docker (docs/ENGINES.md).

use super::Log;

/// The engine behind the docker API. What differs is a question to this, asked where it matters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EngineKind {
    /// Docker's own.
    #[default]
    Docker,
    /// Podman, by its docker-compatible socket.
    Podman {
        /// The first number of its version.
        major: u16,
    },
}

impl EngineKind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Docker => "Docker",
            Self::Podman { .. } => "Podman",
        }
    }

    /// Whether the suite of escapes was held against a guard on it, so that its promise is shown.
    pub fn can_be_guarded(self) -> bool {
        self == Self::Docker
    }

    /// Whether it builds with `BuildKit` (podman issue 17836).
    pub fn has_buildkit(self) -> bool {
        self == Self::Docker
    }

    /// Whether a new volume gets the image's content only when its container starts, and not when
    /// that is made.
    pub fn fills_at_start(self) -> bool {
        self != Self::Docker
    }

    /// Whether it names images with their registry, `docker.io/` or `localhost/`, always.
    pub fn names_registries(self) -> bool {
        self != Self::Docker
    }

    /// Whether every container that it removes by itself (`--rm`) is said to have ended with 0. So
    /// does 4.3, and 5.4 does not; nobody has looked at those between.
    pub fn forgets_status(self) -> bool {
        matches!(self, Self::Podman { major } if major < 5)
    }

    /// Where a container's output is kept, within a bound.
    pub fn log(self) -> Log {
        match self {
            Self::Docker => Log::BOUNDED,
            Self::Podman { .. } => Log::BOUNDED_FILE,
        }
    }
}
