//! A project: one directory of the host, by its canonical path.

use super::{ContainerName, Invalid};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// The canonical absolute path of a project, in a form that the engine's API can carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectDir(String);

impl ProjectDir {
    /// Accept a canonical path. Refused: `/` itself, and paths that the engine cannot be told
    /// (its API is JSON, which has no bytes outside UTF-8; the docker client reads mounts as CSV,
    /// which turns CR LF into LF and has no NUL).
    pub fn new(canonical: &Path) -> Result<Self, Invalid> {
        let refuse = |problem: &str| {
            let shown = canonical.to_string_lossy().escape_debug().to_string();
            Err(Invalid::new("project directory", shown, problem))
        };
        if canonical == Path::new("/") {
            return refuse("is the whole machine: start in the directory of one project");
        }
        let Some(text) = canonical.to_str() else {
            return refuse(
                "has bytes that are not UTF-8, and docker cannot mount such a path: rename it",
            );
        };
        if !canonical.is_absolute() {
            return refuse("is not absolute");
        }
        if text.contains('\r') {
            return refuse("has a carriage return, which docker cannot mount: rename it");
        }
        Ok(Self(text.to_owned()))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path.
    pub fn path(&self) -> PathBuf {
        PathBuf::from(&self.0)
    }

    /// `hal-9000-<basename>-<first 8 hex of sha256(path)>` (contract §4).
    pub fn session_name(&self) -> ContainerName {
        let base = self.0.rsplit('/').next().unwrap_or_default();
        let keep = |c: char| {
            if c.is_ascii_alphanumeric() || c == '_' || c == '-' {
                c
            } else {
                '-'
            }
        };
        let slug: String = base.chars().map(keep).collect();
        let name = format!("hal-9000-{slug}-{}", short_hash(self.0.as_bytes()));
        name.parse()
            .unwrap_or_else(|_| unreachable!("every letter was mapped to one that names may have"))
    }
}

/// The first 8 hex digits of the SHA-256 of `bytes`: short, stable, good enough to tell apart.
pub(crate) fn short_hash(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let digest = Sha256::digest(bytes);
    digest.iter().take(4).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    #[test]
    fn names_carry_the_basename_and_a_hash_of_the_path() {
        let name = |path: &str| ProjectDir::new(Path::new(path)).unwrap().session_name();
        // sha256sum of `/home/ann/shop` without a newline
        assert_eq!(
            name("/home/ann/shop").as_str(),
            format!("hal-9000-shop-{}", short_hash(b"/home/ann/shop"))
        );
        assert!(
            name("/p/my shop é")
                .as_str()
                .starts_with("hal-9000-my-shop---")
        );
        assert_ne!(name("/a/shop"), name("/b/shop"));
        assert!(name(&format!("/p/{}", "x".repeat(255))).as_str().len() > 255);
    }

    #[test]
    fn hashes_are_sha256() {
        assert_eq!(short_hash(b"abc"), "ba7816bf");
    }

    #[test]
    fn what_docker_cannot_mount_is_refused() {
        let bytes = Path::new(OsStr::from_bytes(b"/p/\xff"));
        for bad in [
            Path::new("/"),
            Path::new("relative"),
            Path::new("/p/a\r\nb"),
            bytes,
        ] {
            assert!(ProjectDir::new(bad).is_err(), "{}", bad.display());
        }
        assert!(ProjectDir::new(Path::new("/p/with\nnewline")).is_ok());
    }
}
