//! A session on the terminal: docker's client has it, and afterwards somebody says what became of
//! the session.

use super::context;
use crate::engine::Docker;
use crate::host;
use crate::ui::{self, Face, Kind, Report, Ui};
use std::path::PathBuf;

/// What is needed to lend the terminal to docker's client.
#[derive(Debug)]
pub(super) struct Lending {
    /// The client.
    pub(super) program: PathBuf,
    /// Its arguments.
    pub(super) arguments: Vec<String>,
    /// The name that it is about to use.
    pub(super) reservation: Option<host::Reservation>,
    /// The session.
    pub(super) name: String,
    /// The engine that has it.
    pub(super) engine: Docker,
}

/// Lend the terminal until the session ends or is left; the exit status.
pub(super) fn lend(lending: &Lending, ui: Ui) -> u8 {
    if let Some(reservation) = &lending.reservation {
        // Without it another start could only meet docker's own error about the name.
        let _ = reservation.inherit();
    }
    let status = match host::lend_terminal(&lending.program, &lending.arguments, || {}) {
        Ok(status) => status,
        Err(error) => {
            let message = format!("cannot run {}: {error}", lending.program.display());
            let report = Report::new(Kind::Failed, message);
            ui.report(&report);
            return report.exit(Face::Session).code();
        }
    };
    let running = context::block_on(async {
        let found = lending.engine.inspect(&lending.name).await?;
        Ok(found
            .and_then(|found| found.state)
            .and_then(|state| state.running)
            == Some(true))
    });
    match running {
        Ok(true) => {
            ui.reset_terminal();
            ui.say(&ui::left_line(&lending.name));
            0
        }
        Ok(false) => status,
        Err(report) => {
            ui.reset_terminal();
            ui.report(&report);
            status
        }
    }
}
