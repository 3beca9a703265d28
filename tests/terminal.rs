//! The user's terminal is asked what it can do, once, and is afterwards as it was before.
//!
//! No engine is needed: without one the program ends right after it has asked.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests start programs, and fail by panicking"
)]

mod support;

use std::fs;

use support::known;
use support::pty::{Options, Pty};
use support::sandbox::Sandbox;
use support::terminal::Terminal;

/// Everything that is asked, as the test's terminal names it.
const ASKED: [&str; 8] = [
    "XTVERSION",
    "kitty",
    "OSC 11",
    "DECRQM 2026",
    "graphics",
    "cell size",
    "DECRQM 1016",
    "DA1",
];

fn sandbox() -> Sandbox {
    Sandbox::new().env("DOCKER_HOST", "unix:///nonexistent/docker.sock")
}

/// A shell on a terminal, which runs `hal-9000` as `$H` and says when it is done.
fn shell(sandbox: &Sandbox, terminal: Terminal, script: &str) -> Pty {
    let script = format!(
        "H={}; stty -g >before; {script}; stty -g >after; echo do''ne",
        sandbox.binary()
    );
    let options = Options {
        terminal,
        ..Options::default()
    };
    sandbox.pty_with("/bin/sh", &["-c", &script], &options)
}

/// Run it to its end; the questions, and what the screen shows.
fn run(sandbox: &Sandbox, terminal: Terminal, script: &str) -> (Vec<String>, String) {
    finish(sandbox, shell(sandbox, terminal, script))
}

fn finish(sandbox: &Sandbox, mut pty: Pty) -> (Vec<String>, String) {
    pty.wait_for_text("done");
    pty.wait_exit();
    assert!(pty.leftovers().is_empty(), "{:?}", pty.leftovers());
    let modes = ["before", "after"].map(|name| {
        let path = sandbox.project().join(name);
        fs::read_to_string(path).unwrap()
    });
    assert_eq!(modes[0], modes[1], "the terminal is another one");
    let queries = pty.look(|_, keyboard| keyboard.queries().to_vec());
    (queries, pty.screen_text())
}

/// No answer, or part of one, is on the screen.
fn assert_clean(text: &str) {
    for garbage in ["62;22", "rgb:", "test(1)", "^["] {
        assert!(!text.contains(garbage), "{text}");
    }
}

#[test]
fn each_kind_of_terminal_is_asked_once() {
    for (terminal, keyboard) in [(Terminal::PLAIN, false), (Terminal::KITTY, true)] {
        let sandbox = sandbox();
        let (asked, text) = known::until_answered(&sandbox, || run(&sandbox, terminal, "$H"));
        assert_eq!(asked, ASKED, "{terminal:?}");
        assert_clean(&text);
        let answers = &known::terminals(&sandbox)[0]["answers"];
        for (query, answered) in [
            ("version", true),
            ("keyboard", keyboard),
            ("background", true),
            ("synchronized", true),
            ("graphics", keyboard),
            ("cell-size", keyboard),
            ("pixel-mouse", true),
            ("attributes", true),
        ] {
            assert_eq!(answers[query].is_string(), answered, "{query}: {answers}");
        }
        assert!(run(&sandbox, terminal, "$H; $H").0.is_empty());
        let other = sandbox.env("TERM_PROGRAM", "another");
        assert_eq!(run(&other, terminal, "$H; $H").0, ASKED, "{terminal:?}");
        assert_eq!(known::terminals(&other).len(), 2);
    }
}

#[test]
fn who_does_not_answer_is_not_asked_again_either() {
    for terminal in [Terminal::MUTE, Terminal::SLOW] {
        let sandbox = sandbox();
        let (asked, text) = run(&sandbox, terminal, "$H; $H");
        assert_eq!(asked, ASKED, "{terminal:?}");
        assert_clean(&text);
        let known = known::terminals(&sandbox);
        assert!(known[0]["answers"].is_null(), "{known:?}");
    }
}

#[test]
fn only_a_start_of_claude_asks() {
    let sandbox = sandbox();
    for words in [
        "shell",
        "--shell",
        "shell true",
        "--print",
        "--explain",
        "--detach",
        "claude -p hello",
        "claude -- --print hello",
        "attach",
        "sessions",
        "pool warm",
    ] {
        let (asked, _) = run(&sandbox, Terminal::KITTY, &format!("$H {words}"));
        assert!(asked.is_empty(), "{words}");
    }
    for piped in ["echo | $H", "$H | cat", "$H </dev/null"] {
        let (asked, _) = run(&sandbox, Terminal::KITTY, piped);
        assert!(asked.is_empty(), "{piped}");
    }
    assert!(known::terminals(&sandbox).is_empty());
    let (asked, _) = run(&sandbox, Terminal::KITTY, "$H claude --continue");
    assert_eq!(asked, ASKED);
}

#[test]
fn what_was_typed_before_is_not_taken() {
    let sandbox = sandbox();
    let script = "echo rea''dy; read -r line; $H; read -r rest; echo \"<$line|$rest>\"";
    let pty = shell(&sandbox, Terminal::KITTY, script);
    pty.wait_for_text("ready");
    pty.send("go\nahead");
    pty.wait_for_text("error");
    pty.send("\n");
    pty.wait_for_text("<go|ahead>");
    // Nobody would know an answer from a key.
    assert!(finish(&sandbox, pty).0.is_empty());
    assert!(known::terminals(&sandbox).is_empty());
}

#[test]
fn interrupted_among_the_questions_the_terminal_is_restored() {
    let sandbox = sandbox();
    let pty = shell(&sandbox, Terminal::MUTE, "trap : INT; $H");
    pty.wait_for_written("\x1b[c", 1);
    pty.send_ctrl('c');
    assert_eq!(finish(&sandbox, pty).0, ASKED);
}
