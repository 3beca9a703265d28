//! The runtime volume: filled once per engine, shared by every session of every user.
//!
//! A *filler* is a container with the volume's own name that is created from the runtime image and
//! never started. What the engine does when it creates one (measured on 20.10, the same in moby's
//! source since): it reserves the name, makes the volume and takes it into use, copies the image's
//! content into it, and registers the container only then. So
//!
//! - a filler that can be inspected means that the volume is complete ([`ready`]: one request; the
//!   *list* of containers shows it too early and is no proof);
//! - a second creator gets a conflict and waits, and nobody can remove the volume meanwhile;
//! - the copy ends although the client that asked for it is gone. On engines where it does not, and
//!   after a crash, a volume without a filler is left: it is thrown away and filled again.
//!
//! Where a volume without a filler is in use, somebody removed the filler (`docker container
//! prune` does) while sessions run: the volume was complete when they started, and the engine
//! copies nothing into a volume that is not empty, so that creating the filler is all it takes.

use super::ensure::ensure as ensure_image;
use super::{Event, ImageError, Observer, Workshop};
use crate::engine::{EngineError, FillRequest, Filler, Images};
use crate::recipe::{Labels, Recipe, Role, keys};
use std::time::Duration;

/// Where the runtime is, in its image and in every session.
pub const TARGET: &str = "/opt/hal9000";

/// The version of the labels of fillers and volumes.
const SCHEMA: &str = "1";

const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// A slow disk copies half a gigabyte in less than this.
const WAIT_IN_ALL: Duration = Duration::from_secs(5 * 60);

/// Whether the volume of this name is complete: all that a start has to ask.
pub async fn ready<E: Images>(engine: &E, name: &str) -> Result<bool, ImageError> {
    let filler = engine.filler(name).await;
    let filler = filler.map_err(ImageError::engine("look for the runtime volume", name))?;
    Ok(filler.is_some_and(|filler| ours(&filler) && !going(&filler)))
}

/// How far the volume of this name is; an error where it cannot be filled at all.
pub async fn look<E: Images>(engine: &E, name: &str) -> Result<Filled, ImageError> {
    let failed = "look for the runtime volume";
    let (filler, volume) = tokio::join!(engine.filler(name), engine.volume(name));
    let filler = filler.map_err(ImageError::engine(failed, name))?;
    let volume = volume.map_err(ImageError::engine(failed, name))?;
    match filler {
        Some(filler) if !ours(&filler) => Err(ImageError::NotOurFiller {
            name: name.to_owned(),
        }),
        Some(filler) if !going(&filler) => Ok(Filled::Whole),
        _ if volume.is_some() => Ok(Filled::Partly),
        _ => Ok(Filled::Absent),
    }
}

/// How far a runtime volume is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// Everything is in it.
    Whole,
    /// It is being filled, or that was interrupted; while sessions use it, it is whole all the same.
    Partly,
    /// There is none.
    Absent,
}

/// Have the volume of this runtime recipe, complete; the image is built only if it must be filled.
pub async fn ensure<E: Images>(
    workshop: &Workshop<'_, E>,
    recipe: &Recipe,
    observer: &mut dyn Observer,
) -> Result<(), ImageError> {
    let name = recipe.volume();
    let mut pause = FIRST_WAIT;
    let mut waited = Duration::ZERO;
    // Every turn begins from the facts: whoever fills the volume may fail, and then it is on us.
    while !attempt(workshop, recipe, &name, observer).await? {
        if waited >= WAIT_IN_ALL {
            return Err(ImageError::StillFilling {
                volume: name,
                seconds: waited.as_secs(),
            });
        }
        if waited.is_zero() {
            observer.event(Event::Waiting { volume: &name });
        }
        tokio::time::sleep(pause).await;
        waited += pause;
        pause = (pause * 2).min(LONGEST_WAIT);
    }
    Ok(())
}

