//! Where mounts come from, so that what was looked at is what is mounted: a path beneath the project
//! can be changed by the session until the container starts, and is followed by the engine as root
//! (guard-policy §0.5).
//!
//! From API 1.45 on the engine itself opens a path in a volume without following links, each time that
//! a container starts: the project is the volume. Before, a directory is opened once, and mounted
//! through that descriptor, which works where the engine and the guard see the same processes; a file
//! gets a second name that the session does not reach.

use super::beneath::{self, Found};
use super::links::Links;
use super::shared::Shared;
use super::stop::Stop;
use super::volumes::{self, Kept};
use crate::guard::bind::{MountRequest, Place, Relative, Source};
use crate::guard::path::Speaks;
use crate::guard::{Refusal, rule};
use rustix::fs::FileType;
use rustix::io::Errno;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::path::Path;
use tokio::net::UnixStream;
use tokio::sync::Mutex;

/// Paths beneath the project that are mounted at once.
const MOST: usize = 256;

/// How a path beneath the project is mounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By the engine, in a volume that is the project.
    Subpath,
    /// Through a descriptor of the guard's, or a link.
    Held,
}

/// The project, and what is mounted of it.
#[derive(Debug)]
pub(super) struct Places {
    project: OwnedFd,
    pub(super) way: Way,
    pub(super) links: Links,
    /// By the volume.
    open: RefCell<BTreeMap<String, Opened>>,
    making: Mutex<()>,
}

/// A path beneath the project that is mounted.
#[derive(Debug)]
struct Opened {
    path: String,
    /// A directory that is open for as long as containers can start with it.
    held: Option<Found>,
}

impl Places {
    /// Open the project.
    pub(super) fn open(project: &str, state: &Path, speaks: Speaks) -> io::Result<Self> {
        Ok(Self {
            project: beneath::project(project)?,
            way: if speaks.subpath().is_some() {
                Way::Subpath
            } else {
                Way::Held
            },
            links: Links::new(state),
            open: RefCell::default(),
            making: Mutex::default(),
        })
    }

    /// The path beneath the project that a volume or a link of the guard's stands for.
    pub(super) fn beneath(&self, source: &str) -> Option<String> {
        let open = self.open.borrow();
        let volume = open.get(source).map(|opened| opened.path.clone());
        volume.or_else(|| self.links.path(source))
    }

    /// Know a volume of an earlier guard.
    pub(super) fn take_over(&self, volume: String, path: String) {
        let held = None;
        self.open.borrow_mut().insert(volume, Opened { path, held });
    }

    /// The descriptor through which the same directory is mounted already.
    fn held(&self, found: &Found) -> Option<i32> {
        let same = |held: &&Found| {
            (held.stat.st_dev, held.stat.st_ino) == (found.stat.st_dev, found.stat.st_ino)
        };
        let open = self.open.borrow();
        let mut held = open.values().filter_map(|opened| opened.held.as_ref());
        held.find(same).map(|held| held.place.as_raw_fd())
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
            Source::Beneath(path) => Some(place(shared, mount, path).await?),
            _ => None,
        });
    }
    Ok(places)
}

async fn place(shared: &Shared, mount: &MountRequest, path: &Relative) -> Result<Place, Stop> {
    let refused = |cause: String| Refusal::forbidden(rule::MOUNT_BENEATH, &mount.field, cause);
    let text = path.as_str();
    let found =
        beneath::open(&shared.places.project, text, mount.create).map_err(|error| match error {
            Errno::LOOP => refused(format!("reaches `{text}` through a symbolic link")),
            Errno::NOTDIR => refused(format!("is `{text}`, a part of which is not a directory")),
            Errno::NOENT => Refusal::malformed(
                rule::MOUNT_BENEATH,
                &mount.field,
                format!("is `{text}`: bind source path does not exist"),
            ),
            error => refused(format!("is `{text}`, which cannot be opened ({error})")),
        })?;
    // Held from here on: two containers at once want one volume.
    let _making = shared.places.making.lock().await;
    let (subpath, volume, held) = match shared.places.way {
        Way::Subpath => (Some(text.to_owned()), Kept::of_path(shared, text), None),
        Way::Held if found.kind() == FileType::RegularFile => {
            return Ok(link(shared, &found, text).await.map_err(refused)?);
        }
        Way::Held if found.kind() == FileType::Directory => {
            let number = shared.places.held(&found);
            let number = number.unwrap_or_else(|| found.place.as_raw_fd());
            (None, Kept::of_descriptor(shared, number), Some(found))
        }
        Way::Held => {
            let cause = format!("is `{text}`, which is neither a file nor a directory");
            return Err(refused(cause).into());
        }
    };
    let known = shared.places.beneath(&volume.name).is_some();
    if !known && shared.places.open.borrow().len() >= MOST {
        return Err(refused(too_many()).into());
    }
    if !known && held.is_some() && !sees_us(shared).await {
        return Err(refused(ELSEWHERE.to_owned()).into());
    }
    // One that is known, too: what no container uses is pruned by its user, and the engine would make
    // an empty one of that name.
    volumes::make(shared, &volume).await?;
    let name = volume.name;
    if !known {
        let path = text.to_owned();
        let opened = Opened { path, held };
        let mut open = shared.places.open.borrow_mut();
        open.insert(name.clone(), opened);
    }
    Ok(Place::Volume { name, subpath })
}

const ELSEWHERE: &str =
    "cannot be handed to this engine, which runs in another place than the guard";

fn too_many() -> String {
    format!("is one of more than {MOST} paths that are mounted")
}

/// A file by its second name, or why it gets none.
async fn link(shared: &Shared, found: &Found, path: &str) -> Result<Place, String> {
    let links = &shared.places.links;
    if links.count() >= MOST {
        return Err(too_many());
    }
    if !sees_us(shared).await {
        return Err(ELSEWHERE.to_owned());
    }
    let state = shared.config.state.display();
    match links.make(found, path) {
        Ok(link) => Ok(Place::Host(link.display().to_string())),
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => Err(format!(
            "is `{path}`, a file on another file system than {state}, where it would need a link for this engine: mount its directory"
        )),
        Err(error) => Err(format!(
            "is `{path}`, a file that cannot be linked in {state} ({error}): mount its directory"
        )),
    }
}

/// Whether `/proc/PID` of this process is the same one for the engine: it is a process that this one
/// sees, and is in no namespace below.
#[expect(
    clippy::disallowed_methods,
    reason = "reads what the kernel says about the engine"
)]
async fn sees_us(shared: &Shared) -> bool {
    let Ok(stream) = UnixStream::connect(&shared.config.engine).await else {
        return false;
    };
    let process = stream.peer_cred().ok().and_then(|peer| peer.pid());
    let Some(process) = process.filter(|process| *process > 0) else {
        return false;
    };
    let namespaces = |process: &str| {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("NSpid:"))?;
        Some(line.split_whitespace().count())
    };
    let own = namespaces("self");
    own.is_some() && own == namespaces(&process.to_string())
}
