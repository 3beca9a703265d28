//! The projects that were used last: a small file, for the warm pool to begin with.
#![expect(clippy::disallowed_methods, reason = "reads and writes the history")]

use super::{Dirs, Env, dirs};
use crate::model::Instance;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// How many are remembered.
const PROJECTS: usize = 8;

fn file(dirs: &Dirs, instance: &Instance) -> PathBuf {
    dirs.state.join(instance.suffixed("projects") + ".json")
}

/// The projects that were used last in an instance, the last one first, those that are no more left out.
pub fn recent_projects(dirs: &Dirs, instance: &Instance) -> Vec<PathBuf> {
    read(&file(dirs, instance))
        .into_iter()
        .filter(|path| path.is_dir())
        .collect()
}

/// This project is the one used last.
pub fn note_project(dirs: &Dirs, env: &Env, instance: &Instance, project: &Path) -> io::Result<()> {
    let file = file(dirs, instance);
    let before = read(&file);
    if before.first().map(PathBuf::as_path) == Some(project) {
        return Ok(());
    }
    let others = before.into_iter().filter(|path| path != project);
    let all: Vec<PathBuf> = [project.to_path_buf()]
        .into_iter()
        .chain(others)
        .take(PROJECTS)
        .collect();
    dirs::private(&dirs.state, env.identity.uid)?;
    // At once complete: of two starts at once one project may be forgotten, and nothing more.
    let new = file.with_extension(format!("{}.new", std::process::id()));
    fs::write(&new, serde_json::to_vec(&all)?)?;
    fs::rename(&new, &file)
}

fn read(file: &Path) -> Vec<PathBuf> {
    let text = fs::read(file).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_one_is_first_and_there_are_few() {
        let dir = tempfile::tempdir().unwrap();
        let (env, own) = (Env::capture(), Instance::default());
        let dirs = Dirs {
            config: dir.path().join("c"),
            state: dir.path().join("s"),
            runtime: dir.path().join("r"),
        };
        assert_eq!(recent_projects(&dirs, &own), Vec::<PathBuf>::new());
        let project = |number: usize| {
            let path = dir.path().join(format!("p{number}"));
            fs::create_dir_all(&path).unwrap();
            path
        };
        for number in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 5] {
            note_project(&dirs, &env, &own, &project(number)).unwrap();
        }
        fs::remove_dir(project(9)).unwrap();
        let other: Instance = "other".parse().unwrap();
        assert!(recent_projects(&dirs, &other).is_empty());
        let recent = recent_projects(&dirs, &own);
        assert_eq!(recent[..2], [project(5), project(8)]);
        assert_eq!(recent.len(), PROJECTS - 1);
        assert_eq!(fs::read_dir(&dirs.state).unwrap().count(), 1);
        fs::write(file(&dirs, &own), "nonsense").unwrap();
        assert!(recent_projects(&dirs, &own).is_empty());
    }
}
