//! The pool's vocabulary, as it is said, stored and shown.

use crate::terminal::Answers;
use serde::{Deserialize, Serialize};

/// How many spares are kept, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Whether any are.
    pub on: bool,
    /// Spares that are always kept, for the projects used last.
    pub min: usize,
    /// Containers of the pool at any time, those that start or are handed out included.
    pub max: usize,
    /// Seconds without a claim in its project after which a spare beyond the minimum is given up.
    pub idle_timeout: i64,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            on: true,
            min: 2,
            max: 5,
            idle_timeout: 30 * 60,
        }
    }
}

/// What the next session of a project would be, made on the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Want {
    /// The project's path on the host.
    pub project: String,
    /// The name that its sessions have.
    pub base: String,
    /// Hash of everything that makes the container what it is: only a spare of the same one is it.
    pub key: String,
    /// The id of its image: the reference in the body may be another one's by then.
    pub image: String,
    /// The body that makes the container.
    pub body: serde_json::Value,
    /// What the terminal on which it was wanted last answers to a program's questions.
    pub answers: Answers,
}

/// What a spare is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is being made, or Claude is not yet at its prompt.
    Starting,
    /// Claude waits at its prompt.
    Ready,
    /// A start is about to take it.
    Promised,
    /// It is being removed.
    Leaving,
    /// A state that this side does not know.
    #[serde(other)]
    Unknown,
}

/// One spare, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spare {
    /// Its name.
    pub name: String,
    /// Its project.
    pub project: String,
    /// What it is at.
    pub state: State,
    /// When it was asked for, in seconds since 1970.
    pub since: i64,
    /// Bytes of memory, where that was asked for and is known.
    #[serde(default)]
    pub memory: Option<u64>,
}

/// How the pool is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// What is kept.
    pub terms: Terms,
    /// The spares.
    pub spares: Vec<Spare>,
    /// The projects that spares are kept for, the one used last first.
    pub projects: Vec<String>,
    /// Sessions that came from the pool and run.
    pub busy: Vec<String>,
    /// Starts that got a spare.
    pub hits: u64,
    /// Starts that got none, though the pool was on.
    pub misses: u64,
    /// Why the last one got none.
    pub last_refusal: Option<Event>,
    /// Why the last spare could not be made.
    pub last_failure: Option<Event>,
}

/// Something that is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When, in seconds since 1970.
    pub at: i64,
    /// The project.
    pub project: String,
    /// Why.
    pub why: String,
}
