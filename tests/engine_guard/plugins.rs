//! The plugins of docker's client, as sessions have them.

use crate::guarded::{BASE, Guarded};
use crate::support::engine::required_with;
use std::fs;

/// Put them where the client of this guard's scripts looks; false where there is no image that has them.
pub(crate) fn take(test: &str, guarded: &Guarded) -> bool {
    let runtime = format!(
        "hal9000/runtime:{}-{}",
        env!("CARGO_PKG_VERSION"),
        hal9000::recipe::PINNED_CLAUDE
    );
    // of the machine's engine: one of a release has no such image
    let Some(docker) = required_with(test, BASE) else {
        return false;
    };
    if !docker.has(test, &runtime) {
        return false;
    }
    let directory = guarded.path("config/cli-plugins");
    fs::create_dir_all(&directory).unwrap();
    let box_ = guarded.name("plugin");
    let label = guarded.instance.label();
    docker.ok(&["create", "--name", &box_, &label, &runtime, "/x"]);
    let from = format!("{box_}:/opt/hal9000/lib/docker/cli-plugins/.");
    docker.ok(&["cp", "--quiet", &from, directory.to_str().unwrap()]);
    docker.ok(&["rm", &box_]);
    true
}
