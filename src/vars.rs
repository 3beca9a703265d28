//! Every environment variable of ours, declared once: name, who reads it, what it means.
//!
//! Code names variables through these constants only (a test looks for stray `HAL9000_*` literals).

/// Where a variable is read or set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Read by the command on the host.
    Host,
    /// Set by us inside a session's container, for programs that run there.
    Session,
    /// Read by the test suite and the scripts.
    Tests,
}

/// One environment variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Who reads or sets it.
    pub side: Side,
    /// What it means, in one sentence.
    pub meaning: &'static str,
}

macro_rules! variables {
    ($($(#[doc = $doc:literal])+ $ident:ident = $name:literal, $side:ident;)+) => {
        $($(#[doc = $doc])+ pub const $ident: &str = $name;)+
        /// All of them, in the order of the reference.
        pub const ALL: &[Variable] = &[
            $(Variable { name: $name, side: Side::$side, meaning: concat!($($doc),+) }),+
        ];
    };
}

variables! {
    /// Keeps the containers, volumes and labels of one user or test run apart from all others on the same engine.
    INSTANCE = "HAL9000_INSTANCE", Host;
    /// The setting `profile`.
    PROFILE = "HAL9000_PROFILE", Host;
    /// The setting `image.name`.
    IMAGE = "HAL9000_IMAGE", Host;
    /// The setting `image.registry`.
    REGISTRY = "HAL9000_REGISTRY", Host;
    /// The setting `limits.memory`.
    MEMORY = "HAL9000_MEMORY", Host;
    /// The setting `limits.cpus`.
    CPUS = "HAL9000_CPUS", Host;
    /// The setting `limits.pids`.
    PIDS_LIMIT = "HAL9000_PIDS_LIMIT", Host;
    /// The setting `docker.mode`.
    DOCKER = "HAL9000_DOCKER", Host;
    /// The setting `docker.on_exit`.
    DOCKER_ON_EXIT = "HAL9000_DOCKER_ON_EXIT", Host;
    /// The setting `docker.builder`.
    DOCKER_BUILDER = "HAL9000_DOCKER_BUILDER", Host;
    /// The setting `workdir`.
    WORKDIR = "HAL9000_WORKDIR", Host;
    /// The setting `ca_bundle`.
    CA_BUNDLE = "HAL9000_CA_BUNDLE", Host;
    /// The setting `claude.version`.
    CLAUDE_VERSION = "HAL9000_CLAUDE_VERSION", Host;
    /// The setting `parent.port`.
    PARENT_PORT = "HAL9000_PARENT_PORT", Host;
    /// The setting `detach_keys`.
    DETACH_KEYS = "HAL9000_DETACH_KEYS", Host;
    /// Set by `hal-9000 shell-init`: which shell has it, and its process.
    SHELL = "HAL9000_SHELL", Host;
    /// Set to `1` in every session.
    MARKER = "HAL9000", Session;
    /// The name of the session's container.
    SESSION = "HAL9000_SESSION", Session;
    /// The project's path on the host.
    PROJECT = "HAL9000_PROJECT", Session;
    /// The project's path in every session, whatever its path on the host.
    WORKSPACE = "HAL9000_WORKSPACE", Session;
    /// What a helper of the guard in the session proves itself with, for as long as it opens ports.
    PORTS_KEY = "HAL9000_PORTS_KEY", Session;
    /// `require` makes a missing engine a failure, `off` skips the engine tests, `auto` uses an engine that answers.
    TEST_ENGINE = "HAL9000_TEST_ENGINE", Tests;
    /// The release of the engine that `scripts/matrix` has started for the tests, which then start none of their own.
    TEST_MATRIX = "HAL9000_TEST_MATRIX", Tests;
    /// `write` makes the test of the generated files write them: see `scripts/generate`.
    TEST_GENERATE = "HAL9000_TEST_GENERATE", Tests;
    /// Which build `scripts/hal-9000` runs: `debug` (the default) or `release`.
    BUILT = "HAL9000_BUILT", Tests;
}
