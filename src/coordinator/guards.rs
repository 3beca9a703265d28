//! The directory of a guard's socket, for a spare: the guard itself is started on the host by whoever
//! takes the spare, and no sooner.

use super::args::Config;
use super::volume::as_user;
use crate::model::file_name;
use crate::plan::paths;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn directory(name: &str) -> PathBuf {
    Path::new(paths::PARENT_GUARDS).join(file_name(name))
}

/// Make it, as the host's user: it is mounted, and mounts make nothing.
pub(super) fn make(config: &Config, name: &str) -> io::Result<()> {
    as_user(config.uid, config.gid, || {
        fs::create_dir_all(directory(name))
    })
}

/// Remove it where there is one. One in which a guard listens is a session's, and stays.
pub(super) fn forget(config: &Config, name: &str) {
    let _ = as_user(config.uid, config.gid, || fs::remove_dir(directory(name)));
}
