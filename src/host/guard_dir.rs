//! Where the guards of docker sockets keep what they must know again: a directory for each session.

use super::Dirs;
use crate::model::{Instance, ProjectDir, file_name};
use std::path::PathBuf;

/// The directory of an instance's guards, `STATE/guard`: each session's state is in a directory of the
/// session's name. None is made here.
pub fn guard_dir(dirs: &Dirs, instance: &Instance) -> PathBuf {
    dirs.state.join(instance.suffixed("guard"))
}

/// The directory, one for each engine, of the directories of the guards' sockets. In no directory of
/// the login: a session that was left running outlives that.
pub fn guard_sockets(dirs: &Dirs, instance: &Instance, engine: Option<&str>) -> PathBuf {
    dirs.state
        .join(of_engine(&instance.suffixed("docker"), engine))
}

/// The state of the guard of one session.
pub fn guard_state(
    dirs: &Dirs,
    instance: &Instance,
    engine: Option<&str>,
    session: &str,
) -> PathBuf {
    guard_dir(dirs, instance).join(of_engine(session, engine))
}

/// What all guards of a project know together of images.
pub fn guard_images(
    dirs: &Dirs,
    instance: &Instance,
    engine: Option<&str>,
    project: &ProjectDir,
) -> PathBuf {
    let directory = dirs.state.join(instance.suffixed("docker-images"));
    let name = of_engine(project.session_name().as_str(), engine);
    directory.join(format!("{name}.jsonl"))
}

/// Two engines on one machine can have containers of the same name.
fn of_engine(name: &str, engine: Option<&str>) -> String {
    let name = file_name(name);
    match engine {
        Some(engine) => format!("{name}@{engine}"),
        None => name,
    }
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
