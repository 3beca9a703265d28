//! `hal-9000 daemon …`: the parent, from the command line.

use super::args::Cli;
use super::daemon_args::{DaemonCommand, DaemonLogs};
use super::parent::Place;
use super::{Next, answered, context};
use crate::daemon::{self, DaemonError, Restarted};
use crate::engine::Parents as _;
use crate::host::{self, Env};
use crate::ipc::Worker;
use crate::plan::parent::volumes;
use crate::ui::{DaemonView, Kind, Report, Ui, daemon_text};
use serde_json::{Value, json};

/// Run one of them.
pub(super) fn run(command: &DaemonCommand, cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    let settings = context::settings(cli, env, ui, None)?;
    let connection = context::connect(&cli.engine(), env)?;
    let place = context::block_on(Place::find(&connection, &settings, env))?;
    match command {
        // Not in the runtime: what is made ready afterwards has one of its own.
        DaemonCommand::Start(_) => start(&place, cli, env, ui),
        DaemonCommand::Stop(stop) => context::block_on(self::stop(&place, stop.force, env, ui)),
        DaemonCommand::Restart(restart) if restart.workers => context::block_on(revive(&place, ui)),
        DaemonCommand::Restart(restart) => {
            context::block_on(self::restart(&place, restart.force, env, ui))
        }
        DaemonCommand::Status(_) => context::block_on(status(&place, env, ui)),
        DaemonCommand::Logs(logs) => context::block_on(self::logs(&place, logs, ui)),
    }
}

fn start(place: &Place<'_>, cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    let started = context::block_on(async {
        let started = place.start(env, ui).await?;
        if started.ran {
            let port = started.port.unwrap_or_default();
            ui.say(&format!(
                "the parent runs already: ChromaDB at http://127.0.0.1:{port}"
            ));
        }
        warn_of_stranded(place, ui).await?;
        Ok(started)
    })?;
    if !started.ran {
        super::pool::warm_recent(place, cli, env, ui);
    }
    let (port, outdated) = (started.port, started.outdated);
    told(
        ui,
        json!({ "started": !started.ran, "port": port, "outdated": outdated }),
    )
}

async fn stop(place: &Place<'_>, force: bool, env: &Env, ui: Ui) -> Result<Next, Report> {
    let once = async |force| {
        place
            .with(async |parent| Ok(daemon::stop(parent, force).await))
            .await
    };
    let mut stopped = once(force).await?;
    if let Err(DaemonError::Workers(names)) = &stopped
        && agrees(names, env, ui)
    {
        stopped = once(true).await?;
    }
    let stopped = stopped?;
    if !stopped.was_there {
        ui.say("the parent does not run");
        return told(ui, json!({ "stopped": false, "workers": [] }));
    }
    ui.say(&format!(
        "the parent {} is stopped; its volumes are kept",
        place.name
    ));
    stranded(&stopped.stranded, ui);
    told(ui, json!({ "stopped": true, "workers": stopped.stranded }))
}

async fn restart(place: &Place<'_>, force: bool, env: &Env, ui: Ui) -> Result<Next, Report> {
    place.prepare(env, ui).await?;
    let once = async |force| {
        place
            .making(async |parent| Ok(daemon::restart(parent, force).await))
            .await
    };
    let mut restarted = once(force).await?;
    if let Err(DaemonError::Workers(names)) = &restarted
        && agrees(names, env, ui)
    {
        restarted = once(true).await?;
    }
    let what = match restarted? {
        Restarted::Services => {
            ui.say("the services are started again; sessions stayed as they are");
            "services"
        }
        Restarted::Container(started) => {
            let port = started.port.unwrap_or_default();
            ui.say(&format!(
                "the parent is another one now, ready: ChromaDB at http://127.0.0.1:{port}"
            ));
            "parent"
        }
    };
    let workers = warn_of_stranded(place, ui).await?;
    told(ui, json!({ "restarted": what, "workers": workers }))
}

/// What was done, for programs; people were told it already.
fn told(ui: Ui, what: Value) -> Result<Next, Report> {
    if !ui.json {
        return Ok(Next::Done);
    }
    answered(ui.json(what))
}

/// Ask on the terminal whether these sessions may lose their network.
fn agrees(names: &[String], env: &Env, ui: Ui) -> bool {
    if !(env.terminal && env.stderr_terminal) {
        return false;
    }
    let names = names.join(", ");
    ui.ask(&format!(
        "Sessions run in the parent's network and will lose it: {names}. Go on?"
    ))
}

fn stranded(names: &[String], ui: Ui) {
    if !names.is_empty() {
        let names = names.join(", ");
        ui.warn(&format!(
            "sessions without a network now: {names}; `hal-9000 daemon restart --workers` starts \
             them again, `hal-9000 kill` ends them"
        ));
    }
}

/// Say which sessions are without a network; their names.
async fn warn_of_stranded(place: &Place<'_>, ui: Ui) -> Result<Vec<String>, Report> {
    let (_, workers) = place
        .with(async |parent| Ok(daemon::status(parent).await?))
        .await?;
    let names = workers.into_iter().filter(|worker| worker.stranded);
    let names: Vec<String> = names.map(|worker| worker.name).collect();
    stranded(&names, ui);
    Ok(names)
}

