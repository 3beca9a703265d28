//! A terminal of 60 columns, with and without colours: lines are broken between words, commands are
//! in one piece, and tables that are wider become paragraphs.

use crate::sandbox;
use crate::support::pty::Options;

/// What is said on a terminal of so many columns by these lines of a shell, `$H` being the program: its
/// rows, whether one of them was too long, and every byte.
fn said(script: &str, cols: u16, color: bool) -> (String, bool, String) {
    let mut sandbox = sandbox().env("HAL9000_PIDS_LIMIT", "200");
    if !color {
        sandbox = sandbox.env("NO_COLOR", "1");
    }
    let script = format!("H={}; {script}", sandbox.binary());
    let options = Options {
        rows: 60,
        cols,
        user: sandbox.user().cloned(),
        ..Options::default()
    };
    let mut pty = sandbox.pty_with("/bin/sh", &["-c", &script], &options);
    pty.wait_exit();
    let long = pty.look(|screen, _| (0..60).any(|row| screen.row_wrapped(row)));
    let raw = String::from_utf8(pty.raw()).unwrap();
    (pty.screen_text(), long, raw)
}

const ERRORS: &str = "$H sesions; $H --model opus; $H pool scael; $H --docker=gaurd; \
                      $H config get zzz; $H --network none --publish 80 --memory 1g kill x";

#[test]
fn messages_are_broken_between_words_and_commands_never() {
    let (shown, long, raw) = said(ERRORS, 60, true);
    assert!(!long, "{shown}");
    assert!(raw.contains("\u{1b}[31;1merror\u{1b}[0m: "), "{raw}");
    for whole in [
        "hal-9000: error: no such directory: `sesions`\n",
        "\n  hint: did you mean the command `sessions`?\n",
        "\n    `hal-9000 pool --help` says more\n",
        "`guard`,\n  `host`, `none` (from flag --docker)\n",
    ] {
        assert!(shown.contains(whole), "{whole:?} is not in\n{shown}");
    }
    for line in shown.lines() {
        assert!(line.chars().count() <= 60, "{line}");
        assert!(line.matches('`').count() % 2 == 0, "{line}");
    }
}

#[test]
fn without_colours_all_of_it_is_said_in_words() {
    let (_, _, colored) = said(ERRORS, 60, true);
    let (_, _, plain) = said(ERRORS, 60, false);
    assert!(!plain.contains('\u{1b}'), "{plain}");
    let mut without = colored;
    for color in ["31;1", "33", "36", "0"] {
        without = without.replace(&format!("\u{1b}[{color}m"), "");
    }
    assert_eq!(without, plain);
}

#[test]
fn a_table_that_is_too_wide_is_a_list() {
    let (wide, long, _) = said("$H config show", 80, true);
    assert!(!long && wide.contains("SETTING"), "{wide}");
    let row = "limits.pids     200            variable HAL9000_PIDS_LIMIT\n";
    assert!(wide.contains(row), "{wide}");
    let (narrow, long, _) = said("$H config show", 50, true);
    assert!(!long && !narrow.contains("SETTING"), "{narrow}");
    let row = "limits.pids\n  value  200\n  from   variable HAL9000_PIDS_LIMIT\n";
    assert!(narrow.contains(row), "{narrow}");
    // Where nobody looks, nothing is broken: a program reads it.
    let (piped, _, _) = said("$H config show | cat", 50, true);
    assert!(piped.contains("SETTING"), "{piped}");
}
