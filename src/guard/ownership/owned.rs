//! The ids and names of what a session made, and how a name in a request is resolved.

use super::Record;
use crate::guard::Refusal;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

/// A kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A container.
    Container,
    /// A command run in a container.
    Exec,
    /// A network.
    Network,
    /// A volume: its name is its id.
    Volume,
    /// An image: its references are its names.
    Image,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Container => "container",
            Self::Exec => "exec",
            Self::Network => "network",
            Self::Volume => "volume",
            Self::Image => "image",
        })
    }
}

/// What a name in a request stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// The session's: its full id, which is what is sent to the engine. A name that is given to another
    /// object between the check and the use then means nothing.
    Owned(String),
    /// An image that others have made: it can be read and run, not changed.
    Shared(String),
    /// Not the session's: answered as the engine answers for what does not exist.
    Foreign,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Entry {
    names: BTreeSet<String>,
    /// For a command, the container in which it runs.
    of: Option<String>,
}

/// Everything that one session owns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owned {
    made: BTreeMap<(Kind, String), Entry>,
    /// What was removed last: its events are still the session's. Not of volumes, whose names can be
    /// anybody's by then.
    gone: VecDeque<(Kind, String)>,
}

/// How much is remembered of what was removed.
const REMEMBERED: usize = 1024;

impl Owned {
    /// Take a change over.
    pub fn apply(&mut self, record: &Record) {
        match record {
            Record::Made { kind, id, name, of } => {
                if let Some(name) = name {
                    self.release(*kind, name);
                }
                let entry = self.made.entry((*kind, id.clone())).or_default();
                entry.names.extend(name.clone());
                entry.of.clone_from(of);
            }
            Record::Named { kind, id, name } => {
                self.release(*kind, name);
                if let Some(entry) = self.made.get_mut(&(*kind, id.clone())) {
                    // only images have several names at once
                    if *kind != Kind::Image {
                        entry.names.clear();
                    }
                    entry.names.insert(name.clone());
                }
            }
            Record::Unnamed { kind, name } => self.release(*kind, name),
            Record::Removed { kind, id } => {
                let was = self.made.remove(&(*kind, id.clone())).is_some();
                if was && [Kind::Container, Kind::Network].contains(kind) {
                    self.gone.push_back((*kind, id.clone()));
                    if self.gone.len() > REMEMBERED {
                        self.gone.pop_front();
                    }
                }
                if *kind == Kind::Container {
                    self.made.retain(|_, entry| entry.of.as_deref() != Some(id));
                }
            }
        }
    }

    /// A name belongs to the object that got it last: one that the engine has removed by itself is
    /// still in the state.
    fn release(&mut self, kind: Kind, name: &str) {
        for ((of_kind, _), entry) in &mut self.made {
            if *of_kind == kind {
                entry.names.remove(name);
            }
        }
    }

    /// What `name` stands for: a full id, a name, or a prefix that only one id has among the session's
    /// own, in the engine's order (moby `GetContainer`, `FindNetwork`).
    pub fn resolve(&self, kind: Kind, name: &str) -> Resolved {
        match self.find(kind, name) {
            Some(id) => Resolved::Owned(id.to_owned()),
            None if kind == Kind::Image => Resolved::Shared(name.to_owned()),
            None => Resolved::Foreign,
        }
    }

    /// The full id of the session's own `name`, or the engine's answer for what does not exist.
    pub fn require(&self, kind: Kind, name: &str) -> Result<String, Refusal> {
        self.find(kind, name)
            .map(str::to_owned)
            .ok_or_else(|| Refusal::absent(&kind.to_string(), name))
    }

    /// Whether `id` is a full id of the session's.
    pub fn has(&self, kind: Kind, id: &str) -> bool {
        self.made.contains_key(&(kind, id.to_owned()))
    }

    /// Whether `id` is a full id of what is or was the session's.
    pub fn had(&self, kind: Kind, id: &str) -> bool {
        let mut gone = self.gone.iter();
        self.has(kind, id) || gone.any(|(of_kind, of_id)| *of_kind == kind && of_id == id)
    }

    /// The full ids of a kind, in order.
    pub fn ids(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.entries(kind).map(|(id, _)| id)
    }

    /// The names of an object.
    pub fn names(&self, kind: Kind, id: &str) -> impl Iterator<Item = &str> {
        let entry = self.made.get(&(kind, id.to_owned()));
        entry
            .into_iter()
            .flat_map(|entry| &entry.names)
            .map(String::as_str)
    }

    /// The container in which a command runs.
    pub fn container_of(&self, exec: &str) -> Option<&str> {
        self.made.get(&(Kind::Exec, exec.to_owned()))?.of.as_deref()
    }

    /// The records from which this state would be made again: the journal, without its history.
    pub fn records(&self) -> impl Iterator<Item = Record> {
        self.made.iter().flat_map(|((kind, id), entry)| {
            let made = Record::Made {
                kind: *kind,
                id: id.clone(),
                name: entry.names.first().cloned(),
                of: entry.of.clone(),
            };
            let more = entry.names.iter().skip(1).map(|name| Record::Named {
                kind: *kind,
                id: id.clone(),
                name: name.clone(),
            });
            std::iter::once(made).chain(more)
        })
    }

