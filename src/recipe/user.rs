//! A profile of the user's own: a Dockerfile, and the files beside it.

use super::builtin::{WORKER_ARG, builtin, worker};
use super::{ContextFile, ProfileName, Recipe, Role, VERSION};
use std::collections::BTreeMap;

/// Repositories of ours that are no profiles.
const RESERVED: [&str; 4] = ["worker", "runtime", "claude", "parent"];

/// Why a user's profile makes no recipe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecipeError {
    /// The name is that of another image of ours.
    #[error("profile `{0}` has a reserved name: `hal9000/{0}` is another image")]
    Reserved(ProfileName),
    /// There is no `FROM`.
    #[error("the Dockerfile of profile `{0}` has no `FROM`")]
    NoBase(ProfileName),
    /// A context file would land outside of the context, or twice in the same place.
    #[error("profile `{profile}` has a file that cannot be handed to a build: `{file}`")]
    File {
        /// The profile.
        profile: ProfileName,
        /// The file's name.
        file: String,
    },
}

/// The recipe of a user's profile; it replaces the built-in one of the same name.
///
/// Its Dockerfile starts from `hal9000/worker` or another built-in profile, by name without a tag
/// (the tag of this version is added), with this version's tag, or as `ARG HAL9000_WORKER` and
/// `FROM ${HAL9000_WORKER}`. Any other `FROM` is the user's own business.
pub fn user_profile(
    name: &ProfileName,
    dockerfile: &str,
    mut files: Vec<ContextFile>,
) -> Result<Recipe, RecipeError> {
    if RESERVED.contains(&name.as_str()) {
        return Err(RecipeError::Reserved(name.clone()));
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    check_files(name, &files)?;

    let mut parents = BTreeMap::new();
    let mut args = BTreeMap::new();
    let mut lines = Vec::new();
    let mut found = false;
    for line in dockerfile.lines() {
        let Some(base) = base_of(line) else {
            lines.push(line.to_owned());
            continue;
        };
        found = true;
        if base.contains(WORKER_ARG) {
            let worker = worker();
            args.insert(WORKER_ARG.to_owned(), worker.reference.clone());
            parents.insert(worker.reference.clone(), worker);
            lines.push(line.to_owned());
        } else if let Some(parent) = ours(name, base) {
            lines.push(line.replacen(base, &parent.reference, 1));
            parents.insert(parent.reference.clone(), parent);
        } else {
            lines.push(line.to_owned());
        }
    }
    if !found {
        return Err(RecipeError::NoBase(name.clone()));
    }
    Ok(Recipe {
        reference: format!("hal9000/{name}:{VERSION}"),
        role: Role::Profile,
        profile: Some(name.clone()),
        dockerfile: lines.join("\n") + "\n",
        args,
        files,
        parents: parents.into_values().collect(),
        arch: None,
        same_as: None,
    })
}

/// The image that a line's `FROM` names.
fn base_of(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    if !words.next()?.eq_ignore_ascii_case("from") {
        return None;
    }
    words.find(|word| !word.starts_with("--"))
}

/// The built-in recipe that `base` names, without a tag or with this version's.
/// A profile that replaces a built-in one cannot start from itself.
fn ours(profile: &ProfileName, base: &str) -> Option<Recipe> {
    let (name, tag) = base
        .strip_prefix("hal9000/")
        .map(|rest| rest.split_once(':').unwrap_or((rest, VERSION)))?;
    if tag != VERSION || name == profile.as_str() {
        return None;
    }
    match name {
        "worker" => Some(worker()),
        "base" => None,
        other => builtin(&other.parse().ok()?),
    }
}

fn check_files(profile: &ProfileName, files: &[ContextFile]) -> Result<(), RecipeError> {
    let mut before = None;
    for file in files {
        let inside = file
            .name
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != "..");
        if !inside || file.name == "Dockerfile" || before == Some(&file.name) {
            return Err(RecipeError::File {
                profile: profile.clone(),
                file: file.name.clone(),
            });
        }
        before = Some(&file.name);
    }
    Ok(())
}
