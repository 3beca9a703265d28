//! Decisions: facts in, data out. Nothing here reads the machine, the engine or the clock.

pub mod privilege;
