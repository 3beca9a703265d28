//! What can be done with sessions, whatever the engine: found, ended. Talks to ports only; never
//! prints, never reads the environment.

mod end;
mod find;

pub use end::{EndError, discard_unstarted, end};
pub use find::{FindError, Owner, Session, existing, find, list};
