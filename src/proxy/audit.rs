//! The audit: one line for each decision, in a file that does not grow without end.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// The file, in the state directory.
const NAME: &str = "audit.jsonl";

/// From this size on a new file is begun; one old one is kept.
const LARGEST: u64 = 10 * 1024 * 1024;

/// The audit.
#[derive(Debug)]
pub(super) struct Audit {
    path: PathBuf,
    file: File,
    size: u64,
    largest: u64,
}

impl Audit {
    /// Go on with the one in `state`.
    pub(super) fn open(state: &Path) -> io::Result<Self> {
        let path = state.join(NAME);
        let file = append(&path)?;
        let size = file.metadata()?.len();
        Ok(Self {
            path,
            file,
            size,
            largest: LARGEST,
        })
    }

    /// Write a line.
    pub(super) fn append(&mut self, line: &str) -> io::Result<()> {
        if self.size >= self.largest {
            fs::rename(&self.path, self.path.with_extension("jsonl.old"))?;
            self.file = append(&self.path)?;
            self.size = 0;
        }
        self.file.write_all(line.as_bytes())?;
        self.size += line.len() as u64;
        Ok(())
    }
}

fn append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true).mode(0o600);
    let file = options.open(path);
    file.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_old_file_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let mut audit = Audit::open(dir.path()).unwrap();
        audit.largest = 10;
        for line in ["first line\n", "second line\n", "third line\n"] {
            audit.append(line).unwrap();
        }
        let mut names: Vec<_> = fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["audit.jsonl", "audit.jsonl.old"]);
        assert_eq!(audit.size, 11);
    }
}
