//! What can be typed after `hal-9000 image`. The comments are the help.

use super::args::EngineOptions;
use clap::{Args, Subcommand};

/// `image`
#[derive(Debug, Args)]
pub(super) struct Image {
    #[command(subcommand)]
    pub(super) command: ImageCommand,
}

/// What to do with images.
#[derive(Debug, Subcommand)]
pub(super) enum ImageCommand {
    /// Build images that are missing or outdated
    Build(ImageBuild),
    /// Pull images from the registry that `image.registry` names
    Pull(ImagePull),
    /// List images and runtime volumes
    #[command(visible_alias = "ls")]
    List(ImageList),
    /// Remove what no session uses and no session would use
    Prune(ImagePrune),
}

/// `image build`
#[derive(Debug, Args)]
pub(super) struct ImageBuild {
    /// worker, runtime, parent, or profiles [default: worker and runtime]
    pub(super) name: Vec<String>,
    /// Run every step again, for newer packages
    #[arg(long)]
    pub(super) no_cache: bool,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// `image pull`
#[derive(Debug, Args)]
pub(super) struct ImagePull {
    /// worker, runtime, parent, or profiles [default: worker and runtime]
    pub(super) name: Vec<String>,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// `image prune`
#[derive(Debug, Args)]
pub(super) struct ImagePrune {
    /// What sessions would use, too, everybody's; the next one builds it again
    #[arg(long)]
    pub(super) all: bool,
    /// Do not ask before that
    #[arg(short, long, requires = "all")]
    pub(super) yes: bool,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// `image list`
#[derive(Debug, Args)]
pub(super) struct ImageList {
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

impl Image {
    /// Whether the answer is JSON.
    pub(super) fn json(&self) -> bool {
        match &self.command {
            ImageCommand::List(list) => list.json,
            ImageCommand::Prune(prune) => prune.json,
            ImageCommand::Build(_) | ImageCommand::Pull(_) => false,
        }
    }

    /// The engine's options.
    pub(super) fn engine(&self) -> &EngineOptions {
        match &self.command {
            ImageCommand::Build(it) => &it.engine,
            ImageCommand::Pull(it) => &it.engine,
            ImageCommand::List(it) => &it.engine,
            ImageCommand::Prune(it) => &it.engine,
        }
    }
}
