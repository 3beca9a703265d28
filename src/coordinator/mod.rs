//! The first process of the parent: it supervises ChromaDB, knows the workers, reaps, and answers
//! the command on the host. Everything that it knows can be had again from the engine's labels.
//!
//! It must be dull: the workers live in its network namespace, which lasts for as long as it does.
//! No path of the host is made up here: what is mounted was decided on the host.

mod args;
mod chroma;
mod clock;
mod guards;
mod heartbeat;
mod log;
mod memory;
mod owners;
mod patience;
mod pipe;
mod pool;
mod reaper;
mod registry;
mod serve;
mod socket;
mod spare;
mod state;
mod store;
mod volume;

use args::Args;
use log::{Level, log};
use state::Shared;
use std::ffi::OsString;
use std::io;
use std::process::ExitCode;
use std::rc::Rc;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::LocalSet;

/// Run `hal-9000 coordinator …`.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let result = runtime.and_then(|runtime| match Args::parse(args)? {
        Args::Pipe => runtime.block_on(pipe::pipe()),
        Args::Serve(config) => runtime.block_on(LocalSet::new().run_until(serve(config))),
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log(
                Level::Error,
                "coordinator",
                "cannot go on",
                &[("error", &error)],
            );
            ExitCode::FAILURE
        }
    }
}

/// Serve until SIGTERM.
async fn serve(config: args::Config) -> io::Result<()> {
    let mut term = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let started = clock::now();
    log(
        Level::Info,
        "coordinator",
        "started",
        &[("version", &crate::recipe::VERSION)],
    );

    let (exits, ended) = reaper::exits();
    tokio::task::spawn_local(reaper::reap(signal(SignalKind::child())?, exits));
    let shared = Rc::new(Shared::new(config, started));
    socket::listen(&shared)?;
    tokio::task::spawn_local(registry::keep(Rc::clone(&shared)));
    tokio::task::spawn_local(pool::keep(Rc::clone(&shared)));
    tokio::task::spawn_local(owners::reap(Rc::clone(&shared)));
    let supervising = tokio::task::spawn_local(chroma::supervise(Rc::clone(&shared), ended));

    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
    }
    log(Level::Info, "coordinator", "stopping", &[]);
    socket::forget(&shared.config);
    shared.stop.notify_one();
    pool::close(&shared).await;
    // The supervisor ends ChromaDB, with time to write what it has.
    let _ = supervising.await;
    log(Level::Info, "coordinator", "stopped", &[]);
    Ok(())
}
