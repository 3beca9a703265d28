//! A terminal that takes a Claude which has started without one is as if it had been there.

use crate::kept::Kept;
use crate::support::pty::Pty;
use crate::support::terminal::Terminal;

/// Everything about a terminal that a program can change, and what it shows: but for the picture at
/// the top, which moves.
fn state(pty: &Pty) -> (Vec<String>, String, (u16, u16)) {
    let (text, cursor) = pty.look(|screen, _| (screen.contents(), screen.cursor_position()));
    let lines = text.lines().enumerate().map(|(row, line)| {
        let picture = if row < 5 { 11 } else { 0 };
        line.chars().skip(picture).collect()
    });
    let text = lines.collect::<Vec<String>>().join("\n");
    (pty.leftovers(), text, cursor)
}

/// The same terminal with a Claude that starts on it, and with one that has waited.
fn warm_is_as_cold(test: &str, terminal: Terminal, term: &str) {
    let Some(mut kept) = Kept::new(test) else {
        return;
    };
    let sandbox = kept.house.bench.sandbox;
    kept.house.bench.sandbox = sandbox.env("TERM", term);
    let house = &kept.house;
    house.start();
    let mut modes = vec![
        "alternate screen",
        "bracketed paste",
        "mouse",
        "hidden cursor",
    ];
    modes.extend(terminal.kitty.then_some("kitty keyboard"));
    modes.extend(["mode 1004", "mode 2031"]);
    let settled = |pty: &Pty| {
        pty.wait_for_text("? for shortcuts");
        pty.wait_for_modes(&modes);
        // docker's client sets a size that is too large by one before the right one, to have
        // programs draw (docker/cli `container/attach.go`).
        let rule = "─".repeat(100);
        pty.wait_for("a Claude of the right width", |screen| {
            let text = screen.contents();
            // The picture at the top comes down while Claude starts.
            let parts = ["❯", "▝▜██████▀  Opus", "/effort"];
            parts.iter().all(|part| text.contains(part)) && text.lines().any(|line| line == rule)
        });
    };
    let cold = kept.on(terminal, &["--no-pool"]);
    settled(&cold);
    let expected = state(&cold);
    house.ok(&["kill", "--all"]);
    drop(cold);

    kept.warm_on(terminal);
    let waiting = kept.until_ready(2);
    let mut warm = kept.on(terminal, &[]);
    settled(&warm);
    assert!(kept.sessions().is_subset(&waiting), "it came from the pool");
    let found = state(&warm);
    assert_eq!(found.0, expected.0, "the modes");
    assert_eq!(found.1, expected.1, "the screen");
    assert_eq!(found.2, expected.2, "the cursor");

    // It follows the window, pastes whole, and leaves nothing behind.
    warm.resize(30, 91);
    let rule = "─".repeat(91);
    warm.wait_for("a wider Claude", |screen| {
        screen.contents().lines().any(|line| line == rule)
    });
    warm.send("\x1b[200~one\rtwo\x1b[201~");
    warm.wait_for_text("two");
    assert!(
        kept.api.requests().is_empty(),
        "a pasted line break sends nothing"
    );
    for key in ["\x1b[27u", "\x1b"] {
        if terminal.kitty == (key.len() > 1) {
            warm.send(key);
        }
    }
    house.ok(&["kill", "--all"]);
    warm.wait_exit();
    assert!(warm.leftovers().is_empty(), "{:?}", warm.leftovers());
    kept.end();
}

#[test]
fn on_a_plain_terminal() {
    warm_is_as_cold("on_a_plain_terminal", Terminal::PLAIN, "xterm-256color");
}

#[test]
fn on_a_kitty() {
    warm_is_as_cold("on_a_kitty", Terminal::KITTY, "xterm-kitty");
}

#[test]
fn on_one_that_answers_nothing() {
    warm_is_as_cold("on_one_that_answers_nothing", Terminal::MUTE, "xterm");
}

/// Its name says nothing of its keyboard: its answers do, of which the first start has taken note.
#[test]
fn on_one_whose_answers_tell_what_it_can() {
    let test = "on_one_whose_answers_tell_what_it_can";
    warm_is_as_cold(test, Terminal::KITTY, "xterm-256color");
}
