//! What the pool knows of one project, and of one spare. Times are milliseconds since 1970.

use super::{State, Want};

/// So often in a row it is tried: more than that, and it is Claude that asks something first, or a
/// mistake that time does not mend.
pub(super) const TRIES: u32 = 3;

/// A project that spares are kept for.
#[derive(Debug)]
pub(super) struct Project {
    pub(super) want: Want,
    pub(super) extra: usize,
    pub(super) claimed: i64,
    pub(super) failures: u32,
    pub(super) not_before: i64,
    pub(super) problem: String,
}

impl Project {
    pub(super) fn new(want: Want) -> Self {
        Self {
            want,
            extra: 0,
            claimed: 0,
            failures: 0,
            not_before: 0,
            problem: String::new(),
        }
    }

    /// Whether spares of it can be made now, as far as is known.
    pub(super) fn able(&self, now: i64) -> bool {
        self.failures < TRIES && self.not_before <= now
    }
}

/// A spare, from the moment when it is asked for.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) project: String,
    pub(super) key: String,
    pub(super) state: State,
    pub(super) since: i64,
    /// When it came to its prompt.
    pub(super) ready: i64,
    /// Until when it is promised.
    pub(super) until: i64,
    /// To be removed once it can be.
    pub(super) outdated: Option<String>,
}

impl Entry {
    pub(super) fn new(name: &str, want: &Want, now: i64) -> Self {
        Self {
            name: name.to_owned(),
            project: want.project.clone(),
            key: want.key.clone(),
            state: State::Starting,
            since: now,
            ready: 0,
            until: 0,
            outdated: None,
        }
    }
}
