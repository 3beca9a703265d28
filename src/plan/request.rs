//! What the user asked for, as typed: no look-ups.

use crate::model::{ContainerName, EnvRequest, Network, Publish, UserVolume};

/// The kind of a session in which Claude waits for somebody: the label `hal9000.command`.
pub const CLAUDE: &str = "claude";

/// What runs in the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Claude Code with these arguments.
    Claude(Vec<String>),
    /// This command, or an interactive shell where it is empty.
    Shell(Vec<String>),
}

impl What {
    /// The words to run in the container.
    pub fn words(&self) -> Vec<String> {
        match self {
            Self::Claude(args) => [&["claude".to_owned()], args.as_slice()].concat(),
            Self::Shell(command) if command.is_empty() => vec!["bash".to_owned()],
            Self::Shell(command) => command.clone(),
        }
    }

    /// The value of the label `hal9000.command`: only a session that was started without words of
    /// its own is one that somebody would want to come back to.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Claude(args) if args.is_empty() => CLAUDE,
            Self::Shell(command) if command.is_empty() => "shell",
            _ => "command",
        }
    }
}

/// Through the parent, or beside it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Via {
    /// Through the parent where it runs and is well, and nothing speaks against it.
    #[default]
    Auto,
    /// Through the parent.
    Parent,
    /// Beside it.
    Direct,
}

/// One start, as asked for. What files and variables can also set is in
/// [`crate::model::Settings`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one flag of the command line"
)]
pub struct Request {
    /// What to run.
    pub what: What,
    /// `--name`
    pub name: Option<ContainerName>,
    /// `--new`: another session beside a running one.
    pub new: bool,
    /// `--detach`
    pub detach: bool,
    /// `--no-limits`
    pub no_limits: bool,
    /// `--read-only`: the project cannot be written.
    pub read_only: bool,
    /// `--env`
    pub env: Vec<EnvRequest>,
    /// `--volume`
    pub volumes: Vec<UserVolume>,
    /// `--publish`
    pub publish: Vec<Publish>,
    /// `--network`
    pub network: Option<Network>,
    /// `--via-parent`, `--direct`
    pub via: Via,
}

impl Request {
    /// Whether the session may be started through a parent that happens to run: not where it asks
    /// for a network of its own.
    pub fn may_use_parent(&self) -> bool {
        match self.via {
            Via::Parent => true,
            Via::Direct => false,
            Via::Auto => self.network.is_none() && self.publish.is_empty(),
        }
    }
}

impl Request {
    /// A plain start of `what`.
    pub fn new(what: What) -> Self {
        Self {
            what,
            name: None,
            new: false,
            detach: false,
            no_limits: false,
            read_only: false,
            env: Vec::new(),
            volumes: Vec::new(),
            publish: Vec::new(),
            network: None,
            via: Via::Auto,
        }
    }
}
