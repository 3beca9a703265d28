//! The docker socket of one session: between its clients and the engine. What may pass is decided by
//! [`crate::guard`]; here are the sockets, the files and the streams.
//!
//! It is a process of the host's user. It ends on SIGTERM, or when its standard input closes if it was
//! told so; connections end with it, and what it must know again is in its state directory. When it
//! listens it says `ready` on its standard output.

mod answer;
mod args;
mod audit;
mod claims;
mod clock;
mod content;
mod desk;
mod effect;
mod engine;
mod events;
mod forward;
mod hijack;
mod images;
mod journal;
mod listen;
mod places;
mod prune;
mod shared;
mod stop;

use args::Config;
use shared::Shared;
use std::ffi::OsString;
use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;
use std::rc::Rc;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use tokio::task::LocalSet;

/// Run `hal-9000 guard …`.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let result = runtime.and_then(|runtime| {
        let config = args::parse(args)?;
        runtime.block_on(LocalSet::new().run_until(serve(config)))
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where nobody reads, nobody is told.
            let _ = writeln!(io::stderr(), "hal-9000 guard: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Serve until it is told to end.
async fn serve(config: Config) -> io::Result<()> {
    let mut term = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let closed = config.until_closed.then(input_closes);
    let shared = Rc::new(Shared::open(config).await?);
    let listener = listen::bind(&shared.config.socket)?;
    tokio::task::spawn_local(listen::serve(listener, Rc::clone(&shared)));
    // Whoever started it may want to know; where nobody reads, nobody is told.
    let _ = io::stdout().write_all(b"ready\n");
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
        () = ended(closed) => {}
    }
    listen::forget(&shared.config.socket);
    places::forget(&shared).await;
    Ok(())
}

async fn ended(closed: Option<oneshot::Receiver<()>>) {
    match closed {
        // An error is the sender's end, too.
        Some(closed) => drop(closed.await),
        None => std::future::pending().await,
    }
}

/// A thread and not the runtime: what a parent hands over need not be a pipe.
fn input_closes() -> oneshot::Receiver<()> {
    let (tell, told) = oneshot::channel();
    std::thread::spawn(move || {
        let mut byte = [0];
        while matches!(io::stdin().lock().read(&mut byte), Ok(count) if count > 0) {}
        let _ = tell.send(());
    });
    told
}
