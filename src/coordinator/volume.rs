//! What is in a volume: whose it is, and which release has written it.
#![expect(
    clippy::disallowed_methods,
    reason = "reads and writes the volume's stamp"
)]

use nix::unistd::{Gid, Uid, setfsgid, setfsuid};
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, lchown};
use std::path::Path;

/// The release that wrote a volume last. ChromaDB itself opens what a newer one has written, and
/// writes on (measured with 1.5.9 and a migration that it does not know).
const STAMP: &str = ".hal9000-written-by";

/// Touch files as somebody else: root without capabilities may do no more with them than others.
pub(super) fn as_user<T>(uid: u32, gid: u32, work: impl FnOnce() -> T) -> T {
    let own = (Uid::effective(), Gid::effective());
    setfsgid(Gid::from_raw(gid));
    setfsuid(Uid::from_raw(uid));
    let done = work();
    setfsuid(own.0);
    setfsgid(own.1);
    done
}

/// Make a directory a user's own, with everything in it where it was somebody else's: an older
/// version ran as root.
pub(super) fn own(path: &Path, user: u32) -> io::Result<()> {
    let found = fs::symlink_metadata(path)?;
    if found.uid() == user {
        return Ok(());
    }
    if found.is_dir() {
        // Its content first: a run that was cut short is taken up again.
        for entry in fs::read_dir(path)? {
            own(&entry?.path(), user)?;
        }
    }
    lchown(path, Some(user), Some(user))
}

/// Whether this release may work on what is there; why not, where a newer one has written it.
pub(super) fn usable(path: &Path, release: &str) -> Result<(), String> {
    let Ok(written) = fs::read_to_string(path.join(STAMP)) else {
        return Ok(());
    };
    let written: String = written.trim().chars().take(40).collect();
    if numbers(&written) > numbers(release) {
        return Err(format!(
            "the volume was written by ChromaDB {written}, and this is the older {release}: a \
             newer hal-9000 can read it"
        ));
    }
    Ok(())
}

/// Note that this release writes there from now on.
pub(super) fn stamp(path: &Path, user: u32, release: &str) -> io::Result<()> {
    as_user(user, user, || fs::write(path.join(STAMP), release))
}

/// A release as numbers that compare.
fn numbers(release: &str) -> Vec<u64> {
    release
        .split('.')
        .map(|part| part.parse().unwrap_or(0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_newer_release_wrote_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let user = Uid::effective().as_raw();
        assert_eq!(usable(dir.path(), "1.5.9"), Ok(()));
        for (written, good) in [
            ("1.5.9", true),
            ("1.5.8", true),
            ("0.9.10", true),
            ("1.5.10", false),
            ("1.10.0", false),
            ("2", false),
            ("nonsense", true),
        ] {
            stamp(dir.path(), user, written).unwrap();
            let found = usable(dir.path(), "1.5.9");
            assert_eq!(found.is_ok(), good, "{written}: {found:?}");
        }
        assert!(own(dir.path(), user).is_ok());
    }
}
