//! The one description of a session's container. It is rendered twice, as docker's command line
//! and as the engine's API body (`dockercli`), and a test on the real engine keeps both equal.

use super::{ContainerName, EnvVar, Labels, Limits, Mount, Network, Publish, UserVolume};

/// Everything that makes a container what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerSpec {
    /// `--name`
    pub name: ContainerName,
    /// The image, by reference.
    pub image: String,
    /// The program that runs first, in place of the image's own.
    pub entrypoint: String,
    /// Its arguments.
    pub command: Vec<String>,
    /// The directory in which it starts.
    pub working_dir: String,
    /// Environment, in order.
    pub env: Vec<EnvVar>,
    /// Labels.
    pub labels: Labels,
    /// Mounts that hal-9000 decides on.
    pub mounts: Vec<Mount>,
    /// Mounts that the user asked for.
    pub volumes: Vec<UserVolume>,
    /// Limits; `None` with `--no-limits`.
    pub limits: Option<Limits>,
    /// What the container may do to the kernel.
    pub hardening: Hardening,
    /// Where its output is kept for `logs`.
    pub log: Log,
    /// Its network.
    pub network: Network,
    /// Ports published on the host.
    pub publish: Vec<Publish>,
    /// How its input and output are connected.
    pub stdio: Stdio,
    /// Whether the client that starts it stays connected; `false` is `--detach`.
    pub attached: bool,
    /// What becomes of it when it ends.
    pub lifetime: Lifetime,
    /// `--init`: the engine's init is the first process, reaps, and passes signals on.
    pub init: bool,
}

/// Every capability is dropped but those that the entrypoint needs before it gives them up too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hardening {
    /// `--cap-add`, after `--cap-drop ALL`.
    pub capabilities: Vec<&'static str>,
    /// `--security-opt` words.
    pub security_options: Vec<&'static str>,
}

/// Where the engine keeps a container's output, and how much of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// `--log-driver`
    pub driver: &'static str,
    /// `--log-opt`, by name.
    pub options: &'static [(&'static str, &'static str)],
}

impl Log {
    /// The engine's own compact format, which `docker logs` reads: the last 20 MB. Without a bound
    /// the screen of a long session would fill the disk.
    pub const BOUNDED: Self = Self {
        driver: "local",
        options: &[("max-file", "2"), ("max-size", "10m")],
    };

    /// The same where the engine has no format of its own: one file.
    pub const BOUNDED_FILE: Self = Self {
        driver: "json-file",
        options: &[("max-size", "20m")],
    };
}

/// How a container's input and output are connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stdio {
    /// A terminal (`-it`).
    Terminal,
    /// Standard input by a pipe (`-i`), bytes unharmed.
    Pipe,
    /// No standard input.
    Nothing,
}

/// What becomes of a container when its command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// The engine removes it.
    RemoveOnExit,
    /// It is kept, so that its end and its log can be looked at, until it is replaced or removed.
    Keep,
    /// The engine starts it again, whatever ended it, until it is removed. Not `unless-stopped`: an
    /// engine that was killed ends what it finds running when it is back, takes that for somebody's
    /// wish, and leaves it ended (measured with 20.10 and 26.1; moby issue 43204).
    Restart,
}

/// One thing that a container's description decides: the key by which a flag is explained.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Options of the docker client itself (`--context`, `--host`).
    Client,
    /// `--rm`
    Lifetime,
    /// `-i`, `-t`
    Stdio,
    /// `-d`
    Detach,
    /// `--detach-keys`
    DetachKeys,
    /// `--sig-proxy`
    SignalProxy,
    /// `--log-driver`, `--log-opt`
    Log,
    /// `--init`
    Init,
    /// `--pull`
    Pull,
    /// `--name`
    Name,
    /// `--label KEY`
    Label(String),
    /// `--memory`
    Memory,
    /// `--cpus`
    Cpus,
    /// `--pids-limit`
    Pids,
    /// `--cap-drop`, `--cap-add`
    Capabilities,
    /// `--security-opt`
    Security,
    /// `--network`
    Network,
    /// `--publish PORT`
    Publish(String),
    /// `--mount` by its target
    Mount(String),
    /// `--volume` by its target
    Volume(String),
    /// `--env NAME`
    Env(String),
    /// `--workdir`
    Workdir,
    /// `--user`, of containers that users describe themselves
    User,
    /// `--entrypoint`
    Entrypoint,
    /// The image
    Image,
    /// The words after the image
    Command,
}
