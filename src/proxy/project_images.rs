//! The images of a project: a name that one session has given is every session's of the project, now
//! and tomorrow, or nobody could build the same image twice. They are in one file, to which the guards
//! of several sessions write.
use crate::guard::ownership::{Damaged, Owned, Record};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// The file.
#[derive(Debug)]
pub(super) struct ProjectImages {
    path: PathBuf,
    file: File,
    /// How much of it was read.
    read: u64,
}

impl ProjectImages {
    /// Open it; nothing of it is known yet.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::options()
            .create(true)
            .append(true)
            .read(true)
            .mode(0o600)
            .open(path)
            .map_err(|error| {
                io::Error::new(error.kind(), format!("{}: {error}", path.display()))
            })?;
        Ok(Self {
            path: path.to_owned(),
            file,
            read: 0,
        })
    }

    /// What was written since this was asked last, by whichever guard.
    pub(super) fn news(&mut self) -> io::Result<Vec<Record>> {
        if self.file.metadata()?.len() <= self.read {
            return Ok(Vec::new());
        }
        let mut text = String::new();
        self.file.seek(SeekFrom::Start(self.read))?;
        // A line that is being written is read when it is whole.
        (&self.file).read_to_string(&mut text)?;
        let whole = text
            .rfind('\n')
            .map_or("", |end| text.get(..=end).unwrap_or_default());
        let records = Owned::records_of(whole);
        self.read += whole.len() as u64;
        records.map_err(|Damaged { line, cause }| {
            io::Error::other(format!(
                "{}: line {line} is damaged ({cause}): remove the file, and the project's images are \
                 like anybody's",
                self.path.display()
            ))
        })
    }

    /// Write a change: one write of a line, which others' lines cannot divide.
    pub(super) fn append(&mut self, record: &Record) -> io::Result<()> {
        self.file.write_all(record.line().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::ownership::Kind;

    fn named(name: &str) -> Record {
        Record::Made {
            kind: Kind::Image,
            id: format!("sha256:{name}"),
            name: Some(name.to_owned()),
            of: None,
        }
    }

    #[test]
    fn what_one_writes_another_reads_once_and_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("images.jsonl");
        let mut one = ProjectImages::open(&path).unwrap();
        let mut other = ProjectImages::open(&path).unwrap();
        one.append(&named("a")).unwrap();
        assert_eq!(other.news().unwrap(), [named("a")]);
        assert!(other.news().unwrap().is_empty());
        other.append(&named("b")).unwrap();
        assert_eq!(one.news().unwrap(), [named("a"), named("b")]);
        let torn = named("c").line();
        one.file.write_all(&torn.as_bytes()[..9]).unwrap();
        assert_eq!(other.news().unwrap(), [named("b")]);
        one.file.write_all(&torn.as_bytes()[9..]).unwrap();
        assert_eq!(other.news().unwrap(), [named("c")]);
        one.file.write_all(b"nonsense\n").unwrap();
        assert!(
            other
                .news()
                .unwrap_err()
                .to_string()
                .contains("images.jsonl")
        );
    }
}
