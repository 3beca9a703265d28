//! What can be typed. The comments are the help.

use super::audit_args::Audit;
use super::config_args::{Config, ConfigCommand};
use super::daemon_args::Daemon;
use super::image_args::Image;
use super::pool_args::Pool;
use super::profile_args::{Claude as ClaudeVersion, Profiles};
use super::shell_args::{Completions, Manual, ShellInit};
use crate::ui::Face;
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use std::ffi::OsString;
use std::path::PathBuf;

/// Claude Code in a container that has your project, a working docker, and nothing else of your
/// machine.
///
/// Run it in a project's directory. The first time, it builds what it needs; after that a session
/// starts at once. A session that still runs is joined again.
#[derive(Debug, Parser)]
#[command(
    name = "hal-9000",
    // Called `claudy`, it says the same.
    bin_name = "hal-9000",
    version,
    subcommand_precedence_over_arg = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(super) struct Cli {
    /// The project's directory [default: .]
    #[arg(value_hint = ValueHint::DirPath)]
    pub(super) dir: Option<PathBuf>,

    #[command(flatten)]
    pub(super) session: SessionOptions,

    #[command(flatten)]
    pub(super) engine: EngineOptions,

    #[command(flatten)]
    pub(super) output: OutputOptions,

    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// What to start.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Start Claude Code with its own arguments, handed on untouched
    #[command(disable_help_flag = true)]
    Claude(Words),
    /// Start a shell, or a command, instead of Claude
    #[command(disable_help_flag = true)]
    Shell(Words),
    /// docker itself; containers that `run` and `create` make have the project, its user and limits
    ///
    /// Docker's own command line, handed on as it was typed. Where the options of `run` and `create`
    /// (and of `container run`, `container create`) say nothing of it, their container gains: the
    /// project at its own path and at /workspace, the directory you are in, your uid and gid, the
    /// memory, processors and processes of a session, and labels. `--user ''` and `--workdir ''`
    /// leave the image's own, which most servers need. `hal-9000 --explain docker run IMAGE` shows
    /// what is added. It is no session, and no guard stands before it.
    #[command(disable_help_flag = true)]
    Docker(Words),
    /// List sessions
    #[command(visible_alias = "ls")]
    Sessions(Sessions),
    /// Join a running session
    Attach(Attach),
    /// End sessions
    Kill(Kill),
    /// Show what a session wrote
    Logs(Logs),
    /// Show what the guard of a session's docker socket let through, changed and refused
    Audit(Audit),
    /// Manage the images that sessions are made from
    Image(Image),
    /// Show toolchain profiles, and build their images
    Profiles(Profiles),
    /// Show and choose the release of Claude that new sessions run
    ClaudeVersion(ClaudeVersion),
    /// Manage the parent: ChromaDB, and the network that sessions started through it share
    Daemon(Daemon),
    /// Manage the warm pool: sessions that wait, so that one starts at once
    Pool(Pool),
    /// Show settings and where they come from, and change your own
    Config(Config),
    /// See whether everything is there that sessions need, and what docker they get
    ///
    /// It looks at the settings, the engine and the way to it, what sessions are made from, the
    /// parent, limits, disks, certificates, proxies, the project, the shell and the terminal. Each
    /// line is ok, a warning or a failure, with what to do about it after the arrow. Nothing is
    /// made or changed. A failure ends it with 1, an engine that cannot be reached with 3, after
    /// all that can be said without one.
    Doctor(Sessions),
    /// Print the completions of a shell, as a package installs them
    Completions(Completions),
    /// Show a page of the manual
    Man(Manual),
    /// Print what a shell runs at its start: completions, and names of your choice
    ShellInit(ShellInit),
}

/// Words for a program that reads them itself.
#[derive(Debug, Args)]
pub(super) struct Words {
    /// The program's own words
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGS"
    )]
    pub(super) words: Vec<OsString>,
}

/// How a session is made.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Session")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one flag of the command line"
)]
pub(super) struct SessionOptions {
    /// The toolchain: python, node, java, rust, go, base, or one of your own [default: detected]
    #[arg(short, long, value_name = "NAME", conflicts_with = "image")]
    pub(super) profile: Option<String>,

