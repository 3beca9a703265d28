//! hal-9000 in the shells that people have: completions, the manual, and what `--help` says.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests start programs, and fail by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

mod asked;
mod files;
mod generated;
mod help;
mod init;
mod pages;
mod shells;