    fn entries(&self, kind: Kind) -> impl Iterator<Item = (&str, &Entry)> {
        let of_kind = move |((of_kind, _), _): &(&(Kind, String), &Entry)| *of_kind == kind;
        self.made
            .iter()
            .filter(of_kind)
            .map(|((_, id), entry)| (id.as_str(), entry))
    }

    fn find(&self, kind: Kind, name: &str) -> Option<&str> {
        // an image's id can be written without its algorithm
        let digest = format!("sha256:{name}");
        let of_image = |id: &str| kind == Kind::Image && id == digest;
        let by_id = self.ids(kind).find(|id| *id == name || of_image(id));
        let by_name = || {
            let mut entries = self.entries(kind);
            entries.find_map(|(id, entry)| entry.names.contains(name).then_some(id))
        };
        let by_prefix = || {
            let hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
            let prefixes = [Kind::Container, Kind::Network, Kind::Image].contains(&kind);
            let plain = name.strip_prefix("sha256:").unwrap_or(name);
            if !prefixes || plain.is_empty() || !hex(plain) {
                return None;
            }
            let starts = |id: &&str| id.strip_prefix("sha256:").unwrap_or(id).starts_with(plain);
            let mut found = self.ids(kind).filter(starts);
            found.next().filter(|_| found.next().is_none())
        };
        by_id.or_else(by_name).or_else(by_prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aa11000000000000000000000000000000000000000000000000000000000000";
    const B: &str = "aa22000000000000000000000000000000000000000000000000000000000000";

    fn made(kind: Kind, id: &str, name: Option<&str>, of: Option<&str>) -> Record {
        Record::Made {
            kind,
            id: id.to_owned(),
            name: name.map(str::to_owned),
            of: of.map(str::to_owned),
        }
    }

    fn owned(records: &[Record]) -> Owned {
        let mut owned = Owned::default();
        for record in records {
            owned.apply(record);
        }
        owned
    }

    #[test]
    fn names_prefixes_and_ids_become_full_ids() {
        let owned = owned(&[
            made(Kind::Container, A, Some("web"), None),
            made(Kind::Container, B, Some("aa1"), None),
            made(Kind::Exec, "e1", None, Some(A)),
            made(Kind::Volume, "cafe", Some("cafe"), None),
            made(
                Kind::Image,
                &format!("sha256:{A}"),
                Some("docker.io/library/x:1"),
                None,
            ),
        ]);
        let container = |name| owned.resolve(Kind::Container, name);
        assert_eq!(container(A), Resolved::Owned(A.to_owned()));
        assert_eq!(container("web"), Resolved::Owned(A.to_owned()));
        // a name comes before a prefix
        assert_eq!(container("aa1"), Resolved::Owned(B.to_owned()));
        assert_eq!(container("aa11"), Resolved::Owned(A.to_owned()));
        for foreign in ["aa", "", "we", "WEB", "/web", "b", "e1"] {
            assert_eq!(container(foreign), Resolved::Foreign, "{foreign}");
        }
        assert_eq!(owned.resolve(Kind::Volume, "caf"), Resolved::Foreign);
        assert_eq!(owned.resolve(Kind::Exec, "e"), Resolved::Foreign);
        assert_eq!(owned.container_of("e1"), Some(A));
        let image = Resolved::Owned(format!("sha256:{A}"));
        for name in [A, "aa11", "sha256:aa11", "docker.io/library/x:1"] {
            assert_eq!(owned.resolve(Kind::Image, name), image, "{name}");
        }
        assert_eq!(
            owned.resolve(Kind::Image, "node"),
            Resolved::Shared("node".to_owned())
        );
        assert_eq!(owned.require(Kind::Container, "x").unwrap_err().status, 404);
    }

    #[test]
    fn what_is_removed_or_renamed_is_no_longer_found() {
        let mut owned = owned(&[
            made(Kind::Container, A, Some("web"), None),
            made(Kind::Exec, "e1", None, Some(A)),
            Record::Named {
                kind: Kind::Container,
                id: A.to_owned(),
                name: "old".to_owned(),
            },
            made(Kind::Container, B, Some("web"), None),
        ]);
        assert_eq!(
            owned.resolve(Kind::Container, "web"),
            Resolved::Owned(B.to_owned())
        );
        assert_eq!(
            owned.resolve(Kind::Container, "old"),
            Resolved::Owned(A.to_owned())
        );
        owned.apply(&made(Kind::Container, "cc", Some("old"), None));
        assert_eq!(
            owned.resolve(Kind::Container, "old"),
            Resolved::Owned("cc".to_owned())
        );
        owned.apply(&Record::Removed {
            kind: Kind::Container,
            id: A.to_owned(),
        });
        assert!(!owned.has(Kind::Container, A) && !owned.has(Kind::Exec, "e1"));
        assert!(owned.had(Kind::Container, A) && !owned.had(Kind::Container, "ff"));
        // a name for what is not the session's makes it nobody's
        let foreign = Record::Named {
            kind: Kind::Container,
            id: "ff".to_owned(),
            name: "x".to_owned(),
        };
        owned.apply(&foreign);
        assert_eq!(owned.resolve(Kind::Container, "x"), Resolved::Foreign);
    }
}
