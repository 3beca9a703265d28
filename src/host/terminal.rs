//! The terminal, lent to the docker client and put in order when it comes back.
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
use nix::sys::termios::{SetArg, Termios, tcgetattr, tcsetattr};
use nix::unistd::Pid;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus};

/// Run `program` on this process's terminal until it ends; `meanwhile` runs once it has started.
pub fn lend_terminal(
    program: &Path,
    arguments: &[String],
    meanwhile: impl FnOnce(),
) -> io::Result<u8> {
    let before = tcgetattr(io::stdin()).ok();
    // Blocked before the child exists, so that none is lost; std gives the child an empty mask.
    let signals = [
        Signal::SIGINT,
        Signal::SIGQUIT,
        Signal::SIGTERM,
        Signal::SIGHUP,
        Signal::SIGCHLD,
    ];
    let signals: SigSet = signals.into_iter().collect();
    signals.thread_block()?;
    let mut child = Command::new(program).args(arguments).spawn()?;
    meanwhile();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        match signals.wait()? {
            // From the keyboard they reach the client by themselves: it is in the same group.
            Signal::SIGCHLD | Signal::SIGINT | Signal::SIGQUIT => {}
            signal => {
                let _ = kill(Pid::from_raw(child.id().cast_signed()), signal);
            }
        }
    };
    signals.thread_unblock()?;
    restore(before.as_ref());
    Ok(code(status))
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
            lend_terminal(Path::new("/bin/sh"), &words, || {}).unwrap()
        };
        assert_eq!(run("exit 0"), 0);
        assert_eq!(run("exit 7"), 7);
        assert_eq!(run("kill -9 $$"), 137);
        assert!(lend_terminal(Path::new("/nonexistent"), &[], || {}).is_err());
    }
}
