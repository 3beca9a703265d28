//! Carry out what was decided, as root, one step after the other, and prove the result.

use std::fmt::Display;
use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::ops::RangeInclusive;
use std::os::fd::AsFd as _;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use nix::errno::Errno;
use nix::unistd::{Gid, Uid};
use rustix::fs::FileType;
use rustix::thread::{CapabilitySet, CapabilitySets};

use super::own::Owner;
use super::{Failure, inspect, warn};
use crate::plan::privilege::{Identity, Request, Step};

/// Major numbers of `/dev/pts/*` (kernel `admin-guide/devices.rst`).
const UNIX98_PTY: RangeInclusive<u32> = 136..=143;

/// Apply the steps in order; the first that fails ends the start.
pub(super) fn apply(request: &Request, steps: Vec<Step>) -> Result<(), Failure> {
    for step in steps {
        match step {
            Step::Warn(line) => warn(line),
            Step::Passwd(content) => replace(Path::new("/etc/passwd"), &content),
            Step::Group(content) => replace(Path::new("/etc/group"), &content),
            Step::LinkSocket { socket, guard } => link_socket(&socket, &guard)?,
            Step::MakeHome => make_home(&request.home)?,
            Step::OwnHome => own_home(request)?,
            Step::OwnState => own_state(request)?,
            Step::OwnStdio => own_stdio(request.uid),
            Step::DropBounding => drop_bounding()?,
            Step::SetGroups(groups) => {
                let groups: Vec<Gid> = groups.into_iter().map(Gid::from_raw).collect();
                nix::unistd::setgroups(&groups).map_err(|error| failed("setgroups", error))?;
            }
            // All three ids: a saved uid of 0 could be taken back (setresuid(2)).
            Step::SetGid(gid) => {
                let gid = Gid::from_raw(gid);
                nix::unistd::setresgid(gid, gid, gid)
                    .map_err(|error| failed("setresgid", error))?;
            }
            Step::SetUid(uid) => {
                let uid = Uid::from_raw(uid);
                nix::unistd::setresuid(uid, uid, uid)
                    .map_err(|error| failed("setresuid", error))?;
            }
            Step::ClearCapabilities => clear_capabilities()?,
            Step::NoNewPrivileges => rustix::thread::set_no_new_privs(true)
                .map_err(|error| failed("no_new_privs", error))?,
            Step::Prove(identity) => prove(&identity)?,
        }
    }
    Ok(())
}

fn failed(what: &str, why: impl Display) -> Failure {
    Failure::refused(format_args!(
        "privileges: {what}: {why}; nothing was started, please report this"
    ))
}

/// Replace an account file. Names are a comfort, so a failure here never ends the start: the
/// kernel knows ids only, and setgroups(2) gives the access.
fn replace(path: &Path, content: &[u8]) {
    let mounts = inspect::mounts();
    if mounts.contains(path) || mounts.contains(Path::new("/etc")) {
        // Somebody mounted it, perhaps from the host, whose file must not be edited.
        warn(format_args!(
            "{}: a mount, so it is left as it is and the user may have no name",
            path.display()
        ));
        return;
    }
    match rewrite(path, content) {
        // `docker run --read-only`: asked for, so not worth a line at every start.
        Err(error) if error.kind() != io::ErrorKind::ReadOnlyFilesystem => {
            warn(format_args!(
                "{}: {error}; the user may have no name",
                path.display()
            ));
        }
        _ => {}
    }
}

/// By a new file and rename(2), so that no reader and no interruption meets half a file.
fn rewrite(path: &Path, content: &[u8]) -> io::Result<()> {
    let mode = fs::metadata(path).map_or(0o644, |found| found.mode() & 0o7777);
    let new = path.with_extension("hal-9000");
    // Left over from a start that was killed. It must be ours: `create_new` follows nothing.
    let _ = fs::remove_file(&new);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&new)?;
    file.write_all(content)
        .and_then(|()| file.set_permissions(Permissions::from_mode(mode)))
        .and_then(|()| fs::rename(&new, path))
        .inspect_err(|_| {
            let _ = fs::remove_file(&new);
        })
}

/// What lies there is the image's, or a link from an earlier start of this container.
fn link_socket(socket: &Path, guard: &Path) -> Result<(), Failure> {
    let made = || {
        if let Some(directory) = socket.parent() {
            fs::create_dir_all(directory)?;
        }
        match fs::remove_file(socket) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        std::os::unix::fs::symlink(guard, socket)
    };
    made().map_err(|error| {
        Failure::refused(format_args!(
            "docker socket {}: cannot be made: {error}; use an image where root can write there, or go without: --docker=none",
            socket.display()
        ))
    })
}

fn make_home(home: &Path) -> Result<(), Failure> {
    match DirBuilder::new().recursive(true).mode(0o755).create(home) {
        Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => {
            warn(format_args!(
                "home {}: cannot be made: {error}",
                home.display()
            ));
            Ok(())
        }
        other => other.map_err(|error| {
            Failure::refused(format_args!(
                "home {}: cannot be made: {error}; use an image where root can write there",
                home.display()
            ))
        }),
    }
}

