//! Where hal-9000 keeps its files (XDG base directories).

use super::Env;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// A file or directory of hal-9000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File {
    /// Where it is.
    pub path: &'static str,
    /// What is in it.
    pub meaning: &'static str,
}

/// All of them, for the manual.
pub const FILES: &[File] = &[
    File {
        path: "$XDG_CONFIG_HOME/hal-9000/config.toml",
        meaning: "Your settings: hal-9000-config(5).",
    },
    File {
        path: "$XDG_CONFIG_HOME/hal-9000/profiles/NAME/Dockerfile",
        meaning: "The profile NAME, of your own: FROM hal9000/worker.",
    },
    File {
        path: ".hal-9000.toml",
        meaning: "Settings of the project in whose root it is, once you trust it.",
    },
    File {
        path: "$XDG_STATE_HOME/hal-9000/",
        meaning: "Which projects' files you trust, which projects were used last, what your \
                  terminal can do; the state, the sockets and the audits of guards.",
    },
    File {
        path: "$XDG_RUNTIME_DIR/hal-9000/",
        meaning: "Locks, and the sockets of coordinators.",
    },
];

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
        let text = format!("`{}` belongs to uid {owner}, not to you", path.display());
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
    fn the_manual_names_the_directories_that_are_used() {
        let mut env = Env::capture();
        for name in ["CONFIG_HOME", "STATE_HOME", "RUNTIME_DIR"] {
            let (name, value) = (format!("XDG_{name}"), format!("/{name}"));
            env.variables.insert(name, value);
        }
        let dirs = Dirs::of(&env);
        for used in [&dirs.config, &dirs.state, &dirs.runtime] {
            let named = |file: &&File| {
                file.path
                    .replace("$XDG_", "/")
                    .starts_with(used.to_str().unwrap())
            };
            assert!(FILES.iter().any(|file| named(&file)), "{}", used.display());
        }
        for file in FILES.iter().filter(|file| file.path.starts_with('$')) {
            let path = PathBuf::from(file.path.replace("$XDG_", "/"));
            let all = [&dirs.config, &dirs.state, &dirs.runtime];
            assert!(all.iter().any(|used| path.starts_with(used)), "{file:?}");
        }
    }

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
