//! Starting the guard of a session's docker: a process of its own, which lives as long as the session
//! and not as long as the command that starts it.
#![expect(
    clippy::disallowed_methods,
    reason = "this is where programs are started"
)]

use super::dirs::private;
use crate::model::{GUARD_ARGUMENTS, GUARD_LOCK, GUARD_READY};
use nix::poll::{PollFd, PollFlags, poll};
use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};

/// How long a guard may take until it listens: the one before it removes containers at its end.
const MILLISECONDS: u16 = 60_000;

/// What a guard writes to its standard error.
const LOG: &str = "guard.log";

/// Where a guard has its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardFiles {
    /// What it keeps for its session.
    pub state: PathBuf,
    /// What it knows together with others.
    pub images: PathBuf,
    /// Its socket, in a directory of its own below one that is closed to others.
    pub socket: PathBuf,
}

impl GuardFiles {
    /// Make the directories that are closed to others; none may be somebody else's. The one of the
    /// socket itself the guard makes, when the one before it has removed its own.
    pub fn prepare(&self, uid: u32) -> io::Result<()> {
        let above = |path: &Path| path.parent().map(Path::to_owned).unwrap_or_default();
        let sockets = above(&above(&self.socket));
        let state = self.state.clone();
        for directory in [above(&self.images), above(&state), state, sockets] {
            private(&directory, uid).map_err(|error| {
                io::Error::new(error.kind(), format!("{}: {error}", directory.display()))
            })?;
        }
        Ok(())
    }
}

/// Make the directory of all guards' sockets.
pub fn prepare_guards(sockets: &Path, uid: u32) -> io::Result<()> {
    private(sockets, uid)
}

/// A guard that was started. It counts on this value, or on a program that inherits it, for the start
/// of the session.
#[derive(Debug)]
pub struct Guard {
    starter: ChildStdin,
}

impl AsFd for Guard {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.starter.as_fd()
    }
}

/// Why no guard works.
#[derive(Debug, thiserror::Error)]
pub enum GuardFailed {
    /// It could not be started.
    #[error("it cannot be started: {0}")]
    Start(#[from] io::Error),
    /// It has ended, with these last words.
    #[error("{0}")]
    Ended(String),
    /// It does not come to listen.
    #[error("it does not listen after a minute; its words are in {}", .0.display())]
    Late(PathBuf),
}

/// Start a guard with `words`; with `wait`, return when it listens.
pub fn start_guard(state: &Path, words: &[String], wait: bool) -> Result<Guard, GuardFailed> {
    let path = state.join(LOG);
    let log = File::options()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&path)?;
    // This very program, even where another one lies at its path by now.
    let mut child = Command::new("/proc/self/exe")
        .arg0("hal-9000")
        .arg("guard")
        .args(words)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()?;
    let (Some(starter), Some(mut output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(io::Error::from(io::ErrorKind::BrokenPipe).into());
    };
    if wait {
        let mut ends = [PollFd::new(output.as_fd(), PollFlags::POLLIN)];
        let happened = poll(&mut ends, MILLISECONDS).map_err(io::Error::from)?;
        if happened == 0 {
            return Err(GuardFailed::Late(path));
        }
        let mut said = [0; GUARD_READY.len()];
        if output.read_exact(&mut said).is_err() || said != *GUARD_READY.as_bytes() {
            let _ = child.wait();
            let words = fs::read_to_string(&path).unwrap_or_default();
            let last = words.lines().last().unwrap_or("it ended without a word");
            let last = last.strip_prefix("hal-9000 guard: ").unwrap_or(last);
            return Err(GuardFailed::Ended(last.to_owned()));
        }
    }
    Ok(Guard { starter })
}

/// The guards in `directory` that are gone and have not ended: the state of each, and the words with
/// which it was started.
pub fn lost_guards(directory: &Path) -> Vec<(PathBuf, Vec<String>)> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let state = entry.path();
            let words = fs::read_to_string(state.join(GUARD_ARGUMENTS)).ok()?;
            let words = serde_json::from_str(&words).ok()?;
            is_lost(&state).then_some((state, words))
        })
        .collect()
}

/// Whether nobody has the lock of a guard.
fn is_lost(state: &Path) -> bool {
    match File::open(state.join(GUARD_LOCK)) {
        Ok(lock) => !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_guards_files_are_its_users() {
        let dir = tempfile::tempdir().unwrap();
        let files = GuardFiles {
            state: dir.path().join("guard/s"),
            images: dir.path().join("images/p.jsonl"),
            socket: dir.path().join("docker/s/docker.sock"),
        };
        let uid = nix::unistd::geteuid().as_raw();
        for _ in 0..2 {
            files.prepare(uid).unwrap();
        }
        let mode = |name: &str| {
            let found = fs::metadata(dir.path().join(name)).unwrap();
            found.permissions().mode() & 0o777
        };
        assert_eq!((mode("guard"), mode("guard/s")), (0o700, 0o700));
        assert_eq!(
            (mode("docker"), dir.path().join("docker/s").exists()),
            (0o700, false)
        );
        let error = files.prepare(uid + 1).unwrap_err().to_string();
        assert!(error.contains("belongs to"), "{error}");
    }

    #[test]
    fn a_guard_is_lost_when_nobody_has_its_lock() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("s");
        fs::create_dir(&state).unwrap();
        assert_eq!(lost_guards(dir.path()), []);
        fs::write(state.join(GUARD_ARGUMENTS), r#"["--a","b"]"#).unwrap();
        let words = vec!["--a".to_owned(), "b".to_owned()];
        let lost = vec![(state.clone(), words)];
        assert_eq!(lost_guards(dir.path()), lost);
        let lock = File::create(state.join(GUARD_LOCK)).unwrap();
        lock.lock().unwrap();
        assert_eq!(lost_guards(dir.path()), []);
        drop(lock);
        // A program that another test starts at this moment has the file, too, until its exec.
        let found = |_| {
            std::thread::yield_now();
            lost_guards(dir.path()) == lost
        };
        assert!((0..1_000_000).any(found));
    }
}
