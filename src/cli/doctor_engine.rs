//! What `doctor` asks of the engine, all at once and each thing once.

use super::context::{self, Connection};
use super::doctor::trouble;
use super::images;
use super::parent::Place;
use crate::daemon;
use crate::engine::Docker;
use crate::host::Env;
use crate::images::runtime;
use crate::ipc::ChromaState;
use crate::model::{Machine, Settings};
use crate::plan::checkup::{Engine, Filled, Materials, Parent, ParentState};
use crate::ui::{Kind, Report};
use std::time::Duration;

/// An engine under load needs seconds for one of these; one that needs longer starts no session.
const PATIENCE: Duration = Duration::from_secs(20);

/// Ask it. `names` are the files of the project's root.
pub(super) fn ask(
    connection: &Connection,
    settings: &Settings,
    names: &[String],
    env: &Env,
) -> Result<Engine, Report> {
    context::block_on(async {
        let (machine, materials, parent) = tokio::join!(
            soon("`docker info`", machine(connection)),
            soon(
                "its images",
                materials(&connection.engine, settings, names, env)
            ),
            soon("the parent", parent(connection, settings, env)),
        );
        Ok(Engine {
            machine: machine?,
            materials: materials.map_err(trouble),
            parent: parent.map_err(trouble),
        })
    })
}

/// What takes longer than an engine that is well.
async fn soon<T>(what: &str, asked: impl Future<Output = Result<T, Report>>) -> Result<T, Report> {
    let late = |_| {
        let seconds = PATIENCE.as_secs();
        let message = format!("the docker engine does not answer, asked for {what}");
        Err(Report::new(Kind::NoEngine, message)
            .cause(format!("{seconds} seconds have passed"))
            .hint("see what it is busy with: `journalctl -u docker -n 50`")
            .hint("start it again: `sudo systemctl restart docker`"))
    };
    tokio::time::timeout(PATIENCE, asked)
        .await
        .unwrap_or_else(late)
}

async fn machine(connection: &Connection) -> Result<Machine, Report> {
    let mut machine = connection.engine.about().await?;
    machine.virtual_machine = connection.endpoint.in_virtual_machine();
    Ok(machine)
}

/// What a session of this directory is made from.
async fn materials(
    engine: &Docker,
    settings: &Settings,
    names: &[String],
    env: &Env,
) -> Result<Materials, Report> {
    let wanted = images::of_session(settings, names, env)?;
    let volume = wanted.runtime_volume();
    let (image, filled) = tokio::join!(wanted.image_id(engine), runtime::look(engine, &volume));
    Ok(Materials {
        image: wanted.image.reference.clone(),
        image_here: image?.is_some(),
        image_made: wanted.is_made(),
        filled: match filled {
            Ok(runtime::Filled::Whole) => Filled::Whole,
            Ok(runtime::Filled::Partly) => Filled::Partly,
            Ok(runtime::Filled::Absent) => Filled::Absent,
            Err(error) => Filled::Hindered(trouble(error.into())),
        },
        runtime: volume,
    })
}

async fn parent(connection: &Connection, settings: &Settings, env: &Env) -> Result<Parent, Report> {
    let place = Place::find(connection, settings, env).await?;
    let (report, workers) = place
        .with(async |parent| Ok(daemon::status(parent).await?))
        .await?;
    let stranded = workers.into_iter().filter(|worker| worker.stranded);
    Ok(Parent {
        name: place.name.to_string(),
        state: report.map(state),
        stranded: stranded.map(|worker| worker.name).collect(),
    })
}

fn state(report: daemon::Report) -> ParentState {
    let services = match &report.status {
        Err(problem) => Err(problem.clone()),
        Ok(status) => match status.chroma.state {
            ChromaState::Ready => Ok(()),
            ChromaState::Starting => Err("ChromaDB is starting".to_owned()),
            ChromaState::Restarting => Err("ChromaDB ended, and is started again".to_owned()),
            ChromaState::Failed => Err("ChromaDB has ended too often".to_owned()),
            ChromaState::Unknown => Err("ChromaDB's state is not understood".to_owned()),
        },
    };
    ParentState {
        running: report.look.running(),
        port: report.look.port,
        outdated: report.outdated,
        services,
        pool: report.status.ok().and_then(|status| status.pool),
        state: report.look.state,
    }
}
