//! All text for people: the only module that writes to the standard streams (besides the
//! entrypoint, which has a reporter of its own). Answers go to standard output, everything else to
//! standard error.

mod audit;
mod checkup;
mod daemon;
mod ending;
mod explain;
mod hints;
mod notes;
mod pool;
mod progress;
mod report;
mod settings;
mod table;
mod wrap;

pub use audit::{audit_line, rules_text};
pub use checkup::{checkup_json, checkup_text};
pub use daemon::{DaemonView, daemon_text};
pub use ending::ending;
pub use explain::explain;
pub use hints::{COMMANDS, similar, similar_command};
pub use notes::{
    DOCKER_CANNOT_BE_GUARDED, DOCKER_IS_GUARDED, DOCKER_IS_ROOT, GUARD_IS_NOT_PRINTED,
    HOME_IS_NO_WORKSPACE, NO_DOCKER, left_line, note, start_line, without_workspace,
};
pub use pool::pool_text;
pub use progress::Progress;
pub use report::{Face, Kind, Report};
pub use settings::{settings_json, settings_text};
pub use table::{age, table};

use crate::host::columns;
use crate::ipc::Screen;
use nix::poll::{PollFd, PollFlags, poll};
use std::io::{self, Write};
use std::os::fd::AsFd;

/// The version of what the fields of JSON answers mean; further fields are no other version.
const SCHEMA: u32 = 1;

/// How much is said, and in what form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one choice of the user or the terminal"
)]
pub struct Ui {
    /// `--quiet`: errors only.
    pub quiet: bool,
    /// `--verbose`: what is done, step by step.
    pub verbose: bool,
    /// Standard error is a terminal.
    pub terminal: bool,
    /// Colours: on a terminal, without `NO_COLOR`.
    pub color: bool,
    /// `--json`: answers and errors as JSON on standard output.
    pub json: bool,
}

