//! Where hal-9000 keeps its files (XDG base directories).

use super::Env;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The directories of this user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dirs {
    /// `$XDG_CONFIG_HOME/hal-9000`
    pub config: PathBuf,
    /// `$XDG_STATE_HOME/hal-9000`
    pub state: PathBuf,
    /// `$XDG_RUNTIME_DIR/hal-9000`, or a private directory below `/tmp` where there is none.
    pub runtime: PathBuf,
}

impl Dirs {
    /// The directories that the environment names; none is made.
    pub fn of(env: &Env) -> Self {
        let home = env.home().unwrap_or_else(|| PathBuf::from("/"));
        // The specification: a relative path is invalid and has to be ignored.
        let xdg = |name| {
            env.get(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        let config = xdg("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config"));
        let state = xdg("XDG_STATE_HOME").unwrap_or_else(|| home.join(".local/state"));
        let runtime = match xdg("XDG_RUNTIME_DIR") {
            Some(path) => path.join("hal-9000"),
            None => PathBuf::from(format!("/tmp/hal-9000-{}", env.identity.uid)),
        };
        Self {
            config: config.join("hal-9000"),
            state: state.join("hal-9000"),
            runtime,
        }
    }

    /// The user's configuration file.
    pub fn user_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }
}

/// The directory, below the one of this user's sockets, of one container; made where it is missing.
pub fn socket_directory(dirs: &Dirs, env: &super::Env, name: &str) -> io::Result<PathBuf> {
    let directory = dirs.runtime.join(name);
    private(&dirs.runtime, env.identity.uid)?;
    private(&directory, env.identity.uid)?;
    Ok(directory)
}

/// Make a directory that only its owner can enter, and refuse one that is somebody else's: below
/// `/tmp` anybody could have made it first.
pub(super) fn private(path: &Path, uid: u32) -> io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)?;
    let found = fs::symlink_metadata(path)?;
    if !found.is_dir() || found.uid() != uid {
        let owner = found.uid();
        let text = format!("{} belongs to uid {owner}, not to you", path.display());
        return Err(io::Error::other(text));
    }
    if found.mode() & 0o077 != 0 {
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_directory_is_made_and_closed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b");
        let uid = nix::unistd::geteuid().as_raw();
        private(&path, uid).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o700);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
        private(&path, uid).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o700);
        assert!(private(&path, uid + 1).is_err());
    }
}
