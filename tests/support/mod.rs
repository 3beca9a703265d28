//! What the tests stand on: a scripted Messages API, a terminal, an engine gate, a sandbox.

#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests start programs, read files and clocks, and fail by panicking"
)]

pub(crate) mod api;
pub(crate) mod claude_home;
pub(crate) mod display;
pub(crate) mod engine;
pub(crate) mod house;
pub(crate) mod http;
pub(crate) mod inspect;
pub(crate) mod known;
pub(crate) mod markdown;
pub(crate) mod nested;
pub(crate) mod pty;
pub(crate) mod sandbox;
pub(crate) mod script;
pub(crate) mod session;
pub(crate) mod terminal;
pub(crate) mod user;

use std::time::Duration;

/// How long anything in a test may take before it counts as hung. Generous: it is no measure of speed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
