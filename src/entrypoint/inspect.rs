//! What there is: everything is read before anything is changed.
#![expect(
    clippy::disallowed_methods,
    reason = "the entrypoint's one place that reads files and the environment"
)]

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::thread::CapabilitySet;

use super::Failure;
use crate::plan::paths;
use crate::plan::privilege::accounts;
use crate::plan::privilege::socket::SocketState;
use crate::plan::privilege::{Capabilities, Facts, Place, Request};

/// Docker makes `/.dockerenv`, Podman `/run/.containerenv`. A developer's machine can be such a
/// container too: in a session, this program is in the runtime volume.
pub(super) fn in_a_container() -> bool {
    let container = ["/.dockerenv", "/run/.containerenv"]
        .iter()
        .any(|path| Path::new(path).exists());
    let own = fs::read_link("/proc/self/exe").unwrap_or_default();
    container && own.starts_with(paths::RUNTIME)
}

/// The environment that the engine made of the image's and the host's.
pub(super) fn environment() -> impl Iterator<Item = (OsString, OsString)> {
    std::env::vars_os()
}

/// The best shell of the image.
pub(super) fn shell() -> &'static str {
    if Path::new("/bin/bash").exists() {
        "/bin/bash"
    } else {
        "/bin/sh"
    }
}

/// What lies at the socket's path, symbolic links followed as connect(2) does.
pub(super) fn socket(path: &Path) -> SocketState {
    match fs::metadata(path) {
        Ok(found) if found.file_type().is_socket() => SocketState::Socket {
            uid: found.uid(),
            gid: found.gid(),
            mode: found.mode() & 0o7777,
        },
        Ok(found) if found.is_dir() => SocketState::Directory,
        Ok(_) => SocketState::Other,
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => SocketState::Hidden,
        Err(_) => SocketState::Missing,
    }
}

/// The name of whoever runs this, where the image has one.
pub(super) fn own_name() -> Option<String> {
    let passwd = fs::read("/etc/passwd").ok()?;
    accounts::name_of(&passwd, nix::unistd::geteuid().as_raw()).map(str::to_owned)
}

/// Everything that the decision depends on.
pub(super) fn facts(
    request: &Request,
    shell: &'static str,
    socket: Option<SocketState>,
) -> Result<Facts, Failure> {
    let held = rustix::thread::capabilities(None)
        .map_err(|error| {
            Failure::refused(format_args!("capabilities: {error}; please report this"))
        })?
        .effective;
    let mounts = mounts();
    Ok(Facts {
        capabilities: Capabilities {
            chown: held.contains(CapabilitySet::CHOWN),
            setuid: held.contains(CapabilitySet::SETUID),
            setgid: held.contains(CapabilitySet::SETGID),
            setpcap: held.contains(CapabilitySet::SETPCAP),
        },
        mapped: (
            mapped("/proc/self/uid_map", request.uid),
            mapped("/proc/self/gid_map", request.gid),
        ),
        // Unreadable is as good as missing here: what cannot be read will not be replaced either.
        passwd: fs::read("/etc/passwd").unwrap_or_default(),
        group: fs::read("/etc/group").unwrap_or_default(),
        shell,
        home: place(&request.home, Some(&mounts)),
        state: place(&request.state(), None),
        socket,
    })
}

/// Look at a directory; with `mounts`, one of them does not count as ours.
fn place(path: &Path, mounts: Option<&BTreeSet<PathBuf>>) -> Place {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Place::Missing,
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Place::Hidden,
        Err(_) => return Place::Other,
    };
    if found.is_symlink() {
        return match fs::metadata(path) {
            Ok(target) if target.is_dir() => Place::Directory {
                uid: target.uid(),
                ours: false,
            },
            _ => Place::Other,
        };
    }
    if !found.is_dir() {
        return Place::Other;
    }
    let ours = mounts.is_none_or(|mounts| !mounts.contains(&canonical(path)));
    Place::Directory {
        uid: found.uid(),
        ours,
    }
}

