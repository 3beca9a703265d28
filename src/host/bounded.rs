//! Work that may take so long and no longer: somebody waits at a key.
#![expect(
    clippy::disallowed_methods,
    reason = "a program is started, and killed where it takes too long"
)]

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// What `work` finds within this time; what takes longer goes on until this process ends.
pub fn within<T: Send + 'static>(
    time: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (done, wait) = mpsc::channel();
    let started = thread::Builder::new().spawn(move || done.send(work()));
    started.ok()?;
    wait.recv_timeout(time).ok()
}

/// What a program writes within this time; one that takes longer is killed, with what it has started.
pub fn ask(program: &Path, arguments: &[String], time: Duration) -> Option<String> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .ok()?;
    let mut output = child.stdout.take()?;
    let answer = within(time, move || {
        let mut text = Vec::new();
        output.read_to_end(&mut text).ok().map(|_| text)
    });
    if answer.is_none()
        && let Ok(group) = i32::try_from(child.id())
    {
        let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
    }
    let _ = child.wait();
    String::from_utf8(answer??).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn what_takes_too_long_is_not_waited_for() {
        let (keep, wait) = mpsc::channel::<()>();
        let never = move || wait.recv().is_ok();
        assert_eq!(within(Duration::from_millis(1), never), None);
        drop(keep);
        assert_eq!(within(LONG, || 7), Some(7));
    }

    #[test]
    fn a_program_that_takes_too_long_is_killed_with_its_own() {
        let words = |script: &str| ["-c".to_owned(), script.to_owned()];
        let shell = Path::new("/bin/sh");
        assert_eq!(ask(shell, &words("echo x"), LONG).as_deref(), Some("x\n"));
        // Its child has the pipe, too: a reader that waits for both to close would wait for ever.
        let hangs = words("sleep 1000 & sleep 1000");
        assert_eq!(ask(shell, &hangs, Duration::from_millis(1)), None);
        assert_eq!(ask(Path::new("/nonexistent"), &[], LONG), None);
    }
}
