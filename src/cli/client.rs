//! A session that docker's client is connected to: the client has the terminal or the pipes, and
//! afterwards somebody sees what became of the session.

use super::context;
use super::ending::Watched;
use crate::engine::{Containers, Docker, EngineError};
use crate::host::{self, Guard, Keys};
use crate::ipc::{Lease, Screen};
use crate::ui::{self, Face, Kind, Report, Ui};
use std::path::PathBuf;
use std::time::Duration;

/// Seconds that a session has to end in, once nobody is connected to it any more.
const PATIENCE: i32 = 10;

/// What is needed to connect docker's client to a session.
#[derive(Debug)]
pub(super) struct Connect {
    /// The client.
    pub(super) program: PathBuf,
    /// Its arguments.
    pub(super) arguments: Vec<String>,
    /// The name that it is about to use.
    pub(super) reservation: Option<host::Reservation>,
    /// What tells the coordinator that a session on pipes has a client.
    pub(super) lease: Option<Lease>,
    /// The session's guard, which counts on the client.
    pub(super) guard: Option<Guard>,
    /// The session.
    pub(super) name: String,
    /// The engine that has it.
    pub(super) engine: Docker,
    /// Whether it is connected to a terminal, which can be left, or to pipes, which cannot.
    pub(super) terminal: bool,
    /// Whether it is ours to remove when it has ended.
    pub(super) removes: bool,
    /// What has to be done for a program that runs already.
    pub(super) arrival: Arrival,
    /// Whether the pool could have the next session of the same kind ready.
    pub(super) pooled: bool,
}

/// How a terminal comes to a program.
#[derive(Debug)]
pub(super) enum Arrival {
    /// The program starts on it.
    First,
    /// It shows what comes next: a shell.
    Late,
    /// Claude runs, was left, and has to draw on a terminal that it has not seen.
    Again,
    /// Claude waits on a terminal that was ours, in this state.
    FromPool(Screen),
}

/// How long docker's client may take to attach; after that nobody waits for a redraw any more.
const TO_ATTACH: Duration = Duration::from_secs(20);

/// Lend the client the terminal or the pipes until the session ends or is left; the exit status.
pub(super) fn connect(connect: &Connect, ui: Ui) -> u8 {
    if let Some(reservation) = &connect.reservation {
        // Without it another start could only meet docker's own error about the name.
        let _ = reservation.inherit();
    }
    if let Some(lease) = &connect.lease {
        // Without it the session ends with this process, which outlives the client.
        let _ = host::inherit(lease);
    }
    if let Some(guard) = &connect.guard {
        // Without it the guard ends when this process has, and the session does not run.
        let _ = host::inherit(guard);
    }
    let since = host::now_exactly();
    let [rows, _] = host::terminal_size();
    match &connect.arrival {
        Arrival::Again => ui.prepare_terminal(rows.into()),
        Arrival::FromPool(screen) => ui.restore_terminal(screen, rows.into()),
        Arrival::First | Arrival::Late => {}
    }
    // On a terminal that looks ready, keys are Claude's already.
    let keys = match &connect.arrival {
        Arrival::FromPool(_) => Keys::Raw,
        _ => Keys::AsTheyAre,
    };
    let runs = !matches!(connect.arrival, Arrival::First);
    let watched = Watched::default();
    // Not before: a thread has the signals of who starts it, and these are the client's by then.
    let meanwhile = || {
        watched.begin(connect, runs, &since);
        if matches!(connect.arrival, Arrival::Again) {
            redraw(connect.engine.clone(), connect.name.clone(), since.clone());
        }
    };
    let status = match host::lend(&connect.program, &connect.arguments, keys, meanwhile) {
        Ok(status) => status,
        Err(error) => {
            let report = Report::cannot_run(&connect.program, &error);
            ui.report(&report);
            return report.exit(Face::Session).code();
        }
    };
    match context::block_on(after(connect)) {
        Ok(After::Ended) => {
            // Where the engine does not tell, nothing is lost but the line.
            let _ = context::block_on(watched.tell(connect, &since, status, ui));
            status
        }
        Ok(After::Left) => {
            ui.reset_terminal();
            ui.say(&ui::left_line(&connect.name));
            0
        }
        Err(report) => {
            if connect.terminal {
                ui.reset_terminal();
            }
            ui.report(&if report.kind == Kind::NoEngine {
                lost(&connect.name, &report)
            } else {
                report
            });
            status
        }
    }
}

/// The engine has gone while docker's client had the session.
fn lost(name: &str, report: &Report) -> Report {
    let message = format!("the docker engine ended, or cannot be reached, while `{name}` ran");
    Report::new(Kind::NoEngine, message)
        .cause(report.message.clone())
        .hint("an engine that stops ends its sessions: start it, and `hal-9000` starts another; `hal-9000 sessions` lists what goes on")
}

/// Have Claude draw its screen and switch on what it uses, once docker's client listens: a client
/// that attaches again would show what Claude writes next, and not what is there. Told to continue,
/// Claude does as after Ctrl-Z, without having stopped.
fn redraw(engine: Docker, name: String, since: String) {
    std::thread::spawn(move || {
        let work = async {
            engine.happens("resize", &name, &since).await?;
            Ok(engine.resume(&name).await?)
        };
        // Where it fails, the next key makes Claude draw.
        let _ = context::block_on(async {
            let late = |_| Report::new(Kind::Failed, "docker's client did not attach");
            tokio::time::timeout(TO_ATTACH, work).await.map_err(late)?
        });
    });
}

/// What became of the session.
enum After {
    /// It ended, or was ended.
    Ended,
    /// It goes on without a terminal.
    Left,
}

/// A session on a terminal was left on purpose. One on pipes, whose reader has gone away or whose
/// client was killed, would go on for nobody: it ends.
async fn after(connect: &Connect) -> Result<After, Report> {
    let found = connect.engine.inspect(&connect.name).await?;
    let gone = found.is_none();
    let state = found.and_then(|found| found.state);
    if state.and_then(|state| state.running) != Some(true) {
        if connect.removes && !gone {
            connect.engine.remove(&connect.name, false).await?;
        }
        return Ok(After::Ended);
    }
    if connect.terminal {
        return Ok(After::Left);
    }
    match connect.engine.stop(&connect.name, PATIENCE).await {
        Ok(()) | Err(EngineError::NotFound(_)) => {}
        Err(error) => return Err(error.into()),
    }
    connect.engine.remove(&connect.name, true).await?;
    Ok(After::Ended)
}
