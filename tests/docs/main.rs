//! What the documentation says is what the program says.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests read files, and fail by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

mod blocks;
mod lines;
mod tables;
