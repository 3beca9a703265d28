//! One mount that a request asks for, and how it is written for the engine when its source is found.

use super::Relative;
use crate::guard::Refusal;
use crate::guard::json::Value;
use crate::guard::rule;
use std::collections::BTreeMap;

/// Where a mount's content comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The whole project: its parent is not the session's to write, so the bind cannot be raced.
    Project,
    /// A path beneath the project: to be resolved without following a symlink out of it, and mounted
    /// so that what was resolved is what is mounted (guard-policy §0.5).
    Beneath(Relative),
    /// The guard's own socket, in place of the engine's.
    GuardSocket,
    /// A named volume. If the session does not own it yet, it must not exist yet: the caller makes it
    /// the session's first.
    Volume {
        /// Its name.
        name: String,
        /// Whether the session owns it.
        owned: bool,
    },
    /// A volume that the engine names.
    Anonymous,
    /// Memory.
    Tmpfs,
    /// The content of an image.
    Image(String),
}

/// A mount that a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MountRequest {
    /// The field in the request.
    pub field: String,
    /// Where its content comes from.
    pub source: Source,
    /// Where it is in the container.
    pub target: String,
    /// Whether the container may only read.
    pub read_only: bool,
    /// Whether a missing directory is to be made: by the caller, as the session's user. The engine
    /// would make it as root.
    pub create: bool,
    /// Whether an image's content at the target is left out of a new volume.
    pub no_copy: bool,
    /// The options of its type that were checked: `BindOptions`, `VolumeOptions`, …
    pub options: BTreeMap<String, Value>,
}

/// What the caller found for a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A path on the engine's machine that no session can change.
    Host(String),
    /// A directory in a volume of the guard's.
    Volume {
        /// The volume.
        name: String,
        /// The path in it, if not all of it.
        subpath: Option<String>,
    },
}

impl MountRequest {
    /// Mount what is of the project for reading only; whether that changes anything.
    pub fn only_read(&mut self) -> bool {
        let of_project = matches!(self.source, Source::Project | Source::Beneath(_));
        let changes = of_project && !self.read_only;
        self.read_only |= of_project;
        self.create &= !of_project;
        changes
    }

    /// Whether [`Self::render`] needs a place.
    pub fn needs_place(&self) -> bool {
        matches!(
            self.source,
            Source::Project | Source::Beneath(_) | Source::GuardSocket
        )
    }

    /// The mount for the engine, always as an entry of `Mounts`.
    pub fn render(&self, place: Option<&Place>) -> Result<Value, Refusal> {
        let mut entry = BTreeMap::from([("Target".to_owned(), Value::text(&self.target))]);
        if self.read_only {
            entry.insert("ReadOnly".to_owned(), Value::Bool(true));
        }
        let (kind, source) = match (&self.source, place) {
            (Source::Project | Source::Beneath(_) | Source::GuardSocket, Some(place)) => {
                self.render_place(place, &mut entry)
            }
            (Source::Project | Source::Beneath(_) | Source::GuardSocket, None) => {
                let cause = "was not resolved";
                return Err(Refusal::forbidden(rule::MOUNT_PATH, &self.field, cause));
            }
            (Source::Volume { name, .. }, _) => ("volume", Some(name.as_str())),
            (Source::Anonymous, _) => ("volume", None),
            (Source::Tmpfs, _) => ("tmpfs", None),
            (Source::Image(reference), _) => ("image", Some(reference.as_str())),
        };
        if matches!(self.source, Source::Volume { .. } | Source::Anonymous) {
            let mut options = self.options("VolumeOptions");
            if self.no_copy {
                options.insert("NoCopy".to_owned(), Value::Bool(true));
            }
            insert(&mut entry, "VolumeOptions", options);
        }
        for name in ["TmpfsOptions", "ImageOptions"] {
            insert(&mut entry, name, self.options(name));
        }
        entry.insert("Type".to_owned(), Value::text(kind));
        if let Some(source) = source {
            entry.insert("Source".to_owned(), Value::text(source));
        }
        Ok(Value::Map(entry))
    }

    fn render_place<'a>(
        &self,
        place: &'a Place,
        entry: &mut BTreeMap<String, Value>,
    ) -> (&'static str, Option<&'a str>) {
        match place {
            Place::Host(path) => {
                insert(entry, "BindOptions", self.options("BindOptions"));
                ("bind", Some(path))
            }
            Place::Volume { name, subpath } => {
                // an image's content is never copied into the project
                let mut options = BTreeMap::from([("NoCopy".to_owned(), Value::Bool(true))]);
                if let Some(subpath) = subpath {
                    options.insert("Subpath".to_owned(), Value::text(subpath));
                }
                insert(entry, "VolumeOptions", options);
                ("volume", Some(name))
            }
        }
    }

    fn options(&self, name: &str) -> BTreeMap<String, Value> {
        self.options
            .get(name)
            .cloned()
            .unwrap_or(Value::Null)
            .into_map()
    }
}

fn insert(entry: &mut BTreeMap<String, Value>, name: &str, options: BTreeMap<String, Value>) {
    if !options.is_empty() {
        entry.insert(name.to_owned(), Value::Map(options));
    }
}
