//! The audits of guards: read from the beginning, and on as they grow. A guard begins a new file from
//! a size on, and keeps the one before it.

use std::fs::{self, File, Metadata};
use std::io::{self, BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// The file that a guard writes, and the one before it.
const NAMES: [&str; 2] = ["audit.jsonl", "audit.jsonl.old"];

/// The audit of one session.
#[derive(Debug)]
pub struct AuditLog {
    /// The session.
    pub session: String,
    files: [PathBuf; 2],
    reader: Option<BufReader<File>>,
    line: Vec<u8>,
}

/// The audits below a directory of guards; none where there is no such directory.
pub fn audit_logs(directory: &Path) -> io::Result<Vec<AuditLog>> {
    let named = |error: io::Error| {
        io::Error::new(error.kind(), format!("{}: {error}", directory.display()))
    };
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(named)?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(named)?;
        // Names of sessions are text.
        let Ok(session) = entry.file_name().into_string() else {
            continue;
        };
        let files = NAMES.map(|name| entry.path().join(name));
        if files.iter().any(|file| file.is_file()) {
            found.push(AuditLog {
                session,
                files,
                reader: None,
                line: Vec::new(),
            });
        }
    }
    found.sort_by(|a, b| a.session.cmp(&b.session));
    Ok(found)
}

impl AuditLog {
    /// The next line without its end; `None` where there is none yet.
    pub fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(reader) = &mut self.reader {
                reader.read_until(b'\n', &mut self.line)?;
                if self.line.last() == Some(&b'\n') {
                    return Ok(Some(self.take()));
                }
            }
            // What has no end in a file that is finished will not get one.
            let finished = match self.file_after()? {
                Some(file) => self.reader.replace(BufReader::new(file)),
                None => return Ok(None),
            };
            if finished.is_some() && !self.line.is_empty() {
                return Ok(Some(self.take()));
            }
        }
    }

    fn take(&mut self) -> String {
        let line = std::mem::take(&mut self.line);
        String::from_utf8_lossy(&line).trim_end().to_owned()
    }

    /// The file that comes after the one that was read to its end. A file that is open keeps its
    /// number, so no other can be taken for it.
    fn file_after(&self) -> io::Result<Option<File>> {
        let number = |found: &Metadata| (found.dev(), found.ino());
        let [new, old] = [&self.files[0], &self.files[1]].map(|path| open(path));
        let (new, old) = (new?, old?);
        let Some(reader) = &self.reader else {
            return Ok(old.or(new).map(|(file, _)| file));
        };
        let own = number(&reader.get_ref().metadata()?);
        let is_own = |file: &Option<(File, Metadata)>| {
            file.as_ref().is_some_and(|(_, found)| number(found) == own)
        };
        if is_own(&new) {
            return Ok(None);
        }
        let next = if is_own(&old) { new } else { old.or(new) };
        Ok(next.map(|(file, _)| file))
    }
}

fn open(path: &Path) -> io::Result<Option<(File, Metadata)>> {
    let opened = File::open(path).and_then(|file| {
        let found = file.metadata()?;
        Ok((file, found))
    });
    match opened {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let text = format!("{}: {error}", path.display());
            Err(io::Error::new(error.kind(), text))
        }
        Ok(opened) => Ok(Some(opened)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::OpenOptions;
    use std::io::Write as _;

    fn write(path: &Path, text: &str) {
        let file = OpenOptions::new().create(true).append(true).open(path);
        file.unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn lines(log: &mut AuditLog) -> Vec<String> {
        std::iter::from_fn(|| log.next_line().unwrap()).collect()
    }

    #[test]
    fn an_audit_is_followed_over_new_files() {
        let dir = tempfile::tempdir().unwrap();
        assert!(audit_logs(&dir.path().join("none")).unwrap().is_empty());
        let session = dir.path().join("s");
        fs::create_dir(&session).unwrap();
        fs::create_dir(dir.path().join("empty")).unwrap();
        let [new, old] = NAMES.map(|name| session.join(name));
        write(&old, "1\n2\n");
        write(&new, "3\n4");
        let mut found = audit_logs(dir.path()).unwrap();
        assert_eq!(found.len(), 1);
        let log = &mut found[0];
        assert_eq!(log.session, "s");
        assert_eq!(lines(log), ["1", "2", "3"]);
        assert_eq!(lines(log), [""; 0]);
        write(&new, "4\n");
        assert_eq!(lines(log), ["44"]);
        // a new file while nobody looked
        write(&new, "5\n");
        fs::rename(&new, &old).unwrap();
        assert_eq!(lines(log), ["5"]);
        write(&new, "6\n");
        assert_eq!(lines(log), ["6"]);
        // and two of them: what was read last is gone
        fs::rename(&new, &old).unwrap();
        write(&new, "7\n8");
        fs::rename(&new, &old).unwrap();
        write(&new, "9\n");
        assert_eq!(lines(log), ["7", "8", "9"]);
    }
}
