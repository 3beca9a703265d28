//! What can be typed after `hal-9000 profiles` and `claude-version`. The comments are the help.

use super::args::EngineOptions;
use clap::{Args, Subcommand};

/// `profiles`
#[derive(Debug, Args)]
pub(super) struct Profiles {
    #[command(subcommand)]
    pub(super) command: ProfilesCommand,
}

/// What to do with profiles.
#[derive(Debug, Subcommand)]
pub(super) enum ProfilesCommand {
    /// List profiles, and the files of a project that ask for one
    #[command(visible_alias = "ls")]
    List(ProfilesList),
    /// Print the Dockerfile of a profile
    Show(ProfilesShow),
    /// Build the images of profiles
    Build(ProfilesBuild),
}

/// `profiles list`
#[derive(Debug, Args)]
pub(super) struct ProfilesList {
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// `profiles show`
#[derive(Debug, Args)]
pub(super) struct ProfilesShow {
    /// The profile
    pub(super) name: String,
}

/// `profiles build`
#[derive(Debug, Args)]
pub(super) struct ProfilesBuild {
    /// The profiles [default: the one of this directory]
    pub(super) name: Vec<String>,
    /// Run every step again, for newer packages
    #[arg(long)]
    pub(super) no_cache: bool,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// `claude-version`
#[derive(Debug, Args)]
pub(super) struct Claude {
    #[command(subcommand)]
    pub(super) command: Option<ClaudeCommand>,
}

/// What to do with releases of Claude.
#[derive(Debug, Subcommand)]
pub(super) enum ClaudeCommand {
    /// List the releases that are here
    #[command(visible_alias = "ls")]
    List(ClaudeList),
    /// Use a release in new sessions
    Use(ClaudeUse),
    /// Use the newest release
    Latest(ClaudeLatest),
}

/// `claude-version list`
#[derive(Debug, Args)]
pub(super) struct ClaudeList {
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// `claude-version use`
#[derive(Debug, Args)]
pub(super) struct ClaudeUse {
    /// The release, as `2.1.330`
    pub(super) version: String,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// `claude-version latest`
#[derive(Debug, Args)]
pub(super) struct ClaudeLatest {
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

impl Profiles {
    /// Whether the answer is JSON.
    pub(super) fn json(&self) -> bool {
        match &self.command {
            ProfilesCommand::List(list) => list.json,
            ProfilesCommand::Show(_) | ProfilesCommand::Build(_) => false,
        }
    }

    /// The engine's options, where it is asked.
    pub(super) fn engine(&self) -> Option<&EngineOptions> {
        match &self.command {
            ProfilesCommand::Build(build) => Some(&build.engine),
            ProfilesCommand::List(_) | ProfilesCommand::Show(_) => None,
        }
    }
}

impl Claude {
    /// Whether the answer is JSON.
    pub(super) fn json(&self) -> bool {
        matches!(&self.command, Some(ClaudeCommand::List(list)) if list.json)
    }

    /// The engine's options, where it is asked.
    pub(super) fn engine(&self) -> Option<&EngineOptions> {
        Some(match self.command.as_ref()? {
            ClaudeCommand::List(it) => &it.engine,
            ClaudeCommand::Use(it) => &it.engine,
            ClaudeCommand::Latest(it) => &it.engine,
        })
    }
}
