//! Completions as files: commands and flags, known without asking anybody.

use super::Shell;
use clap_complete::aot::{self, Generator};

/// The name that each shell, and so each packager, expects of the file.
pub fn file_name(shell: Shell) -> String {
    generator(shell).file_name(PROGRAM)
}

/// The file's text: for `hal-9000`, and for its second name.
pub fn completions(shell: Shell, tree: &clap::Command) -> String {
    let mut text = Vec::new();
    let mut tree = without_directory(tree);
    aot::generate(generator(shell), &mut tree, PROGRAM, &mut text);
    let text = String::from_utf8_lossy(&text).into_owned();
    match shell {
        // 4.6.11 takes the `-` of the program's name for the end of a command's in half of the file.
        Shell::Bash => text
            .replace("hal__subcmd__9000", "hal__9000")
            .replace("-o default hal-9000\n", "-o default hal-9000 claudy\n"),
        Shell::Zsh => text
            .replacen("#compdef hal-9000", "#compdef hal-9000 claudy", 1)
            .replacen(COMMANDS, COMMANDS_OR_DIRECTORY, 1),
        Shell::Fish => text + "complete -c claudy -w hal-9000\n",
        Shell::Elvish => {
            let own = "set edit:completion:arg-completer[claudy] = \
                       $edit:completion:arg-completer[hal-9000]\n";
            text + own
        }
        Shell::Powershell => text.replacen(
            "-CommandName 'hal-9000'",
            "-CommandName 'hal-9000', 'claudy'",
            1,
        ),
    }
}

/// What may stand where a command does, as the generator for zsh has it, and as it is.
const COMMANDS: &str = "\":: :_hal-9000_commands\"";
const COMMANDS_OR_DIRECTORY: &str = "\":: :{_hal-9000_commands; _files -/}\"";

/// The tree without the directory in front of commands: `clap_complete` counts it as a word that is
/// there, so that zsh would take the word after a command for the command, and offers it in bash
/// under its name.
fn without_directory(tree: &clap::Command) -> clap::Command {
    let options = tree.get_arguments().filter(|arg| !arg.is_positional());
    clap::Command::new(PROGRAM)
        .disable_help_subcommand(true)
        .version(env!("CARGO_PKG_VERSION"))
        .args(options.cloned())
        .subcommands(tree.get_subcommands().cloned())
}

const PROGRAM: &str = "hal-9000";

fn generator(shell: Shell) -> aot::Shell {
    match shell {
        Shell::Bash => aot::Shell::Bash,
        Shell::Zsh => aot::Shell::Zsh,
        Shell::Fish => aot::Shell::Fish,
        Shell::Elvish => aot::Shell::Elvish,
        Shell::Powershell => aot::Shell::PowerShell,
    }
}