/// Undoes what Claude or a shell may have switched on: mouse reports, focus and theme reports,
/// bracketed paste, the kitty protocol and modified keys, application keys, colours; shows the
/// cursor, leaves the alternate screen, and clears what is below. Leaving that one puts the cursor where it was saved
/// last, so it is saved first: on the main screen that makes it stay.
const RESET: &str = concat!(
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2031l\x1b[?2004l",
    "\x1b[<u\x1b[>4;0m\x1b[?1l\x1b>\x1b[0m\x1b[?25h\x1b7\x1b[?1049l\r\n\x1b[J",
);

impl Ui {
    /// Before it is known what was asked for.
    pub fn plain() -> Self {
        Self {
            quiet: false,
            verbose: false,
            terminal: false,
            color: false,
            json: false,
        }
    }

    /// Part of the answer, on standard output. A reader that has gone away ends the program
    /// quietly, as it does for every other command in a pipe.
    pub fn answer(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        if !text.ends_with('\n') && !text.is_empty() {
            out.write_all(b"\n")?;
        }
        out.flush()
    }

    /// Part of the answer, for people: on a terminal its lines are broken between words.
    pub fn page(&self, text: &str) -> io::Result<()> {
        match self.columns() {
            Some(columns) => self.answer(&wrap::wrap(text, columns)),
            None => self.answer(text),
        }
    }

    /// How many columns an answer has; none where it does not go to a terminal.
    pub fn columns(&self) -> Option<usize> {
        columns(io::stdout())
    }

    /// An answer, or why there is none, as JSON: always an object, always with the version of what
    /// its fields mean.
    pub fn json(&self, mut answer: serde_json::Value) -> io::Result<()> {
        if let Some(fields) = answer.as_object_mut() {
            fields.insert("schema".to_owned(), SCHEMA.into());
        }
        self.answer(&serde_json::to_string_pretty(&answer)?)
    }

    /// Something worth knowing.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            self.write(&format!("hal-9000: {}", visible(text)));
        }
    }

    /// Something that may surprise.
    pub fn warn(&self, text: &str) {
        if !self.quiet {
            let word = self.paint("warning", "33");
            self.write(&format!("hal-9000: {word}: {}", visible(text)));
        }
    }

    /// A step, for `--verbose`.
    pub fn step(&self, text: &str) {
        if self.verbose {
            self.write(&format!("hal-9000: {}", visible(text)));
        }
    }

    /// A question on the terminal; only a `y` is a yes.
    pub fn ask(&self, question: &str) -> bool {
        let question = on_terminal(&format!("{question} [y/N]"));
        let mut err = io::stderr().lock();
        let _ = write!(err, "{question} ");
        let _ = err.flush();
        drop(err);
        let mut line = String::new();
        let read = io::stdin().read_line(&mut line);
        read.is_ok() && matches!(line.trim(), "y" | "Y" | "yes")
    }

    /// Make a terminal of so many rows ready for a Claude that runs already: switch on what it
    /// does not switch on again by itself, bracketed paste and reports of a changed theme, and give
    /// it an empty screen, what was there going up into the scrollback. Without an alternate screen
    /// Claude goes up from where the cursor is, and would draw over what it finds there.
    pub fn prepare_terminal(&self, rows: usize) {
        let mut out = io::stdout().lock();
        let text = format!("\x1b[?2004h\x1b[?2031h{}\x1b[H", "\r\n".repeat(rows));
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// Bring a terminal of so many rows into the state in which Claude expects its own: it has
    /// started on another one. Where it draws on the main screen, what was there goes up into the
    /// scrollback.
    pub fn restore_terminal(&self, screen: &Screen, rows: usize) {
        let mut out = io::stdout().lock();
        let up = if screen.alternate { 0 } else { rows };
        let text = format!("{}{}", "\r\n".repeat(up), screen.text);
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// Put a terminal in order on which a program was left running.
    pub fn reset_terminal(&self) {
        let mut out = io::stdout().lock();
        let _ = out.write_all(RESET.as_bytes()).and_then(|()| out.flush());
    }

    /// Why a command failed: on standard error, and as JSON on standard output where that was
    /// asked for.
    pub fn report(&self, report: &Report) {
        if self.json {
            let _ = self.json(report.to_json());
        }
        let error = self.paint("error", "31;1");
        let mut text = format!("hal-9000: {error}: {}", visible(&report.message));
        for cause in &report.causes {
            text.push_str(&format!("\n  cause: {}", visible(cause)));
        }
        for hint in &report.hints {
            let word = self.paint("hint", "36");
            text.push_str(&format!("\n  {word}: {}", visible(hint)));
        }
        self.write(&text);
    }

    /// Wait until nobody reads answers any more, and for no longer than that: whether it is so.
    pub fn answers_unread(&self, milliseconds: u16) -> bool {
        let out = io::stdout();
        // Errors and hang-ups are told unasked.
        let mut watched = [PollFd::new(out.as_fd(), PollFlags::empty())];
        matches!(poll(&mut watched, milliseconds), Ok(changed) if changed > 0)
    }

    fn paint(self, word: &str, code: &str) -> String {
        if self.color {
            format!("\u{1b}[{code}m{word}\u{1b}[0m")
        } else {
            word.to_owned()
        }
    }

    #[expect(clippy::unused_self, reason = "text leaves through a Ui only")]
    fn write(self, text: &str) {
        // Where standard error is closed there is nobody to tell.
        let _ = writeln!(io::stderr().lock(), "{}", on_terminal(text));
    }
}

/// As it is shown where standard error goes.
fn on_terminal(text: &str) -> String {
    match columns(io::stderr()) {
        Some(columns) => wrap::wrap(text, columns),
        None => text.to_owned(),
    }
}

/// Text with its control characters written out, but for line breaks: names of directories, files
/// of projects and words of engines are somebody else's, and a terminal would obey them.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && c != '\n' && c != '\t' {
            shown.extend(c.escape_debug());
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_not_told_what_to_do() {
        for (text, shown) in [
            ("plain ünï\n\tcode", "plain ünï\n\tcode"),
            ("a\u{1b}[2Jb\u{7}\r\u{9b}", "a\\u{1b}[2Jb\\u{7}\\r\\u{9b}"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }
}
