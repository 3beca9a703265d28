//! The guarded docker socket on a real engine, by the real docker client.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests start programs and read files, and fail by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

mod audit;
mod buildkit;
mod clients;
mod conformance;
mod docker_py;
mod escapes;
mod gone;
mod guarded;
mod load;
mod plugins;
mod requests;
mod streams;
mod subpath;
mod swap;
