//! Clear away what no session needs any more.

use super::list::{State, listed, with_parents};
use super::{ImageError, Listed};
use crate::engine::{EngineError, Images, Volume};
use crate::recipe::{Recipe, Role, keys};

/// Something that was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// `image` or `volume`.
    pub kind: &'static str,
    /// Its reference, name or id.
    pub name: String,
    /// Bytes that this freed; shared layers count with the last image that has them.
    pub bytes: u64,
}

/// Something that would have been removed, and was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// `image` or `volume`.
    pub kind: &'static str,
    /// Its reference, name or id.
    pub name: String,
    /// Why it stays.
    pub reason: String,
}

/// What pruning did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PruneReport {
    /// What is gone.
    pub removed: Vec<Removed>,
    /// What stays because it is in use.
    pub kept: Vec<Kept>,
}

impl PruneReport {
    /// Bytes freed.
    pub fn bytes(&self) -> u64 {
        self.removed.iter().map(|removed| removed.bytes).sum()
    }
}

/// Remove images, runtime volumes and their fillers that are not what `recipes` would make now and
/// that no container uses, and what builds left behind. `label` limits this to objects with it;
/// [`keys::ROLE`] are all of ours.
pub async fn prune<E: Images>(
    engine: &E,
    recipes: &[Recipe],
    label: &str,
) -> Result<PruneReport, ImageError> {
    let known = with_parents(recipes);
    let gone = |state| matches!(state, State::Outdated | State::Leftover);
    clear(engine, &known, gone, label).await
}

/// The same, and all that sessions would use, other people's too: it is made again when it is needed.
/// What a container uses stays.
pub async fn prune_all<E: Images>(engine: &E, label: &str) -> Result<PruneReport, ImageError> {
    clear(engine, &[], |_| true, label).await
}

async fn clear<E: Images>(
    engine: &E,
    known: &[&Recipe],
    gone: impl Fn(State) -> bool,
    label: &str,
) -> Result<PruneReport, ImageError> {
    let mut report = PruneReport::default();

    // Volumes first: a filler uses its image.
    let current: Vec<_> = known
        .iter()
        .filter(|recipe| recipe.role == Role::Runtime)
        .map(|recipe| recipe.volume())
        .collect();
    let volumes = engine.volumes(label).await;
    let volumes = volumes.map_err(ImageError::engine("list the volumes with the label", label))?;
    for volume in volumes.iter().filter(|volume| is_runtime(volume)) {
        if !current.contains(&volume.name) {
            remove_runtime(engine, volume, &mut report).await?;
        }
    }

    let images = engine.images(label).await;
    let images = images.map_err(ImageError::engine("list the images with the label", label))?;
    let mut rows: Vec<Listed> = images
        .iter()
        .filter(|image| image.labels.contains_key(keys::ROLE))
        .flat_map(|image| listed(image, known))
        .filter(|row| gone(row.state))
        .collect();
    // Children before parents: layers go, and are counted, with their last image.
    rows.sort_by_key(|row| std::cmp::Reverse(row.created));
    for row in &rows {
        remove_reference(engine, &row.reference, &mut report).await?;
    }
    Ok(report)
}

/// Remove one image, with the volume that it filled. What is in use stays, and is in the report.
pub async fn remove<E: Images>(engine: &E, reference: &str) -> Result<PruneReport, ImageError> {
    let failed = "remove the image";
    let image = engine.image(reference).await;
    let image = image.map_err(ImageError::engine(failed, reference))?;
    let image = image.ok_or_else(|| ImageError::Engine {
        action: failed,
        object: reference.to_owned(),
        source: EngineError::NotFound("there is no such image".to_owned()),
    })?;
    let mut report = PruneReport::default();
    if let Some(inputs) = image.labels.get(keys::INPUTS) {
        let label = format!("{}={inputs}", keys::INPUTS);
        let volumes = engine.volumes(&label).await;
        let volumes = volumes.map_err(ImageError::engine(failed, reference))?;
        for volume in volumes.iter().filter(|volume| is_runtime(volume)) {
            remove_runtime(engine, volume, &mut report).await?;
        }
    }
    remove_reference(engine, reference, &mut report).await?;
    Ok(report)
}

fn is_runtime(volume: &Volume) -> bool {
    volume.labels.get(keys::ROLE).map(String::as_str) == Some(Role::Runtime.as_str())
}

/// Remove a runtime volume and its filler, unless a session uses it.
///
/// A session that starts in this moment from the same old version keeps the volume: the engine
/// refuses its removal, and the next start makes the filler again.
async fn remove_runtime<E: Images>(
    engine: &E,
    volume: &Volume,
    report: &mut PruneReport,
) -> Result<(), ImageError> {
    let name = volume.name.as_str();
    let users = engine.volume_users(name).await;
    let mut users = users.map_err(ImageError::engine("look at the volume", name))?;
    users.retain(|user| user != name);
    if !users.is_empty() {
        report.kept.push(Kept {
            kind: "volume",
            name: name.to_owned(),
            reason: format!("in use by {}", users.join(", ")),
        });
        return Ok(());
    }
    match engine.remove_filler(name).await {
        Ok(()) | Err(EngineError::NotFound(_)) => {}
        Err(EngineError::Conflict(reason)) => {
            keep(report, "volume", name, reason);
            return Ok(());
        }
        Err(source) => return Err(ImageError::engine("remove the container", name)(source)),
    }
    match engine.remove_volume(name).await {
        Ok(()) => {
            let size = volume.labels.get(keys::SIZE).and_then(|n| n.parse().ok());
            report.removed.push(Removed {
                kind: "volume",
                name: name.to_owned(),
                bytes: size.unwrap_or(0),
            });
        }
        Err(EngineError::NotFound(_)) => {}
        Err(EngineError::Conflict(reason)) => keep(report, "volume", name, reason),
        Err(source) => return Err(ImageError::engine("remove the volume", name)(source)),
    }
    Ok(())
}

async fn remove_reference<E: Images>(
    engine: &E,
    reference: &str,
    report: &mut PruneReport,
) -> Result<(), ImageError> {
    match engine.remove_image(reference).await {
        Ok(bytes) => report.removed.push(Removed {
            kind: "image",
            name: reference.to_owned(),
            bytes,
        }),
        // Somebody else removes too, or it went with another image.
        Err(EngineError::NotFound(_)) => {}
        Err(EngineError::Conflict(reason)) => keep(report, "image", reference, reason),
        Err(source) => return Err(ImageError::engine("remove the image", reference)(source)),
    }
    Ok(())
}

fn keep(report: &mut PruneReport, kind: &'static str, name: &str, reason: String) {
    report.kept.push(Kept {
        kind,
        name: name.to_owned(),
        reason,
    });
}
