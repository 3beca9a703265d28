//! ChromaDB, started as its own user and started again: nothing else in the parent may depend on
//! its health.
#![expect(
    clippy::disallowed_methods,
    reason = "this is where the coordinator starts programs"
)]

use super::heartbeat;
use super::log::{Level, log, plain};
use super::patience::Patience;
use super::reaper::Exit;
use super::state::Shared;
use super::volume;
use crate::ipc::{ChromaState, Lines};
use crate::plan::parent::CHROMA_PORT;
use crate::plan::paths;
use crate::recipe::CHROMA_VERSION;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::collections::VecDeque;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::Duration;
use tokio::net::unix::pipe::Receiver;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep, timeout};

/// The uid and gid of ChromaDB (see `Dockerfile.chroma`).
const USER: u32 = 990;

/// Where the image has the server.
const SERVER: &str = "/opt/chroma";

/// How often a start that goes on is looked at, and how often one that answers.
const SOON: Duration = Duration::from_millis(15);
const NOW_AND_THEN: Duration = Duration::from_secs(10);

/// One that does not answer so often in a row hangs.
const MISSED: u32 = 3;

/// How long it has to end by itself.
const GRACE: Duration = Duration::from_secs(7);

/// How many of its last lines are kept for when it ends.
const LAST_LINES: usize = 8;

/// Why a run is over.
enum End {
    /// It ended by itself; how, in words.
    Exited(String),
    /// It cannot be started, and trying again would not help.
    Hopeless(String),
    /// It is to be started again.
    Restart,
    /// Everything is to end.
    Stop,
}

/// Keep ChromaDB running until everything is to end.
pub(super) async fn supervise(shared: Rc<Shared>, mut exits: UnboundedReceiver<Exit>) {
    let mut patience = Patience::default();
    loop {
        let begun = Instant::now();
        let end = run(&shared, &mut exits).await;
        let (pause, problem) = match end {
            End::Stop => return,
            End::Restart => {
                patience.forget();
                count(&shared, None);
                continue;
            }
            End::Exited(problem) => (patience.after(begun.elapsed()), problem),
            End::Hopeless(problem) => (None, problem),
        };
        if let Some(pause) = pause {
            let millis = pause.as_millis();
            let fields: [(&str, &dyn std::fmt::Display); 2] =
                [("problem", &problem), ("again_in_ms", &millis)];
            log(Level::Warn, "coordinator", "chroma ended", &fields);
            count(&shared, Some(problem));
            tokio::select! {
                () = sleep(pause) => {}
                () = shared.stop.notified() => return,
            }
            continue;
        }
        log(
            Level::Error,
            "coordinator",
            "chroma is given up",
            &[("problem", &problem)],
        );
        shared.chroma(ChromaState::Failed, |chroma| {
            chroma.pid = None;
            chroma.problem = Some(problem);
        });
        tokio::select! {
            () = shared.restart.notified() => {}
            () = shared.stop.notified() => return,
        }
        patience.forget();
        count(&shared, None);
    }
}

fn count(shared: &Shared, problem: Option<String>) {
    shared.chroma(ChromaState::Restarting, |chroma| {
        chroma.pid = None;
        chroma.restarts += 1;
        chroma.problem = problem;
    });
}

