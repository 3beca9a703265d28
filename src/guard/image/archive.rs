//! An archive of images (`docker save`) for `docker load`. The engine unpacks it into a directory and
//! reads the index files there (moby `image/tarexport`), or keeps what is named by them (containerd's
//! store): of a name that is there twice it takes the last, and it follows links. So an archive is
//! written anew out of members that can be read in one way only, the index files last.

use super::write::written;
use super::{Reference, index};
use crate::guard::json;
use crate::guard::rule;
use crate::guard::verdict::Claim;
use crate::guard::{Bounds, Refusal};
use std::collections::BTreeMap;

/// The files by which images get their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ArchiveFile {
    /// `manifest.json`, docker's own.
    Manifest,
    /// `index.json`, of the OCI layout.
    Index,
    /// `repositories`, of docker before 1.10.
    Repositories,
}

impl ArchiveFile {
    /// The file of this name in the archive.
    fn named(path: &str) -> Option<Self> {
        [Self::Manifest, Self::Index, Self::Repositories]
            .into_iter()
            .find(|file| file.name() == path)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Manifest => "manifest.json",
            Self::Index => "index.json",
            Self::Repositories => "repositories",
        }
    }
}

/// A member of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Member<'a> {
    /// A file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link to this.
    Link(&'a str),
    /// Anything else.
    Other,
}

/// What becomes of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placed {
    /// It goes on under this name.
    As(String),
    /// Its content is judged when the archive has ended.
    Index(ArchiveFile),
    /// It is left out: the engine makes directories by itself.
    Nowhere,
}

/// More members than an image of 127 layers has, a thousand times.
const MOST: usize = 200_000;

/// The longest name.
const LONGEST: usize = 250;

/// The names in an archive so far, and whether each is a directory.
#[derive(Debug, Default)]
pub struct Layout(BTreeMap<String, bool>);

impl Layout {
    /// Find the place of a member.
    pub fn place(&mut self, name: &str, member: Member<'_>) -> Result<Placed, Refusal> {
        let Some(parts) = parts(name) else {
            return Err(odd(name, "is not a plain name beneath the archive"));
        };
        if parts.is_empty() {
            return match member {
                Member::Directory => Ok(Placed::Nowhere),
                _ => Err(odd(name, "has no name")),
            };
        }
        let clean = parts.join("/");
        for length in 1..parts.len() {
            let above = parts.get(..length).unwrap_or_default().join("/");
            if !*self.0.entry(above).or_insert(true) {
                return Err(odd(name, "is beneath something that is not a directory"));
            }
        }
        let directory = member == Member::Directory;
        let before = self.0.insert(clean.clone(), directory);
        if before.is_some_and(|before| !(before && directory)) {
            return Err(odd(name, "is there twice"));
        }
        if self.0.len() > MOST {
            return Err(odd(name, "is one member too many"));
        }
        match (member, ArchiveFile::named(&clean)) {
            (Member::File, Some(file)) => Ok(Placed::Index(file)),
            (Member::File, None) => Ok(Placed::As(clean)),
            (Member::Directory, None) => Ok(Placed::Nowhere),
            (Member::Link(to), None) if stays(&parts, to) => Ok(Placed::As(clean)),
            (Member::Link(_), None) => Err(odd(name, "is a link out of the archive")),
            _ => Err(odd(name, "is neither a file nor a directory")),
        }
    }
}

fn odd(name: &str, cause: &str) -> Refusal {
    Refusal::malformed(rule::IMAGE_LOAD, format!("image archive: {name}"), cause)
}

/// The parts of a name that means the same to everybody. An archive that `tar` made of a directory
/// begins every name with `./`.
fn parts(name: &str) -> Option<Vec<&str>> {
    let plain = name.len() <= LONGEST
        && name
            .chars()
            .all(|c| c.is_ascii_graphic() && c != '\\' || c == ' ');
    if !plain || name.starts_with('/') {
        return None;
    }
    let parts = name.trim_end_matches('/').split('/');
    let parts: Vec<&str> = parts
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    (!parts.contains(&"..")).then_some(parts)
}

/// Whether a link, as older engines write it for a layer that two images have
/// (`ID/layer.tar -> ../ID/layer.tar`), ends in the archive: it goes up only from its own directory,
/// which is none that a link leads to.
fn stays(from: &[&str], to: &str) -> bool {
    let parts: Vec<&str> = to.split('/').collect();
    let above = parts.iter().take_while(|part| **part == "..").count();
    let plain = to
        .chars()
        .all(|c| c.is_ascii_graphic() && c != '\\' && c != ' ');
    let rest = parts.get(above..).unwrap_or_default();
    plain
        && above < from.len()
        && !rest.is_empty()
        && rest.iter().all(|part| !["", ".", ".."].contains(part))
}

/// What an archive writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Its index files, written anew.
    pub files: Vec<(ArchiveFile, String)>,
    /// The references in them.
    pub references: Vec<String>,
    /// Those that must be nobody's yet.
    pub claims: Vec<Claim>,
}

/// Decide on the index files of an archive: each reference must be new or the session's own.
pub fn loaded(files: &[(ArchiveFile, Vec<u8>)], bounds: &Bounds<'_>) -> Result<Loaded, Refusal> {
    let mut loaded = Loaded {
        files: Vec::new(),
        references: Vec::new(),
        claims: Vec::new(),
    };
    for (file, bytes) in files {
        let field = format!("image archive: {}", file.name());
        let value = json::read(bytes).map_err(|refusal| Refusal {
            field: format!("{field}: {}", refusal.field),
            ..refusal
        })?;
        for name in index::names(*file, &value) {
            let (reference, claim): (Reference, _) = written(&field, &name, None, bounds)?;
            loaded.references.push(reference.to_string());
            loaded.claims.extend(claim);
        }
        loaded.files.push((*file, index::render(*file, value)));
    }
    loaded.references.sort();
    loaded.references.dedup();
    loaded.claims.sort_by(|a, b| a.name.cmp(&b.name));
    loaded.claims.dedup();
    Ok(loaded)
}
