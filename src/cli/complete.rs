//! `hal-9000 __complete`: what a shell asks at the key. Within a tenth of a second, in silence:
//! whatever is not known by then is not offered.
//!
//! bash asks with its own name for the command, the line up to the cursor and its word breaks;
//! `variable` with the name of a variable and the value up to the cursor; the others with the words
//! from the program's name to the one at the cursor. The answers are [`crate::shell::Offer::text`].

use super::args::EngineOptions;
use super::candidates::{Asker, Kind, of_argument, of_setting};
use crate::config::KEYS;
use crate::host::{self, Env};
use crate::shell::{self, Line, Offer, Paths, Place, Wanted};
use crate::ui::Ui;
use crate::vars;
use clap::{Arg, Command};
use std::process::ExitCode;
use std::time::Duration;

/// The word that asks.
pub(super) const FACE: &str = "__complete";

/// How long values may be looked up: with the start of this process it stays below 100 ms.
const LOOK_UP: Duration = Duration::from_millis(80);

/// Answer. There is nobody to tell of a failure.
pub(super) fn run(tree: Command, env: &Env) -> ExitCode {
    let words = env.args.iter().skip(2).map(|it| it.to_string_lossy());
    let words: Vec<String> = words.map(std::borrow::Cow::into_owned).collect();
    let _ = Ui::plain().answer(&answer(tree, &words, env).unwrap_or_default());
    ExitCode::SUCCESS
}

/// What fish, zsh and elvish are told of these words.
pub(super) fn offered(tree: Command, words: &[&str], env: &Env) -> String {
    let words: Vec<String> = words.iter().copied().map(str::to_owned).collect();
    at_cursor(tree, &words, None, env).text(None)
}

fn answer(tree: Command, words: &[String], env: &Env) -> Option<String> {
    let (who, rest) = words.split_first()?;
    match (who.as_str(), rest) {
        ("bash", [name, text, breaks]) => {
            let line = shell::line(text, breaks);
            let words = [std::slice::from_ref(name), line.words.get(1..)?].concat();
            Some(at_cursor(tree, &words, Some(&line), env).text(Some(&line)))
        }
        ("variable", [name, typed]) => Some(of_variable(name, typed, env).text(None)),
        ("bash" | "variable", _) => None,
        (_, words) => Some(at_cursor(tree, words, None, env).text(None)),
    }
}

fn of_variable(name: &str, typed: &str, env: &Env) -> Offer {
    let key = KEYS.iter().find(|key| key.variable == name);
    let kind = match name {
        vars::INSTANCE => Some(Kind::Instances),
        _ => key.and_then(|key| of_setting(key.name)),
    };
    let asker = Asker {
        env: env.clone(),
        engine: EngineOptions::default(),
        before: Vec::new(),
    };
    let mut offer = kind.map(|kind| looked_up(asker, kind)).unwrap_or_default();
    offer.beginning_with(typed);
    offer
}

/// What is offered for these words, the program's name first and the one at the cursor last.
fn at_cursor(mut tree: Command, words: &[String], line: Option<&Line>, env: &Env) -> Offer {
    tree.build();
    let Some((program, typed)) = words.split_first() else {
        return Offer::default();
    };
    let mut typed = typed.to_vec();
    // `shell-init --alias-docker` makes that name stand for two words.
    if program.rsplit('/').next() == Some("docker") {
        typed.insert(0, "docker".to_owned());
    }
    let last = typed.last().cloned().unwrap_or_default();
    let place = shell::place(&tree, &typed);
    let mut offer = match &place.wanted {
        Wanted::Handed(number) => handed(&place, &typed, *number, env),
        Wanted::Value { arg, before } => {
            let mut offer = values(&place, arg, env);
            for candidate in &mut offer.candidates {
                candidate.value.insert_str(0, before);
            }
            // bash takes a value from its flag by itself; others would look for `--flag=` on the disk.
            if !before.is_empty() && line.is_none() {
                offer.paths = None;
            }
            offer
        }
        Wanted::Word {
            command,
            positional,
            flag,
        } => {
            let mut offer = Offer::default();
            let flags = || shell::flags(place.command, &place.flags);
            if *flag && last.starts_with('-') {
                offer.candidates = flags();
                offer.beginning_with(&last);
                return offer;
            }
            if let Some(arg) = positional {
                offer = values(&place, arg, env);
            }
            if *command {
                let values =
                    std::mem::replace(&mut offer.candidates, shell::commands(place.command));
                offer.candidates.extend(values);
            }
            if *flag && last.is_empty() && positional.is_none() && !*command {
                offer.candidates = flags();
            }
            offer
        }
    };
    offer.beginning_with(&last);
    offer
}

/// Words for a program: docker's are asked of docker, the others' are not known.
fn handed(place: &Place<'_>, typed: &[String], number: usize, env: &Env) -> Offer {
    if place.path != ["docker"] {
        return Offer {
            paths: Some(Paths::Files),
            ..Offer::default()
        };
    }
    let from = typed.len().saturating_sub(number + 1);
    let words = typed.get(from..).unwrap_or_default().to_vec();
    let asker = asker(place, "", env);
    let offer = host::within(LOOK_UP, move || asker.docker(&words));
    offer.flatten().unwrap_or_default()
}

fn values(place: &Place<'_>, arg: &Arg, env: &Env) -> Offer {
    let known = shell::possible_values(arg);
    if !known.is_empty() {
        return Offer {
            candidates: known,
            ..Offer::default()
        };
    }
    let id = arg.get_id().as_str();
    let asker = asker(place, id, env);
    let before = asker.before.clone();
    let setting = asked_setting(place).filter(|_| id == "value");
    match setting.or_else(|| of_argument(&place.path, id)) {
        Some(kind) => {
            let mut offer = looked_up(asker, kind);
            offer
                .candidates
                .retain(|it| kind == Kind::Pages || !before.contains(&it.value));
            offer
        }
        None => Offer::default(),
    }
}

/// The values of the setting that `config set` was given.
fn asked_setting(place: &Place<'_>) -> Option<Kind> {
    let set = place.path == ["config", "set"];
    let mut keys = place.values.iter().filter(|(id, _)| set && *id == "key");
    keys.next().and_then(|(_, key)| of_setting(key))
}

fn asker(place: &Place<'_>, argument: &str, env: &Env) -> Asker {
    let typed = |name: &str| {
        let mut all = place.values.iter().filter(|(id, _)| *id == name);
        all.next_back().map(|(_, value)| value.clone())
    };
    let before = place.values.iter().filter(|(id, _)| *id == argument);
    Asker {
        env: env.clone(),
        engine: EngineOptions {
            host: typed("host"),
            context: typed("context"),
        },
        before: before.map(|(_, value)| value.clone()).collect(),
    }
}

fn looked_up(asker: Asker, kind: Kind) -> Offer {
    let paths = match kind {
        Kind::Projects => Some(Paths::Directories),
        _ => None,
    };
    // What the shell completes by itself is offered, too, where we are late.
    host::within(LOOK_UP, move || asker.look_up(kind)).unwrap_or(Offer {
        paths,
        ..Offer::default()
    })
}
