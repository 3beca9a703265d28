//! Which images there are, and which of them are current.

use super::ImageError;
use crate::engine::{Image, Images};
use crate::recipe::{Recipe, VERSION, keys};

/// How an image relates to what this version of hal-9000 would build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is what would be built now.
    Current,
    /// It is not there yet.
    Missing,
    /// It was made from other inputs, or by another version.
    Outdated,
    /// Another image took its reference over, or it is a stage of a build.
    Leftover,
    /// This version made it, from a recipe that is not known here: another user's profile.
    Unknown,
}

/// One image of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its reference; its id where it has none.
    pub reference: String,
    /// Its id; none while it is missing.
    pub id: Option<String>,
    /// The value of `hal9000.role`.
    pub role: String,
    /// The toolchain profile.
    pub profile: Option<String>,
    /// The version of hal-9000 that made it, or would make it.
    pub version: String,
    /// Bytes, layers shared with other images included.
    pub size: u64,
    /// When it was made, in seconds since 1970.
    pub created: i64,
    /// Whether it is current.
    pub state: State,
}

/// All images of ours, by reference, with those of `recipes` that are missing.
pub async fn list<E: Images>(engine: &E, recipes: &[Recipe]) -> Result<Vec<Listed>, ImageError> {
    let known = with_parents(recipes);
    let images = engine.images(keys::ROLE).await;
    let images = images.map_err(ImageError::engine(
        "list the images with the label",
        keys::ROLE,
    ))?;
    let mut rows: Vec<_> = images
        .iter()
        .flat_map(|image| listed(image, &known))
        .collect();
    for recipe in known {
        if !rows.iter().any(|row| row.reference == recipe.reference) {
            rows.push(Listed {
                reference: recipe.reference.clone(),
                id: None,
                role: recipe.role.as_str().to_owned(),
                profile: recipe.profile.as_ref().map(ToString::to_string),
                version: VERSION.to_owned(),
                size: 0,
                created: 0,
                state: State::Missing,
            });
        }
    }
    rows.sort_by(|a, b| a.reference.cmp(&b.reference));
    Ok(rows)
}

/// The recipes, and everything that they are built from.
pub(super) fn with_parents(recipes: &[Recipe]) -> Vec<&Recipe> {
    let mut all: Vec<&Recipe> = Vec::new();
    let mut open: Vec<&Recipe> = recipes.iter().collect();
    while let Some(recipe) = open.pop() {
        if !all.iter().any(|known| known.reference == recipe.reference) {
            all.push(recipe);
        }
        open.extend(&recipe.parents);
    }
    all
}

/// One row per reference of the image; one for an image without any.
pub(super) fn listed(image: &Image, known: &[&Recipe]) -> Vec<Listed> {
    let label = |key: &str| image.labels.get(key).cloned();
    let row = |reference: &str, state| Listed {
        reference: reference.to_owned(),
        id: Some(image.id.clone()),
        role: label(keys::ROLE).unwrap_or_default(),
        profile: label(keys::PROFILE),
        version: label(keys::VERSION).unwrap_or_default(),
        size: image.size,
        created: image.created,
        state,
    };
    // What somebody builds from an image of ours has its labels, and is theirs.
    if image.tags.is_empty() {
        let ours = !image.labels.contains_key(keys::MADE_BY);
        return Vec::from_iter(ours.then(|| row(&image.id, State::Leftover)));
    }
    let ours = |tag: &&String| {
        tag.starts_with("hal9000/") || known.iter().any(|recipe| recipe.reference == **tag)
    };
    let tags = image.tags.iter().filter(ours);
    tags.map(|tag| row(tag, state(image, tag, known))).collect()
}

fn state(image: &Image, tag: &str, known: &[&Recipe]) -> State {
    let label = |key: &str| image.labels.get(key).map(String::as_str);
    if let Some(recipe) = known.iter().find(|recipe| recipe.reference == tag) {
        return if label(keys::INPUTS) == Some(&recipe.inputs()) {
            State::Current
        } else {
            State::Outdated
        };
    }
    // Runtimes of other releases of Claude can be had again from a recipe that is built in.
    // A profile may be somebody's own.
    let profile = label(keys::ROLE) == Some("profile");
    if profile && label(keys::VERSION) == Some(VERSION) {
        State::Unknown
    } else {
        State::Outdated
    }
}
