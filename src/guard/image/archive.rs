//! The references in an archive of images (`docker save`), which `docker load` would write.

use super::Reference;
use crate::guard::Refusal;
use crate::guard::json::{self, Value};
use crate::guard::rule;

/// The two index files of an archive; of a file that is there twice the engine reads the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveFile {
    /// `manifest.json`, docker's own.
    Manifest,
    /// `index.json`, of the OCI layout.
    Index,
    /// `repositories`, of docker before 1.10.
    Repositories,
}

impl ArchiveFile {
    /// The file of this name in the archive, cleaned as the engine's extraction does.
    pub fn named(path: &str) -> Option<Self> {
        match path.trim_start_matches("./").trim_start_matches('/') {
            "manifest.json" => Some(Self::Manifest),
            "index.json" => Some(Self::Index),
            "repositories" => Some(Self::Repositories),
            _ => None,
        }
    }
}

/// The references in one of them: each must be new or the session's own. Read without strictness about
/// fields, as docker's own archives have many.
pub fn archive_references(file: ArchiveFile, bytes: &[u8]) -> Result<Vec<Reference>, Refusal> {
    let value = json::read(bytes)?;
    let mut names: Vec<String> = Vec::new();
    match file {
        ArchiveFile::Manifest => {
            for image in value.as_list() {
                each_key(image, "RepoTags", |tags| {
                    names.extend(tags.as_texts().map(str::to_owned));
                });
            }
        }
        ArchiveFile::Index => each_key(&value, "manifests", |manifests| {
            for manifest in manifests.as_list() {
                each_key(manifest, "annotations", |annotations| {
                    names.extend(annotated(annotations));
                });
            }
        }),
        ArchiveFile::Repositories => {
            for (name, tags) in value.as_map().into_iter().flatten() {
                let tags = tags.as_map().into_iter().flatten();
                names.extend(tags.map(|(tag, _)| format!("{name}:{tag}")));
            }
        }
    }
    let reference = |name: &String| {
        Reference::parse(name, None).ok_or_else(|| {
            let field = format!("image archive: {name}");
            Refusal::malformed(rule::IMAGE_NAME, field, "is not a reference")
        })
    };
    names.iter().map(reference).collect()
}

/// Keys as Go reads them: an archive is not refused for odd ones, but none is missed.
fn each_key<'a>(value: &'a Value, name: &str, mut found: impl FnMut(&'a Value)) {
    for (key, value) in value.as_map().into_iter().flatten() {
        if json::folds_to(key, name) {
            found(value);
        }
    }
}

/// containerd's full name; the OCI one is a name only if it is not a bare tag.
fn annotated(annotations: &Value) -> impl Iterator<Item = String> {
    let full = annotations.get("io.containerd.image.name").as_text();
    let short = annotations
        .get("org.opencontainers.image.ref.name")
        .as_text();
    let name = match (full, short) {
        ("", short) if short.contains([':', '/']) => short,
        (full, _) => full,
    };
    (!name.is_empty()).then(|| name.to_owned()).into_iter()
}
