//! What can be typed after `hal-9000 daemon`. The comments are the help.

use super::args::EngineOptions;
use clap::{Args, Subcommand, ValueEnum};

/// `daemon`
#[derive(Debug, Args)]
pub(super) struct Daemon {
    #[command(subcommand)]
    pub(super) command: DaemonCommand,
}

/// What to do with the parent.
#[derive(Debug, Subcommand)]
pub(super) enum DaemonCommand {
    /// Start it, unless it runs; returns when ChromaDB answers
    Start(DaemonStart),
    /// Stop it; what is in ChromaDB stays
    Stop(DaemonStop),
    /// Start the services in it again; the sessions in its network stay
    Restart(DaemonRestart),
    /// Show how it is
    Status(DaemonStatus),
    /// Show what its services say
    Logs(DaemonLogs),
}

/// `daemon start`
#[derive(Debug, Args)]
pub(super) struct DaemonStart {
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// `daemon stop`
#[derive(Debug, Args)]
pub(super) struct DaemonStop {
    /// Do not ask, even where sessions lose their network
    #[arg(short, long)]
    pub(super) force: bool,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// `daemon restart`
#[derive(Debug, Args)]
pub(super) struct DaemonRestart {
    /// Do not ask, even where the parent's image has changed and sessions lose their network
    #[arg(short, long)]
    pub(super) force: bool,
    /// Start sessions again whose network is gone; what runs in them is lost
    #[arg(long)]
    pub(super) workers: bool,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// `daemon status`
#[derive(Debug, Args)]
pub(super) struct DaemonStatus {
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// `daemon logs`
#[derive(Debug, Args)]
pub(super) struct DaemonLogs {
    /// One service only
    pub(super) service: Option<Service>,
    /// Go on until the parent ends
    #[arg(short, long)]
    pub(super) follow: bool,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// A service of the parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Service {
    /// The ChromaDB server
    Chroma,
    /// What supervises it
    Coordinator,
}

impl Service {
    /// Its name in the log.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Chroma => "chroma",
            Self::Coordinator => "coordinator",
        }
    }
}

impl Daemon {
    /// Which engine.
    pub(super) fn engine(&self) -> &EngineOptions {
        match &self.command {
            DaemonCommand::Start(it) => &it.engine,
            DaemonCommand::Stop(it) => &it.engine,
            DaemonCommand::Restart(it) => &it.engine,
            DaemonCommand::Status(it) => &it.engine,
            DaemonCommand::Logs(it) => &it.engine,
        }
    }

    /// Whether the answer is JSON.
    pub(super) fn json(&self) -> bool {
        match &self.command {
            DaemonCommand::Start(it) => it.json,
            DaemonCommand::Stop(it) => it.json,
            DaemonCommand::Restart(it) => it.json,
            DaemonCommand::Status(it) => it.json,
            // Its lines are JSON in any case.
            DaemonCommand::Logs(_) => false,
        }
    }
}
