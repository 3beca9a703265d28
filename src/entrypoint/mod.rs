//! The first process of a session's container: read, decide, apply, prove, exec.
//!
//! One thread, no fork, no wait: the ids of setuid(2) are a thread's to the kernel, and nothing of
//! ours may remain beside the command; but for Claude on a terminal, which `supervise` stays beside. Depends on `plan` and on nothing else of the
//! crate, so that it can be read alone.

mod apply;
mod args;
mod exec;
mod inspect;
mod listen;
mod own;
mod secrets;
mod supervise;
mod user;

use std::ffi::OsString;
use std::fmt::Display;
use std::io::Write as _;
use std::process::ExitCode;

use crate::plan::privilege::{self, Refusal};

pub use listen::listen;

/// The session could not be started.
const REFUSED: u8 = 125;
/// The command was found and cannot be run.
const NOT_EXECUTABLE: u8 = 126;
/// The command was not found.
const NOT_FOUND: u8 = 127;

/// Why the command was not started: one line, and docker's exit status for it.
#[derive(Debug, PartialEq, Eq)]
struct Failure {
    status: u8,
    line: String,
}

impl Failure {
    fn new(status: u8, line: impl Display) -> Self {
        Self {
            status,
            line: line.to_string(),
        }
    }

    fn refused(line: impl Display) -> Self {
        Self::new(REFUSED, line)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::refused(refusal)
    }
}

/// Become the session's user and its command. Comes back to say why not, or with a supervised
/// command's exit status.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    match start(args) {
        Ok(status) => ExitCode::from(status),
        Err(failure) => {
            say(&failure.line);
            ExitCode::from(failure.status)
        }
    }
}

fn start(args: impl IntoIterator<Item = OsString>) -> Result<u8, Failure> {
    if !inspect::in_a_container() {
        return Err(Failure::refused(
            "entrypoint: this is no container; start a session with `hal-9000`",
        ));
    }
    let (request, command) = args::parse(args)?;
    let shell = inspect::shell();
    // A guard's socket is ours: it is open to the session, and can be there a moment later.
    let plain = request
        .socket
        .as_deref()
        .filter(|_| request.guard.is_none());
    let socket = plain.map(inspect::socket);

    let (name, home) = if nix::unistd::geteuid().is_root() {
        let facts = inspect::facts(&request, shell, socket)?;
        let steps = privilege::decide(&request, &facts)?;
        apply::apply(&request, steps)?;
        (request.user.clone(), Some(&request.home))
    } else {
        // `docker run --user`: there is nothing to give up. Only check what the session needs.
        if let (Some(path), Some(state)) = (&request.socket, socket) {
            privilege::socket::usable(path, state)?;
        }
        let name = inspect::own_name().unwrap_or_else(|| request.user.clone());
        // No home was made for this user: where there is none, the engine's choice stays.
        (name, Some(&request.home).filter(|home| home.is_dir()))
    };

    user::enter_working_directory()?;
    if let (Some(path), Some(state)) = (&request.socket, socket) {
        user::try_socket(path, state)?;
    }
    let environment = user::environment(&name, home, shell)?;
    user::link_plugins(&environment);
    let image = exec::image(&command, &environment)?;
    if command.supervised {
        return supervise::supervise(image);
    }
    match exec::exec(&image)? {}
}

/// The whole reporter. Control characters are escaped: a file name must not become a second line.
fn say(line: &str) {
    let mut text = String::from("hal-9000: ");
    for character in line.chars() {
        if character.is_control() {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
    text.push('\n');
    // One write, so that lines of several programs do not mix. If stderr is gone, so is the reader.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

fn warn(line: impl Display) {
    say(&format!("warning: {line}"));
}
