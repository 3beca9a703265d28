//! Have an image from a registry, instead of building it.

use super::{Event, ImageError, Observer, Workshop};
use crate::engine::Images;
use crate::recipe::{Recipe, Registry, keys};
use std::fmt;

/// Pulls what a registry calls so; says why it cannot be had.
type Fetch<'a> = dyn Fn(&str) -> Result<(), String> + 'a;

/// A registry, and the way to it.
pub struct Source<'a> {
    /// Which one.
    pub registry: Registry,
    /// Pulls from it, with the user's logins.
    pub fetch: Box<Fetch<'a>>,
}

impl fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.registry)
    }
}

/// Pull the image of `recipe`, and give it our name. What a registry has under a name may be anything:
/// it is taken where its label says that it was made from the same inputs, else its name goes again. False where there is
/// no registry.
pub async fn pull<E: Images>(
    workshop: &Workshop<'_, E>,
    recipe: &Recipe,
    observer: &mut dyn Observer,
) -> Result<bool, ImageError> {
    let Some(source) = &workshop.source else {
        return Ok(false);
    };
    let there = source.registry.reference(&recipe.reference);
    let image = there.as_str();
    observer.event(Event::Pulling { image });
    (source.fetch)(image).map_err(|why| ImageError::NotThere {
        image: there.clone(),
        why,
    })?;
    let engine = workshop.engine;
    let found = engine.image(image).await;
    let found = found.map_err(ImageError::engine("look for the image", image))?;
    let same = found.filter(|found| found.labels.get(keys::INPUTS) == Some(&recipe.inputs()));
    // By its id: what was looked at is what is named.
    let named = match &same {
        Some(same) => engine.tag_image(&same.id, &recipe.reference).await,
        None => Ok(()),
    };
    // A second name would only be in the way of who looks at the list of images.
    let _ = engine.remove_image(image).await;
    named.map_err(ImageError::engine("name the image", &recipe.reference))?;
    if same.is_none() {
        return Err(ImageError::Other {
            image: there.clone(),
            here: recipe.reference.clone(),
        });
    }
    observer.event(Event::Pulled {
        image: &recipe.reference,
    });
    Ok(true)
}
