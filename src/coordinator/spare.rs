//! One spare: made, brought to its prompt on a terminal that answers as the user's would, and looked
//! at before it is handed out.

use super::args::Config;
use super::guards;
use super::registry::engine;
use crate::dockercli::{CreateRequest, spare_request};
use crate::engine::{Attached, Containers as _, Docker, EngineError, Parents as _};
use crate::ipc::Screen;
use crate::model::is_spare;
use crate::plan::paths;
use crate::pool::Want;
use crate::terminal::Watch;
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};

/// How long Claude may take to its prompt: a second on a machine that is not busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long Claude waits for answers; after that it asks nothing more (measured with 2.1.330).
const QUESTIONS: Duration = Duration::from_millis(2100);

/// The size of the terminal until there is one. docker's client sets one that is too large by one
/// before the right one, for programs to draw; where both come at once and the right one is the one
/// that Claude has, it draws nothing. So it is one that no terminal has.
const ROWS: u16 = 23;
const COLUMNS: u16 = 79;

/// Seconds between SIGTERM and SIGKILL. Claude ends in a tenth of one; killed while it starts, it
/// may leave a lock for which the next one waits.
const TO_END: i32 = 3;

/// A spare at its prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ready {
    /// What a terminal has to be told that takes it.
    pub(super) screen: Screen,
    /// What Claude had read of its state when it started.
    state: State,
}

/// Files that Claude has read when it started, as they were.
type State = [Option<String>; 2];

/// Make it, and return when Claude waits at its prompt; the reason where it does not.
pub(super) async fn make(config: &Config, name: &str, want: &Want) -> Result<Ready, String> {
    let request = spare_request(&want.body, name, paths::GUARD)?;
    if mounted(&request, paths::GUARD).is_some() {
        let made = guards::make(config, name);
        made.map_err(|error| format!("its guard has no place: {error}"))?;
    }
    let engine = engine().map_err(|error| error.to_string())?;
    let mut watch = Watch::new(&want.answers);
    let failure = match timeout(PATIENCE, started(&engine, &request, want, &mut watch)).await {
        Ok(Ok(state)) => {
            let screen = Screen {
                alternate: watch.modes().alternate(),
                text: watch.modes().restore(),
            };
            return Ok(Ready { screen, state });
        }
        Ok(Err(why)) => why,
        Err(_) => "Claude did not come to its prompt".to_owned(),
    };
    let words = watch.words();
    Err(match words.as_str() {
        "" => failure,
        words => format!("{failure}; it says: {words}"),
    })
}

async fn started(
    engine: &Docker,
    request: &CreateRequest,
    want: &Want,
    watch: &mut Watch,
) -> Result<State, String> {
    let failed = |error: EngineError| error.to_string();
    // The engine would make an empty volume in place of one that is gone. A container of the volume's
    // name says that it is complete (see `images::runtime`).
    if let Some(runtime) = mounted(request, paths::RUNTIME)
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
    let terminal = engine.start_attached(&id, ROWS, COLUMNS).await;
    let mut terminal = terminal.map_err(failed)?;
    // Before Claude can have read them: what changes from now on is newer than it.
    let state = state(engine, &id).await?;
    to_prompt(&mut terminal, watch).await?;
    Ok(state)
}

/// Be the terminal until nothing more is asked.
async fn to_prompt(terminal: &mut Attached, watch: &mut Watch) -> Result<(), String> {
    let failed = |error: EngineError| error.to_string();
    let mut quiet = None;
    while !watch.settled() {
        let piece = match quiet {
            None => terminal.read().await,
            Some(end) => match timeout_at(end, terminal.read()).await {
                Ok(piece) => piece,
                // A terminal of which nothing is known answers nothing, and is not asked again.
                Err(_) => return Ok(()),
            },
        };
        let Some(piece) = piece.map_err(failed)? else {
            return Err("Claude ended before its prompt".to_owned());
        };
        let reply = watch.see(&piece);
        if !reply.is_empty() {
            terminal.write(&reply).await.map_err(failed)?;
        }
        if watch.at_prompt() && quiet.is_none() {
            quiet = Some(Instant::now() + QUESTIONS);
        }
    }
    Ok(())
}

/// What is mounted at `target`.
fn mounted(request: &CreateRequest, target: &str) -> Option<String> {
    let mounts = request.body.host_config.as_ref()?.mounts.as_ref()?;
    let mut mounts = mounts.iter();
    let found = mounts.find(|mount| mount.target.as_deref() == Some(target))?;
    found.source.clone()
}

/// The login, and the settings of which Claude reads some only when it starts.
async fn state(engine: &Docker, name: &str) -> Result<State, String> {
    let path = |file: &str| format!("{}/{file}", paths::CLAUDE_STATE);
    let (login, settings) = (path(".credentials.json"), path("settings.json"));
    let (login, settings) = tokio::join!(engine.file(name, &login), engine.file(name, &settings));
    let failed = |error: EngineError| error.to_string();
    Ok([login.map_err(failed)?, settings.map_err(failed)?])
}

/// Whether it can be a session now.
pub(super) async fn fit(name: &str, ready: &Ready) -> Result<(), Unfit> {
    let engine = engine().map_err(|error| Unfit::Alone(error.to_string()))?;
    let (look, state) = tokio::join!(engine.look(name), self::state(&engine, name));
    match look {
        Ok(Some(look)) if look.state == "running" && is_spare(&look.labels, name) => {}
        Ok(Some(look)) => return Err(Unfit::Alone(format!("its spare is {}", look.state))),
        Ok(None) => return Err(Unfit::Alone("its spare is gone".to_owned())),
        Err(error) => return Err(Unfit::Alone(error.to_string())),
    }
    match state {
        Ok(state) if state == ready.state => Ok(()),
        Ok(_) => Err(Unfit::All(
            "you logged in or out, or changed Claude's settings",
        )),
        Err(why) => Err(Unfit::Alone(why)),
    }
}

/// Why a spare cannot be a session.
#[derive(Debug)]
pub(super) enum Unfit {
    /// Something is wrong with this one.
    Alone(String),
    /// All of them have read what is no longer so.
    All(&'static str),
}

/// End it, by its name: a start that has taken it has given it another one.
pub(super) async fn end(config: &Config, name: &str) -> Result<(), EngineError> {
    let engine = engine()?;
    match engine.stop(name, TO_END).await {
        // A conflict: it was never started, or is being removed.
        Ok(()) | Err(EngineError::NotFound(_) | EngineError::Conflict(_)) => {}
        Err(error) => return Err(error),
    }
    engine.remove(name, true).await?;
    // Not of one that was taken, and is no longer here under this name.
    guards::forget(config, name);
    Ok(())
}
