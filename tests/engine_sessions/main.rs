//! Sessions on a real engine, through the binary: how they run, live and end, and what is said
//! where they cannot.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests start programs, and fail by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

/// What this test needs, or the end of it where there is no engine.
macro_rules! bench {
    ($test:expr) => {
        match crate::support::session::Bench::new($test) {
            Some(bench) => bench,
            None => return,
        }
    };
}

mod beside;
mod ending;
mod inside;
mod life;
mod registry;
mod streams;
mod trouble;
mod trust;
mod versions;
