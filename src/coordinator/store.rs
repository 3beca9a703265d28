//! What of the pool outlasts the coordinator: its terms, and what the host has asked for.
#![expect(
    clippy::disallowed_methods,
    reason = "this is where the coordinator's state is read and written"
)]

use super::log::{Level, log};
use crate::plan::paths;
use crate::pool::{Terms, Want};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

#[derive(Serialize, Deserialize)]
struct Kept {
    terms: Terms,
    wants: Vec<Want>,
}

fn file() -> PathBuf {
    Path::new(paths::PARENT_STATE).join("pool.json")
}

/// What was kept; the defaults where that is nothing that is understood.
pub(super) fn load() -> (Terms, Vec<Want>) {
    match read(&file()) {
        Ok(kept) => kept,
        Err(error) => {
            let fields: [(&str, &dyn std::fmt::Display); 1] = [("error", &error)];
            log(
                Level::Warn,
                "coordinator",
                "its terms cannot be read",
                &fields,
            );
            Default::default()
        }
    }
}

/// Keep it.
pub(super) fn save(terms: &Terms, wants: &[Want]) -> io::Result<()> {
    write(&file(), terms, wants)
}

fn read(file: &Path) -> io::Result<(Terms, Vec<Want>)> {
    let text = match fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Default::default()),
        text => text?,
    };
    let kept: Kept = serde_json::from_slice(&text)?;
    Ok((kept.terms, kept.wants))
}

/// At once complete, and for nobody else to read.
fn write(file: &Path, terms: &Terms, wants: &[Want]) -> io::Result<()> {
    let new = file.with_extension("new");
    let kept = Kept {
        terms: *terms,
        wants: wants.to_vec(),
    };
    let mut options = fs::File::options();
    let options = options.create(true).truncate(true).write(true).mode(0o600);
    serde_json::to_writer(options.open(&new)?, &kept)?;
    fs::rename(&new, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_found_again_and_nonsense_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("pool.json");
        assert_eq!(read(&file).unwrap(), Default::default());
        let terms = Terms {
            min: 1,
            ..Terms::default()
        };
        write(&file, &terms, &[]).unwrap();
        assert_eq!(read(&file).unwrap(), (terms, Vec::new()));
        fs::write(&file, "{").unwrap();
        assert!(read(&file).is_err());
    }
}
