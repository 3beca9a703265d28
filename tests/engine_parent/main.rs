//! The parent on a real engine, through the binary: its life, its workers, and what befalls them.
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

/// What this test needs, or the end of it where there is no engine.
macro_rules! house {
    ($test:expr) => {
        match crate::support::house::House::new($test) {
            Some(house) => house,
            None => return,
        }
    };
    ($test:expr, $suite:expr) => {
        match crate::support::house::House::apart($test, $suite) {
            Some(house) => house,
            None => return,
        }
    };
}

mod engines;
mod faults;
mod life;
mod owners;
mod protocol;
mod workers;
