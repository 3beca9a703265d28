//! What the session owns, on disk: one line for each change, written before anybody is told.
#![expect(
    clippy::disallowed_methods,
    reason = "the journal is read once, when the guard starts"
)]

use crate::guard::ownership::{Owned, Record};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// The file, in the state directory.
const NAME: &str = "owned.jsonl";

/// The journal.
#[derive(Debug)]
pub(super) struct Journal(File);

impl Journal {
    /// Read the one in `state`, write it anew without its history, and go on with it.
    pub(super) fn open(state: &Path) -> io::Result<(Self, Owned)> {
        let path = state.join(NAME);
        let named =
            |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            text => text.map_err(named)?,
        };
        let damaged = |error| named(io::Error::new(io::ErrorKind::InvalidData, error));
        let owned = Owned::replay(&text).map_err(damaged)?;
        // complete under another name first: a guard that is killed leaves the old one or the new one
        let new = path.with_extension("new");
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(&new)
            .map_err(named)?;
        let lines: String = owned.records().map(|record| record.line()).collect();
        file.write_all(lines.as_bytes()).map_err(named)?;
        file.sync_all().map_err(named)?;
        fs::rename(&new, &path).map_err(named)?;
        Ok((Self(file), owned))
    }

    /// Write a change.
    pub(super) fn append(&mut self, record: &Record) -> io::Result<()> {
        self.0.write_all(record.line().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::ownership::Kind;
    use std::os::unix::fs::PermissionsExt as _;

    fn made(id: &str) -> Record {
        Record::Made {
            kind: Kind::Container,
            id: id.to_owned(),
            name: None,
            of: None,
        }
    }

    #[test]
    fn what_was_written_is_known_again() {
        let dir = tempfile::tempdir().unwrap();
        let (mut journal, owned) = Journal::open(dir.path()).unwrap();
        assert_eq!(owned, Owned::default());
        journal.append(&made("aa")).unwrap();
        journal.append(&made("bb")).unwrap();
        let gone = Record::Removed {
            kind: Kind::Container,
            id: "aa".to_owned(),
        };
        journal.append(&gone).unwrap();
        let (_, owned) = Journal::open(dir.path()).unwrap();
        assert_eq!(owned.ids(Kind::Container).collect::<Vec<_>>(), ["bb"]);
        let path = dir.path().join(NAME);
        assert_eq!(fs::read_to_string(&path).unwrap(), made("bb").line());
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_journal_is_named() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(NAME), "x\n").unwrap();
        let error = Journal::open(dir.path()).unwrap_err().to_string();
        assert!(
            error.contains("owned.jsonl") && error.contains("line 1"),
            "{error}"
        );
    }
}
