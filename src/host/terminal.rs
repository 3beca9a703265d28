//! The user's terminal, asked what it can do.
//!
//! For a few milliseconds it is not echoing and not waiting for whole lines, so that the answers
//! neither show nor wait. What was typed before is left where it is: then nothing is asked. What is
//! typed among the answers is lost, since there is no way to put it back (`TIOCSTI` is switched off
//! in kernels of today); what is typed after them is not read here.
#![expect(clippy::disallowed_methods, reason = "waits only so long for answers")]

use crate::terminal::{self, Answers};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use nix::sys::stat::fstat;
use nix::sys::termios::{
    LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr,
};
use nix::unistd::{getpgrp, read, tcgetpgrp, write};
use std::io::{self, IsTerminal, Stdin};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

/// So long a terminal has to answer. Over a slow line it may take longer.
const PATIENCE: Duration = Duration::from_millis(100);

/// After that, what is still coming is taken in until it is quiet for so long, so that it does not
/// become anybody's input.
const QUIET: Duration = Duration::from_millis(30);

/// And no longer than this in all. What comes even later meets Claude, which ignores it.
const AT_MOST: Duration = Duration::from_millis(250);

/// What ends or stops this process: it waits until the terminal is as it was.
const SIGNALS: [Signal; 5] = [
    Signal::SIGHUP,
    Signal::SIGINT,
    Signal::SIGQUIT,
    Signal::SIGTERM,
    Signal::SIGTSTP,
];

/// What became of the questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// These are its answers.
    Answered(Answers),
    /// It was asked, and is mute or slow.
    Mute,
    /// It could not be asked now: it is not ours alone, or something was typed already.
    Not,
}

/// Ask the terminal that is standard input and output. To be called while there is no other
/// thread, which would be given the signals that this one holds back.
pub fn ask_terminal(questions: &[u8]) -> Asked {
    let (input, output) = (io::stdin(), io::stdout());
    if !(input.is_terminal() && output.is_terminal()) {
        return Asked::Not;
    }
    let device = |fd: BorrowedFd<'_>| fstat(fd).map(|found| found.st_rdev);
    let one = device(input.as_fd()).is_ok_and(|rdev| device(output.as_fd()) == Ok(rdev));
    // In the background the terminal is somebody else's.
    let in_front = tcgetpgrp(&input) == Ok(getpgrp());
    if !(one && in_front) {
        return Asked::Not;
    }
    let Ok(_quiet) = Quiet::make(&input) else {
        return Asked::Not;
    };
    // A half line that was typed shows only now that lines do not count. An output that was stopped
    // (Ctrl-S) would hold us up.
    let free = !ready(input.as_fd(), PollFlags::POLLIN, Duration::ZERO)
        && ready(output.as_fd(), PollFlags::POLLOUT, Duration::ZERO);
    if !free || write(&output, questions) != Ok(questions.len()) {
        return Asked::Not;
    }
    answers(&input).map_or(Asked::Mute, Asked::Answered)
}

fn answers(input: &Stdin) -> Option<Answers> {
    let start = Instant::now();
    let mut said = Vec::new();
    loop {
        let waited = start.elapsed();
        let left = PATIENCE.checked_sub(waited);
        if !ready(input.as_fd(), PollFlags::POLLIN, left.unwrap_or(QUIET)) {
            // Quiet, and it has had its time.
            left?;
            continue;
        }
        // One by one: what comes after the last answer is for whoever has the terminal next.
        let mut byte = [0];
        match read(input, &mut byte) {
            Ok(1) => said.extend(byte),
            Err(Errno::EINTR) => {}
            _ => return None,
        }
        if byte == *b"c"
            && let (answers, true) = terminal::read(&said)
        {
            return Some(answers);
        }
        if waited > AT_MOST {
            return None;
        }
    }
}

fn ready(fd: BorrowedFd<'_>, what: PollFlags, within: Duration) -> bool {
    let mut fds = [PollFd::new(fd, what)];
    // Rounded up, or the last part of a millisecond would be spent asking.
    let within = within + Duration::from_micros(999);
    let within = PollTimeout::try_from(within).unwrap_or(PollTimeout::ZERO);
    // Interrupted is not ready; whoever waits asks again.
    poll(&mut fds, within).is_ok_and(|count| count > 0)
}

/// The terminal without echo and without lines, and the signals held back, until this is dropped.
struct Quiet<'a> {
    input: &'a Stdin,
    before: Termios,
    mask: SigSet,
}

impl<'a> Quiet<'a> {
    fn make(input: &'a Stdin) -> nix::Result<Self> {
        let before = tcgetattr(input)?;
        let held: SigSet = SIGNALS.into_iter().collect();
        let mask = held.thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
        let quiet = Self {
            input,
            before,
            mask,
        };
        let mut modes = quiet.before.clone();
        // Signals of keys stay: Ctrl-C is not lost, and comes when the terminal is as it was.
        modes
            .local_flags
            .remove(LocalFlags::ICANON | LocalFlags::ECHO | LocalFlags::ECHONL);
        modes.control_chars[SpecialCharacterIndices::VMIN as usize] = 1;
        modes.control_chars[SpecialCharacterIndices::VTIME as usize] = 0;
        // At once: to wait for an output that was stopped could take for ever.
        tcsetattr(input, SetArg::TCSANOW, &modes)?;
        Ok(quiet)
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        // Where the terminal is gone there is nothing to restore.
        let _ = tcsetattr(self.input, SetArg::TCSANOW, &self.before);
        let _ = self.mask.thread_set_mask();
    }
}
