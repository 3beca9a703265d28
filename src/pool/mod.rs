//! The warm pool, decided: which sessions are kept ready, for which projects, who gets which, and
//! which are given up. A *spare* is a container in which Claude waits already; a *claim* makes it a
//! session.
//!
//! Pure: [`Pool::step`] takes what happened and the time, and says what to do. It counts what it has
//! asked for and not only what it has seen, so that no order of events makes it exceed its limits.
//! Whether a spare is claimed is decided by the engine, by a renaming that only one can do; the pool
//! never removes a spare by anything but the name that a claim takes from it.

mod allot;
mod entry;
mod machine;
mod step;
mod terms;

pub use machine::Pool;
pub use step::{Action, Input};
pub use terms::{Event, Spare, State, Summary, Terms, Want};

#[cfg(test)]
mod tests;
