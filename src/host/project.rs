//! The project's directory: found, entered, and looked at for what it is made with.

use crate::model::{Identity, Invalid, ProjectDir};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A project as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundProject {
    /// Its canonical path.
    pub directory: ProjectDir,
    /// Who owns it.
    pub owner: Identity,
    /// The names in its root, as far as they are text.
    pub names: Vec<String>,
}

/// Why a directory cannot be a project.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// The working directory is gone.
    #[error("the current directory cannot be used: {0}")]
    NoCurrent(String),
    /// Nothing is there.
    #[error("no such directory: `{}`", .0.display())]
    Missing(PathBuf),
    /// A file is there.
    #[error("`{}` is not a directory", .0.display())]
    NotADirectory(PathBuf),
    /// It cannot be read.
    #[error("cannot read the directory `{}`: {source}", path.display())]
    Unreadable {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Its path cannot be mounted.
    #[error(transparent)]
    Invalid(#[from] Invalid),
}

/// Find the project at `asked`, relative to `here`. Symbolic links are followed, so that a project
/// has one name however it is reached.
pub fn find_project(
    asked: &Path,
    here: &Result<PathBuf, String>,
) -> Result<FoundProject, ProjectError> {
    let path = match (asked.is_absolute(), here) {
        (true, _) => asked.to_path_buf(),
        (false, Ok(here)) => here.join(asked),
        (false, Err(problem)) => return Err(ProjectError::NoCurrent(problem.clone())),
    };
    let shown = if asked == Path::new(".") {
        path.clone()
    } else {
        asked.to_path_buf()
    };
    let unreadable = |source| ProjectError::Unreadable {
        path: shown.clone(),
        source,
    };
    let canonical = path.canonicalize().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ProjectError::Missing(shown.clone()),
        io::ErrorKind::NotADirectory => ProjectError::NotADirectory(shown.clone()),
        _ => unreadable(error),
    })?;
    let found = fs::metadata(&canonical).map_err(unreadable)?;
    if !found.is_dir() {
        return Err(ProjectError::NotADirectory(shown));
    }
    let entries = fs::read_dir(&canonical).map_err(unreadable)?;
    let names = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok());
    Ok(FoundProject {
        names: names.collect(),
        directory: ProjectDir::new(&canonical)?,
        owner: Identity {
            uid: found.uid(),
            gid: found.gid(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_one_project() {
        let dir = tempfile::tempdir().unwrap();
        let real = dir.path().join("a b");
        fs::create_dir(&real).unwrap();
        fs::File::create(real.join("Cargo.toml")).unwrap();
        std::os::unix::fs::symlink(&real, dir.path().join("link")).unwrap();
        let here = Ok(dir.path().to_path_buf());
        let by_link = find_project(Path::new("link"), &here).unwrap();
        assert_eq!(by_link, find_project(&real, &here).unwrap());
        assert_eq!(by_link.names, ["Cargo.toml"]);
    }

    #[test]
    fn what_is_no_directory_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        fs::File::create(dir.path().join("file")).unwrap();
        let here = Ok(dir.path().to_path_buf());
        let find = |path: &str| find_project(Path::new(path), &here).unwrap_err();
        assert!(matches!(find("missing"), ProjectError::Missing(_)));
        assert!(matches!(find("file"), ProjectError::NotADirectory(_)));
        assert!(matches!(find("file/x"), ProjectError::NotADirectory(_)));
        assert!(matches!(find("/"), ProjectError::Invalid(_)));
        let gone = find_project(Path::new("."), &Err("gone".to_owned())).unwrap_err();
        assert!(matches!(gone, ProjectError::NoCurrent(_)));
    }
}
