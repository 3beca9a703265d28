//! Help beyond the comments of the grammar: one screen that shows the way, and an example for each
//! command.

use crate::manual;
use clap::builder::{StyledStr, Styles};
use clap::{Arg, Command};

/// Every command, by what it is for.
const COMMANDS: &[(&[&str], &str)] = &[
    (&["claude", "shell", "docker"], "with words of your own"),
    (
        &["sessions", "attach", "logs", "kill"],
        "list, join, read, end",
    ),
    (
        &["image", "profiles", "claude-version"],
        "what it is made from",
    ),
    (&["audit", "config", "doctor"], "docker; settings; health"),
    (&["daemon", "pool"], "ChromaDB; ready sessions"),
    (
        &["shell-init", "completions", "man"],
        "in your shell; the manual",
    ),
];

/// The options that are needed most, by the names of their fields.
const OPTIONS: &[(&[&str], &str)] = &[
    (&["profile"], "toolchain, else detected"),
    (&["name", "new"], "another session beside it"),
    (&["detach"], "in the background"),
    (&["env", "volume", "publish"], "as docker's own flags"),
    (
        &["memory", "cpus", "pids_limit"],
        "4g, 2 cores, 100 processes",
    ),
    (&["docker"], "guard, host or none"),
    (&["print", "explain"], "docker's command, not run"),
];

/// Where the second column begins.
const COLUMN: usize = 34;

/// Give each command its examples. On two lines, so that a narrow terminal shows them whole.
pub(super) fn with_examples(tree: Command) -> Command {
    examples_at(tree, &[])
}

fn examples_at(command: Command, path: &[&str]) -> Command {
    let examples = manual::examples(path);
    let names: Vec<String> = command
        .get_subcommands()
        .map(|below| below.get_name().to_owned())
        .collect();
    let command = names.iter().fold(command, |command, name| {
        let path = [path, &[name]].concat();
        command.mut_subcommand(name, |below| examples_at(below, &path))
    });
    if examples.is_empty() {
        return command;
    }
    let header = *Styles::default().get_header();
    let mut text = format!("{header}Examples:{header:#}");
    for example in examples {
        text.push_str(&format!("\n  {}\n      {}", example.line, example.says));
    }
    command.after_help(StyledStr::from(text))
}

/// What `hal-9000 --help` says: all that it can do, on one screen. Its options in full are in
/// the manual.
pub(super) fn overview(tree: &Command) -> String {
    let mut text = format!(
        "Claude Code in a container that has your project, a working\n\
         docker, and nothing else of your machine.\n\n\
         Usage:   {0} [OPTIONS] [DIR]\n         {0} [OPTIONS] COMMAND …\n",
        tree.get_name()
    );
    // The one that has a directory and an option.
    if let Some(example) = manual::examples(&[]).get(1) {
        text.push_str(&format!("Example: {}\n", example.line));
    }
    text.push('\n');
    for (names, says) in COMMANDS {
        text.push_str(&row(&names.join(", "), says));
    }
    text.push('\n');
    for (names, says) in OPTIONS {
        let args = names.iter().filter_map(|name| {
            let mut all = tree.get_arguments();
            all.find(|arg| arg.get_id() == name)
        });
        text.push_str(&row(&flags(&args.collect::<Vec<_>>()), says));
    }
    text.push_str("\n`hal-9000 COMMAND --help` says more; `hal-9000 man`, all.");
    text
}

fn row(left: &str, right: &str) -> String {
    format!("  {left:<width$}{right}\n", width = COLUMN - 2)
}

/// `-p, --profile NAME`, or the long names of several.
fn flags(args: &[&Arg]) -> String {
    let long = |arg: &&Arg| format!("--{}", arg.get_long().unwrap_or_default());
    let [only] = args else {
        return args.iter().map(long).collect::<Vec<_>>().join(", ");
    };
    let short = only.get_short().map(|letter| format!("-{letter}, "));
    let value = only.get_value_names().and_then(<[_]>::first);
    let takes = only.get_action().takes_values();
    let value = value.filter(|_| takes).map(|name| format!(" {name}"));
    format!(
        "{}{}{}",
        short.unwrap_or_default(),
        long(only),
        value.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::Cli;
    use clap::CommandFactory;
    use std::collections::BTreeSet;

    #[test]
    fn every_command_is_on_the_first_screen_once() {
        let tree = Cli::command();
        let visible = tree.get_subcommands().filter(|it| !it.is_hide_set());
        let mut visible: Vec<&str> = visible.map(Command::get_name).collect();
        let mut shown: Vec<&str> = COMMANDS.iter().flat_map(|(it, _)| *it).copied().collect();
        visible.sort_unstable();
        shown.sort_unstable();
        assert_eq!(shown, visible, "COMMANDS in src/cli/help.rs");
        let mut known = crate::ui::COMMANDS.to_vec();
        known.sort_unstable();
        assert_eq!(known, visible, "COMMANDS in src/ui/hints.rs");
        let known: BTreeSet<&str> = tree
            .get_arguments()
            .map(|it| it.get_id().as_str())
            .collect();
        for (names, _) in OPTIONS {
            assert!(names.iter().all(|name| known.contains(name)), "{names:?}");
        }
    }

    #[test]
    fn the_first_screen_is_one() {
        let text = overview(&Cli::command());
        // The next prompt is on it, too.
        assert!(text.lines().count() < 24, "{text}");
        for line in text.lines() {
            assert!(line.chars().count() <= 60, "{line}");
        }
    }
}
