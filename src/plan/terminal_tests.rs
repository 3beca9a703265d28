use super::*;
use crate::model::{Field, label_keys};
use crate::plan::session::tests::{facts, settings};
use crate::plan::{Plan, Request, What, plan};
use crate::terminal::read;

fn environment(text: &str) -> Environment {
    let pair = |word: &str| {
        let (name, value) = word.split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    };
    text.split_whitespace().map(pair).collect()
}

fn answers(text: &str) -> Option<Answers> {
    let (answers, complete) = read(text.as_bytes());
    assert!(complete || text.is_empty());
    complete.then_some(answers)
}

/// Not asked, without kitty's keyboard, with it.
const ANSWERS: [&str; 3] = ["", "\x1b[?62c", "\x1b[?0u\x1b[?62c"];

#[test]
fn who_speaks_kittys_protocol() {
    for (text, expected) in [
        ("TERM=xterm-256color", [false, false, true]),
        ("TERM=xterm-kitty", [true, false, true]),
        ("TERM=xterm-ghostty", [true, false, true]),
        ("TERM=foot", [true, false, true]),
        ("TERM=alacritty", [true, false, true]),
        ("TERM=xterm TERM_PROGRAM=ghostty", [true, false, true]),
        ("TERM=xterm KITTY_WINDOW_ID=3", [true, false, true]),
        ("TERM=xterm KITTY_WINDOW_ID=", [false, false, true]),
        ("TERM=xterm WT_SESSION=abc", [false, false, true]),
        ("TERM=xterm TERM_PROGRAM=WezTerm", [false, false, true]),
        ("TERM=xterm TERM_PROGRAM=iTerm.app", [false, false, true]),
        (
            "TERM=tmux-256color TMUX=x KITTY_WINDOW_ID=3",
            [false, false, true],
        ),
    ] {
        let found = ANSWERS.map(|said| {
            let keys = claudes_detach_keys(&environment(text), answers(said).as_ref());
            keys == Some(DetachKeys::kitty())
        });
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn what_a_session_is_told_of_the_terminal() {
    for (text, unasked, without, with) in [
        ("TERM=xterm COLORTERM=24bit TMUX_PANE=%1", "", "", ""),
        (
            "TERM_PROGRAM=vscode TERM_PROGRAM_VERSION=1.9",
            "TERM_PROGRAM=vscode TERM_PROGRAM_VERSION=1.9",
            "TERM_PROGRAM=vscode TERM_PROGRAM_VERSION=1.9",
            "TERM_PROGRAM=vscode TERM_PROGRAM_VERSION=1.9",
        ),
        (
            "TERM_PROGRAM=WezTerm TERM_PROGRAM_VERSION=2024",
            "",
            "",
            "TERM_PROGRAM=WezTerm TERM_PROGRAM_VERSION=2024",
        ),
        (
            "TERM_PROGRAM=ghostty",
            "TERM_PROGRAM=ghostty",
            "",
            "TERM_PROGRAM=ghostty",
        ),
        (
            "WT_SESSION=a-b",
            "WT_SESSION=1",
            "WT_SESSION=1",
            "WT_SESSION=1",
        ),
        (
            "KITTY_WINDOW_ID=7",
            "KITTY_WINDOW_ID=1",
            "",
            "KITTY_WINDOW_ID=1",
        ),
        (
            "VTE_VERSION=7600 KONSOLE_VERSION=2 TERMINAL_EMULATOR=J ZED_TERM=true",
            "VTE_VERSION=7600 KONSOLE_VERSION=2 TERMINAL_EMULATOR=J ZED_TERM=true",
            "VTE_VERSION=7600 KONSOLE_VERSION=2 TERMINAL_EMULATOR=J ZED_TERM=true",
            "VTE_VERSION=7600 KONSOLE_VERSION=2 TERMINAL_EMULATOR=J ZED_TERM=true",
        ),
        (
            "TMUX=x TERM_PROGRAM=tmux VTE_VERSION=7600 NO_COLOR=yes",
            "NO_COLOR=yes",
            "NO_COLOR=yes",
            "NO_COLOR=yes",
        ),
        ("STY=1 WT_SESSION=x", "", "", ""),
        ("NO_COLOR= VTE_VERSION=", "", "", ""),
    ] {
        for (said, expected) in ANSWERS.into_iter().zip([unasked, without, with]) {
            let found: Vec<String> = handed_on(&environment(text), answers(said).as_ref())
                .into_iter()
                .map(|(name, value, _)| format!("{name}={value}"))
                .collect();
            assert_eq!(found.join(" "), expected, "{text} {said:?}");
        }
    }
}

#[test]
fn kinds_of_terminals_are_told_apart() {
    let kind = |text: &str| terminal_kind(&environment(text));
    let one = "TERM=xterm KITTY_WINDOW_ID=1 SSH_TTY=/dev/pts/1 LANG=C";
    let same = "TERM=xterm KITTY_WINDOW_ID=2 SSH_TTY=/dev/pts/7 LANG=de";
    assert_eq!(kind(one), kind(same));
    let kinds = [
        "TERM=xterm",
        "TERM=xterm COLORTERM=truecolor",
        "TERM=xterm TMUX=x",
        "TERM=xterm STY=x",
        "TERM=xterm TERM_PROGRAM=vscode",
        "TERM=xterm TERM_PROGRAM=vscode TERM_PROGRAM_VERSION=1",
        "TERM=xterm SSH_TTY=/dev/pts/1",
        "TERM=xterm VTE_VERSION=7",
        "TERM=xterm WT_SESSION=7",
    ];
    for (at, one) in kinds.iter().enumerate() {
        assert!(kinds[..at].iter().all(|other| kind(other) != kind(one)));
    }
    let from = |address: &str| {
        let mut environment = environment("TERM=xterm SSH_TTY=x");
        let value = format!("{address} 50000 10.0.0.1 22");
        environment.insert("SSH_CONNECTION".to_owned(), value);
        terminal_kind(&environment)
    };
    assert_ne!(from("10.0.0.2"), from("10.0.0.3"));
}

#[test]
fn who_is_asked_what() {
    for (text, asked, graphics, modes) in [
        ("TERM=xterm", true, true, true),
        ("TERM=tmux-256color TMUX=x", true, false, true),
        ("TERM=xterm TERM_PROGRAM=Apple_Terminal", true, false, false),
        ("TERM=linux", false, false, false),
        ("LANG=C", false, false, false),
        ("TERM=xterm VTE_VERSION=5202", false, false, false),
        ("TERM=xterm VTE_VERSION=7600", true, true, true),
    ] {
        let questions = terminal_questions(&environment(text));
        assert_eq!(questions.is_some(), asked, "{text}");
        let has = |part: &str| {
            let bytes = questions.clone().unwrap_or_default();
            String::from_utf8(bytes).unwrap().contains(part)
        };
        assert_eq!(has("_G"), graphics, "{text}");
        assert_eq!(has("2026"), modes, "{text}");
        assert!(!asked || has("\x1b[?u") && has("\x1b[c"), "{text}");
    }
}

fn planned(text: &str, terminal: bool, detach: bool) -> Plan {
    let mut facts = facts("/p/shop");
    facts.caller.environment = environment(text);
    facts.caller.terminal = terminal;
    let request = Request {
        detach,
        ..Request::new(What::Claude(vec![]))
    };
    plan(&request, &settings(&[]), &facts, "ab".parse().unwrap()).unwrap()
}

#[test]
fn only_a_session_with_a_terminal_is_told() {
    let here = "TERM=xterm COLORTERM=24bit VTE_VERSION=7600 NO_COLOR=1";
    for (terminal, detach, expected) in [
        (true, false, "TERM COLORTERM VTE_VERSION NO_COLOR"),
        (false, true, "TERM COLORTERM VTE_VERSION NO_COLOR"),
        (false, false, "TERM COLORTERM"),
    ] {
        let plan = planned(here, terminal, detach);
        let names = plan.run.spec.env.iter().map(|variable| &variable.name);
        let names: Vec<&str> = names
            .map(String::as_str)
            .filter(|name| here.contains(&format!("{name}=")))
            .collect();
        assert_eq!(names.join(" "), expected);
        for name in names {
            let reason = plan.reasons.get(&Field::Env(name.to_owned())).unwrap();
            assert_eq!(reason.origin.to_string(), format!("variable {name}"));
        }
    }
}

#[test]
fn windows_of_one_terminal_are_the_same_and_terminals_are_not() {
    let hash = |text: &str| planned(text, true, false).run.spec.labels[label_keys::SPEC].clone();
    let one = hash("TERM=xterm-kitty KITTY_WINDOW_ID=1");
    assert_eq!(one, hash("TERM=xterm-kitty KITTY_WINDOW_ID=2"));
    assert_ne!(one, hash("TERM=xterm-kitty"));
    let vte = hash("TERM=xterm VTE_VERSION=7600");
    assert_ne!(vte, hash("TERM=xterm VTE_VERSION=7800"));
}
