//! Files that are read for settings, and the little that is remembered between starts.
#![expect(
    clippy::disallowed_methods,
    reason = "reads configuration, writes state"
)]

use super::{Dirs, Env, dirs};
use nix::fcntl::OFlag;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// A configuration file is a page of text; anything much larger is not one.
const LARGEST: u64 = 64 * 1024;

/// The user's configuration file, where there is one.
pub fn user_file(dirs: &Dirs) -> io::Result<Option<(PathBuf, String)>> {
    read(&dirs.user_file(), OFlag::empty())
}

/// Write it: the whole or nothing, and where it is a link, what it leads to.
pub fn write_user_file(dirs: &Dirs, text: &str) -> io::Result<()> {
    let path = dirs.user_file();
    fs::create_dir_all(&dirs.config)?;
    let place = fs::canonicalize(&path).unwrap_or(path);
    let mut new = place.clone().into_os_string();
    new.push(".new");
    let new = PathBuf::from(new);
    let mode = fs::metadata(&place).map_or(0o600, |found| found.permissions().mode());
    let written = fs::write(&new, text)
        .and_then(|()| fs::set_permissions(&new, fs::Permissions::from_mode(mode & 0o777)))
        .and_then(|()| fs::rename(&new, &place));
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written
}

/// Whether `path` is a file that this user can read; the reason where it is not.
pub fn readable_file(path: &Path) -> Result<(), String> {
    if !path.is_absolute() {
        return Err("the path is not absolute".to_owned());
    }
    let file = fs::File::options()
        .read(true)
        .custom_flags(OFlag::O_NONBLOCK.bits())
        .open(path);
    match file.and_then(|file| file.metadata()) {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err("it is not a regular file".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// The content of a file that a setting names.
pub fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    fs::read(path).map_err(|error| named(path, &error.to_string()))
}

/// A project's file and whether the user has trusted this very text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// Its path.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// Whether this text was trusted before.
    pub trusted: bool,
    mark: PathBuf,
}

impl Trust {
    /// Remember that the user trusts this text.
    pub fn remember(&self, dirs: &Dirs, env: &Env) -> io::Result<()> {
        mark(&self.mark, dirs, env)
    }
}

/// `.hal-9000.toml` of a project, where there is one.
pub fn project_file(dirs: &Dirs, project: &Path) -> io::Result<Option<Trust>> {
    let Some((path, text)) = read(&project.join(".hal-9000.toml"), OFlag::O_NOFOLLOW)? else {
        return Ok(None);
    };
    let digest = Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
    let mark = dirs.state.join("trusted").join(digest);
    Ok(Some(Trust {
        path,
        text,
        trusted: mark.exists(),
        mark,
    }))
}

/// Whether `what` is to be said now: once for this user.
pub fn say_once(what: &str, dirs: &Dirs, env: &Env) -> bool {
    let path = dirs.state.join("said").join(what);
    // Where nothing can be remembered it is better said twice than never.
    !path.exists() && mark(&path, dirs, env).is_ok()
}

fn mark(path: &Path, dirs: &Dirs, env: &Env) -> io::Result<()> {
    dirs::private(&dirs.state, env.identity.uid)?;
    if let Some(parent) = path.parent() {
        dirs::private(parent, env.identity.uid)?;
    }
    fs::write(path, "")
}

/// The text of a small regular file of a project, where there is one.
pub(super) fn small_file(path: &Path) -> io::Result<Option<String>> {
    Ok(read(path, OFlag::O_NOFOLLOW)?.map(|(_, text)| text))
}

/// The text of a regular file. A project's file is somebody else's: a link is not followed out of
/// the project, and a pipe, a device or a huge file cannot hold up or fill the program.
fn read(path: &Path, flags: OFlag) -> io::Result<Option<(PathBuf, String)>> {
    let flags = flags | OFlag::O_NONBLOCK;
    let file = match fs::File::options()
        .read(true)
        .custom_flags(flags.bits())
        .open(path)
    {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(named(path, &error.to_string())),
    };
    if !file.metadata()?.is_file() {
        return Err(named(path, "it is not a regular file"));
    }
    let mut text = String::new();
    file.take(LARGEST + 1)
        .read_to_string(&mut text)
        .map_err(|e| named(path, &e.to_string()))?;
    if text.len() as u64 > LARGEST {
        return Err(named(path, "it is larger than 64 KiB"));
    }
    Ok(Some((path.to_path_buf(), text)))
}

fn named(path: &Path, problem: &str) -> io::Error {
    io::Error::other(format!("cannot read `{}`: {problem}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dirs(root: &Path) -> Dirs {
        Dirs {
            config: root.join("config"),
            state: root.join("state"),
            runtime: root.join("run"),
        }
    }

    #[test]
    fn trust_belongs_to_the_text() {
        let dir = tempfile::tempdir().unwrap();
        let (env, dirs) = (Env::capture(), dirs(dir.path()));
        let file = dir.path().join(".hal-9000.toml");
        assert_eq!(project_file(&dirs, dir.path()).unwrap(), None);
        fs::write(&file, "profile = \"node\"").unwrap();
        let found = project_file(&dirs, dir.path()).unwrap().unwrap();
        assert!(!found.trusted);
        found.remember(&dirs, &env).unwrap();
        assert!(project_file(&dirs, dir.path()).unwrap().unwrap().trusted);
        fs::write(&file, "profile = \"go\"").unwrap();
        assert!(!project_file(&dirs, dir.path()).unwrap().unwrap().trusted);
    }

    #[test]
    fn a_projects_file_is_a_small_regular_file() {
        let dir = tempfile::tempdir().unwrap();
        let dirs = dirs(dir.path());
        let file = dir.path().join(".hal-9000.toml");
        std::os::unix::fs::symlink("/etc/passwd", &file).unwrap();
        assert!(project_file(&dirs, dir.path()).is_err());
        fs::remove_file(&file).unwrap();
        nix::unistd::mkfifo(&file, nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert!(project_file(&dirs, dir.path()).is_err());
        fs::remove_file(&file).unwrap();
        fs::write(&file, " ".repeat(70_000)).unwrap();
        assert!(project_file(&dirs, dir.path()).is_err());
    }

    #[test]
    fn a_thing_is_said_once() {
        let dir = tempfile::tempdir().unwrap();
        let (env, dirs) = (Env::capture(), dirs(dir.path()));
        assert!(say_once("x", &dirs, &env));
        assert!(!say_once("x", &dirs, &env));
    }
}
