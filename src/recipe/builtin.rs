//! The worker and the toolchain profiles that come with hal-9000.

use super::{BASE, ProfileName, Recipe, Role, VERSION};
use std::collections::BTreeMap;

/// The build argument that names the worker's image in a profile's Dockerfile.
pub(super) const WORKER_ARG: &str = "HAL9000_WORKER";

const WORKER: &str = include_str!("../../docker/Dockerfile.worker");

const PROFILES: [(&str, &str); 5] = [
    ("go", include_str!("../../docker/Dockerfile.go")),
    ("java", include_str!("../../docker/Dockerfile.java")),
    ("node", include_str!("../../docker/Dockerfile.node")),
    ("python", include_str!("../../docker/Dockerfile.python")),
    ("rust", include_str!("../../docker/Dockerfile.rust")),
];

/// The image of sessions without a toolchain: `hal9000/worker:<version>`.
pub fn worker() -> Recipe {
    Recipe {
        reference: format!("hal9000/worker:{VERSION}"),
        role: Role::Worker,
        profile: Some(ProfileName::builtin(BASE)),
        dockerfile: WORKER.to_owned(),
        args: BTreeMap::new(),
        files: Vec::new(),
        parents: Vec::new(),
        arch: None,
        same_as: None,
    }
}

/// The recipe of a built-in profile, the worker for `base`; none where there is no such profile.
pub fn builtin(name: &ProfileName) -> Option<Recipe> {
    if name.as_str() == BASE {
        return Some(worker());
    }
    let (_, dockerfile) = PROFILES.iter().find(|(known, _)| *known == name.as_str())?;
    let worker = worker();
    Some(Recipe {
        reference: format!("hal9000/{name}:{VERSION}"),
        role: Role::Profile,
        profile: Some(name.clone()),
        dockerfile: (*dockerfile).to_owned(),
        args: BTreeMap::from([(WORKER_ARG.to_owned(), worker.reference.clone())]),
        files: Vec::new(),
        parents: vec![worker],
        arch: None,
        same_as: None,
    })
}

/// The names of the built-in profiles, `base` first.
pub fn builtin_profiles() -> Vec<ProfileName> {
    std::iter::once(BASE)
        .chain(PROFILES.iter().map(|(name, _)| *name))
        .map(ProfileName::builtin)
        .collect()
}
