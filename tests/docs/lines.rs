//! Lines for a shell: what of ours is in them, and whether it would be understood.

use std::path::Path;

use clap::error::ErrorKind;
use hal9000::cli;

/// Programs of others that lines in the documentation begin with.
const OTHERS: &[&str] = &[
    "apt-get",
    "cargo",
    "cd",
    "cp",
    "curl",
    "docker",
    "dpkg",
    "echo",
    "eval",
    "exec",
    "export",
    "git",
    "id",
    "install",
    "jq",
    "ln",
    "mkdir",
    "newgrp",
    "rm",
    "source",
    "sha256sum",
    "slurp",
    "systemctl",
    "tar",
    "usermod",
];

/// Whether a shell and `hal-9000` would understand the line.
pub(crate) fn check(line: &str) -> Result<(), String> {
    understood(line, true)
}

/// The same of what a sentence names: words that are needed may be left out.
pub(crate) fn check_named(line: &str) -> Result<(), String> {
    understood(line, false)
}

fn understood(line: &str, whole: bool) -> Result<(), String> {
    let (line, inner) = without_inner(line);
    inner
        .iter()
        .try_for_each(|inner| understood(inner, whole))?;
    let words = shell_words::split(&line).map_err(|error| format!("`{line}`: {error}"))?;
    let operator = |word: &String| ["|", "||", "&&", ";", "<", ">", ">>"].contains(&word.as_str());
    let mut file = false;
    for command in words.split_inclusive(operator) {
        let (last, all) = command.split_last().expect("a part is not empty");
        let ended = operator(last);
        let command = if ended { all } else { command };
        if !std::mem::take(&mut file) {
            known(command, whole)?;
        }
        file = ended && last.contains(['<', '>']);
    }
    Ok(())
}

/// The line with `$(…)` as a word, and what is in these.
fn without_inner(line: &str) -> (String, Vec<String>) {
    let (mut outer, mut inner, mut rest) = (String::new(), Vec::new(), line);
    while let Some((before, after)) = rest.split_once("$(") {
        let (within, after) = after.split_once(')').unwrap_or((after, ""));
        inner.push(within.to_owned());
        outer.push_str(before);
        outer.push('X');
        rest = after;
    }
    outer.push_str(rest);
    (outer, inner)
}

fn known(command: &[String], whole: bool) -> Result<(), String> {
    let assigned = |word: &&String| {
        let name = word.split_once('=').map_or("", |(name, _)| name);
        !name.is_empty()
            && name
                .chars()
                .all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_')
    };
    let words: Vec<&str> = command
        .iter()
        .skip_while(|word| assigned(word) || *word == "sudo")
        .map(String::as_str)
        .collect();
    let Some(program) = words.first() else {
        return Ok(());
    };
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    match *program {
        "hal-9000" | "claudy" => {
            let parsed = cli::tree().try_get_matches_from(&words);
            match parsed.map_err(|error| (error.kind(), error.to_string())) {
                Ok(_) | Err((ErrorKind::DisplayHelp | ErrorKind::DisplayVersion, _)) => Ok(()),
                Err((ErrorKind::MissingRequiredArgument, _)) if !whole => Ok(()),
                Err((_, why)) => Err(format!("`{}`: {why}", words.join(" "))),
            }
        }
        "cargo" => match words.iter().skip_while(|it| **it != "--test").nth(1) {
            Some(name) if !tests(top, name) => Err(format!("there is no test {name}")),
            _ => Ok(()),
        },
        script if script.starts_with("scripts/") => {
            let there = top.join(script).is_file();
            there.then_some(()).ok_or(format!("there is no {script}"))
        }
        other if OTHERS.contains(&other) || other.starts_with(['$', '/', '.', '~']) => Ok(()),
        other => Err(format!(
            "`{other}` is no program that is known (tests/docs/lines.rs)"
        )),
    }
}

fn tests(top: &Path, name: &str) -> bool {
    let places = [format!("tests/{name}.rs"), format!("tests/{name}/main.rs")];
    places.iter().any(|place| top.join(place).is_file())
}
