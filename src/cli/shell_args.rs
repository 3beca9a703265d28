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

/// `shell-init`
#[derive(Debug, Args)]
pub(super) struct ShellInit {
    /// The shell
    pub(super) shell: Shell,
    /// Let `claude` be the one in the container
    #[arg(long)]
    pub(super) alias_claude: bool,
    /// Let `docker` be `hal-9000 docker`
    #[arg(long)]
    pub(super) alias_docker: bool,
    /// A further name for hal-9000
    #[arg(long, value_name = "NAME", value_parser = command_name)]
    pub(super) cmd: Option<String>,
    /// Undo it in this shell
    #[arg(long, conflicts_with_all = ["alias_claude", "alias_docker", "cmd"])]
    pub(super) deactivate: bool,
}

/// A word that every shell takes for the name of a function.
fn command_name(text: &str) -> Result<String, String> {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(letter) {
        return Ok(text.to_owned());
    }
    Err("write letters, digits, `-` and `_`, a letter first".to_owned())
}
