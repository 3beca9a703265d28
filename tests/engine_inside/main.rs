//! What a user does in a session, through the real binary, as an ordinary user, on a real engine.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests start programs, read files, and fail by panicking"
)]

mod agent;
mod compose;
mod containers;
mod database;
mod images;
mod inside;
#[path = "../support/mod.rs"]
mod support;
mod toolchains;
