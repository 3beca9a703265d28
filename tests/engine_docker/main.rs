//! The guarded docker of real sessions: as long as the session, whatever happens to who started it.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "tests start programs, and fail by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

mod guarded;

/// What this test needs, or the end of it where there is no engine.
macro_rules! guarded {
    ($test:expr) => {
        match crate::guarded::Sessions::new($test) {
            Some(sessions) => sessions,
            None => return,
        }
    };
}

mod doctor;
mod drop_in;
mod faults;
mod life;
mod names;
mod pool;
mod ports;
mod testcontainers;
