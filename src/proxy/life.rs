//! How long a guard lives: as long as its session.

use super::args::{Config, Until};
use super::content::Broken;
use super::shared::Shared;
use crate::guard::joining::Attached;
use crate::guard::path::Method;
use crate::model::{GUARD_ARGUMENTS, GUARD_LOCK};
use hyper::StatusCode;
use serde_json::Value;
use std::ffi::OsString;
use std::fs::{self, File, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

/// How long an engine that does not answer is left alone.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long a container may take to be removed once it has ended.
const TO_REMOVE: Duration = Duration::from_secs(10);

/// Wait until no other guard works for the session: one that ends removes what its session has made.
pub(super) fn alone(state: &Path) -> io::Result<File> {
    let path = state.join(GUARD_LOCK);
    let named =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path);
    let file = file.map_err(named)?;
    file.lock().map_err(named)?;
    Ok(file)
}

/// Make what the session finds, and say how another guard is started in place of this one.
pub(super) fn begin(config: &Config, words: &[OsString]) -> io::Result<()> {
    let directory = config.socket.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(directory)?;
    // Seen in the container by its user, who can be another one than here.
    fs::set_permissions(directory, Permissions::from_mode(0o755))?;
    let words: Vec<&str> = words.iter().filter_map(|word| word.to_str()).collect();
    let path = config.state.join(GUARD_ARGUMENTS);
    let new = path.with_extension("new");
    let mut file = File::options()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&new)?;
    file.write_all(serde_json::json!(words).to_string().as_bytes())?;
    fs::rename(new, path)
}

/// Return when standard input is closed, which whoever starts the session keeps open. A thread and
/// not the runtime: what a parent hands over need not be a pipe.
async fn input_closes() {
    let (tell, told) = oneshot::channel::<()>();
    std::thread::spawn(move || {
        let mut byte = [0];
        while matches!(io::stdin().lock().read(&mut byte), Ok(count) if count > 0) {}
        let _ = tell.send(());
    });
    // An error is the sender's end, too.
    let _ = told.await;
}

/// Return when the guard has to end by itself.
pub(super) async fn ends(shared: &Shared, until: Until) {
    match until {
        Until::Told => std::future::pending().await,
        Until::Closed => input_closes().await,
        Until::Ended => {
            input_closes().await;
            while let Some(id) = running(shared).await {
                wait(shared, &id, "not-running").await;
            }
        }
    }
}

/// The session's container if it runs, or may run: an engine that is away has ended it, or has not,
/// and that is seen when it is back.
async fn running(shared: &Shared) -> Option<String> {
    loop {
        match found(shared).await {
            Ok(Some(Session {
                id, running: true, ..
            })) => return Some(id),
            Ok(_) => return None,
            Err(_) => sleep(PATIENCE).await,
        }
    }
}

/// The session's container.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) running: bool,
    /// Our program in it.
    pub(super) program: String,
    /// Where it has the directory of our socket.
    pub(super) directory: String,
    /// The networks in which it is.
    pub(super) attached: Attached,
}

/// Look for it. Another one can have its name by now: ours has our socket.
pub(super) async fn found(shared: &Shared) -> Result<Option<Session>, Broken> {
    let name = &shared.config.session;
    let path = format!("{}/containers/{name}/json", shared.version());
    let (status, found) = shared.engine.ask(Method::Get, &path, "", None).await?;
    if status == StatusCode::NOT_FOUND {
        return Ok(None);
    }
    let mounts = found.get("Mounts").and_then(Value::as_array);
    let directory = shared.config.socket.parent().and_then(Path::to_str);
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let ours = mounts
        .into_iter()
        .flatten()
        .find(|mount| mount.get("Source").and_then(Value::as_str) == directory);
    let (Some(id), Some(running)) = (
        found.get("Id").and_then(Value::as_str),
        found.pointer("/State/Running").and_then(Value::as_bool),
    ) else {
        return Err(format!("{status} {found}").into());
    };
    Ok(ours.map(|mount| Session {
        id: id.to_owned(),
        running,
        program: text(&found, "Path").unwrap_or_default(),
        directory: text(mount, "Destination").unwrap_or_default(),
        attached: Attached::read(&found),
    }))
}

/// Wait until it is so of a container, or the engine ends.
async fn wait(shared: &Shared, id: &str, condition: &str) {
    let path = format!("{}/containers/{id}/wait", shared.version());
    let condition = format!("condition={condition}");
    let asked = shared.engine.ask(Method::Post, &path, &condition, None);
    if asked.await.is_err() {
        sleep(PATIENCE).await;
    }
}

/// After the session's end: whether it goes on. Most containers are removed in a moment. One that is
/// kept can be started again later, and another guard with it.
pub(super) async fn goes_on(shared: &Shared) -> bool {
    let ended = match found(shared).await {
        Ok(Some(session)) => {
            let removed = wait(shared, &session.id, "removed");
            let _ = timeout(TO_REMOVE, removed).await;
            found(shared).await
        }
        ended => ended,
    };
    match ended {
        Ok(Some(session)) => session.running,
        Ok(None) => {
            if super::finish::nothing_left(shared) {
                let _ = fs::remove_file(shared.config.state.join(GUARD_ARGUMENTS));
                if let Some(directory) = shared.config.socket.parent() {
                    // Only its own, and only if it is empty.
                    let _ = fs::remove_dir(directory);
                }
            }
            false
        }
        Err(_) => false,
    }
}
