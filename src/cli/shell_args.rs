//! What can be typed after `hal-9000 completions`, `man` and `shell-init`. The comments are the help.

use crate::shell::Shell;
use clap::Args;

/// `completions`
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    pub(super) shell: Shell,
}

/// `man`
#[derive(Debug, Args)]
pub(super) struct Manual {
    /// The words of a command, or `5 config` for the settings [default: hal-9000 itself]
    pub(super) command: Vec<String>,
}
