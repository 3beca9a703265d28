//! Where mounts come from, so that what was looked at is what is mounted. A path beneath the project
//! can be changed by the session until the container starts, and is followed by the engine as root:
//! the directory is opened once, and mounted through that descriptor (guard-policy §0.5c, which works
//! where the engine and the guard see the same processes). No other way needs nothing of the engine.
#![expect(
    clippy::disallowed_methods,
    reason = "reads what the kernel says about the engine"
)]

use super::shared::Shared;
use super::stop::Stop;
use crate::guard::bind::{MountRequest, Place, Relative, Source};
use crate::guard::ownership::{Kind, Record};
use crate::guard::path::Method;
use crate::guard::{Refusal, rule};
use rustix::fs::{FileType, Mode, OFlags, ResolveFlags};
use rustix::io::Errno;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};
use tokio::net::UnixStream;
use tokio::sync::Mutex;

/// Directories beneath the project that are open at once.
const MOST: usize = 256;

/// The project, and what is mounted of it.
#[derive(Debug)]
pub(super) struct Places {
    project: OwnedFd,
    open: RefCell<BTreeMap<(u64, u64), Opened>>,
    making: Mutex<()>,
}

/// A directory, open for as long as containers can start with it.
#[derive(Debug)]
struct Opened {
    volume: String,
    path: String,
    _directory: OwnedFd,
}

impl Places {
    /// Open the project.
    pub(super) fn open(project: &str) -> io::Result<Self> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(Self {
            project: rustix::fs::open(project, flags, Mode::empty())?,
            open: RefCell::default(),
            making: Mutex::default(),
        })
    }

    /// The path beneath the project that a volume of the guard's stands for.
    pub(super) fn beneath(&self, volume: &str) -> Option<String> {
        let open = self.open.borrow();
        let found = open.values().find(|opened| opened.volume == volume);
        found.map(|opened| opened.path.clone())
    }
}

/// A place for each mount that needs one.
pub(super) async fn find(
    shared: &Shared,
    mounts: &[MountRequest],
) -> Result<Vec<Option<Place>>, Stop> {
    let mut places = Vec::new();
    for mount in mounts {
        places.push(match &mount.source {
            Source::Project => Some(Place::Host(shared.mapping.project().to_owned())),
            // the file, as its clients expect one; its directory is closed to the session
            Source::GuardSocket => Some(Place::Host(shared.config.socket.display().to_string())),
            Source::Beneath(path) => Some(beneath(shared, mount, path).await?),
            _ => None,
        });
    }
    Ok(places)
}

async fn beneath(shared: &Shared, mount: &MountRequest, path: &Relative) -> Result<Place, Stop> {
    let refused = |cause: String| Refusal::forbidden(rule::MOUNT_BENEATH, &mount.field, cause);
    let directory =
        directory(&shared.places.project, path.as_str(), mount.create).map_err(|error| {
            let path = path.as_str();
            match error {
                Errno::LOOP => refused(format!("reaches `{path}` through a symbolic link")),
                Errno::NOTDIR => refused(format!("is `{path}`, which is not a directory")),
                Errno::NOENT => Refusal::malformed(
                    rule::MOUNT_BENEATH,
                    &mount.field,
                    format!("is `{path}`: bind source path does not exist"),
                ),
                error => refused(format!("is `{path}`, which cannot be opened ({error})")),
            }
        })?;
    let failed = |error: io::Error| Stop::Failed(format!("a directory was lost ({error})"));
    let stat = rustix::fs::fstat(&directory).map_err(|error| failed(error.into()))?;
    // Held from here on: two containers at once want one volume.
    let _making = shared.places.making.lock().await;
    let key = (stat.st_dev, stat.st_ino);
    let known = shared
        .places
        .open
        .borrow()
        .get(&key)
        .map(|opened| opened.volume.clone());
    if let Some(name) = known {
        return Ok(Place::Volume {
            name,
            subpath: None,
        });
    }
    if shared.places.open.borrow().len() >= MOST {
        let cause = format!("is one of more than {MOST} directories that are mounted");
        return Err(refused(cause).into());
    }
    if !sees_us(shared).await {
        let cause = "cannot be handed to this engine, which runs in another place than the guard";
        return Err(refused(cause.to_owned()).into());
    }
    let process = std::process::id();
    let number = directory.as_raw_fd();
    let volume = format!("{}{process}-{number}", prefix(shared));
    let device = format!("/proc/{process}/fd/{number}");
    let body = json!({
        "Name": volume,
        "Driver": "local",
        "DriverOpts": {"type": "none", "o": "bind", "device": device},
        "Labels": shared.config.policy.labels,
    });
    let create = format!("{}/volumes/create", shared.version());
    let asked = shared
        .engine
        .ask(Method::Post, &create, "", Some(body.to_string()));
    let (status, answer) = asked.await?;
    // The engine answers with a volume that is there already: it must be this one.
    if !status.is_success() || answer.pointer("/Options/device") != Some(&json!(device)) {
        return Err(Stop::Failed(format!(
            "the volume {volume} could not be made ({status}): {answer}"
        )));
    }
    let opened = Opened {
        volume: volume.clone(),
        path: path.as_str().to_owned(),
        _directory: directory,
    };
    shared.places.open.borrow_mut().insert(key, opened);
    Ok(Place::Volume {
        name: volume,
        subpath: None,
    })
}

