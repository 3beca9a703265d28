//! Become the command: find it, leave nothing of ours behind, exec.
//!
//! By execve(2) itself. `CommandExt::exec` is execvp(3) of the C library, which runs a file of
//! unknown format with `/bin/sh`; docker, and so our contract, reports it as not executable. What std
//! does beside that (the signal mask, and SIGPIPE, which Rust's runtime ignores) is done here.

use std::convert::Infallible;
use std::ffi::{CString, OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::sys::signal::{SigHandler, SigSet, Signal};
use nix::unistd::AccessFlags;

use super::args::Command;
use super::user::Environment;
use super::{Failure, NOT_EXECUTABLE, NOT_FOUND};

/// What execve(2) needs.
pub(super) struct Image {
    /// As found, for messages.
    pub(super) path: PathBuf,
    /// The same.
    pub(super) program: CString,
    /// The arguments, with the name that was asked for as the first.
    pub(super) argv: Vec<CString>,
    /// `NAME=value`.
    pub(super) envp: Vec<CString>,
}

/// Find the command.
pub(super) fn image(command: &Command, environment: &Environment) -> Result<Image, Failure> {
    let search = environment.get(OsStr::new("PATH"));
    let path = find(&command.program, search.map(OsString::as_os_str))?;
    let argv = std::iter::once(&command.program)
        .chain(&command.args)
        .map(|arg| c_string(arg.as_bytes()))
        .collect::<Result<_, _>>()?;
    let envp = environment
        .iter()
        .map(|(name, value)| c_string(&[name.as_bytes(), b"=", value.as_bytes()].concat()))
        .collect::<Result<_, _>>()?;
    Ok(Image {
        program: c_string(path.as_os_str().as_bytes())?,
        path,
        argv,
        envp,
    })
}

/// Replace this process.
pub(super) fn exec(image: &Image) -> Result<Infallible, Failure> {
    leave_nothing();
    let Err(error) = nix::unistd::execve(&image.program, &image.argv, &image.envp);
    Err(cannot_start(&image.path, error))
}

/// Signals and descriptors as a program expects them.
pub(super) fn leave_nothing() {
    default_signals();
    close_others();
}

/// Why execve(2) refused a file that was found.
pub(super) fn cannot_start(path: &Path, error: Errno) -> Failure {
    let why = match error {
        Errno::ENOENT => "its loader or interpreter is missing in this image".to_owned(),
        other => other.desc().to_lowercase(),
    };
    not_executable(path, &why)
}

/// Arguments and environment came through execve(2), so there is no NUL in them; secrets were
/// checked. The message must not name the value all the same.
fn c_string(bytes: &[u8]) -> Result<CString, Failure> {
    CString::new(bytes).map_err(|_| {
        Failure::refused("command: a NUL byte in an argument or a variable; leave it out")
    })
}

/// As a shell would: a name with a slash is a path, any other is looked up in PATH.
fn find(program: &OsStr, search: Option<&OsStr>) -> Result<PathBuf, Failure> {
    if program.as_bytes().contains(&b'/') {
        let path = PathBuf::from(program);
        return match judge(&path) {
            Found::Program => Ok(path),
            Found::Unusable(why) => Err(not_executable(&path, why)),
            Found::Nothing => Err(not_found(program, "no such file")),
        };
    }
    let mut unusable = None;
    for directory in std::env::split_paths(search.unwrap_or_default()) {
        // An empty element is the working directory (environ(7)): joined, it leaves the bare name,
        // which execve(2) takes as relative.
        let path = directory.join(program);
        match judge(&path) {
            Found::Program => return Ok(path),
            Found::Unusable(why) => {
                unusable.get_or_insert((path, why));
            }
            Found::Nothing => {}
        }
    }
    match unusable {
        Some((path, why)) => Err(not_executable(&path, why)),
        None => Err(not_found(program, "not in PATH")),
    }
}

enum Found {
    Program,
    Unusable(&'static str),
    Nothing,
}

fn judge(path: &Path) -> Found {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Found::Unusable("it is a directory"),
        Ok(found) if !found.is_file() => Found::Unusable("it is no regular file"),
        Ok(_) if nix::unistd::access(path, AccessFlags::X_OK).is_ok() => Found::Program,
        Ok(_) => Found::Unusable("permission denied"),
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            Found::Unusable("permission denied")
        }
        Err(_) => Found::Nothing,
    }
}

fn not_executable(path: &Path, why: &str) -> Failure {
    Failure::new(
        NOT_EXECUTABLE,
        format_args!(
            "command {}: cannot be executed: {why}; choose another command or image",
            path.display()
        ),
    )
}

fn not_found(program: &OsStr, why: &str) -> Failure {
    Failure::new(
        NOT_FOUND,
        format_args!(
            "command {}: not found: {why}; choose another command or image",
            program.display()
        ),
    )
}

/// An ignored signal stays ignored through execve(2), and so does the mask.
fn default_signals() {
    for signal in Signal::iterator() {
        #[expect(
            unsafe_code,
            reason = "no safe wrapper of signal(2) exists, even for SIG_DFL"
        )]
        // SAFETY: SIG_DFL installs no function of ours, so nothing can run in a signal's context.
        // KILL and STOP give EINVAL, which is as good: they cannot be ignored.
        let _ = unsafe { nix::sys::signal::signal(signal, SigHandler::SigDfl) };
    }
    let _ = SigSet::empty().thread_set_mask();
}

/// Whatever the engine or an init left open would be open in the command too. Nothing of this
/// program is in use any more.
fn close_others() {
    let listed = fs::read_dir("/proc/self/fd").map(|entries| {
        let numbers = entries.flatten();
        numbers
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .collect()
    });
    // Without /proc: what a default limit allows.
    let open: Vec<i32> = listed.unwrap_or_else(|_| (3..1024).collect());
    for fd in open {
        if fd > 2 {
            // EBADF for the descriptor that did the listing.
            let _ = nix::unistd::close(fd);
        }
    }
}