/// The path as the mount table writes it.
pub(super) fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// The mount points of this container.
pub(super) fn mounts() -> BTreeSet<PathBuf> {
    mount_points(&fs::read("/proc/self/mountinfo").unwrap_or_default())
}

/// Field 5 of each line (`proc_pid_mountinfo(5)`), octal escapes undone.
fn mount_points(mountinfo: &[u8]) -> BTreeSet<PathBuf> {
    mountinfo
        .split(|byte| *byte == b'\n')
        .filter_map(|line| line.split(|byte| *byte == b' ').nth(4))
        .map(|field| PathBuf::from(OsString::from_vec(unescape(field))))
        .collect()
}

fn unescape(field: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((first, tail)) = rest.split_first() {
        let octal = (*first == b'\\')
            .then(|| tail.get(..3))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 8).ok());
        bytes.push(octal.unwrap_or(*first));
        rest = tail
            .get(if octal.is_some() { 3 } else { 0 }..)
            .unwrap_or_default();
    }
    bytes
}

fn mapped(path: &str, id: u32) -> bool {
    // No such file means no user namespaces in this kernel: every id exists.
    fs::read_to_string(path).map_or(true, |map| in_map(&map, id))
}

/// Lines of `inside outside count` (`user_namespaces(7)`).
fn in_map(map: &str, id: u32) -> bool {
    map.lines().any(|line| {
        let mut numbers = line.split_ascii_whitespace().map(str::parse::<u64>);
        let (Some(Ok(inside)), Some(Ok(_)), Some(Ok(count))) =
            (numbers.next(), numbers.next(), numbers.next())
        else {
            return false;
        };
        (inside..inside.saturating_add(count)).contains(&u64::from(id))
    })
}

/// What the kernel says about this process in `/proc/self/status` (`proc_pid_status(5)`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Status {
    /// Inheritable, permitted, effective and ambient capabilities in one.
    pub(super) capabilities: u64,
    /// The bounding set.
    pub(super) bounding: u64,
}

/// Read it; `None` when a field is missing.
pub(super) fn status() -> Option<Status> {
    parse_status(&fs::read_to_string("/proc/self/status").ok()?)
}

fn parse_status(text: &str) -> Option<Status> {
    let set = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        u64::from_str_radix(line.strip_prefix(':')?.trim(), 16).ok()
    };
    Some(Status {
        capabilities: set("CapInh")? | set("CapPrm")? | set("CapEff")? | set("CapAmb")?,
        bounding: set("CapBnd")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mount_points_with_odd_names() {
        let text = b"1 0 8:1 / / rw - ext4 /dev/sda rw\n\
            2 1 8:1 /x /home/a\\040b\\134c rw,relatime shared:1 - ext4 /dev/sda rw\n\nbroken\n";
        let expected = [PathBuf::from("/"), PathBuf::from("/home/a b\\c")];
        assert_eq!(mount_points(text), BTreeSet::from(expected));
        assert_eq!(unescape(b"a\\04"), b"a\\04");
        assert_eq!(unescape(b"\\999\\"), b"\\999\\");
    }

    #[test]
    fn id_maps() {
        let whole = "         0          0 4294967295\n";
        assert!(in_map(whole, 0) && in_map(whole, u32::MAX - 1));
        let rootless = "0 1000 1\n1 100000 65536\n";
        assert!(in_map(rootless, 0) && in_map(rootless, 65536));
        assert!(!in_map(rootless, 65537));
        assert!(!in_map("", 0) && !in_map("0 0", 0) && !in_map("x", 0));
    }

    #[test]
    fn status_of_a_process() {
        let text = "Name:\tx\nCapInh:\t0000000000000000\nCapPrm:\t0000000000000001\n\
            CapEff:\t0000000000000000\nCapBnd:\t00000000a80425fb\nCapAmb:\t0000000000000002\n";
        let expected = Status {
            capabilities: 3,
            bounding: 0xa804_25fb,
        };
        assert_eq!(parse_status(text), Some(expected));
        assert_eq!(parse_status("CapInh:\t0\n"), None);
    }
}
