//! What `--help` says: on one screen, on a narrow one, and with examples that work.

use clap::Command;
use hal9000::{cli, manual};

use crate::support::sandbox::Sandbox;

/// Each command with its path, groups and the program itself among them.
pub(crate) fn commands() -> Vec<(Vec<String>, Command)> {
    let mut found = Vec::new();
    let mut open = vec![(Vec::new(), cli::tree())];
    while let Some((path, command)) = open.pop() {
        for below in command.get_subcommands().filter(|it| !it.is_hide_set()) {
            let path = [path.clone(), vec![below.get_name().to_owned()]].concat();
            open.push((path, below.clone()));
        }
        found.push((path, command));
    }
    found
}

fn words(path: &[String]) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}

#[test]
fn the_first_help_fits_one_screen() {
    let help = Sandbox::new().run(&["--help"]).expect_code(0);
    assert!(help.stdout.lines().count() <= 24, "{}", help.stdout);
    assert!(help.stderr.is_empty());
    let short = Sandbox::new().run(&["-h"]).expect_code(0);
    assert_eq!(short.stdout, help.stdout);
}

#[test]
fn help_is_read_on_a_narrow_screen_without_colours() {
    let sandbox = Sandbox::new().env("COLUMNS", "60");
    for (path, command) in commands() {
        // Those that hand their words on have no help of their own.
        if command.is_disable_help_flag_set() {
            continue;
        }
        let words = [words(&path), vec!["--help"]].concat();
        let help = sandbox.run(&words).expect_code(0).stdout;
        assert!(!help.contains('\u{1b}'), "{help}");
        for line in help.lines() {
            assert!(line.chars().count() <= 60, "{words:?}: {line}");
        }
    }
}

#[test]
fn every_help_has_an_example_that_works() {
    for (path, command) in commands() {
        let examples = manual::examples(&words(&path));
        assert!(!examples.is_empty(), "{path:?}: src/manual/examples.rs");
        let help = command.clone().render_long_help().to_string();
        for example in examples {
            let line = example.line;
            assert!(help.contains(line), "{path:?} is silent on `{line}`");
            assert!(line.chars().count() <= 58, "`{line}` is long");
            // What a shell evaluates is the example, not how.
            let called = line.find("hal-9000").map_or(line, |at| &line[at..]);
            let words = shell_words::split(called.trim_end_matches(['"', ')'])).unwrap();
            let end = words
                .iter()
                .position(|it| ["|", "<", ">"].contains(&it.as_str()));
            let words = &words[..end.unwrap_or(words.len())];
            let matches = cli::tree().try_get_matches_from(words);
            let mut matches = matches.unwrap_or_else(|error| panic!("`{line}`: {error}"));
            // It is an example of this very command, or of one below.
            for name in &path {
                let (found, below) = matches.remove_subcommand().unwrap();
                assert_eq!(&found, name, "`{line}`");
                matches = below;
            }
        }
    }
}
