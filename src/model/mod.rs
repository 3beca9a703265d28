//! The vocabulary: what a session, a container, a mount and a setting are. Plain data whose
//! constructors hold its invariants; no look-ups, no engine, no terminal.

mod container;
mod engine;
mod environment;
mod exit;
mod guard;
mod identity;
mod labels;
mod limits;
pub mod listening;
mod machine;
mod mount;
mod name;
mod network;
mod origin;
mod product;
mod project;
mod registry;
mod settings;

pub use container::{ContainerSpec, Field, Hardening, Lifetime, Log, Stdio};
pub use engine::EngineKind;
pub use environment::{EnvRequest, EnvValue, EnvVar, is_variable_name};
pub use exit::Exit;
pub use guard::{GUARD_ARGUMENTS, GUARD_LOCK, GUARD_READY};
pub use identity::{Identity, user_hash};
pub use labels::{Labels, is_spare, keys as label_keys, owned as owned_sessions};
pub use limits::{Cpus, Limits, Memory, Pids};
pub use machine::{Cgroup, Machine};
pub use mount::{Access, Mount, MountKind, UserVolume};
pub use name::{ContainerName, Instance, file_name};
pub use network::{Network, Port, Publish};
pub use origin::{Origin, Setting};
pub use product::Product;
pub use project::ProjectDir;
pub use registry::Registry;
pub use settings::{Builder, DetachKeys, DockerMode, OnExit, Settings, WorkdirMode};

/// A value that was refused, in words for a person: what was given, and what would be accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} `{given}` {problem}")]
pub struct Invalid {
    /// The kind of value, as the user knows it (`memory limit`, `container name`).
    pub what: &'static str,
    /// What was given.
    pub given: String,
    /// What is wrong with it and what is accepted.
    pub problem: String,
    /// All that is accepted, where it is a choice of few.
    pub known: &'static [&'static str],
}

impl Invalid {
    /// A refusal of `given` as a `what`.
    pub fn new(what: &'static str, given: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            what,
            given: given.into(),
            problem: problem.into(),
            known: &[],
        }
    }

    /// A refusal of `given` as a `what`, of which there are these.
    pub fn choice(
        what: &'static str,
        given: impl Into<String>,
        known: &'static [&'static str],
    ) -> Self {
        let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
        let problem = format!("is not one of {}", names.join(", "));
        Self {
            known,
            ..Self::new(what, given, problem)
        }
    }
}
