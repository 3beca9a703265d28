//! Stay beside Claude: start it as a child in our place, wait, and wake it when it stops itself.
//!
//! Why: on Ctrl-Z Claude (2.1.330) gives its terminal modes back and sends SIGTSTP to its process
//! group, as a program under a shell does, and waits for the shell's `fg`. A session has no shell.
//! Measured with Claude straight under the engine's init: state `T`, a dead screen, for ever; SIGCONT
//! from outside brought everything back. To ignore SIGTSTP is no cure: Claude has left raw mode by
//! then and waits for SIGCONT. So somebody has to notice the stop (`WUNTRACED`, which only a parent
//! can) and send SIGCONT: Ctrl-Z is then a redraw.
//!
//! SIGCONT from outside (`docker kill -s CONT`) is passed on like any other signal, and has a use: a
//! Claude that is not stopped answers it with a redraw, and on the alternate screen with most of its
//! terminal modes, which is what a terminal that has just joined needs. Measured, of a cold start's:
//! `?1049`, mouse, focus reports and the kitty protocol come, `?2004`, `?2031` and `?25l` do not.
//!
//! All privileges are gone and the proof is done before this begins. The child is in our process
//! group and so in the terminal's foreground: what the terminal sends (Ctrl-C, a new size) it gets
//! from the kernel, and only what somebody sent to us is passed on. Every signal is blocked before the
//! child exists, so one that comes in between waits in the queue. If this process is killed the
//! engine's init sees its child end and ends with it, and the kernel kills all that is left in the
//! container (`pid_namespaces(7)`): Claude cannot live on unseen, and no `PR_SET_PDEATHSIG` is needed.
//! For the same reason zombies of others are the init's.

use std::os::fd::AsFd as _;

use nix::errno::Errno;
use nix::libc;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::spawn::{PosixSpawnAttr, PosixSpawnFileActions, PosixSpawnFlags, posix_spawn};
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::signalfd::{SfdFlags, SignalFd, siginfo};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::exec::Image;
use super::{Failure, exec};

/// Milliseconds before a stopped child is woken: one that stops itself again and again costs nothing.
const PAUSE: u8 = 50;

/// Run the command to its end and return its exit status; 128+n where signal n killed it.
pub(super) fn supervise(image: Image) -> Result<u8, Failure> {
    exec::leave_nothing();
    let signals = block().map_err(|error| failed("signals", error))?;
    let child = start(&image)?;
    // Secrets are in it.
    drop(image);
    Ok(watch(child, &signals))
}

fn failed(what: &str, error: Errno) -> Failure {
    Failure::refused(format_args!("{what}: {error}; please report this"))
}

/// All but those that tell of a fault of our own, which to block would hide it (`sigprocmask(2)`).
fn block() -> nix::Result<SignalFd> {
    let mut mask = SigSet::all();
    for fault in [
        Signal::SIGABRT,
        Signal::SIGBUS,
        Signal::SIGFPE,
        Signal::SIGILL,
        Signal::SIGSEGV,
        Signal::SIGSYS,
        Signal::SIGTRAP,
    ] {
        mask.remove(fault);
    }
    mask.thread_block()?;
    SignalFd::with_flags(&mask, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)
}

/// By `posix_spawn(3)` itself: a child of `std` inherits the signal mask (since Rust 1.66; measured),
/// and Claude would never hear of any signal.
fn start(image: &Image) -> Result<Pid, Failure> {
    let spawned = || -> nix::Result<Pid> {
        let mut attributes = PosixSpawnAttr::init()?;
        attributes.set_flags(PosixSpawnFlags::POSIX_SPAWN_SETSIGMASK)?;
        attributes.set_sigmask(&SigSet::empty())?;
        let actions = PosixSpawnFileActions::init()?;
        let program = image.program.as_c_str();
        posix_spawn(program, &actions, &attributes, &image.argv, &image.envp)
    };
    spawned().map_err(|error| exec::cannot_start(&image.path, error))
}

fn watch(child: Pid, signals: &SignalFd) -> u8 {
    loop {
        let mut stopped = false;
        match waitpid(child, Some(WaitPidFlag::WNOHANG | WaitPidFlag::WUNTRACED)) {
            Ok(WaitStatus::Exited(_, status)) => return u8::try_from(status).unwrap_or(u8::MAX),
            Ok(WaitStatus::Signaled(_, signal, _)) => return killed_by(signal),
            Ok(WaitStatus::Stopped(..)) => stopped = true,
            // There is no such child, so there is nothing to stay for.
            Err(Errno::ECHILD) => return super::REFUSED,
            _ => {}
        }
        let patience = if stopped {
            PollTimeout::from(PAUSE)
        } else {
            PollTimeout::NONE
        };
        let mut sources = [PollFd::new(signals.as_fd(), PollFlags::POLLIN)];
        // Cut short by any signal, so that no flood of them can put the waking off.
        let _ = poll(&mut sources, patience);
        while let Ok(Some(signal)) = signals.read_signal() {
            pass_on(&signal, child);
        }
        if stopped {
            // The whole group was stopped, with what Claude has started in it.
            let _ = kill(Pid::from_raw(0), Signal::SIGCONT);
        }
    }
}

fn killed_by(signal: Signal) -> u8 {
    u8::try_from(128 + signal as i32).unwrap_or(u8::MAX)
}

fn pass_on(info: &siginfo, child: Pid) {
    let Ok(signal) = Signal::try_from(info.ssi_signo.cast_signed()) else {
        return;
    };
    let sender = Pid::from_raw(info.ssi_pid.cast_signed());
    if is_for_child(signal, info.ssi_code, sender, child) {
        // It may have ended by now, which the next look will tell.
        let _ = kill(child, signal);
    }
}

/// Whether the child is to get this signal, and has not got it already.
fn is_for_child(signal: Signal, code: i32, sender: Pid, child: Pid) -> bool {
    // The kernel's own went to the whole foreground group, and what the child sent to its group.
    let has_it = code == libc::SI_KERNEL || sender == child || sender == Pid::this();
    // To be stopped is what we are here against; its changes of state are ours to look at.
    let ours = matches!(
        signal,
        Signal::SIGCHLD | Signal::SIGTSTP | Signal::SIGTTIN | Signal::SIGTTOU
    );
    !has_it && !ours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_reach_the_child_once() {
        let (init, child, outside) = (Pid::from_raw(1), Pid::from_raw(9), Pid::from_raw(0));
        let passed = |signal, code, sender| is_for_child(signal, code, sender, child);
        for signal in [
            Signal::SIGTERM,
            Signal::SIGINT,
            Signal::SIGWINCH,
            Signal::SIGCONT,
        ] {
            assert!(passed(signal, libc::SI_USER, init), "{signal}");
            assert!(passed(signal, libc::SI_USER, outside), "{signal}");
            assert!(
                !passed(signal, libc::SI_KERNEL, outside),
                "{signal}: the terminal's"
            );
            assert!(
                !passed(signal, libc::SI_USER, child),
                "{signal}: to its group"
            );
            assert!(
                !passed(signal, libc::SI_USER, Pid::this()),
                "{signal}: ours"
            );
        }
        for signal in [Signal::SIGTSTP, Signal::SIGTTIN, Signal::SIGCHLD] {
            assert!(!passed(signal, libc::SI_USER, init), "{signal}");
        }
    }

    #[test]
    fn a_killed_child_counts_as_in_a_shell() {
        assert_eq!(killed_by(Signal::SIGTERM), 143);
        assert_eq!(killed_by(Signal::SIGKILL), 137);
    }
}
