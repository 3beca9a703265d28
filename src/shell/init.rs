//! What a shell runs at its start: a file for each shell, with what was asked for in front.

use super::Shell;

/// What was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// What runs hal-9000: a name on the PATH, or an absolute path.
    pub program: String,
    /// A further name of it.
    pub cmd: Option<String>,
    /// Whether `claude` is the contained one.
    pub claude: bool,
    /// Whether `docker` is hal-9000's.
    pub docker: bool,
}

/// The script that does it. What was done before is undone first, so that once more is as once.
pub fn init(shell: Shell, wish: &Wish) -> String {
    let flag = |set: bool| if set { "1" } else { "" };
    let values = [
        ("program", wish.program.as_str()),
        ("cmd", wish.cmd.as_deref().unwrap_or_default()),
        ("claude", flag(wish.claude)),
        ("docker", flag(wish.docker)),
    ];
    let mut text = deactivate(shell).to_owned();
    for (name, value) in values {
        text.push_str(&assignment(shell, name, value));
    }
    text + match shell {
        Shell::Bash => include_str!("init.bash"),
        Shell::Zsh => include_str!("init.zsh"),
        Shell::Fish => include_str!("init.fish"),
        Shell::Elvish => include_str!("init.elv"),
        Shell::Powershell => include_str!("init.ps1"),
    }
}

/// The script that undoes it, whatever was asked for.
pub fn deactivate(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => include_str!("undo.bash"),
        Shell::Zsh => include_str!("undo.zsh"),
        Shell::Fish => include_str!("undo.fish"),
        Shell::Elvish => include_str!("undo.elv"),
        Shell::Powershell => include_str!("undo.ps1"),
    }
}

/// The line that a user adds to a file of the shell's, and that file.
pub fn setup(shell: Shell) -> (&'static str, &'static str) {
    match shell {
        Shell::Bash => ("~/.bashrc", "eval \"$(hal-9000 shell-init bash)\""),
        Shell::Zsh => ("~/.zshrc", "eval \"$(hal-9000 shell-init zsh)\""),
        Shell::Fish => (
            "~/.config/fish/config.fish",
            "hal-9000 shell-init fish | source",
        ),
        Shell::Elvish => (
            "~/.config/elvish/rc.elv",
            "eval (hal-9000 shell-init elvish | slurp)",
        ),
        Shell::Powershell => (
            "$PROFILE",
            "hal-9000 shell-init powershell | Out-String | Invoke-Expression",
        ),
    }
}

fn assignment(shell: Shell, name: &str, value: &str) -> String {
    let quoted = quoted(shell, value);
    match shell {
        Shell::Bash | Shell::Zsh => format!("__hal9000_{name}={quoted}\n"),
        Shell::Fish => format!("set --global __hal9000_{name} {quoted}\n"),
        Shell::Elvish => format!("var hal-{name} = {quoted}\n"),
        Shell::Powershell => {
            let (first, rest) = name.split_at(1);
            format!("$Hal{}{rest} = {quoted}\n", first.to_uppercase())
        }
    }
}

/// A text as one word of a shell, in which nothing is expanded.
fn quoted(shell: Shell, text: &str) -> String {
    let inside = match shell {
        Shell::Bash | Shell::Zsh => text.replace('\'', "'\\''"),
        Shell::Fish => text.replace('\\', "\\\\").replace('\'', "\\'"),
        Shell::Elvish | Shell::Powershell => text.replace('\'', "''"),
    };
    format!("'{inside}'")
}
