//! How ownership outlives the guard's process: one JSON line for each change.

use super::{Kind, Owned};
use serde::{Deserialize, Serialize};

/// A change of what a session owns. It is written before the client is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "lowercase", deny_unknown_fields)]
pub enum Record {
    /// The session made an object.
    Made {
        /// What it is.
        kind: Kind,
        /// Its full id; a volume's name.
        id: String,
        /// Its name, without a leading slash; an image's normalised reference.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// For a command, the container in which it runs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<String>,
    },
    /// An object got a name: a container another, an image one more.
    Named {
        /// What it is.
        kind: Kind,
        /// Its full id.
        id: String,
        /// The name.
        name: String,
    },
    /// A name no longer stands for an object of the session: an image was untagged.
    Unnamed {
        /// What it is.
        kind: Kind,
        /// The name.
        name: String,
    },
    /// An object is no more.
    Removed {
        /// What it was.
        kind: Kind,
        /// Its full id.
        id: String,
    },
}

impl Record {
    /// What the change is about.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Made { kind, .. }
            | Self::Named { kind, .. }
            | Self::Unnamed { kind, .. }
            | Self::Removed { kind, .. } => *kind,
        }
    }

    /// The line, with its end.
    pub fn line(&self) -> String {
        // strings and unit variants always serialise
        let mut line = serde_json::to_string(self).unwrap_or_default();
        line.push('\n');
        line
    }
}

/// A journal that cannot be believed: nothing is owned rather than too much.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line} of the ownership journal is damaged ({cause}): remove the file, and remove the session's containers by their label"
)]
pub struct Damaged {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub cause: String,
}

impl Owned {
    /// The state after all lines of a journal. A last line without its end was being written when the
    /// guard was killed: what it says was not told to anybody.
    pub fn replay(journal: &str) -> Result<Self, Damaged> {
        let mut owned = Self::default();
        for record in Self::records_of(journal)? {
            owned.apply(&record);
        }
        Ok(owned)
    }

    /// The changes in the whole lines of a journal.
    pub fn records_of(journal: &str) -> Result<Vec<Record>, Damaged> {
        let whole = journal
            .split_inclusive('\n')
            .map_while(|line| line.strip_suffix('\n'));
        let records = whole.enumerate().map(|(index, line)| {
            serde_json::from_str(line).map_err(|error| Damaged {
                line: index + 1,
                cause: error.to_string(),
            })
        });
        records.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(kind: Kind, id: &str, name: &str) -> Record {
        Record::Made {
            kind,
            id: id.to_owned(),
            name: Some(name.to_owned()),
            of: None,
        }
    }

    #[test]
    fn a_journal_makes_the_same_state_again() {
        let records = [
            made(Kind::Image, "sha256:11", "a:1"),
            Record::Named {
                kind: Kind::Image,
                id: "sha256:11".to_owned(),
                name: "b:1".to_owned(),
            },
            made(Kind::Container, "22", "web"),
            made(Kind::Network, "33", "net"),
            Record::Removed {
                kind: Kind::Network,
                id: "33".to_owned(),
            },
            Record::Unnamed {
                kind: Kind::Image,
                name: "a:1".to_owned(),
            },
        ];
        let journal: String = records.iter().map(Record::line).collect();
        let owned = Owned::replay(&journal).unwrap();
        assert_eq!(owned.ids(Kind::Network).count(), 0);
        assert_eq!(
            owned.names(Kind::Image, "sha256:11").collect::<Vec<_>>(),
            ["b:1"]
        );
        let short: String = owned.records().map(|record| record.line()).collect();
        let again = Owned::replay(&short).unwrap();
        assert!(again.records().eq(owned.records()));
        assert!(short.lines().count() < journal.lines().count());
    }

    #[test]
    fn a_torn_line_is_left_and_a_damaged_one_is_an_error() {
        let whole = made(Kind::Volume, "v", "v").line();
        let torn = format!("{whole}{}", &whole[..10]);
        assert!(Owned::replay(&torn).unwrap().has(Kind::Volume, "v"));
        let damaged = format!("{whole}{{}}\n{whole}");
        assert_eq!(Owned::replay(&damaged).unwrap_err().line, 2);
    }
}
