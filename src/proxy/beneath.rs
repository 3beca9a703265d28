//! What is beneath the project: opened without following any link, and made where it is missing.

use rustix::fs::{AtFlags, FileType, Mode, OFlags, ResolveFlags, Stat};
use rustix::io::Errno;
use std::os::fd::OwnedFd;

/// A file or directory beneath the project.
#[derive(Debug)]
pub(super) struct Found {
    /// It, opened as a place only.
    pub(super) place: OwnedFd,
    /// What it is.
    pub(super) stat: Stat,
}

impl Found {
    /// Its type.
    pub(super) fn kind(&self) -> FileType {
        FileType::from_raw_mode(self.stat.st_mode)
    }
}

const LINKS: ResolveFlags = ResolveFlags::BENEATH
    .union(ResolveFlags::NO_SYMLINKS)
    .union(ResolveFlags::NO_MAGICLINKS);
const FLAGS: OFlags = OFlags::PATH.union(OFlags::CLOEXEC);

/// Open the project.
pub(super) fn project(path: &str) -> Result<OwnedFd, Errno> {
    let flags = FLAGS | OFlags::DIRECTORY | OFlags::NOFOLLOW;
    rustix::fs::open(path, flags, Mode::empty())
}

/// Open what is beneath the project, part by part; directories that are missing are made if that is
/// wanted, for whoever has the project. The engine would make them as root.
pub(super) fn open(project: &OwnedFd, path: &str, create: bool) -> Result<Found, Errno> {
    let owner = rustix::fs::fstat(project)?;
    let mut at = rustix::fs::openat2(project, ".", FLAGS, Mode::empty(), LINKS)?;
    let mut stat = owner;
    for part in path.split('/') {
        if FileType::from_raw_mode(stat.st_mode) != FileType::Directory {
            return Err(Errno::NOTDIR);
        }
        let next = || rustix::fs::openat2(&at, part, FLAGS, Mode::empty(), LINKS);
        at = match next() {
            Err(Errno::NOENT) if create => make(&at, part, &owner).and_then(|()| next()),
            next => next,
        }?;
        stat = rustix::fs::fstat(&at)?;
    }
    Ok(Found { place: at, stat })
}

/// Make a directory. A guard that is root gives it to the owner of the project; whatever the session
/// may have put there by then is beneath the project, too.
fn make(at: &OwnedFd, part: &str, owner: &Stat) -> Result<(), Errno> {
    match rustix::fs::mkdirat(at, part, Mode::from_raw_mode(0o777)) {
        Err(Errno::EXIST) => return Ok(()),
        made => made?,
    }
    let made = rustix::fs::openat2(at, part, FLAGS | OFlags::DIRECTORY, Mode::empty(), LINKS)?;
    let stat = rustix::fs::fstat(&made)?;
    if (stat.st_uid, stat.st_gid) == (owner.st_uid, owner.st_gid) {
        return Ok(());
    }
    let user = rustix::fs::Uid::from_raw(owner.st_uid);
    let group = rustix::fs::Gid::from_raw(owner.st_gid);
    match rustix::fs::chownat(&made, "", Some(user), Some(group), AtFlags::EMPTY_PATH) {
        // the directories of a user whose group is another, or of a project of somebody else
        Err(Errno::PERM) => Ok(()),
        changed => changed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{MetadataExt as _, symlink};

    #[test]
    fn no_link_is_followed_and_nothing_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::create_dir_all(root.join("a/b")).unwrap();
        fs::File::create(root.join("file")).unwrap();
        symlink("/", root.join("out")).unwrap();
        symlink("a", root.join("in")).unwrap();
        let project = project(root.to_str().unwrap()).unwrap();
        for (path, create, error) in [
            ("a", false, None),
            ("a/b", false, None),
            ("a/new/er", true, None),
            ("none", false, Some(Errno::NOENT)),
            ("file", false, None),
            ("file/x", true, Some(Errno::NOTDIR)),
            ("out", false, Some(Errno::LOOP)),
            ("out/etc", true, Some(Errno::LOOP)),
            ("in/b", false, Some(Errno::LOOP)),
            ("..", true, Some(Errno::XDEV)),
        ] {
            let opened = open(&project, path, create);
            assert_eq!(opened.err(), error, "{path}");
        }
        assert!(root.join("a/new/er").is_dir());
    }

    #[test]
    fn what_root_makes_is_the_projects_owners() {
        let dir = tempfile::tempdir().unwrap();
        if rustix::fs::chown(
            dir.path(),
            Some(rustix::fs::Uid::from_raw(4242)),
            Some(rustix::fs::Gid::from_raw(4343)),
        )
        .is_err()
        {
            // who is not root makes directories of its own, as its clients would
            return;
        }
        let project = project(dir.path().to_str().unwrap()).unwrap();
        open(&project, "new/er", true).unwrap();
        for made in ["new", "new/er"] {
            let found = fs::metadata(dir.path().join(made)).unwrap();
            assert_eq!((found.uid(), found.gid()), (4242, 4343), "{made}");
        }
    }
}