fn own_home(request: &Request) -> Result<(), Failure> {
    let mounts = inspect::mounts();
    let owner = Owner::new((request.uid, request.gid), &mounts);
    match owner.own(&request.home) {
        // NOENT: it could not be made on a read-only file system, which was said already.
        Ok(()) | Err(rustix::io::Errno::ROFS | rustix::io::Errno::NOENT) => Ok(()),
        Err(error) => Err(Failure::refused(format_args!(
            "home {}: cannot be given to uid {}: {error}; use an image without it",
            request.home.display(),
            request.uid
        ))),
    }
}

fn own_state(request: &Request) -> Result<(), Failure> {
    let mounts = inspect::mounts();
    let mut owner = Owner::new((request.uid, request.gid), &mounts);
    let state = request.state();
    // The mount table has real paths: with `/home` a link, ours would never match.
    owner.own_tree(&inspect::canonical(&state)).map_err(|error| {
        Failure::refused(format_args!(
            "{}: cannot be given to uid {}: {error}; mount a docker volume there that is writable",
            state.display(),
            request.uid
        ))
    })?;
    if let Some((path, error)) = owner.first_failure {
        warn(format_args!(
            "{}: cannot be given to uid {}: {error}",
            path.display(),
            request.uid
        ));
    }
    Ok(())
}

/// Pipes and pseudo-terminals only, and only root's: `/dev/null` is everybody's, and a file or a
/// socket could be somebody's. The uid alone, as a terminal's group is `tty`. As in runc a failure
/// (user namespaces, odd file systems) is no reason to stop.
fn own_stdio(uid: u32) {
    let (stdin, stdout, stderr) = (io::stdin(), io::stdout(), io::stderr());
    for stream in [stdin.as_fd(), stdout.as_fd(), stderr.as_fd()] {
        let Ok(stat) = rustix::fs::fstat(stream) else {
            continue;
        };
        let made_for_us = match FileType::from_raw_mode(stat.st_mode) {
            FileType::Fifo => true,
            FileType::CharacterDevice => UNIX98_PTY.contains(&rustix::fs::major(stat.st_rdev)),
            _ => false,
        };
        if made_for_us && stat.st_uid == 0 {
            let _ = rustix::fs::fchown(stream, Some(rustix::fs::Uid::from_raw(uid)), None);
        }
    }
}

/// `PR_CAPBSET_DROP` for every capability of this kernel: numbers past its last give EINVAL.
fn drop_bounding() -> Result<(), Failure> {
    for number in 0..u64::BITS {
        let one = CapabilitySet::from_bits_retain(1 << number);
        match rustix::thread::remove_capability_from_bounding_set(one) {
            Ok(()) => {}
            Err(rustix::io::Errno::INVAL) => break,
            Err(error) => return Err(failed("bounding set", error)),
        }
    }
    Ok(())
}

/// setuid(2) from 0 has emptied all but the inheritable set, and for uid 0 nothing at all.
fn clear_capabilities() -> Result<(), Failure> {
    match rustix::thread::clear_ambient_capability_set() {
        // Kernels before 4.3 have no ambient set.
        Ok(()) | Err(rustix::io::Errno::INVAL) => {}
        Err(error) => return Err(failed("ambient capabilities", error)),
    }
    let none = CapabilitySets {
        effective: CapabilitySet::empty(),
        permitted: CapabilitySet::empty(),
        inheritable: CapabilitySet::empty(),
    };
    rustix::thread::set_capabilities(None, none).map_err(|error| failed("capabilities", error))
}

/// Ask the kernel rather than trust the return values above, and try the way back.
fn prove(wanted: &Identity) -> Result<(), Failure> {
    let (uid, gid) = (Uid::from_raw(wanted.uid), Gid::from_raw(wanted.gid));
    let uids = nix::unistd::getresuid().map_err(|error| failed("getresuid", error))?;
    let gids = nix::unistd::getresgid().map_err(|error| failed("getresgid", error))?;
    if [uids.real, uids.effective, uids.saved] != [uid; 3]
        || [gids.real, gids.effective, gids.saved] != [gid; 3]
    {
        return Err(failed("proof", "the ids are not the user's"));
    }
    let mut groups: Vec<u32> = nix::unistd::getgroups()
        .map_err(|error| failed("getgroups", error))?
        .into_iter()
        .map(Gid::as_raw)
        .collect();
    groups.sort_unstable();
    if groups != wanted.groups {
        return Err(failed("proof", "the groups are not the user's"));
    }

    let status =
        inspect::status().ok_or_else(|| failed("proof", "/proc/self/status cannot be read"))?;
    if status.capabilities != 0 || (wanted.bounded && status.bounding != 0) {
        return Err(failed("proof", "capabilities remain"));
    }
    if !rustix::thread::no_new_privs().map_err(|error| failed("no_new_privs", error))? {
        return Err(failed("proof", "no_new_privs is not set"));
    }

    // EPERM and nothing else: any other error would mean that something else was tested.
    if !uid.is_root() && nix::unistd::setuid(Uid::from_raw(0)) != Err(Errno::EPERM) {
        return Err(failed("proof", "uid 0 can be taken back"));
    }
    if wanted.gid != 0 && nix::unistd::setgid(Gid::from_raw(0)) != Err(Errno::EPERM) {
        return Err(failed("proof", "gid 0 can be taken back"));
    }
    if nix::unistd::setgroups(&[]) != Err(Errno::EPERM) {
        return Err(failed("proof", "groups can still be changed"));
    }
    Ok(())
}
