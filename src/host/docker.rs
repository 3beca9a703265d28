//! The real docker client, to which the terminal is handed.

use super::Env;
use std::path::{Path, PathBuf};

/// There is no docker client on PATH, or only ourselves under that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no `docker` command on PATH ({0})")]
pub struct DockerMissing(pub String);

/// The first `docker` on PATH that is not hal-9000 itself: under that name it would start itself
/// for ever.
pub fn find_docker(env: &Env) -> Result<PathBuf, DockerMissing> {
    let path = env.get("PATH").unwrap_or_default();
    let own = Path::new("/proc/self/exe").canonicalize().ok();
    let here = env.directory.clone().unwrap_or_default();
    let candidates = which::which_in_all("docker", Some(path), here)
        .into_iter()
        .flatten();
    let mut real = candidates.filter(|found| found.canonicalize().ok() != own);
    real.next().ok_or_else(|| DockerMissing(path.to_owned()))
}
