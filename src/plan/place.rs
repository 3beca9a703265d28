//! Where in the container the project appears.

/// Directories that every image fills itself, or that the session needs: a project below one of
/// them cannot be mounted at its own path without hiding them, or could not be entered (`/root` is
/// 0700 in every image).
const RESERVED: &[&str] = &[
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/sys",
    "/usr",
    "/var/cache",
    "/var/lib",
    "/var/run",
];

/// Whether the project can be mounted at its own path: not below a reserved directory, and neither
/// above nor below one of the session's own mounts.
pub(super) fn host_path_usable(path: &str, own_targets: &[&str]) -> bool {
    let reserved = RESERVED
        .iter()
        .any(|root| below(path, root) || below(root, path));
    let clashes = own_targets
        .iter()
        .any(|target| below(path, target) || below(target, path));
    !(reserved || clashes)
}

/// Whether `path` is `root` or lies below it.
fn below(path: &str, root: &str) -> bool {
    path.strip_prefix(root)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_appears_at_its_own_path_where_that_hides_nothing() {
        let own = ["/workspace", "/opt/hal9000", "/home/claude/.claude"];
        for usable in [
            "/home/ann/shop",
            "/srv/www",
            "/tmp/x",
            "/work",
            "/Users/ann/p",
            "/etcetera",
        ] {
            assert!(host_path_usable(usable, &own), "{usable}");
        }
        for taken in [
            "/root",
            "/root/p",
            "/etc/p",
            "/usr/src/app",
            "/proc/1",
            "/var/lib/x",
            "/var",
            "/home",
            "/workspace",
            "/workspace/p",
            "/opt",
            "/opt/hal9000/x",
            "/home/claude",
            "/run/user/1",
        ] {
            assert!(!host_path_usable(taken, &own), "{taken}");
        }
    }
}