/// One look at the facts, and what follows from them; false where somebody else is at it.
async fn attempt<E: Images>(
    workshop: &Workshop<'_, E>,
    recipe: &Recipe,
    name: &str,
    observer: &mut dyn Observer,
) -> Result<bool, ImageError> {
    let engine = workshop.engine;
    let filler = engine.filler(name).await;
    match filler.map_err(ImageError::engine("look for the runtime volume", name))? {
        Some(filler) if !ours(&filler) => {
            return Err(ImageError::NotOurFiller {
                name: name.to_owned(),
            });
        }
        Some(filler) if !going(&filler) => return Ok(true),
        Some(_) => {
            // Left behind by an engine that stopped while it removed the container.
            return match engine.remove_filler(name).await {
                Ok(()) | Err(EngineError::NotFound(_) | EngineError::Conflict(_)) => Ok(false),
                Err(source) => Err(ImageError::engine("remove the container", name)(source)),
            };
        }
        None => {}
    }
    // The image comes first, because it may take minutes: from the look at the volume to the
    // creation of the filler there should be no time.
    ensure_image(workshop, recipe, observer).await?;
    if discard(engine, name, observer).await? == Leftover::BeingFilled {
        return Ok(false);
    }
    fill(engine, recipe, name, observer).await
}

/// What became of a volume that has no filler.
#[derive(Debug, PartialEq, Eq)]
enum Leftover {
    /// There is none now.
    Gone,
    /// Sessions use it: it is complete.
    Complete,
    /// A filler of it is being created.
    BeingFilled,
}

/// Remove a volume without a filler, unless it is in use.
async fn discard<E: Images>(
    engine: &E,
    name: &str,
    observer: &mut dyn Observer,
) -> Result<Leftover, ImageError> {
    match engine.remove_volume(name).await {
        Ok(()) => {
            observer.event(Event::Discarded { volume: name });
            return Ok(Leftover::Gone);
        }
        Err(EngineError::NotFound(_)) => return Ok(Leftover::Gone),
        Err(EngineError::Conflict(_)) => {}
        Err(source) => return Err(ImageError::engine("remove the volume", name)(source)),
    }
    let failed = "look at the volume";
    let volume = engine.volume(name).await;
    let Some(volume) = volume.map_err(ImageError::engine(failed, name))? else {
        return Ok(Leftover::BeingFilled);
    };
    let users = engine.volume_users(name).await;
    let users = users.map_err(ImageError::engine(failed, name))?;
    // A volume that the engine has just made shows in no list of users for some milliseconds.
    if users.is_empty() || users.iter().any(|user| user == name) {
        return Ok(Leftover::BeingFilled);
    }
    // Without our label it was made by a `docker run -v` that came too late for the filled one, and
    // holds whatever that image had there.
    if volume.labels.get(keys::ROLE).map(String::as_str) != Some(Role::Runtime.as_str()) {
        return Err(ImageError::NotOurVolume {
            volume: name.to_owned(),
            users,
        });
    }
    Ok(Leftover::Complete)
}

/// Create the filler; false where somebody else was faster.
async fn fill<E: Images>(
    engine: &E,
    recipe: &Recipe,
    name: &str,
    observer: &mut dyn Observer,
) -> Result<bool, ImageError> {
    let image = engine.image(&recipe.reference).await;
    let image = image.map_err(ImageError::engine("look for the image", &recipe.reference))?;
    let mut labels = recipe.labels();
    labels.insert(keys::SCHEMA.to_owned(), SCHEMA.to_owned());
    let mut volume_labels: Labels = labels.clone();
    if let Some(image) = image {
        volume_labels.insert(keys::SIZE.to_owned(), image.size.to_string());
    }
    let request = FillRequest {
        name: name.to_owned(),
        image: recipe.reference.clone(),
        volume: name.to_owned(),
        target: TARGET.to_owned(),
        // What every session begins with: one that cannot be run here is found out now.
        command: [&format!("{TARGET}/bin/hal-9000"), "--version"]
            .map(str::to_owned)
            .to_vec(),
        labels,
        volume_labels,
    };
    observer.event(Event::Filling { volume: name });
    match engine.create_filler(&request).await {
        Ok(()) => Ok(true),
        // The name is taken, or the image was pruned in this moment.
        Err(EngineError::Conflict(_) | EngineError::NotFound(_)) => Ok(false),
        Err(source) => {
            // What was copied so far is of no use, and on a full disk it is in the way. The next
            // attempt would remove it too, so a failure here changes nothing.
            let _ = engine.remove_volume(name).await;
            Err(ImageError::engine("fill the runtime volume", name)(source))
        }
    }
}

fn ours(filler: &Filler) -> bool {
    filler.labels.get(keys::ROLE).map(String::as_str) == Some(Role::Runtime.as_str())
}

/// Whether the container is on its way out.
fn going(filler: &Filler) -> bool {
    matches!(filler.state.as_str(), "removing" | "dead")
}