/// Open a directory beneath the project, without following any link; made if it is missing and wanted,
/// by the guard's user, who is the session's. The engine would make it as root.
fn directory(project: &OwnedFd, path: &str, create: bool) -> Result<OwnedFd, Errno> {
    let links = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    let flags = OFlags::PATH | OFlags::CLOEXEC;
    let mut at = rustix::fs::openat2(project, ".", flags, Mode::empty(), links)?;
    for part in path.split('/') {
        let open = || rustix::fs::openat2(&at, part, flags, Mode::empty(), links);
        let next = match open() {
            Err(Errno::NOENT) if create => {
                match rustix::fs::mkdirat(&at, part, Mode::from_raw_mode(0o777)) {
                    Ok(()) | Err(Errno::EXIST) => {}
                    Err(error) => return Err(error),
                }
                open()
            }
            next => next,
        };
        at = next?;
        let stat = rustix::fs::fstat(&at)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::Directory {
            return Err(Errno::NOTDIR);
        }
    }
    Ok(at)
}

/// Whether `/proc/PID` of this process is the same one for the engine: it is a process that this one
/// sees, and is in no namespace below.
async fn sees_us(shared: &Shared) -> bool {
    let Ok(stream) = UnixStream::connect(&shared.config.engine).await else {
        return false;
    };
    let process = stream.peer_cred().ok().and_then(|peer| peer.pid());
    let Some(process) = process.filter(|process| *process > 0) else {
        return false;
    };
    let namespaces = |process: &str| {
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("NSpid:"))?;
        Some(line.split_whitespace().count())
    };
    let own = namespaces("self");
    own.is_some() && own == namespaces(&process.to_string())
}

fn prefix(shared: &Shared) -> String {
    format!("hal9000-guard-{}-", shared.config.session)
}

/// The volumes that guards of this session have made.
async fn volumes(shared: &Shared) -> io::Result<Vec<String>> {
    let path = format!("{}/volumes", shared.version());
    let asked = shared.engine.ask(Method::Get, &path, "", None).await;
    let (_, list) = asked.map_err(io::Error::other)?;
    let prefix = prefix(shared);
    let list = list.get("Volumes").and_then(Value::as_array);
    let names = list
        .into_iter()
        .flatten()
        .filter_map(|volume| volume.get("Name")?.as_str());
    // a session's name can begin with another's: what follows is ours alone
    let ours = |name: &&str| {
        let rest = name.strip_prefix(prefix.as_str());
        let numbers: Option<Vec<&str>> = rest.map(|rest| rest.split('-').collect());
        let digits = |number: &&str| number.bytes().all(|b| b.is_ascii_digit());
        numbers.is_some_and(|numbers| numbers.len() == 2 && numbers.iter().all(digits))
    };
    Ok(names.filter(ours).map(str::to_owned).collect())
}

/// Remove them where no container uses them.
pub(super) async fn forget(shared: &Shared) {
    for volume in volumes(shared).await.unwrap_or_default() {
        let path = format!("{}/volumes/{volume}", shared.version());
        // What is still used stays, for whoever removes the session's containers.
        drop(shared.engine.ask(Method::Delete, &path, "", None).await);
    }
}

/// Volumes of a guard that is gone name descriptors of a process that is gone, and in its place there
/// can be any other: containers with them are no longer the session's to start.
pub(super) async fn leave_behind(shared: &Shared) -> io::Result<()> {
    forget(shared).await;
    for id in users(shared).await? {
        let kind = Kind::Container;
        shared
            .record(&[Record::Removed { kind, id }])
            .map_err(|stop| io::Error::other(format!("{stop:?}")))?;
    }
    Ok(())
}

/// The containers that have such volumes, whether they are still the session's or no longer.
pub(super) async fn users(shared: &Shared) -> io::Result<Vec<String>> {
    let mut users = Vec::new();
    for volume in volumes(shared).await? {
        let path = format!("{}/containers/json", shared.version());
        let mut query = "all=1&filters=".to_owned();
        let filters = json!({"volume": [volume]}).to_string();
        crate::guard::path::percent_encode(&filters, "", &mut query);
        let asked = shared.engine.ask(Method::Get, &path, &query, None).await;
        let (_, list) = asked.map_err(io::Error::other)?;
        let list = list.as_array().into_iter().flatten();
        let ids = list.filter_map(|container| container.get("Id")?.as_str());
        users.extend(ids.map(str::to_owned));
    }
    Ok(users)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn no_link_is_followed_and_nothing_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::create_dir_all(root.join("a/b")).unwrap();
        fs::File::create(root.join("file")).unwrap();
        symlink("/", root.join("out")).unwrap();
        symlink("a", root.join("in")).unwrap();
        let places = Places::open(root.to_str().unwrap()).unwrap();
        for (path, create, error) in [
            ("a", false, None),
            ("a/b", false, None),
            ("a/new/er", true, None),
            ("none", false, Some(Errno::NOENT)),
            ("file", false, Some(Errno::NOTDIR)),
            ("file/x", true, Some(Errno::NOTDIR)),
            ("out", false, Some(Errno::LOOP)),
            ("out/etc", true, Some(Errno::LOOP)),
            ("in/b", false, Some(Errno::LOOP)),
            ("..", true, Some(Errno::XDEV)),
        ] {
            let opened = directory(&places.project, path, create);
            assert_eq!(opened.err(), error, "{path}");
        }
        assert!(root.join("a/new/er").is_dir());
    }
}
