//! A file beneath the project for engines that cannot open a path in a volume (before API 1.45): a
//! second name of the file, a hard link, in the guard's own directory, where the session can put
//! nothing in its place. What is written in the container is in the project, and the other way round.

use super::beneath::Found;
use rustix::fs::{AtFlags, CWD};
use rustix::io::Errno;
use std::fs;
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

/// In the state directory.
const NAME: &str = "files";

/// The directory of the links of one guard.
#[derive(Debug)]
pub(super) struct Links(PathBuf);

impl Links {
    pub(super) fn new(state: &Path) -> Self {
        Self(state.join(NAME))
    }

    /// How many files have a link.
    pub(super) fn count(&self) -> usize {
        fs::read_dir(&self.0).map_or(0, Iterator::count)
    }

    /// The link for a file that is at `path` beneath the project. Its own path says both, so that
    /// another guard can read it.
    pub(super) fn make(&self, found: &Found, path: &str) -> io::Result<PathBuf> {
        let link = self.0.join(found.stat.st_ino.to_string()).join(path);
        if let Some(directory) = link.parent() {
            fs::create_dir_all(directory)?;
        }
        let own = format!("/proc/self/fd/{}", found.place.as_raw_fd());
        match rustix::fs::linkat(CWD, own, CWD, &link, AtFlags::SYMLINK_FOLLOW) {
            // of the same file: it has no other's number while it is there
            Ok(()) | Err(Errno::EXIST) => Ok(link),
            Err(error) => Err(error.into()),
        }
    }

    /// The path beneath the project that a link stands for.
    pub(super) fn path(&self, link: &str) -> Option<String> {
        let directory = self.0.as_os_str().as_bytes();
        let rest = link.as_bytes().strip_prefix(directory)?;
        let rest = std::str::from_utf8(rest).ok()?.strip_prefix('/')?;
        rest.split_once('/').map(|(_, path)| path.to_owned())
    }

    /// Remove them: nothing is mounted through them any longer.
    pub(super) fn forget(&self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look at what was written")]
mod tests {
    use super::super::beneath;
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_link_is_the_file_whatever_is_put_in_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("project");
        fs::create_dir_all(root.join("conf")).unwrap();
        fs::write(root.join("conf/file"), "one").unwrap();
        let project = beneath::project(root.to_str().unwrap()).unwrap();
        let found = beneath::open(&project, "conf/file", false).unwrap();
        // what is there by the time that it is linked
        fs::rename(root.join("conf/file"), root.join("conf/moved")).unwrap();
        symlink("/etc/passwd", root.join("conf/file")).unwrap();
        let links = Links::new(&dir.path().join("state"));
        let link = links.make(&found, "conf/file").unwrap();
        assert_eq!(links.make(&found, "conf/file").unwrap(), link);
        fs::write(&link, "two").unwrap();
        assert_eq!(fs::read_to_string(root.join("conf/moved")).unwrap(), "two");
        assert_eq!(links.count(), 1);
        let path = |link: &str| links.path(link);
        assert_eq!(path(link.to_str().unwrap()).as_deref(), Some("conf/file"));
        assert_eq!(path(root.to_str().unwrap()), None);
        assert_eq!(path(links.0.to_str().unwrap()), None);
        links.forget();
        assert_eq!(links.count(), 0);
    }
}
