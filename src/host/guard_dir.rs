//! Where the guards of docker sockets keep what they must know again: a directory for each session.

use super::Dirs;
use crate::model::Instance;
use std::path::PathBuf;

/// The directory of an instance's guards, `STATE/guard`: each session's state is in a directory of the
/// session's name. None is made here.
pub fn guard_dir(dirs: &Dirs, instance: &Instance) -> PathBuf {
    dirs.state.join(instance.suffixed("guard"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_have_directories_of_their_own() {
        let dirs = Dirs {
            config: "/c".into(),
            state: "/s".into(),
            runtime: "/r".into(),
        };
        let own = Instance::default();
        let other: Instance = "other".parse().unwrap();
        assert_eq!(guard_dir(&dirs, &own), PathBuf::from("/s/guard"));
        assert_eq!(guard_dir(&dirs, &other), PathBuf::from("/s/guard-other"));
    }
}
