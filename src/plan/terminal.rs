//! The user's terminal as far as Claude has to know it: which variables tell of it, what it may be
//! asked, and what its keyboard will do.
//!
//! What Claude makes of a variable was measured with Claude 2.1.330 and read in its program.

use crate::model::DetachKeys;
use crate::terminal::{Answers, Query, questions_but};
use std::collections::BTreeMap;

/// Variables by name.
type Environment = BTreeMap<String, String>;

/// Variables by which a terminal tells what it is, with why Claude wants them.
const OF_THE_TERMINAL: [(&str, &str); 8] = [
    (
        "TERM_PROGRAM",
        "the terminal's name: what Claude uses there",
    ),
    (
        "TERM_PROGRAM_VERSION",
        "the terminal's version: what it can do",
    ),
    ("VTE_VERSION", "the version of a terminal of GNOME's kind"),
    ("KONSOLE_VERSION", "the version of KDE's terminal"),
    ("TERMINAL_EMULATOR", "the terminal of an IDE"),
    ("ZED_TERM", "the terminal is Zed's"),
    (WT_SESSION, "the terminal is Windows Terminal"),
    (KITTY_WINDOW_ID, "the terminal is kitty"),
];

const WT_SESSION: &str = "WT_SESSION";
const KITTY_WINDOW_ID: &str = "KITTY_WINDOW_ID";

/// Set by programs that are a terminal inside another one, of which the variables above then tell.
const MULTIPLEXERS: [&str; 3] = ["TMUX", "STY", "ZELLIJ"];

/// Values of `TERM_PROGRAM` for which Claude switches on, unasked, xterm's `modifyOtherKeys` beside
/// kitty's protocol. A terminal that only has the former, as `WezTerm` has until it is configured
/// otherwise, then sends Ctrl-6 as `CSI 27 ; 5 ; 54 ~` and Esc as a single byte. Detach keys cannot
/// be had there: docker would hold back every Esc, with which that sequence begins.
const XTERM_KEYS: [&str; 6] = [
    "WarpTerminal",
    "WezTerm",
    "ghostty",
    "iTerm.app",
    "kitty",
    "tmux",
];

/// Terminals that have kitty's protocol as they come, by `TERM`.
const KITTY_TERMS: [&str; 6] = [
    "alacritty",
    "alacritty-direct",
    "foot",
    "foot-extra",
    "xterm-ghostty",
    "xterm-kitty",
];

/// Before this version VTE shows what it does not understand (VTE 0.53).
const VTE_UNDERSTANDS: u32 = 5300;

/// A variable that is set and not empty.
fn get<'a>(environment: &'a Environment, name: &str) -> Option<&'a str> {
    let value = environment.get(name).map(String::as_str);
    value.filter(|value| !value.is_empty())
}

fn multiplexed(environment: &Environment) -> bool {
    let set = |name: &&str| get(environment, name).is_some();
    MULTIPLEXERS.iter().any(set)
}

/// Name, value and reason of each variable of the terminal's that a session gets.
///
/// Never `TMUX`, whose socket is not inside, nor with it the variables of the terminal around tmux;
/// nor `TERM_PROGRAM=tmux`, for which Claude would use keys that tmux may not have ([`XTERM_KEYS`]):
/// without these it asks tmux, and believes the answers.
pub(super) fn handed_on(
    environment: &Environment,
    answers: Option<&Answers>,
) -> Vec<(&'static str, String, &'static str)> {
    let mut all = Vec::new();
    if !multiplexed(environment) {
        let kitty = speaks_kitty(environment, answers);
        let program = get(environment, "TERM_PROGRAM").unwrap_or_default();
        for (name, why) in OF_THE_TERMINAL {
            let Some(value) = get(environment, name) else {
                continue;
            };
            let safe = match name {
                "TERM_PROGRAM" | "TERM_PROGRAM_VERSION" => !XTERM_KEYS.contains(&program),
                KITTY_WINDOW_ID => false,
                _ => true,
            };
            if kitty || safe {
                // Of these only counts that they are set, and each window has another value: a
                // session that waits for one of them would wait for none of the others.
                let value = match name {
                    WT_SESSION | KITTY_WINDOW_ID => "1",
                    _ => value,
                };
                all.push((name, value.to_owned(), why));
            }
        }
    }
    // Set and not empty: <https://no-color.org>.
    if let Some(value) = get(environment, "NO_COLOR") {
        all.push(("NO_COLOR", value.to_owned(), "no colours, as you like it"));
    }
    all
}

