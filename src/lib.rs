//! hal-9000: Claude Code in a container that has your project, a working docker, and nothing else
//! of your machine. `ARCHITECTURE.md` shows the layers; dependencies point down only.

pub mod cli;
pub mod config;
pub mod coordinator;
pub mod daemon;
pub mod dockercli;
pub mod engine;
pub mod entrypoint;
pub mod guard;
pub mod host;
pub mod images;
pub mod ipc;
pub mod manual;
pub mod model;
pub mod plan;
pub mod pool;
pub mod proxy;
pub mod recipe;
pub mod session;
pub mod shell;
pub mod terminal;
pub mod ui;
pub mod vars;

use std::process::ExitCode;

/// Choose the face of the binary from its first argument, run it, and return its exit status.
#[must_use]
pub fn run() -> ExitCode {
    #[expect(
        clippy::disallowed_methods,
        reason = "the face is chosen before any room is entered"
    )]
    let mut args = std::env::args_os().skip(1);
    match args.next() {
        Some(face) if face == "entrypoint" => entrypoint::run(args),
        Some(face) if face == "listen" => entrypoint::listen(args),
        Some(face) if face == "coordinator" => coordinator::run(args),
        Some(face) if face == "guard" => proxy::run(args),
        _ => cli::run(&host::Env::capture()),
    }
}