    /// An image of your own, with glibc, instead of a profile's
    #[arg(long, value_name = "IMAGE")]
    pub(super) image: Option<String>,

    /// When to pull that image (never: none from `image.registry` either)
    #[arg(long, value_name = "WHEN", default_value = "missing")]
    pub(super) pull: PullWhen,

    /// A name for the session [default: from the project's path]
    #[arg(short, long, value_name = "NAME")]
    pub(super) name: Option<String>,

    /// Start another session, even if one runs
    #[arg(long)]
    pub(super) new: bool,

    /// Start in the background; the session's name is printed
    #[arg(short, long)]
    pub(super) detach: bool,

    /// Start a shell instead of Claude
    #[arg(short, long)]
    pub(super) shell: bool,

    /// What docker the session gets: guard (kept from the host), host (the engine's own socket: root
    /// on the host) or none
    #[arg(long, value_name = "MODE")]
    pub(super) docker: Option<String>,

    /// Memory limit [default: 4g]
    #[arg(long, value_name = "SIZE")]
    pub(super) memory: Option<String>,

    /// Limit of processor cores [default: 2]
    #[arg(long, value_name = "CORES")]
    pub(super) cpus: Option<String>,

    /// Limit of processes and threads [default: 100]
    #[arg(long, value_name = "COUNT", allow_hyphen_values = true)]
    pub(super) pids_limit: Option<String>,

    /// No limits at all
    #[arg(long, conflicts_with_all = ["memory", "cpus", "pids_limit"])]
    pub(super) no_limits: bool,

    /// A variable for the session; NAME alone hands your own value on (can be repeated)
    #[arg(short, long, value_name = "NAME[=VALUE]")]
    pub(super) env: Vec<String>,

    /// A further mount, as docker's own flag (can be repeated)
    #[arg(short, long, value_name = "SOURCE:TARGET[:MODE]")]
    pub(super) volume: Vec<String>,

    /// A port of the session on the host, as docker's own flag (can be repeated)
    #[arg(long, value_name = "[[IP:]HOST:]PORT")]
    pub(super) publish: Vec<String>,

    /// The network, as docker's own flag [default: bridge]
    #[arg(long, value_name = "NETWORK")]
    pub(super) network: Option<String>,

    /// Start in the parent's network, where ChromaDB is; starts the parent if need be
    #[arg(long, conflicts_with_all = ["direct", "network"])]
    pub(super) via_parent: bool,

    /// Start in a network of its own, even where the parent runs
    #[arg(long)]
    pub(super) direct: bool,

    /// Start a container of its own, even where one waits in the pool
    #[arg(long)]
    pub(super) no_pool: bool,

    /// The project cannot be changed
    #[arg(long)]
    pub(super) read_only: bool,

    /// Where to work: host (the project's own path) or workspace (/workspace) [default: host]
    #[arg(long, value_name = "PLACE")]
    pub(super) workdir: Option<String>,

    /// Print the docker command, and start nothing
    #[arg(long, value_name = "FORM", num_args = 0..=1, require_equals = true,
          default_missing_value = "shell")]
    pub(super) print: Option<PrintForm>,

    /// Explain each flag of the docker command, and start nothing
    #[arg(long, conflicts_with = "print")]
    pub(super) explain: bool,

    /// Check what the session needs, as `doctor` does, and start nothing
    #[arg(long, conflicts_with_all = ["print", "explain"])]
    pub(super) verify: bool,

    /// Trust the project's .hal-9000.toml without asking
    #[arg(short, long)]
    pub(super) yes: bool,
}

/// When to pull an image of the user's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum PullWhen {
    /// Always
    Always,
    /// Where it is not here
    #[default]
    Missing,
    /// Never
    Never,
}

/// Forms of the docker command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PrintForm {
    /// Lines to paste into a shell
    Shell,
    /// One word a line
    Argv,
    /// Words and API body as JSON
    Json,
}

