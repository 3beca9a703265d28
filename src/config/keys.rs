//! Every setting: its key in a file, its variable, its flag, and whether a project may set it.

use crate::vars;

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its dotted name in a configuration file.
    pub name: &'static str,
    /// The variable that sets it.
    pub variable: &'static str,
    /// The flag that sets it, where there is one.
    pub flag: Option<&'static str>,
    /// Whether a trusted project file may set it. Such a file is somebody else's text: it can
    /// choose tools, and lower limits, but never widen what a session may reach.
    pub project: bool,
    /// The built-in value; empty where there is none.
    pub built_in: &'static str,
    /// What it means, in one sentence.
    pub meaning: &'static str,
}

/// The prefix of keys that name secrets: `secrets.NAME = "file"`.
pub(super) const SECRETS: &str = "secrets.";

const fn row(
    name: &'static str,
    variable: &'static str,
    flag: Option<&'static str>,
    built_in: &'static str,
    meaning: &'static str,
) -> Key {
    Key {
        name,
        variable,
        flag,
        project: false,
        built_in,
        meaning,
    }
}

const fn project(key: Key) -> Key {
    Key {
        project: true,
        ..key
    }
}

/// All of them.
pub const KEYS: &[Key] = &[
    project(row(
        "profile",
        vars::PROFILE,
        Some("--profile"),
        "",
        "The toolchain profile; detected from the project's files where unset",
    )),
    project(row(
        "image.name",
        vars::IMAGE,
        Some("--image"),
        "",
        "An image of your own, with glibc, instead of a profile's",
    )),
    row(
        "image.registry",
        vars::REGISTRY,
        None,
        "",
        "A registry from which images of hal-9000's are pulled, where it has what would be built here: `HOST[:PORT][/PATH]`",
    ),
    project(row(
        "limits.memory",
        vars::MEMORY,
        Some("--memory"),
        "4g",
        "Memory of a session",
    )),
    project(row(
        "limits.cpus",
        vars::CPUS,
        Some("--cpus"),
        "2",
        "Processor cores of a session",
    )),
    project(row(
        "limits.pids",
        vars::PIDS_LIMIT,
        Some("--pids-limit"),
        "100",
        "Processes and threads of a session",
    )),
    row(
        "docker.mode",
        vars::DOCKER,
        Some("--docker"),
        "guard",
        "What docker a session gets: `guard` (a socket that keeps the session from the host; an engine in a virtual machine has none, and gives its own), `host` (the engine's own) or `none`",
    ),
    row(
        "docker.on_exit",
        vars::DOCKER_ON_EXIT,
        None,
        "remove",
        "What becomes of the containers, networks and volumes of a guarded session when it ends: `remove` or `keep`",
    ),
    row(
        "docker.builder",
        vars::DOCKER_BUILDER,
        None,
        "buildkit",
        "What a guarded session builds images with: `buildkit`, whose cache is the whole machine's, or `classic`",
    ),
    project(row(
        "workdir",
        vars::WORKDIR,
        Some("--workdir"),
        "host",
        "Where a session works: at the project's own path (`host`) or at `/workspace` (`workspace`)",
    )),
    row(
        "ca_bundle",
        vars::CA_BUNDLE,
        None,
        "",
        "Certificates that image builds and sessions trust: a PEM file on the host",
    ),
    row(
        "claude.version",
        vars::CLAUDE_VERSION,
        None,
        crate::recipe::PINNED_CLAUDE,
        "The release of Claude Code",
    ),
    row(
        "parent.port",
        vars::PARENT_PORT,
        None,
        "8000",
        "The port of this machine at which the parent's ChromaDB answers; the next free one where it is taken",
    ),
    row(
        "detach_keys",
        vars::DETACH_KEYS,
        None,
        crate::model::DetachKeys::BUILT_IN,
        "Keys that leave a session running and give the terminal back",
    ),
];

/// The setting of this name.
pub fn key(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}
