//! `HAL9000_BUILD`: the identity of this build, from everything that it is built from.
//!
//! An image that carries this executable is stale when the executable changed. Hashing the file at
//! every start would read tens of megabytes; hashing its sources while it is built costs nothing.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script's input is its environment and the package's files"
)]

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const INPUTS: [&str; 4] = ["Cargo.lock", "Cargo.toml", "docker", "src"];

fn main() -> io::Result<()> {
    let mut files = Vec::new();
    for input in INPUTS {
        // Cargo watches a directory with everything in it.
        println!("cargo::rerun-if-changed={input}");
        collect(Path::new(input), &mut files)?;
    }
    files.sort();

    let mut hash = Sha256::new();
    for file in &files {
        let content = fs::read(file)?;
        for part in [file.to_string_lossy().as_bytes(), &content] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
    }
    for variable in ["TARGET", "PROFILE"] {
        hash.update(env::var(variable).unwrap_or_default());
        hash.update([0]);
    }
    let mut identity = String::new();
    for byte in &hash.finalize()[..8] {
        write!(identity, "{byte:02x}").map_err(io::Error::other)?;
    }
    println!("cargo::rustc-env=HAL9000_BUILD={identity}");
    Ok(())
}

/// Every file at or below `path`; none where nothing is there (a package without its lock file).
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path.is_file() {
        files.push(path.to_owned());
    }
    Ok(())
}
