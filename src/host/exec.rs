//! Starting programs. Through `std`, whose `exec` puts SIGPIPE back to its default.
#![expect(
    clippy::disallowed_methods,
    reason = "this is where programs are started"
)]

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// Become `program`. Returns only where that failed.
pub fn exec(program: &Path, arguments: &[String]) -> io::Error {
    Command::new(program).args(arguments).exec()
}

/// Run `program` and wait, with its output on our standard error: our own standard output carries
/// the answer of our command.
pub fn run(program: &Path, arguments: &[String]) -> io::Result<ExitStatus> {
    let stderr = io::stderr();
    let copy = std::os::fd::AsFd::as_fd(&stderr).try_clone_to_owned()?;
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(copy)
        .status()
}
