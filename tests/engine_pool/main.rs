//! The warm pool on a real engine, with the real Claude on real terminals.
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

mod kept;

/// What this test needs, or the end of it where there is no engine.
macro_rules! kept {
    ($test:expr) => {
        match crate::kept::Kept::new($test) {
            Some(kept) => kept,
            None => return,
        }
    };
}

mod crowd;
mod faults;
mod fresh;
mod life;
mod terminals;
