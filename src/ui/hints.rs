//! Ways out that need more than a sentence, and near misses.

use super::{Kind, Report};
use crate::host::Preflight;
use crate::model::Product;
use std::path::Path;

pub(super) const ENGINES_WORDS: &str =
    "these are the engine's words; `hal-9000 doctor` looks at the engine";

pub(super) const ONE_OF_THEM: &str = "leave one of them out";

/// The engine cannot be used: which of the ways of not being there, and what to do.
pub(super) fn preflight(problem: &Preflight) -> Report {
    let report = |message: String| Report::new(Kind::NoEngine, message);
    match problem {
        Preflight::NoSocket {
            socket,
            said_by,
            others,
        } => {
            let there = socket.display();
            let mut result = report(format!("no docker engine: `{there}` does not exist"))
                .cause(format!("this address is {said_by}"));
            let start = start(socket);
            if let Some(hint) = &start {
                result = result.hint(hint);
            }
            for other in others {
                let other = other.display();
                result = result.hint(format!(
                    "an engine answers at {other}: `export DOCKER_HOST=unix://{other}`"
                ));
            }
            if start.is_none() && others.is_empty() {
                result = result.hint("install or start docker; in hal-9000's own checkout `scripts/engine` does both");
            }
            result
        }
        Preflight::NotASocket { socket, directory } => {
            let there = socket.display();
            let result = report(format!("no docker engine: `{there}` is not a socket"));
            if *directory {
                result
                    .cause("a directory: the engine makes one where a missing socket is mounted")
                    .hint(format!("`sudo rmdir {there}` and start docker again"))
            } else {
                result.hint(format!("remove `{there}` and start docker again"))
            }
        }
        Preflight::NotRunning { socket, said_by } => {
            let there = socket.display();
            let hint = start(socket).unwrap_or_else(|| {
                "start it: `sudo systemctl start docker`, or Docker Desktop, or `scripts/engine`"
                    .to_owned()
            });
            report(format!(
                "the docker engine is not running: nothing listens at `{there}`"
            ))
            .cause(format!("this address is {said_by}"))
            .hint(hint)
        }
        Preflight::NoPermission {
            socket,
            owner,
            caller,
            group,
            member,
        } => {
            let there = socket.display();
            let result = report(format!(
                "no permission to use the docker engine at `{there}`"
            ))
            .cause(format!("{owner}; you are {caller}"));
            if *member {
                result.hint(format!(
                    "your account is in group {group}, but this login is from before: \
                     `newgrp {group}`, or log in again"
                ))
            } else if group.is_empty() || group == "root" {
                result.hint("use an engine of your own: rootless docker, or another `DOCKER_HOST`")
            } else {
                result.hint(format!(
                    "you are not in group {group}: `sudo usermod -aG {group} $USER`, then log in \
                     again (that group is as good as root)"
                ))
            }
        }
        Preflight::Strange { socket, problem } => {
            report(format!("no docker engine at `{}`", socket.display()))
                .cause(problem)
                .hint("`docker version` shows whether docker itself can talk to it")
        }
        Preflight::TooOld { api } => report(format!(
            "the docker engine is too old: it speaks API 1.{api}"
        ))
        .hint("hal-9000 needs API 1.41: Docker 20.10 or later"),
    }
}

/// How the product is started whose socket this is; docker's usual one can be anybody's.
fn start(socket: &Path) -> Option<String> {
    let product = Product::at(socket).filter(|product| *product != Product::Machine)?;
    Some(format!("start {}: {}", product.name(), product.start()))
}

/// Every command, to know a near miss by (`cli` has the grammar, and a test that these are its own).
pub const COMMANDS: &[&str] = &[
    "claude",
    "shell",
    "docker",
    "sessions",
    "attach",
    "kill",
    "logs",
    "audit",
    "image",
    "profiles",
    "claude-version",
    "daemon",
    "pool",
    "config",
    "doctor",
    "completions",
    "man",
    "shell-init",
];

/// What may have been meant by a word that is no directory.
pub fn similar_command(word: &str) -> Option<&'static str> {
    // Words that other programs have for it.
    const OTHERS: &[(&str, &str)] = &[
        ("help", "--help"),
        ("version", "--version"),
        ("ps", "sessions"),
        ("list", "sessions"),
        ("stop", "kill"),
        ("rm", "kill"),
        ("images", "image"),
    ];
    if let Some((_, command)) = OTHERS.iter().find(|(other, _)| *other == word) {
        return Some(command);
    }
    similar(word, COMMANDS.iter().copied())
}

/// The one of these that is hardly another word.
pub fn similar<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Two wrong letters of four make another word.
    let close = (word.len() / 3).min(2);
    let known = known.into_iter();
    known
        .map(|it| (strsim::damerau_levenshtein(word, it), it))
        .filter(|(distance, _)| *distance <= close)
        .min()
        .map(|(_, it)| it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_is_down_is_started_as_its_product_is() {
        let down = |socket: &str| {
            preflight(&Preflight::NotRunning {
                socket: socket.into(),
                said_by: "x".to_owned(),
            })
            .hints
            .concat()
        };
        assert!(down("/home/a/.colima/default/docker.sock").contains("Colima: `colima start`"));
        assert!(down("/run/user/1/docker.sock").contains("`systemctl --user start docker`"));
        assert!(down("/var/run/docker.sock").contains("`sudo systemctl start docker`"));
    }

    #[test]
    fn near_misses_are_recognised() {
        assert_eq!(similar_command("sesions"), Some("sessions"));
        assert_eq!(similar_command("claud"), Some("claude"));
        assert_eq!(similar_command("help"), Some("--help"));
        for other in ["my-project", "x", "", "log-9"] {
            assert_eq!(similar_command(other), None, "{other}");
        }
    }
}
