//! The project, as the engine has to see it.

use super::{Finding, Host, Project, Trouble, word};
use crate::model::{Machine, Product};

/// File systems by which a distribution in Windows sees Windows's disks: WSL 2's, and the one before.
const OF_WINDOWS: [&str; 2] = ["9p", "drvfs"];

/// What Docker Desktop shares with its virtual machine as it comes, on macOS and on Linux.
const DESKTOP_SHARES: [&str; 6] = [
    "/Users",
    "/Volumes",
    "/private",
    "/tmp",
    "/var/folders",
    "/home",
];

pub(super) fn project(
    project: &Result<Project, Trouble>,
    machine: Option<&Machine>,
    product: Option<Product>,
    host: &Host,
) -> Finding {
    let about = "project";
    let project = match project {
        Ok(project) => project,
        Err(trouble) => return Finding::trouble(about, trouble),
    };
    let Project {
        path,
        file_system,
        mounted_at,
        ..
    } = project;
    if host.wsl.is_some() && OF_WINDOWS.contains(&file_system.as_str()) {
        return Finding::warning(
            about,
            format!(
                "{path} is on Windows's disk ({mounted_at}): every file is fetched from Windows, builds are many times slower, and changes are not noticed"
            ),
            format!("work on a copy in Linux: `cp -r {} ~/`", word(path)),
        );
    }
    // Root of a rootless engine is the user.
    let other = machine.is_some_and(|machine| !machine.has("rootless"));
    if project.closed && other {
        return Finding::warning(
            about,
            format!(
                "{path} is on {file_system} ({mounted_at}), which lets in only you: the engine cannot mount it"
            ),
            "mount it with the option `allow_other`, or work on a copy on a disk of this machine",
        );
    }
    // Distributions of Windows's are shared whole.
    let product = product.filter(|_| host.wsl.is_none());
    if let Some(finding) = not_shared(project, product) {
        return finding;
    }
    Finding::well(about, format!("{path} on {file_system}"))
}

/// An engine in a virtual machine sees what is shared with it, and else mounts an empty directory.
fn not_shared(project: &Project, product: Option<Product>) -> Option<Finding> {
    let path = &project.path;
    let below = |directory: &str| {
        let rest = path.strip_prefix(directory.trim_end_matches('/'));
        !directory.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let (shared, remedy) = match product? {
        Product::Desktop => (
            DESKTOP_SHARES.into_iter().any(below),
            "Docker Desktop's Settings → Resources → File sharing: add it".to_owned(),
        ),
        Product::Colima => (
            below(&project.home) || below("/tmp/colima"),
            format!("`colima stop && colima start --mount {}:w`", word(path)),
        ),
        Product::Lima => (
            below(&project.home) || below("/tmp/lima"),
            "`limactl edit`: add it to `mounts`, with `writable: true`".to_owned(),
        ),
        _ => return None,
    };
    let name = product?.name();
    (!shared).then(|| {
        Finding::warning(
            "project",
            format!("{path} is not among what {name} shares with its machine as it comes: sessions would find it empty"),
            remedy,
        )
    })
}
