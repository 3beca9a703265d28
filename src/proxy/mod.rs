//! The docker socket of one session: between its clients and the engine. What may pass is decided by
//! [`crate::guard`]; here are the sockets, the files and the streams.
//!
//! It is a process of the host's user. It ends with its session, or on SIGTERM; connections end with
//! it, and what it must know again is in its state directory, so that another one can go on. When it
//! listens it says `ready` on its standard output.

mod answer;
mod archive;
mod args;
mod audit;
mod beneath;
mod buildkit;
mod claims;
mod clock;
mod content;
mod desk;
mod effect;
mod engine;
mod events;
mod finish;
mod forward;
mod gone;
mod hijack;
mod images;
mod journal;
mod life;
mod links;
mod listen;
mod load;
mod names;
mod places;
mod ports;
mod project_images;
mod prune;
mod routes;
mod shared;
mod stop;
mod volumes;

use crate::model::GUARD_READY;
use args::{Config, Until};
use shared::Shared;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::rc::Rc;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::LocalSet;

/// Run `hal-9000 guard …`.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    ports::make_room();
    let result = runtime.and_then(|runtime| {
        let words: Vec<OsString> = args.into_iter().collect();
        let config = args::parse(words.clone())?;
        if config.until == Until::Ended {
            // A closed terminal is not the end of a session. It fails for who leads a session already.
            let _ = nix::unistd::setsid();
        }
        // Held until this process is gone, whatever becomes of it.
        let _alone = life::alone(&config.state)?;
        if config.until == Until::Ended {
            life::begin(&config, &words)?;
        }
        let once = || runtime.block_on(LocalSet::new().run_until(serve(config.clone())));
        while once()? == Then::Again {}
        Ok(())
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

/// What comes after the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// Nothing.
    End,
    /// The session goes on, and what was open for it has to be forgotten.
    Again,
}

/// Serve until it is told to end, or the session has ended.
async fn serve(config: Config) -> io::Result<Then> {
    let mut term = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let until = config.until;
    let shared = Rc::new(Shared::open(config).await?);
    let watch = gone::begin(&shared)
        .await
        .map_err(|stop| io::Error::other(stop.to_string()))?;
    tokio::task::spawn_local(gone::go_on(Rc::clone(&shared), watch));
    ports::begin(&shared).await;
    let listener = listen::bind(&shared.config.socket)?;
    tokio::task::spawn_local(listen::serve(listener, Rc::clone(&shared)));
    // Whoever started it may want to know; where nobody reads, nobody is told.
    let _ = io::stdout().write_all(GUARD_READY.as_bytes());
    let over = tokio::select! {
        _ = term.recv() => false,
        _ = interrupt.recv() => false,
        () = life::ends(&shared, until) => until == Until::Ended,
    };
    listen::forget(&shared.config.socket);
    if over {
        finish::finish(&shared).await;
    }
    volumes::forget(&shared).await;
    let again = over && life::goes_on(&shared).await;
    Ok(if again { Then::Again } else { Then::End })
}
