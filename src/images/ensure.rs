//! Have an image: find it, or build it and what it is built from.

use super::{Event, ImageError, Observer, Source, pull};
use crate::engine::{BuildEvent, BuildFile, BuildRequest, Images};
use crate::recipe::{Arch, Content, Recipe, keys};
use bytes::Bytes;
use std::collections::{BTreeMap, HashSet, VecDeque};
use std::io;

/// How many lines of a failed step's output an error keeps.
const LAST_LINES: usize = 20;

/// Everything that building needs, besides a recipe.
pub struct Workshop<'a, E> {
    /// The engine.
    pub engine: &'a E,
    /// Reads this executable; called only when an image that contains it is built.
    pub executable: &'a dyn Fn() -> io::Result<Bytes>,
    /// Proxies for the build's own downloads (`HTTP_PROXY`, `no_proxy`, …). The builder keeps
    /// these names, and no others, out of the image, its history and its cache.
    pub proxies: BTreeMap<String, String>,
    /// Where images are looked for before they are built.
    pub source: Option<Source<'a>>,
}

impl<E: std::fmt::Debug> std::fmt::Debug for Workshop<'_, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Without the proxies: their URLs may hold a password.
        f.debug_struct("Workshop")
            .field("engine", self.engine)
            .finish_non_exhaustive()
    }
}

/// How an image came to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was there, and current.
    Present,
    /// It was pulled.
    Pulled,
    /// It was built.
    Built,
}

/// Have the image of `recipe`, as the recipe now is. Where it is current, this is one look; else it
/// is pulled, where there is a registry that has it; else it is built, after those of its parents
/// that are not current either.
pub async fn ensure<E: Images>(
    workshop: &Workshop<'_, E>,
    recipe: &Recipe,
    observer: &mut dyn Observer,
) -> Result<Outcome, ImageError> {
    // Parents of a current image are not looked at: their inputs are part of its own.
    let mut missing = Vec::new();
    let mut outcome = Outcome::Present;
    let mut open = vec![recipe];
    while let Some(recipe) = open.pop() {
        if current(workshop.engine, recipe).await?.is_some() {
            continue;
        }
        match pull(workshop, recipe, observer).await {
            Ok(true) => outcome = Outcome::Pulled,
            found => {
                if let Err(error) = &found {
                    observer.event(Event::NotPulled { error });
                }
                missing.push(recipe);
                open.extend(&recipe.parents);
            }
        }
    }
    if !missing.is_empty() {
        outcome = Outcome::Built;
    }
    let mut built = HashSet::new();
    for recipe in missing.into_iter().rev() {
        if built.insert(&recipe.reference) {
            build(workshop, recipe, false, observer).await?;
        }
    }
    Ok(outcome)
}

/// Build the image of `recipe` again although nothing changed, with every step run anew: for newer
/// packages. Parents are only ensured.
pub async fn rebuild<E: Images>(
    workshop: &Workshop<'_, E>,
    recipe: &Recipe,
    observer: &mut dyn Observer,
) -> Result<(), ImageError> {
    for parent in &recipe.parents {
        ensure(workshop, parent, observer).await?;
    }
    build(workshop, recipe, true, observer).await
}

/// Whether the engine has this image, made from the same inputs.
pub async fn current<E: Images>(engine: &E, recipe: &Recipe) -> Result<Option<String>, ImageError> {
    let image = engine
        .image(&recipe.reference)
        .await
        .map_err(ImageError::engine("look for the image", &recipe.reference))?;
    let inputs = recipe.inputs();
    let current = image.filter(|image| image.labels.get(keys::INPUTS) == Some(&inputs));
    Ok(current.map(|image| image.id))
}

