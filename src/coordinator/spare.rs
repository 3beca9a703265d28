//! One spare: made, brought to its prompt, and looked at before it is handed out.

use super::registry::engine;
use super::screen::Watch;
use crate::dockercli::{CreateRequest, spare_request};
use crate::engine::{Containers as _, Docker, EngineError, Parents as _};
use crate::model::is_spare;
use crate::plan::paths;
use crate::pool::Want;
use std::time::Duration;
use tokio::time::timeout;

/// How long Claude may take to its prompt: a second on a machine that is not busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// Make it, and return when Claude waits at its prompt; the reason where it does not.
pub(super) async fn make(name: &str, want: &Want) -> Result<(), String> {
    let request = spare_request(&want.body, name)?;
    let engine = engine().map_err(|error| error.to_string())?;
    match timeout(PATIENCE, started(&engine, &request, want)).await {
        Err(_) => Err("Claude did not come to its prompt in time".to_owned()),
        Ok(outcome) => outcome,
    }
}

async fn started(engine: &Docker, request: &CreateRequest, want: &Want) -> Result<(), String> {
    let failed = |error: EngineError| error.to_string();
    // The engine would make an empty volume in place of one that is gone.
    if let Some(runtime) = runtime(request)
        && engine.look(&runtime).await.map_err(failed)?.is_none()
    {
        return Err(format!(
            "its volume {runtime} is gone: hal-9000 was updated"
        ));
    }
    let id = engine.create(request).await.map_err(failed)?;
    let made = engine.look(&id).await.map_err(failed)?;
    if made.is_some_and(|made| made.image != want.image) {
        return Err("its image is another one now".to_owned());
    }
    let mut watch = Watch::default();
    let mut on_output = |piece: &[u8]| watch.see(piece);
    let (rows, columns) = (want.rows, want.columns);
    let watched = engine
        .start_watched(&id, rows, columns, &mut on_output)
        .await;
    watched.map_err(|error| watch.complaint(&error.to_string()))
}

/// The volume with Claude: a container of the same name says that it is complete (see
/// `images::runtime`).
fn runtime(request: &CreateRequest) -> Option<String> {
    let mounts = request.body.host_config.as_ref()?.mounts.as_ref()?;
    let mut mounts = mounts.iter();
    let runtime = mounts.find(|mount| mount.target.as_deref() == Some(paths::RUNTIME))?;
    runtime.source.clone()
}

/// Whether it can be a session now; why not.
pub(super) async fn fit(name: &str) -> Result<(), String> {
    let engine = engine().map_err(|error| error.to_string())?;
    match engine.look(name).await {
        Ok(Some(look)) if look.state == "running" && is_spare(&look.labels, name) => Ok(()),
        Ok(Some(look)) => Err(format!("its spare is {}", look.state)),
        Ok(None) => Err("its spare is gone".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
