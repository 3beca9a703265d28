//! Starting programs. Through `std`, whose `exec` puts SIGPIPE back to its default.
#![expect(
    clippy::disallowed_methods,
    reason = "this is where programs are started"
)]

use std::ffi::OsString;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// Become `program`. Returns only where that failed.
pub fn exec(program: &Path, arguments: &[OsString]) -> io::Error {
    Command::new(program).args(arguments).exec()
}

/// Run `program` and wait. Our own standard output carries the answer of our command, so the
/// program's goes to standard error where `shown`, and nowhere else.
pub fn run(program: &Path, arguments: &[String], shown: bool) -> io::Result<ExitStatus> {
    let stdout = if shown {
        Stdio::from(io::stderr().as_fd().try_clone_to_owned()?)
    } else {
        Stdio::null()
    };
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(stdout)
        .status()
}

/// The bytes of this very program, which is also the one inside every session.
pub fn read_own_executable() -> io::Result<Vec<u8>> {
    std::fs::read("/proc/self/exe")
}

/// The process that has started this one.
pub fn parent_process() -> u32 {
    nix::unistd::getppid().as_raw().unsigned_abs()
}
