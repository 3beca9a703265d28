//! What is left to do as the user: check what the session needs, and make its environment.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType};

use super::{Failure, inspect, secrets, warn};
use crate::plan::privilege::socket::SocketState;

/// Where the runtime volume is mounted.
const RUNTIME: &str = "/opt/hal9000";
/// What Debian's and docker's own default is, for images without a PATH.
const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The environment of the command.
pub(super) type Environment = BTreeMap<OsString, OsString>;

/// The engine entered the working directory as root with all its capabilities. The user must be
/// able to as well, by its name: programs do not only inherit it, they go back to it.
pub(super) fn enter_working_directory() -> Result<(), Failure> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the container's working directory, not the host's"
    )]
    let here = std::env::current_dir();
    let (path, error) = match here {
        Ok(path) => match nix::unistd::chdir(&path) {
            Ok(()) => return Ok(()),
            Err(error) => (path, io::Error::from(error)),
        },
        // getcwd(2): ENOENT when it was removed, EACCES when a parent cannot be read.
        Err(error) => (PathBuf::from("."), error),
    };
    Err(Failure::refused(format_args!(
        "working directory {}: uid {} cannot enter it: {error}; use --workdir=workspace",
        path.display(),
        nix::unistd::geteuid()
    )))
}

/// Permission bits are not all there is (access lists, security modules): only connect(2) knows.
pub(super) fn try_socket(path: &Path, state: SocketState) -> Result<(), Failure> {
    let answer = connect(path);
    let way_out = "or go without: --docker=none";
    match answer {
        // EAGAIN: its queue is full (connect(2)), so it is there and lets us in.
        Ok(()) | Err(Errno::AGAIN) => Ok(()),
        // It was there when the container was made, and may come back while the session runs.
        Err(Errno::CONNREFUSED) => {
            warn(format_args!(
                "docker socket {}: nobody listens; docker will not work until the engine is back",
                path.display()
            ));
            Ok(())
        }
        Err(error @ (Errno::ACCESS | Errno::PERM)) => {
            let facts = match state {
                SocketState::Socket { uid, gid, mode } => {
                    format!(" (owner {uid}, group {gid}, mode {mode:04o})")
                }
                _ => String::new(),
            };
            Err(Failure::refused(format_args!(
                "docker socket {}{facts}: uid {} with groups {:?} may not connect: {error}; give that group access on the host (SELinux: label=disable), {way_out}",
                path.display(),
                nix::unistd::geteuid(),
                groups(),
            )))
        }
        Err(error) => Err(Failure::refused(format_args!(
            "docker socket {}: {error}; check the engine with `hal-9000 doctor`, {way_out}",
            path.display()
        ))),
    }
}

/// Without waiting: an engine that hangs must not hang the start.
fn connect(path: &Path) -> Result<(), Errno> {
    let address = SocketAddrUnix::new(path)?;
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = rustix::net::socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
    rustix::net::connect(&socket, &address)
}

/// The primary group first; docker lists it among the supplementary ones as well.
fn groups() -> Vec<u32> {
    let primary = nix::unistd::getegid();
    let others = nix::unistd::getgroups().unwrap_or_default();
    std::iter::once(primary)
        .chain(others.into_iter().filter(|group| *group != primary))
        .map(nix::unistd::Gid::as_raw)
        .collect()
}

/// The image's environment, the secrets, and last what makes the user the user.
pub(super) fn environment(
    name: &str,
    home: Option<&PathBuf>,
    shell: &str,
) -> Result<Environment, Failure> {
    let mut environment: Environment = inspect::environment().collect();
    environment.extend(secrets::read(Path::new(secrets::DIRECTORY))?);
    if let Some(home) = home {
        environment.insert("HOME".into(), home.into());
    }
    for (key, value) in [("USER", name), ("LOGNAME", name), ("SHELL", shell)] {
        environment.insert(key.into(), value.into());
    }
    let path = with_runtime(environment.get(OsStr::new("PATH")));
    environment.insert("PATH".into(), path);
    Ok(environment)
}

/// The runtime's programs first, once.
fn with_runtime(path: Option<&OsString>) -> OsString {
    let bin = OsString::from(format!("{RUNTIME}/bin"));
    let rest = path
        .filter(|path| !path.is_empty())
        .map_or(OsStr::new(DEFAULT_PATH), OsString::as_os_str);
    if std::env::split_paths(rest).next().as_deref() == Some(Path::new(&bin)) {
        return rest.to_owned();
    }
    let mut path = bin;
    path.push(":");
    path.push(rest);
    path
}

/// The docker CLI looks for plugins in the home, not beside itself (docker/cli, `manager.go`).
pub(super) fn link_plugins(environment: &Environment) {
    let Some(home) = environment.get(OsStr::new("HOME")) else {
        return;
    };
    let from = Path::new(RUNTIME).join("lib/docker/cli-plugins");
    let to = Path::new(home).join(".docker/cli-plugins");
    if let Err(error) = link_all(&from, &to) {
        warn(format_args!(
            "docker plugins: cannot be linked into {}: {error}",
            to.display()
        ));
    }
}

fn link_all(from: &Path, to: &Path) -> io::Result<()> {
    let plugins = match fs::read_dir(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    for plugin in plugins {
        let plugin = plugin?;
        let link = to.join(plugin.file_name());
        // The user's own plugin, or our link of an earlier start.
        if fs::symlink_metadata(&link).is_ok() {
            continue;
        }
        fs::create_dir_all(to)?;
        match std::os::unix::fs::symlink(plugin.path(), &link) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtime_comes_first_and_once() {
        let default = format!("/opt/hal9000/bin:{DEFAULT_PATH}");
        for (path, expected) in [
            (None, default.as_str()),
            (Some(""), default.as_str()),
            (Some("/bin"), "/opt/hal9000/bin:/bin"),
            (Some(":/bin"), "/opt/hal9000/bin::/bin"),
            (Some("/opt/hal9000/bin:/bin"), "/opt/hal9000/bin:/bin"),
        ] {
            assert_eq!(with_runtime(path.map(OsString::from).as_ref()), *expected);
        }
    }

    #[test]
    fn plugins_are_linked_where_nothing_is() {
        let temp = tempfile::tempdir().unwrap();
        let (from, to) = (
            temp.path().join("from"),
            temp.path().join("home/.docker/cli-plugins"),
        );
        link_all(&from, &to).unwrap();
        assert!(!to.exists(), "nothing to link, nothing made");
        fs::create_dir_all(&from).unwrap();
        for name in ["docker-compose", "docker-buildx"] {
            fs::File::create(from.join(name)).unwrap();
        }
        fs::create_dir_all(&to).unwrap();
        fs::File::create(to.join("docker-buildx")).unwrap();
        for _ in 0..2 {
            link_all(&from, &to).unwrap();
            assert_eq!(
                fs::read_link(to.join("docker-compose")).unwrap(),
                from.join("docker-compose")
            );
            assert!(
                fs::read_link(to.join("docker-buildx")).is_err(),
                "the user's own stays"
            );
        }
    }

    #[test]
    fn connecting_tells_the_cases_apart() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("s");
        assert_eq!(connect(&path), Err(Errno::NOENT));
        let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
        assert_eq!(connect(&path), Ok(()));
        drop(listener);
        assert_eq!(connect(&path), Err(Errno::CONNREFUSED));
    }
}
