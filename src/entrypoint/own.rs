//! Give a directory tree to the user, with `CAP_CHOWN` and no other capability.
//!
//! Root without `CAP_DAC_OVERRIDE` may not read another user's private directory. It may take it,
//! read it as its owner, and then give it away. Nothing is reached by path but by its parent's file
//! descriptor, without following links: the volume is shared with other sessions of the user, whose
//! programs could swap a link in while we walk.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Dir, FileType, Gid, Mode, OFlags, Stat, Uid};
use rustix::io::{Errno, Result};

/// Deeper than any sane tree, and well below the usual limit of 1024 descriptors (two a level).
const DEEPEST: usize = 256;

/// The new owner, what to leave alone, and what went wrong on the way.
#[derive(Debug)]
pub(super) struct Owner<'a> {
    uid: Uid,
    gid: Gid,
    /// Mount points inside the tree belong to somebody else: one of them could be the project.
    mounts: &'a BTreeSet<PathBuf>,
    /// The first entry that could not be given away, and why.
    pub(super) first_failure: Option<(PathBuf, Errno)>,
}

impl<'a> Owner<'a> {
    pub(super) fn new((uid, gid): (u32, u32), mounts: &'a BTreeSet<PathBuf>) -> Self {
        Self {
            uid: Uid::from_raw(uid),
            gid: Gid::from_raw(gid),
            mounts,
            first_failure: None,
        }
    }

    /// The directory itself, nothing in it.
    pub(super) fn own(&self, path: &Path) -> Result<()> {
        let dir = open_path(CWD, path)?;
        self.give(dir.as_fd())
    }

    /// The directory and everything below it. Its top changes hands last, so that an interrupted
    /// run is seen as unfinished by the next. Entries that fail are noted and passed over.
    pub(super) fn own_tree(&mut self, path: &Path) -> Result<()> {
        let dir = open_path(CWD, path)?;
        self.descend(dir.as_fd(), path, 0)
    }

    fn descend(&mut self, dir: BorrowedFd<'_>, path: &Path, depth: usize) -> Result<()> {
        if depth > DEEPEST {
            return Err(Errno::LOOP);
        }
        let stat = rustix::fs::fstat(dir)?;
        // Take it only where that is needed: another session may be using it at this moment.
        if stat.st_uid != 0 && stat.st_mode & 0o055 != 0o055 {
            rustix::fs::chownat(dir, "", Some(Uid::ROOT), None, AtFlags::EMPTY_PATH)?;
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let readable = rustix::fs::openat(dir, ".", flags, Mode::empty())?;
        for entry in Dir::read_from(&readable)? {
            let entry = entry?;
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            let child = path.join(OsStr::from_bytes(name.to_bytes()));
            if self.mounts.contains(&child) {
                continue;
            }
            match self.entry(readable.as_fd(), name, &child, depth) {
                // Removed by another session while we walked.
                Ok(()) | Err(Errno::NOENT) => {}
                Err(error) => {
                    self.first_failure.get_or_insert((child, error));
                }
            }
        }
        self.give(dir)
    }

    fn entry(
        &mut self,
        parent: BorrowedFd<'_>,
        name: &std::ffi::CStr,
        path: &Path,
        depth: usize,
    ) -> Result<()> {
        let stat = rustix::fs::statat(parent, name, AtFlags::SYMLINK_NOFOLLOW)?;
        if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
            let dir = open_path(parent, name)?;
            return self.descend(dir.as_fd(), path, depth + 1);
        }
        if self.has(&stat) {
            return Ok(());
        }
        let flags = AtFlags::SYMLINK_NOFOLLOW;
        rustix::fs::chownat(parent, name, Some(self.uid), Some(self.gid), flags)
    }

    fn give(&self, dir: BorrowedFd<'_>) -> Result<()> {
        if self.has(&rustix::fs::fstat(dir)?) {
            return Ok(());
        }
        let flags = AtFlags::EMPTY_PATH;
        rustix::fs::chownat(dir, "", Some(self.uid), Some(self.gid), flags)
    }

    fn has(&self, stat: &Stat) -> bool {
        stat.st_uid == self.uid.as_raw() && stat.st_gid == self.gid.as_raw()
    }
}

/// A handle that needs no permission on the directory itself (`O_PATH`, open(2)).
fn open_path<P: rustix::path::Arg>(parent: impl AsFd, name: P) -> Result<OwnedFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::openat(parent, name, flags, Mode::empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    /// Run as root this moves ids for real; as anybody else only to oneself.
    #[test]
    fn a_tree_changes_hands_and_links_and_mounts_do_not() {
        let temp = tempfile::tempdir().unwrap();
        let (tree, outside) = (temp.path().join("tree"), temp.path().join("outside"));
        for dir in ["deep/er", "project/src"] {
            fs::create_dir_all(tree.join(dir)).unwrap();
        }
        fs::create_dir(&outside).unwrap();
        fs::File::create(outside.join("file")).unwrap();
        fs::File::create(tree.join("deep/er/file")).unwrap();
        symlink(&outside, tree.join("dir-link")).unwrap();
        symlink(outside.join("file"), tree.join("file-link")).unwrap();
        fs::set_permissions(tree.join("deep"), fs::Permissions::from_mode(0o700)).unwrap();

        let (me, my_group) = (nix::unistd::geteuid(), nix::unistd::getegid());
        let to = if me.is_root() {
            (4321, 4322)
        } else {
            (me.as_raw(), my_group.as_raw())
        };
        let mounts = BTreeSet::from([tree.join("project")]);
        let mut owner = Owner::new(to, &mounts);
        owner.own_tree(&tree).unwrap();
        assert_eq!(owner.first_failure, None);

        let uid = |path: &Path| fs::symlink_metadata(path).unwrap().uid();
        for name in [
            "",
            "deep",
            "deep/er",
            "deep/er/file",
            "dir-link",
            "file-link",
        ] {
            assert_eq!(uid(&tree.join(name)), to.0, "{name}");
        }
        for path in [
            tree.join("project"),
            tree.join("project/src"),
            outside.clone(),
            outside.join("file"),
        ] {
            assert_eq!(uid(&path), me.as_raw(), "{path:?}");
        }
    }

    #[test]
    fn a_link_in_the_place_of_the_top_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        symlink("/", temp.path().join("link")).unwrap();
        let mounts = BTreeSet::new();
        let mut owner = Owner::new((4321, 4321), &mounts);
        assert_eq!(
            owner.own_tree(&temp.path().join("link")),
            Err(Errno::NOTDIR)
        );
        assert_eq!(owner.own(&temp.path().join("link")), Err(Errno::NOTDIR));
    }
}
