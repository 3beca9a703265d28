//! What can be typed after `hal-9000 config`. The comments are the help.

use clap::{Args, Subcommand};

/// `config`
#[derive(Debug, Args)]
pub(super) struct Config {
    #[command(subcommand)]
    pub(super) command: ConfigCommand,
}

/// What to do with settings.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Show every setting that is in force in this directory, and where it comes from
    Show(ConfigShow),
    /// Print the path of your configuration file
    Path,
    /// Print one setting
    Get(ConfigGet),
    /// Write one setting into your configuration file
    Set(ConfigSet),
    /// Take one setting out of your configuration file
    Unset(ConfigGet),
}

/// `config show`
#[derive(Debug, Args)]
pub(super) struct ConfigShow {
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// `config get`, `config unset`
#[derive(Debug, Args)]
pub(super) struct ConfigGet {
    /// The setting, as `limits.memory`
    pub(super) key: String,
}

/// `config set`
#[derive(Debug, Args)]
pub(super) struct ConfigSet {
    /// The setting, as `limits.memory`
    pub(super) key: String,
    /// Its value
    #[arg(allow_hyphen_values = true)]
    pub(super) value: String,
}
