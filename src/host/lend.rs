//! The terminal and the pipes, lent to the docker client, and the terminal put in order when it
//! comes back.
//!
//! The client is a child and not what this process becomes, because something has to be done after
//! it: a client that detaches leaves the terminal as the program inside has set it (mouse reports,
//! bracketed paste, the alternate screen), and one that is killed leaves it raw. Everything while
//! the client runs is between it and the terminal.
#![expect(
    clippy::disallowed_methods,
    reason = "this is where programs are started"
)]

use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::termios::{SetArg, Termios, cfmakeraw, tcgetattr, tcsetattr};
use nix::unistd::Pid;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus};

/// Sent to this process alone: passed on to the client.
const FROM_OUTSIDE: [Signal; 2] = [Signal::SIGTERM, Signal::SIGHUP];

/// Sent to the whole group, the client included: not for this process.
const FROM_THE_KEYBOARD: [Signal; 2] = [Signal::SIGINT, Signal::SIGQUIT];

/// Run `program` with this process's terminal and pipes until it ends; its exit status as a shell
/// counts it. `meanwhile` runs once it has started.
pub fn lend(
    program: &Path,
    arguments: &[String],
    keys: Keys,
    meanwhile: impl FnOnce(),
) -> io::Result<u8> {
    let before = tcgetattr(io::stdin()).ok();
    if let (Keys::Raw, Some(before)) = (keys, &before) {
        let mut raw = before.clone();
        cfmakeraw(&mut raw);
        let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, &raw);
    }
    let lent = run(program, arguments, meanwhile);
    restore(before.as_ref());
    lent
}

/// What the terminal does with keys until the client reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// What it did before: it shows them, and Ctrl-C interrupts.
    AsTheyAre,
    /// It keeps them for the client.
    Raw,
}

fn run(program: &Path, arguments: &[String], meanwhile: impl FnOnce()) -> io::Result<u8> {
    // Started before the signals are blocked: a child inherits the mask, and would be deaf to them.
    let mut child = Command::new(program).args(arguments).spawn()?;
    let client = Pid::from_raw(child.id().cast_signed());
    let signals: SigSet = FROM_OUTSIDE.into_iter().chain(FROM_THE_KEYBOARD).collect();
    signals.thread_block()?;
    // A thread of its own, since the wait for the child must not depend on SIGCHLD: a thread that
    // has it unblocked would take it away.
    std::thread::spawn(move || {
        while let Ok(signal) = signals.wait() {
            if FROM_OUTSIDE.contains(&signal) {
                let _ = kill(client, signal);
            }
        }
    });
    meanwhile();
    Ok(code(child.wait()?))
}

/// The rows and columns of the terminal; none where it does not say.
pub fn terminal_size() -> [u16; 2] {
    rustix::termios::tcgetwinsize(io::stdout()).map_or([0, 0], |size| [size.ws_row, size.ws_col])
}

/// How many columns a terminal has; none where it is no terminal, or does not say.
pub fn columns(of: impl AsFd) -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(of).ok()?;
    (size.ws_col > 0).then_some(size.ws_col.into())
}

fn restore(before: Option<&Termios>) {
    if let Some(before) = before {
        // Where the terminal is gone there is nothing to restore.
        let _ = tcsetattr(io::stdin(), SetArg::TCSADRAIN, before);
    }
}

/// The exit status as a shell counts it: 128 and the signal's number for one that was killed.
fn code(status: ExitStatus) -> u8 {
    let number = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal));
    number
        .and_then(|number| u8::try_from(number).ok())
        .unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_childs_status_is_ours() {
        let run = |script: &str| {
            let words = ["-c".to_owned(), script.to_owned()];
            lend(Path::new("/bin/sh"), &words, Keys::AsTheyAre, || {}).unwrap()
        };
        assert_eq!(run("exit 0"), 0);
        assert_eq!(run("exit 7"), 7);
        assert_eq!(run("kill -9 $$"), 137);
        assert!(lend(Path::new("/nonexistent"), &[], Keys::Raw, || {}).is_err());
    }
}