/// One run, from its start to its end.
async fn run(shared: &Shared, exits: &mut UnboundedReceiver<Exit>) -> End {
    let data = Path::new(paths::CHROMA_DATA);
    if let Err(problem) = volume::usable(data, CHROMA_VERSION) {
        return End::Hopeless(problem);
    }
    let (pid, output) = match start() {
        Ok(started) => started,
        Err(error) => return End::Exited(format!("it cannot be started: {error}")),
    };
    shared.chroma(ChromaState::Starting, |chroma| chroma.pid = Some(pid));
    let mut last = VecDeque::new();
    let end = {
        let ended = async {
            while let Some((found, how)) = exits.recv().await {
                if found == pid {
                    return how;
                }
            }
            std::future::pending().await
        };
        tokio::select! {
            how = ended => End::Exited(how),
            () = shared.restart.notified() => End::Restart,
            () = shared.stop.notified() => End::Stop,
            () = watch_over(shared, pid) => End::Exited("it does not answer".to_owned()),
            () = listen(output, &mut last) => End::Exited("its output ended".to_owned()),
        }
    };
    match end {
        End::Exited(how) if gone(pid) => End::Exited(with_words(&how, &last)),
        end => {
            terminate(pid, exits).await;
            match end {
                End::Exited(how) => End::Exited(with_words(&how, &last)),
                end => end,
            }
        }
    }
}

fn with_words(how: &str, last: &VecDeque<String>) -> String {
    let words: Vec<&str> = last.iter().map(String::as_str).collect();
    format!("{how}: {}", words.join(" | "))
}

/// Say when it answers; return when it no longer does.
async fn watch_over(shared: &Shared, pid: u32) {
    while !heartbeat::answers().await {
        sleep(SOON).await;
    }
    shared.chroma(ChromaState::Ready, |chroma| chroma.problem = None);
    log(
        Level::Info,
        "coordinator",
        "chroma is ready",
        &[("pid", &pid)],
    );
    let mut missed = 0;
    while missed < MISSED {
        sleep(NOW_AND_THEN).await;
        missed = if heartbeat::answers().await {
            0
        } else {
            missed + 1
        };
    }
}

/// Hand its output on, line by line.
async fn listen(output: Receiver, last: &mut VecDeque<String>) {
    let mut lines = Lines::new(output);
    loop {
        match lines.next().await {
            Ok(Some(line)) => {
                let Some(text) = plain(&line) else { continue };
                log(Level::Info, "chroma", &text, &[]);
                last.push_back(text.chars().take(300).collect());
                if last.len() > LAST_LINES {
                    last.pop_front();
                }
            }
            // Its end is told by the reaper, a moment later.
            _ => std::future::pending().await,
        }
    }
}

fn gone(pid: u32) -> bool {
    kill(Pid::from_raw(pid.cast_signed()), None).is_err()
}

/// End it: SIGTERM, and SIGKILL where that is not enough.
async fn terminate(pid: u32, exits: &mut UnboundedReceiver<Exit>) {
    for (signal, patience) in [(Signal::SIGTERM, GRACE), (Signal::SIGKILL, GRACE)] {
        if kill(Pid::from_raw(pid.cast_signed()), signal).is_err() {
            return;
        }
        let ended = async {
            while let Some((found, _)) = exits.recv().await {
                if found == pid {
                    return;
                }
            }
        };
        if timeout(patience, ended).await.is_ok() {
            return;
        }
    }
}

/// Start it as its own user, without groups, privileges and our environment. Its standard output
/// and error are one pipe.
fn start() -> io::Result<(u32, Receiver)> {
    volume::own(Path::new(paths::CHROMA_DATA), USER)?;
    volume::stamp(Path::new(paths::CHROMA_DATA), USER, CHROMA_VERSION)?;
    let (reader, writer) = io::pipe()?;
    let program = format!(
        "import chromadb_rust_bindings as c; c.cli(['chroma', 'run', '--path', '{}', \
         '--host', '0.0.0.0', '--port', '{CHROMA_PORT}'])",
        paths::CHROMA_DATA
    );
    let child = Command::new("/usr/bin/python3")
        .args(["-c", &program])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", paths::CHROMA_DATA)
        .env("LANG", "C.UTF-8")
        .env("PYTHONPATH", SERVER)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONUNBUFFERED", "1")
        .current_dir(paths::CHROMA_DATA)
        // With a uid, std gives up all supplementary groups as well.
        .uid(USER)
        .gid(USER)
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer)
        .spawn()?;
    Ok((child.id(), Receiver::from_owned_fd(reader.into())?))
}
