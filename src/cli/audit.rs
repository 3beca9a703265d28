//! `audit`: what guards of docker sockets decided.

use super::args::Cli;
use super::audit_args::Audit;
use super::{Next, answered, context};
use crate::guard;
use crate::guard::decision::Written;
use crate::host::{self, AuditLog, Dirs, Env, Zone};
use crate::model::file_name;
use crate::session::{self, FindError};
use crate::ui::{Kind, Report, Ui, audit_line, rules_text};
use std::io;
use std::path::Path;

/// How often is looked for what is new.
const TICK: u16 = 250;

/// Run it.
pub(super) fn run(audit: &Audit, cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    if audit.rules {
        let rules: Vec<_> = guard::rules().collect();
        return answered(if ui.json {
            ui.json(serde_json::json!({ "rules": rules }))
        } else {
            ui.answer(&rules_text(rules, ui.columns()))
        });
    }
    let directory = host::guard_dir(&Dirs::of(env), &context::instance(env)?);
    let all = host::audit_logs(&directory).map_err(|error| unreadable(&error))?;
    let (logs, growing) = match &audit.session {
        Some(name) => (vec![chosen(name, all, cli, env)?], None),
        None => (all, Some(directory.as_path())),
    };
    if logs.is_empty() && !audit.follow {
        ui.say("no audit: no session has had a guarded docker socket");
    }
    let view = View {
        ui,
        zone: Zone::here(),
        width: logs.iter().map(|log| log.session.chars().count()).max(),
    };
    let mut reading: Vec<Reading> = logs.into_iter().map(Reading::new).collect();
    loop {
        while let Some(line) = next(&mut reading).map_err(|error| unreadable(&error))? {
            match view.show(&line) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Next::Done),
                Err(error) => return answered(Err(error)),
                Ok(()) => {}
            }
        }
        if !audit.follow || ui.answers_unread(TICK) {
            return Ok(Next::Done);
        }
        if let Some(directory) = growing {
            begun(directory, &mut reading).map_err(|error| unreadable(&error))?;
        }
    }
}

fn unreadable(error: &io::Error) -> Report {
    Report::new(Kind::Failed, format!("cannot read an audit: {error}"))
        .hint("see who owns that directory and what is in it: `ls -la`")
}

/// The audit of the session called `name`: by its own name, which also those have that are over, or by
/// what `attach` takes.
fn chosen(name: &str, mut all: Vec<AuditLog>, cli: &Cli, env: &Env) -> Result<AuditLog, Report> {
    if let Some(index) = named(&all, &[name, &format!("hal-9000-{name}")])? {
        return Ok(all.swap_remove(index));
    }
    let names: Vec<String> = all.iter().map(|log| log.session.clone()).collect();
    let unknown = |cause: Option<String>| {
        let report = Report::new(
            Kind::NoSession,
            format!("no session `{name}` with an audit"),
        );
        let report = match cause {
            Some(cause) => report.cause(cause),
            None => report,
        };
        match names.as_slice() {
            [] => report.hint(
                "a session has one unless it was started with `--docker=host` or `--docker=none`",
            ),
            names => report.similar(name, names).there_are(names),
        }
    };
    // A project, or the name of a session that came from the pool.
    let owner = context::owner(env)?;
    let Ok(connection) = context::connect(&cli.engine(), env) else {
        let cause = "the engine does not answer, so only the names of audits were looked at";
        return Err(unknown(Some(cause.to_owned())));
    };
    let found = context::block_on(async {
        match session::find(&connection.engine, &owner, name).await {
            Ok(found) => Ok(Some(found)),
            Err(FindError::NoSuch { .. }) => Ok(None),
            Err(error) => Err(Report::from(error)),
        }
    })?;
    let Some(found) = found else {
        return Err(unknown(None));
    };
    match named(&all, &[&found.inside, &found.name])? {
        Some(index) => Ok(all.swap_remove(index)),
        None => Err(unknown(Some(format!(
            "the session `{}` has no guarded docker socket",
            found.name
        )))),
    }
}

/// The audit of one of these names. Behind an `@` is the engine where it is not the usual one.
fn named(all: &[AuditLog], names: &[&str]) -> Result<Option<usize>, Report> {
    let names: Vec<String> = names.iter().map(|name| file_name(name)).collect();
    let exact = |name: &String| all.iter().position(|log| log.session == *name);
    if let Some(index) = names.iter().find_map(exact) {
        return Ok(Some(index));
    }
    let of_engine = |log: &AuditLog| {
        let session = log.session.split_once('@').map(|(session, _)| session);
        session.is_some_and(|session| names.iter().any(|name| name == session))
    };
    let found: Vec<usize> = (0..all.len())
        .filter(|index| of_engine(&all[*index]))
        .collect();
    match found[..] {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        _ => {
            let engines: Vec<&str> = found
                .iter()
                .map(|index| all[*index].session.as_str())
                .collect();
            let name = names.first().map_or("", String::as_str);
            let message = format!("sessions of several engines are called `{name}`");
            Err(Report::new(Kind::Failed, message).there_are(&engines))
        }
    }
}

/// An audit, and its next line.
struct Reading {
    log: AuditLog,
    head: Option<Line>,
}

struct Line {
    text: String,
    written: Option<Written>,
    session: String,
}

impl Reading {
    fn new(log: AuditLog) -> Self {
        Self { log, head: None }
    }

    fn look(&mut self) -> io::Result<()> {
        if self.head.is_none() {
            let line = self.log.next_line()?;
            self.head = line.map(|text| Line {
                written: Written::parse(&text),
                session: self.log.session.clone(),
                text,
            });
        }
        Ok(())
    }
}

/// The oldest line that was not shown. One that cannot be read comes at once.
fn next(reading: &mut [Reading]) -> io::Result<Option<Line>> {
    for one in &mut *reading {
        one.look()?;
    }
    let time = |line: &Line| line.written.as_ref().map(|written| written.time.clone());
    let waiting = reading.iter_mut().filter(|one| one.head.is_some());
    let oldest = waiting.min_by_key(|one| one.head.as_ref().and_then(time));
    Ok(oldest.and_then(|one| one.head.take()))
}

/// Sessions that have an audit since the last look.
fn begun(directory: &Path, reading: &mut Vec<Reading>) -> io::Result<()> {
    for log in host::audit_logs(directory)? {
        if !reading.iter().any(|one| one.log.session == log.session) {
            reading.push(Reading::new(log));
        }
    }
    Ok(())
}

struct View {
    ui: Ui,
    zone: Zone,
    width: Option<usize>,
}

impl View {
    fn show(&self, line: &Line) -> io::Result<()> {
        if self.ui.json {
            return self.ui.answer(&line.text);
        }
        let time = line
            .written
            .as_ref()
            .map(|written| self.zone.shown(&written.time));
        let shown = match (&line.written, time) {
            (Some(written), Some(time)) => Ok((written, time)),
            _ => Err(line.text.as_str()),
        };
        let width = self.width.unwrap_or(0);
        self.ui.page(&audit_line(&line.session, width, shown))
    }
}
