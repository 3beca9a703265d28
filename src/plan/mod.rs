//! Decisions: facts in, data out. Nothing here reads the machine, the engine or the clock.

pub mod checkup;
mod detach;
mod drop_in;
mod ending;
mod environment;
mod facts;
mod guard;
mod mounts;
mod network;
mod note;
pub mod parent;
pub mod paths;
mod place;
pub mod privilege;
mod processors;
mod reason;
mod request;
mod reuse;
mod session;
mod spare;
mod terminal;

pub use crate::model::listening;
pub use detach::detach_keys;
pub use drop_in::{DropIn, drop_in, drop_in_user};
pub use ending::{Ending, Seen, endings};
pub use facts::{Caller, Facts, Image};
pub use guard::{GuardPlace, docker_here, guard_socket, guard_words};
pub use note::Note;
pub use processors::cpus_here;
pub use reason::{Reason, Reasons};
pub use request::{CLAUDE, Request, Via, What};
pub use reuse::{Decision, Existing, decide};
pub use session::{Plan, PlanError, plan};
pub use spare::{Moment, spare};
pub use terminal::{terminal_kind, terminal_questions};
