//! What cannot be understood of a command line, in the words in which everything else is said.

use crate::ui::{Kind, Report, similar, similar_command};
use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error as _;
use std::ffi::OsString;

/// clap's refusal of `typed`, the program's name first; none where it is an answer: help, the version.
pub(super) fn report(error: &clap::Error, tree: &Command, typed: &[OsString]) -> Option<Report> {
    let words: Vec<&str> = typed.iter().skip(1).filter_map(|it| it.to_str()).collect();
    let (command, path) = command(tree, &words);
    let text = |kind| texts(error, kind).into_iter().next().unwrap_or_default();
    let arg = || text(ContextKind::InvalidArg);
    let value = || text(ContextKind::InvalidValue);
    let message = match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => return None,
        ErrorKind::InvalidSubcommand => {
            let word = text(ContextKind::InvalidSubcommand);
            format!("`{path}` has no command `{word}`")
        }
        ErrorKind::UnknownArgument if arg().starts_with('-') => {
            format!("`{path}` has no option `{}`", arg())
        }
        ErrorKind::UnknownArgument => format!("`{path}` takes no further word: `{}`", arg()),
        ErrorKind::ArgumentConflict => {
            let prior = texts(error, ContextKind::PriorArg);
            let prior: Vec<String> = prior.iter().map(|it| format!("`{it}`")).collect();
            let prior = prior.join(" and ");
            return Some(Report::together(&format!("`{}`", arg()), &prior));
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = texts(error, ContextKind::InvalidArg).join(" ");
            format!("`{path}` lacks `{missing}`")
        }
        ErrorKind::InvalidValue if value().is_empty() => format!("`{}` lacks its value", arg()),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("`{}` is no value of `{}`", value(), arg())
        }
        ErrorKind::TooManyValues => format!("`{}` takes no value: `{}`", arg(), value()),
        // What the grammar does not lead to; in clap's words.
        _ => {
            let said = error.to_string();
            let said = said.lines().next().unwrap_or_default();
            said.trim_start_matches("error: ").to_owned()
        }
    };
    let mut report = Report::new(Kind::Usage, message);
    // Readers of values say what they take.
    if let Some(source) = error.source() {
        report = report.hint(source.to_string());
    }
    let near = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ];
    let mut near: Vec<String> = near.iter().flat_map(|kind| texts(error, *kind)).collect();
    // clap finds many, and misses two letters of three that changed places.
    let commands = command.get_subcommands().map(|it| it.get_name().to_owned());
    let (word, known) = match error.kind() {
        ErrorKind::InvalidSubcommand => (text(ContextKind::InvalidSubcommand), commands.collect()),
        _ => (value(), texts(error, ContextKind::ValidValue)),
    };
    if let Some(nearest) = similar(&word, known.iter().map(String::as_str)) {
        near = vec![nearest.to_owned()];
    }
    // A word that is no command is taken for the directory, and may have been meant for one.
    let root = path == tree.get_name() && error.kind() == ErrorKind::UnknownArgument;
    let directory = words.first().filter(|word| root && !word.starts_with('-'));
    if let Some(word) = directory {
        report = report.cause(format!(
            "`{word}` is no command, and is taken for the project's directory"
        ));
        if let Some(meant) = similar_command(word) {
            near = vec![meant.to_owned()];
        }
    }
    // The older tool's word for it, which is near others by chance (docs/MIGRATION.md).
    if root && arg() == "--diagnose" {
        near = vec!["doctor".to_owned()];
    }
    let claudes = root && near.is_empty() && arg().starts_with('-');
    report = report.meant(&near);
    if !known.is_empty() {
        report = report.there_are(&known);
    }
    if claudes {
        let line = format!("hal-9000 claude {}", arg());
        report = report.hint(format!(
            "options of Claude's own come after `claude`: `{line}`"
        ));
    }
    let usage = command.clone().bin_name(&path).render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").trim();
    let more = if path == tree.get_name() {
        "man"
    } else {
        "--help"
    };
    Some(report.hint(format!("usage: `{usage}`; `{path} {more}` says more")))
}

/// The command that these words name, and its name in full.
fn command<'a>(tree: &'a Command, words: &[&str]) -> (&'a Command, String) {
    let mut command = tree;
    let mut path = tree.get_name().to_owned();
    for word in words {
        if let Some(below) = command.find_subcommand(word) {
            command = below;
            path = format!("{path} {}", below.get_name());
        }
    }
    (command, path)
}

/// What clap says of this, however many it says.
fn texts(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}