/// Whether Claude and this terminal will speak kitty's keyboard protocol: Claude switches it on for
/// whoever says that it has it, and where it is sure by itself. Where nobody knows: no, since with
/// kitty's detach keys on another keyboard docker would hold back every Esc.
fn speaks_kitty(environment: &Environment, answers: Option<&Answers>) -> bool {
    if let Some(answers) = answers {
        return answers.of(Query::Keyboard).is_some();
    }
    let term = get(environment, "TERM").unwrap_or_default();
    let named = KITTY_TERMS.contains(&term)
        || get(environment, "TERM_PROGRAM") == Some("ghostty")
        || get(environment, KITTY_WINDOW_ID).is_some();
    named && !multiplexed(environment)
}

/// How the built-in detach keys arrive from this terminal while Claude has it.
pub(super) fn claudes_detach_keys(
    environment: &Environment,
    answers: Option<&Answers>,
) -> Option<DetachKeys> {
    speaks_kitty(environment, answers).then(DetachKeys::kitty)
}

/// By what answers are remembered: everything that tells one kind of terminal from another.
/// Whoever comes over the network has a terminal that says little of itself, so it is known by the
/// machine that it comes from.
pub fn terminal_kind(environment: &Environment) -> String {
    let valued = [
        "TERM",
        "COLORTERM",
        "TERM_PROGRAM",
        "TERM_PROGRAM_VERSION",
        "VTE_VERSION",
        "KONSOLE_VERSION",
        "TERMINAL_EMULATOR",
    ];
    let named = [WT_SESSION, KITTY_WINDOW_ID, "ZED_TERM", "SSH_TTY"];
    let mut words: Vec<String> = valued
        .iter()
        .filter_map(|name| Some(format!("{name}={}", get(environment, name)?)))
        .collect();
    let set = |name: &&&str| get(environment, name).is_some();
    let named = named.iter().chain(&MULTIPLEXERS).filter(set);
    words.extend(named.map(|name| (*name).to_owned()));
    let client = get(environment, "SSH_CONNECTION").and_then(|text| text.split(' ').next());
    words.extend(client.map(|client| format!("from {client}")));
    words.join(" ")
}

/// What this terminal may be asked; nothing where it would show the question.
///
/// Claude leaves out the same. tmux makes what it does not know the title of its window, and GNU
/// screen hands it to the terminal around it.
pub fn terminal_questions(environment: &Environment) -> Option<Vec<u8>> {
    let term = get(environment, "TERM").unwrap_or("dumb");
    let vte = get(environment, "VTE_VERSION").map(|version| version.parse::<u32>().unwrap_or(0));
    if ["dumb", "linux"].contains(&term) || vte.is_some_and(|version| version < VTE_UNDERSTANDS) {
        return None;
    }
    let left_out: &[Query] = if get(environment, "TERM_PROGRAM") == Some("Apple_Terminal") {
        &[
            Query::Synchronized,
            Query::Graphics,
            Query::CellSize,
            Query::PixelMouse,
        ]
    } else if multiplexed(environment) {
        &[Query::Graphics, Query::CellSize, Query::PixelMouse]
    } else {
        &[]
    };
    Some(questions_but(left_out))
}

#[cfg(test)]
#[path = "terminal_tests.rs"]
mod tests;
