//! What is told to the pool, and what it has done.

use super::{Terms, Want};

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Other numbers are asked for.
    Terms(Terms),
    /// The next session of a project would be this.
    Used(Want),
    /// A start asks for a spare.
    Claim {
        /// By which the answer is known.
        ticket: u64,
        /// What it would start otherwise.
        want: Want,
    },
    /// The spare that was handed out is not fit to be a session.
    Unfit {
        /// The start that waits for another answer.
        ticket: u64,
        /// The spare.
        spare: String,
        /// Why.
        why: String,
    },
    /// A spare is a session now.
    Taken(String),
    /// Claude waits at its prompt.
    AtPrompt(String),
    /// There is no such container, or no longer.
    Gone {
        /// The spare.
        spare: String,
        /// Why it could not be made, where it could not.
        why: Option<String>,
    },
    /// All spares that the engine has.
    Seen {
        /// Their names.
        names: Vec<String>,
        /// When it was asked: what came later is not in its answer.
        asked: i64,
    },
    /// What spares have read since they started is no longer so.
    Outdated(String),
    /// Whether the machine is short of memory.
    Pressure(bool),
    /// Time has passed.
    Clock,
    /// The parent ends.
    Close,
}

/// What to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Make a spare.
    Make {
        /// Its name.
        spare: String,
        /// What it is.
        want: Want,
    },
    /// Remove a spare, by its name and by nothing else.
    Remove {
        /// Its name.
        spare: String,
        /// Why.
        why: String,
    },
    /// Hand a spare to the start that waits.
    Hand {
        /// The start.
        ticket: u64,
        /// The spare.
        spare: String,
    },
    /// Tell the start that it gets none.
    Refuse {
        /// The start.
        ticket: u64,
        /// Why.
        why: String,
    },
}
