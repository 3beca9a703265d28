//! The recipes that depend on settings and on this machine.

use crate::host;
use crate::model::Settings;
use crate::recipe::{self, Arch, ClaudeVersion, InvalidVersion, Recipe, RecipeError};
use crate::ui::{Kind, Report};
use bytes::Bytes;

/// The recipe of the runtime volume.
pub(super) fn runtime(settings: &Settings) -> Result<Recipe, Report> {
    let version: ClaudeVersion = settings.claude_version.value.parse()?;
    Ok(recipe::runtime(&version, arch()?, bundle(settings)?))
}

/// What asks for the newest release of Claude.
pub(super) fn newest(settings: &Settings) -> Result<Recipe, Report> {
    Ok(recipe::newest_claude(arch()?, bundle(settings)?))
}

/// The recipe of the parent.
pub(super) fn parent(settings: &Settings) -> Result<Recipe, Report> {
    Ok(recipe::parent(arch()?, bundle(settings)?))
}

fn arch() -> Result<Arch, Report> {
    Arch::of_this_executable().ok_or_else(|| {
        let here = std::env::consts::ARCH;
        let missing = format!("there is neither Claude Code nor ChromaDB for `{here}`");
        Report::new(Kind::Failed, missing).hint("use a machine of x86_64 or aarch64")
    })
}

/// The content of the certificates that downloads need.
fn bundle(settings: &Settings) -> Result<Option<Bytes>, Report> {
    let read = |path: &std::path::PathBuf| {
        let read = host::read_file(path);
        read.map_err(|error| Report::unreadable(&error))
    };
    let bundle = settings.ca_bundle.as_ref().map(|path| read(&path.value));
    Ok(bundle.transpose()?.map(Bytes::from))
}

impl From<InvalidVersion> for Report {
    fn from(error: InvalidVersion) -> Self {
        Self::new(Kind::Usage, error.to_string())
            .hint("`hal-9000 claude-version latest` uses the newest")
    }
}

impl From<RecipeError> for Report {
    fn from(error: RecipeError) -> Self {
        let report = Self::new(Kind::Usage, error.to_string());
        match error {
            RecipeError::Reserved(_) => report.hint("rename its directory"),
            RecipeError::NoBase(_) => report.hint("begin it with `FROM hal9000/worker`"),
            RecipeError::File { .. } => {
                report.hint("rename that file, or keep it out of the profile's directory")
            }
        }
    }
}