/// Start sessions again whose network is gone.
async fn revive(place: &Place<'_>, ui: Ui) -> Result<Next, Report> {
    let look = place.engine().look(place.name.as_str()).await?;
    let look = look
        .filter(crate::engine::Look::running)
        .ok_or(DaemonError::NotRunning)?;
    let (members, (_, known)) = place
        .with(async |parent| {
            let status = daemon::status(parent).await?;
            Ok((daemon::workers(parent).await?, status))
        })
        .await?;
    let lost = |worker: &&Worker| worker.stranded;
    let mut names = Vec::new();
    for worker in known.iter().filter(lost) {
        let Some(member) = members.iter().find(|member| member.name == worker.name) else {
            continue;
        };
        let name = place.name.as_str();
        let revived = daemon::revive(place.engine(), name, &look.id, member).await?;
        names.push(revived.name);
    }
    if names.is_empty() {
        ui.say("no session is without its network");
    }
    if ui.json {
        return told(ui, json!({ "restarted": "workers", "workers": names }));
    }
    answered(ui.answer(&names.join("\n")))
}

async fn status(place: &Place<'_>, env: &Env, ui: Ui) -> Result<Next, Report> {
    let (report, workers) = place
        .with(async |parent| Ok(daemon::status(parent).await?))
        .await?;
    let instance = context::instance(env)?;
    let volumes = volumes(&instance).map(|(what, name, _)| (what, name));
    let view = DaemonView {
        name: place.name.as_str(),
        report: report.as_ref(),
        workers: &workers,
        volumes: &volumes,
        now: host::now(),
    };
    if ui.json {
        return answered(ui.json(as_json(&view)));
    }
    answered(ui.page(&daemon_text(&view)))
}

fn as_json(view: &DaemonView<'_>) -> Value {
    let volumes = view
        .volumes
        .iter()
        .map(|(what, name)| ((*what).to_owned(), json!(name)));
    let volumes: Value = volumes.collect::<serde_json::Map<_, _>>().into();
    let Some(report) = view.report else {
        return json!({
            "running": false, "parent": null, "chroma": null,
            "workers": view.workers, "pool": null, "volumes": volumes,
        });
    };
    let status = report.status.as_ref().ok();
    json!({
        "running": report.look.running(),
        "parent": {
            "name": view.name,
            "id": report.look.id,
            "state": report.look.state,
            "image": report.look.image,
            "outdated": report.outdated,
            "version": report.version,
            "started": status.map(|status| status.hello.started),
            "uptime": status.map(|status| view.now - status.hello.started),
            "problem": report.status.as_ref().err(),
        },
        "chroma": status.map(|status| &status.chroma),
        "port": report.look.port,
        "memory": status.and_then(|status| status.memory),
        "workers": view.workers,
        "pool": status.map(|status| &status.pool),
        "volumes": volumes,
    })
}

async fn logs(place: &Place<'_>, logs: &DaemonLogs, ui: Ui) -> Result<Next, Report> {
    let wanted = logs.service.map(|service| json!(service.as_str()));
    let mut failed = None;
    let mut show = |line: &str| {
        let of_service = |wanted: &Value| {
            let value: Result<Value, _> = serde_json::from_str(line);
            value.is_ok_and(|value| value.get("service") == Some(wanted))
        };
        if wanted.as_ref().is_none_or(of_service) {
            failed = ui.answer(line).err();
        }
        failed.is_none()
    };
    let name = place.name.as_str();
    if place.engine().look(name).await?.is_none() {
        return Err(DaemonError::NotRunning.into());
    }
    place
        .engine()
        .log_lines(name, logs.follow, &mut show)
        .await?;
    answered(failed.map_or(Ok(()), Err))
}

impl From<DaemonError> for Report {
    fn from(error: DaemonError) -> Self {
        let report = Self::new(Kind::Failed, error.to_string());
        match error {
            DaemonError::Engine(error) => error.into(),
            DaemonError::NotRunning => report.hint("`hal-9000 daemon start` starts it"),
            DaemonError::Foreign(_) => report.hint(
                "another user of this engine has it: a `HAL9000_INSTANCE` of your own keeps you \
                 apart",
            ),
            DaemonError::Died { name, .. } => report.hint(format!("`docker logs {name}` says why")),
            DaemonError::Chroma { problem } => report
                .cause(problem)
                .hint("`hal-9000 daemon logs chroma` shows what it said")
                .hint("`hal-9000 daemon restart` tries again"),
            DaemonError::Stale { .. } => report
                .hint("`hal-9000 daemon stop` and `hal-9000 daemon start` make it this version's"),
            DaemonError::Late(_) => report.hint("`hal-9000 daemon logs` shows how far it came"),
            DaemonError::NoPort { .. } => {
                report.hint("`parent.port` in your configuration chooses another one")
            }
            DaemonError::Workers(_) => {
                report.hint("end them first (`hal-9000 kill`), or let them lose it: `--force`")
            }
            DaemonError::Refused(_) | DaemonError::Call(_) => {
                report.hint("`hal-9000 daemon logs coordinator` shows what it said")
            }
        }
    }
}
