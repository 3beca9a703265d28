//! Engines that somebody else starts when they are asked: systemd listens at their sockets.
#![expect(
    clippy::disallowed_methods,
    reason = "reads what systemd and docker say of themselves"
)]

use super::{Endpoint, Env};
use std::fs;
use std::path::{Path, PathBuf};

/// Whether asking this engine would start it.
pub fn asleep(endpoint: &Endpoint, env: &Env) -> bool {
    let user = env.get("XDG_RUNTIME_DIR").map(PathBuf::from);
    asleep_below(Path::new("/"), endpoint, user.as_deref())
}

/// The same where the file system begins at `root`.
fn asleep_below(root: &Path, endpoint: &Endpoint, user: Option<&Path>) -> bool {
    // Links that lead nowhere are there, too.
    let there = |path: &str| fs::symlink_metadata(root.join(path)).is_ok();
    if !there("run/systemd/system") {
        return false;
    }
    // systemd keeps such a link for each service that runs (systemd `unit_export_invocation_id`).
    let runs = |unit: &str| {
        let link = format!("systemd/units/invocation:{unit}.service");
        let own = user.map(|runtime| runtime.join(&link));
        there(&format!("run/{link}")) || own.is_some_and(|link| fs::symlink_metadata(link).is_ok())
    };
    let socket = endpoint.socket.canonicalize();
    let socket = socket.unwrap_or_else(|_| endpoint.socket.clone());
    if socket.to_string_lossy().contains("podman") {
        return !runs("podman");
    }
    let listens = there("etc/systemd/system/sockets.target.wants/docker.socket");
    if !listens || endpoint.key().is_some() {
        return false;
    }
    let pid = fs::read_to_string(root.join("run/docker.pid")).unwrap_or_default();
    let pid: Option<u32> = pid.trim().parse().ok();
    !runs("docker") && !pid.is_some_and(|pid| there(&format!("proc/{pid}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_systemd_would_start_is_asleep() {
        let dir = tempfile::tempdir().unwrap();
        let make = |path: &str, text: &str| {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let at = |socket: &str| Endpoint {
            socket: PathBuf::from(socket),
            said_by: String::new(),
        };
        let docker = at("/var/run/docker.sock");
        let podman = at("/run/user/7/podman/podman.sock");
        let other = at("/home/ann/.colima/default/docker.sock");
        let user = dir.path().join("user");
        let asleep = |endpoint: &Endpoint| asleep_below(dir.path(), endpoint, Some(&user));
        // Without systemd nobody starts anything.
        assert!(!asleep(&docker) && !asleep(&podman));
        make("run/systemd/system/x", "");
        assert!(!asleep(&docker) && asleep(&podman) && !asleep(&other));
        make("etc/systemd/system/sockets.target.wants/docker.socket", "");
        assert!(asleep(&docker) && !asleep(&other));
        make("run/docker.pid", "42\n");
        assert!(asleep(&docker), "the process is gone");
        make("proc/42/stat", "");
        assert!(!asleep(&docker));
        make("user/systemd/units/invocation:podman.service", "");
        assert!(!asleep(&podman));
    }
}
