//! The index files of an archive of images: the names in them, and as they go on.

use super::archive::ArchiveFile;
use crate::guard::json::{self, Value};

/// The names that the engine would give. None is missed: of keys that only look like one that the
/// engine reads, the names are judged, too.
pub(super) fn names(file: ArchiveFile, value: &Value) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    match file {
        ArchiveFile::Manifest => {
            for image in value.as_list() {
                each_key(image, "RepoTags", |tags| {
                    names.extend(tags.as_texts().map(str::to_owned));
                });
            }
        }
        ArchiveFile::Index => each_key(value, "manifests", |manifests| {
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
    names
}

/// Keys as Go reads them.
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

/// The file as the engine gets it. Of docker's own only what makes an image: `Parent` would let an
/// archive tie an image of the user's to one of the session's, which then goes with it.
pub(super) fn render(file: ArchiveFile, value: Value) -> String {
    let value = match (file, value) {
        (ArchiveFile::Manifest, Value::List(images)) => {
            let images = images.into_iter().map(|image| {
                let mut image = image.into_map();
                image.retain(|key, _| ["Config", "RepoTags", "Layers"].contains(&key.as_str()));
                Value::Map(image)
            });
            Value::List(images.collect())
        }
        (_, value) => value,
    };
    value.to_json()
}