/// The id of the newest image made from these very inputs, whatever its name is by now: two builds
/// of hal-9000 on one engine take the name from each other.
pub async fn made<E: Images>(engine: &E, recipe: &Recipe) -> Result<Option<String>, ImageError> {
    let label = format!("{}={}", keys::INPUTS, recipe.inputs());
    let found = engine.images(&label).await;
    let found = found.map_err(ImageError::engine("look for the image", &recipe.reference))?;
    let newest = found.into_iter().max_by_key(|image| image.created);
    Ok(newest.map(|image| image.id))
}

async fn build<E: Images>(
    workshop: &Workshop<'_, E>,
    recipe: &Recipe,
    no_cache: bool,
    observer: &mut dyn Observer,
) -> Result<(), ImageError> {
    let image = recipe.reference.as_str();
    right_engine(workshop.engine, recipe).await?;
    let mut request = request(workshop, recipe)?;
    request.no_cache = no_cache;

    observer.event(Event::Building { image });
    let mut step = None;
    let mut output = VecDeque::new();
    let result = workshop
        .engine
        .build(request, &mut |event| {
            match &event {
                BuildEvent::Step { text, .. } => {
                    step = Some(text.clone());
                    output.clear();
                }
                BuildEvent::Output(line) => {
                    output.push_back(line.clone());
                    if output.len() > LAST_LINES {
                        output.pop_front();
                    }
                }
                BuildEvent::Cached | BuildEvent::Transfer { .. } => {}
            }
            let event = &event;
            observer.event(Event::Build { image, event });
        })
        .await;
    if let Err(source) = result {
        // Two that build the same share the builder's cache, and the one that ends first clears
        // its stages away: what counts is that the image is there.
        if !no_cache && current(workshop.engine, recipe).await?.is_some() {
            return Ok(());
        }
        return Err(ImageError::Build {
            image: image.to_owned(),
            step,
            output: output.into(),
            source,
        });
    }
    drop_stages(workshop.engine, image).await;
    observer.event(Event::Built { image });
    Ok(())
}

/// What the engine is asked for.
fn request<E>(workshop: &Workshop<'_, E>, recipe: &Recipe) -> Result<BuildRequest, ImageError> {
    let mut files = Vec::with_capacity(recipe.files.len());
    for file in &recipe.files {
        let bytes = match &file.content {
            Content::Bytes(bytes) => bytes.clone(),
            Content::ThisExecutable => {
                (workshop.executable)().map_err(|source| ImageError::Executable {
                    image: recipe.reference.clone(),
                    source,
                })?
            }
        };
        files.push(BuildFile {
            name: file.name.clone(),
            mode: file.mode,
            bytes,
        });
    }
    let mut args = recipe.args.clone();
    args.extend(workshop.proxies.clone());
    Ok(BuildRequest {
        tag: recipe.reference.clone(),
        dockerfile: recipe.dockerfile.clone(),
        files,
        args,
        labels: recipe.labels(),
        no_cache: false,
    })
}

/// Refuse early where prebuilt programs of another architecture would go into the image: the build
/// would end with `exec format error`, after the downloads.
async fn right_engine<E: Images>(engine: &E, recipe: &Recipe) -> Result<(), ImageError> {
    let Some(wanted) = recipe.arch else {
        return Ok(());
    };
    let found = engine
        .architecture()
        .await
        .map_err(ImageError::engine("build the image", &recipe.reference))?;
    if Arch::from_engine(&found) == Some(wanted) {
        return Ok(());
    }
    Err(ImageError::Architecture {
        image: recipe.reference.clone(),
        wanted: wanted.as_str(),
        engine: found,
    })
}

/// Remove what a build left of stages that can serve no other build (see `Dockerfile.claude`).
/// It is a matter of disk space only: where it fails, prune finds them.
async fn drop_stages<E: Images>(engine: &E, reference: &str) {
    let label = format!("{}={reference}", keys::STAGE);
    for stage in engine.images(&label).await.unwrap_or_default() {
        if stage.tags.is_empty() {
            let _ = engine.remove_image(&stage.id).await;
        }
    }
}
