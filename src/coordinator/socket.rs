//! Where the coordinator listens: in the directory of the host's user, and, for `docker exec`, in
//! the container itself.

use super::args::Config;
use super::log::{Level, log};
use super::serve::Desk;
use super::state::Shared;
use super::volume;
use crate::ipc::{self, Access};
use crate::plan::paths;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// For `docker exec`.
pub(super) const LOCAL: &str = "/run/hal9000-coordinator.sock";

/// The name of the socket in the host's directory.
pub(super) const NAME: &str = "coordinator.sock";

fn shown() -> PathBuf {
    Path::new(paths::PARENT_RUN).join(NAME)
}

/// Listen at both.
pub(super) fn listen(shared: &Rc<Shared>) -> io::Result<()> {
    serve(shared, bind(Path::new(LOCAL))?)?;
    // Where that directory cannot hold a socket that the host sees, `docker exec` is the way.
    match as_owner(&shared.config, || bind(&shown())) {
        Ok(listener) => serve(shared, listener),
        Err(error) => {
            log(
                Level::Warn,
                "coordinator",
                "no socket on the host",
                &[("error", &error)],
            );
            Ok(())
        }
    }
}

/// Leave no socket that nobody answers at.
pub(super) fn forget(config: &Config) {
    let _ = as_owner(config, || fs::remove_file(shown()));
}

fn serve(shared: &Rc<Shared>, listener: UnixListener) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::UnixListener::from_std(listener)?;
    let access = Access {
        uid: shared.config.uid,
    };
    let desk = Rc::new(Desk(Rc::clone(shared)));
    tokio::task::spawn_local(ipc::serve(listener, access, desk));
    Ok(())
}

/// A socket at `path`, at once complete: made under another name, closed to others, and renamed
/// over what a coordinator that was killed has left.
fn bind(path: &Path) -> io::Result<UnixListener> {
    let new = path.with_extension("new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&new)?;
    fs::set_permissions(&new, Permissions::from_mode(0o600))?;
    fs::rename(&new, path)?;
    Ok(listener)
}

/// Touch files as the host's user: the directory is closed to everybody else, root without
/// capabilities included, and what is made there is the user's.
fn as_owner<T>(config: &Config, work: impl FnOnce() -> T) -> T {
    volume::as_user(config.uid, config.gid, work)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nix::unistd::{Gid, Uid};

    #[test]
    fn a_socket_replaces_what_a_killed_one_left() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(NAME);
        let config = Config {
            name: "p".to_owned(),
            user: "u".to_owned(),
            instance: "i".to_owned(),
            uid: Uid::effective().as_raw(),
            gid: Gid::effective().as_raw(),
        };
        for _ in 0..2 {
            let listener = as_owner(&config, || bind(&path)).unwrap();
            std::os::unix::net::UnixStream::connect(&path).unwrap();
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            drop(listener);
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