/// Which engine.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Engine")]
pub(super) struct EngineOptions {
    /// The engine's socket
    #[arg(short = 'H', long, value_name = "URL")]
    pub(super) host: Option<String>,

    /// The docker context
    #[arg(long, value_name = "NAME")]
    pub(super) context: Option<String>,
}

/// How much is said.
#[derive(Debug, Clone, Copy, Default, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputOptions {
    /// Say nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,

    /// Say what is done (`-v` without a volume means this, too)
    #[arg(long)]
    pub(super) verbose: bool,
}

/// `sessions`, `doctor`
#[derive(Debug, Args)]
pub(super) struct Sessions {
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// `attach`
#[derive(Debug, Args)]
pub(super) struct Attach {
    /// The session [default: the one of this directory]
    pub(super) name: Option<String>,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// `kill`
#[derive(Debug, Args)]
pub(super) struct Kill {
    /// The sessions
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub(super) name: Vec<String>,
    /// Every session of yours
    #[arg(long)]
    pub(super) all: bool,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// `logs`
#[derive(Debug, Args)]
pub(super) struct Logs {
    /// The session
    pub(super) name: String,
    /// Go on until the session ends
    #[arg(short, long)]
    pub(super) follow: bool,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

impl Cli {
    /// How exit statuses are counted.
    pub(super) fn face(&self) -> Face {
        match self.command {
            _ if self.session.verify => Face::Management,
            None | Some(Command::Claude(_) | Command::Shell(_) | Command::Docker(_)) => {
                Face::Session
            }
            Some(_) => Face::Management,
        }
    }

    /// How much is said.
    pub(super) fn output(&self) -> OutputOptions {
        self.output
    }

    /// Whether answers are JSON.
    pub(super) fn json(&self) -> bool {
        match &self.command {
            Some(Command::Sessions(it) | Command::Doctor(it)) => it.json,
            Some(Command::Kill(kill)) => kill.json,
            Some(Command::Audit(audit)) => audit.json,
            Some(Command::Config(config)) => match &config.command {
                ConfigCommand::Show(show) => show.json,
                _ => false,
            },
            Some(Command::Image(image)) => image.json(),
            Some(Command::Profiles(profiles)) => profiles.json(),
            Some(Command::ClaudeVersion(claude)) => claude.json(),
            Some(Command::Daemon(daemon)) => daemon.json(),
            Some(Command::Pool(pool)) => pool.json(),
            _ => false,
        }
    }

    /// Which engine: said before the command or after it.
    pub(super) fn engine(&self) -> EngineOptions {
        let own = match &self.command {
            Some(Command::Sessions(it) | Command::Doctor(it)) => &it.engine,
            Some(Command::Attach(it)) => &it.engine,
            Some(Command::Kill(it)) => &it.engine,
            Some(Command::Logs(it)) => &it.engine,
            Some(Command::Audit(it)) => &it.engine,
            Some(Command::Image(it)) => it.engine(),
            Some(Command::Profiles(it)) => it.engine().unwrap_or(&self.engine),
            Some(Command::ClaudeVersion(it)) => it.engine().unwrap_or(&self.engine),
            Some(Command::Daemon(it)) => it.engine(),
            Some(Command::Pool(it)) => it.engine(),
            _ => &self.engine,
        };
        EngineOptions {
            host: own.host.clone().or_else(|| self.engine.host.clone()),
            context: own.context.clone().or_else(|| self.engine.context.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_tree_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn words_after_claude_are_claudes() {
        for words in [
            vec!["-p", "hi"],
            vec!["--help"],
            vec!["-v"],
            vec!["--model", "x", "--", "y"],
            vec!["x", "--new", "-H", "y"],
            vec!["--version"],
        ] {
            let typed = ["hal-9000", "--new", "claude"].iter().chain(&words);
            let cli = Cli::try_parse_from(typed).unwrap();
            let Some(Command::Claude(found)) = cli.command else {
                panic!("{words:?}")
            };
            assert_eq!(found.words, words);
        }
    }
}
