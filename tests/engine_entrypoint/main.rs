//! The entrypoint in real containers of a real engine, through the docker CLI.
//!
//! `HAL9000_TEST_ENGINE` says what a missing engine means: `auto` (default) skips, `require` fails,
//! `off` always skips. Nothing is pulled: the images are made from `debian:trixie-slim`.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "an engine test runs docker, reads its own environment, and may stop at any surprise"
)]

#[macro_use]
mod bench;
mod commands;
mod identity;
mod places;
mod sockets;
mod supervised;
