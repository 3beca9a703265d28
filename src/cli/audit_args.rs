//! What can be typed after `hal-9000 audit`. The comments are the help.

use super::args::EngineOptions;
use clap::Args;

/// `audit`
#[derive(Debug, Args)]
pub(super) struct Audit {
    /// The session, also one that is over [default: all]
    pub(super) session: Option<String>,
    /// Go on as lines are written
    #[arg(short, long)]
    pub(super) follow: bool,
    /// The lines as they are written: one JSON object each
    #[arg(long)]
    pub(super) json: bool,
    /// List the guard's rules instead
    #[arg(long, conflicts_with_all = ["session", "follow"])]
    pub(super) rules: bool,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}
