//! How the first process of a session's container becomes its user: what to change, in which
//! order, and what to refuse. Everything is decided here before anything is changed there
//! (`entrypoint::apply`).

pub mod accounts;
pub mod socket;

use std::path::PathBuf;

use socket::SocketState;

/// Who the session's user is to be, as the host asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Name inside the container.
    pub user: String,
    /// The host user's uid.
    pub uid: u32,
    /// The host user's gid.
    pub gid: u32,
    /// Home directory.
    pub home: PathBuf,
    /// The docker socket, where the session has one.
    pub socket: Option<PathBuf>,
    /// The socket of a guard, to which that one is to be a link.
    pub guard: Option<PathBuf>,
}

/// The group `docker` of a session whose socket is a guard's: it opens nothing, and is for programs
/// that look for it before they use docker. No image has it, and no host.
const GUARDED_GROUP: u32 = 2375;

impl Request {
    /// Where the volume with Claude's state is mounted.
    pub fn state(&self) -> PathBuf {
        self.home.join(".claude")
    }
}

/// The capabilities that this work needs, as far as they are in effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent capabilities, held or not"
)]
pub struct Capabilities {
    /// `CAP_CHOWN`
    pub chown: bool,
    /// `CAP_SETUID`
    pub setuid: bool,
    /// `CAP_SETGID`
    pub setgid: bool,
    /// `CAP_SETPCAP`
    pub setpcap: bool,
}

/// A directory that may have to change hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing is there.
    Missing,
    /// A parent directory is closed to us.
    Hidden,
    /// Something else than a directory.
    Other,
    /// A directory.
    Directory {
        /// Its owner.
        uid: u32,
        /// False when it is not ours to give away: reached through a symbolic link, or (for the
        /// home) a mount of its own, which could be the project.
        ours: bool,
    },
}

/// What was found in the container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Capabilities in effect.
    pub capabilities: Capabilities,
    /// Whether the uid and the gid exist in this user namespace (`/proc/self/{u,g}id_map`).
    pub mapped: (bool, bool),
    /// `/etc/passwd`, empty when there is none.
    pub passwd: Vec<u8>,
    /// `/etc/group`, empty when there is none.
    pub group: Vec<u8>,
    /// The login shell that the image offers.
    pub shell: &'static str,
    /// The home directory.
    pub home: Place,
    /// The mounted volume with Claude's state.
    pub state: Place,
    /// What lies at the socket's path, when one was asked for.
    pub socket: Option<SocketState>,
}

/// One change. They are applied in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Tell the user one line.
    Warn(String),
    /// Replace `/etc/passwd`. Where that cannot be done the ids stay numbers.
    Passwd(Vec<u8>),
    /// Replace `/etc/group`, likewise.
    Group(Vec<u8>),
    /// Make the docker socket's path a link to the guard's socket.
    LinkSocket {
        /// The docker socket.
        socket: PathBuf,
        /// The guard's.
        guard: PathBuf,
    },
    /// Make the home directory.
    MakeHome,
    /// Give the home directory itself to the user; nothing in it.
    OwnHome,
    /// Give the state volume and all that is in it to the user.
    OwnState,
    /// Give the pipes or the terminal that the engine made for this container to the user.
    OwnStdio,
    /// Empty the capability bounding set.
    DropBounding,
    /// Exactly these supplementary groups.
    SetGroups(Vec<u32>),
    /// Real, effective and saved gid.
    SetGid(u32),
    /// Real, effective and saved uid.
    SetUid(u32),
    /// Empty the ambient, inheritable, permitted and effective sets.
    ClearCapabilities,
    /// No later exec gains anything.
    NoNewPrivileges,
    /// Stop unless all of it took hold and none of it can be undone.
    Prove(Identity),
}

/// What must be true of the process in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// All three uids.
    pub uid: u32,
    /// All three gids.
    pub gid: u32,
    /// The supplementary groups.
    pub groups: Vec<u32>,
    /// Whether the bounding set must be empty.
    pub bounded: bool,
}

/// Why no session can be started in this container.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A capability is missing.
    #[error("capability {0}: missing, so {1}; start the container with --cap-add {0}")]
    Capability(&'static str, &'static str),
    /// An id has no counterpart outside.
    #[error(
        "user {user}: {kind} {id} does not exist in this container's user namespace; on a rootless engine start the session as uid 0 and gid 0"
    )]
    Unmapped {
        /// Name asked for.
        user: String,
        /// `uid` or `gid`.
        kind: &'static str,
        /// The number.
        id: u32,
    },
    /// Something else is in the home's place.
    #[error("home {}: it is no directory; use an image that has nothing else there", .0.display())]
    Home(PathBuf),
    /// Nothing at the socket's path.
    #[error(
        "docker socket {}: it does not exist in this container; start docker and try again, or go without: --docker=none",
        .0.display()
    )]
    SocketMissing(PathBuf),
    /// A directory at the socket's path.
    #[error(
        "docker socket {}: it is a directory, which the engine makes when the socket is missing as a container is created; remove that directory on the host, start docker, try again",
        .0.display()
    )]
    SocketIsDirectory(PathBuf),
    /// Another kind of file at the socket's path.
    #[error("docker socket {}: it is not a socket; name the right one with --host, or go without: --docker=none", .0.display())]
    NotASocket(PathBuf),
    /// Its permissions shut the user out.
    #[error(
        "docker socket {}: owner {uid}, group {gid}, mode {mode:04o} do not let uid {user} connect; give its group write permission on the host, or go without: --docker=none",
        path.display()
    )]
    SocketClosed {
        /// The socket.
        path: PathBuf,
        /// Its owner.
        uid: u32,
        /// Its group.
        gid: u32,
        /// Its permission bits.
        mode: u32,
        /// The user who would need it.
        user: u32,
    },
}

/// Decide what root must do to become the user.
pub fn decide(request: &Request, facts: &Facts) -> Result<Vec<Step>, Refusal> {
    check_ids(request, facts)?;
    let joined = match (&request.socket, facts.socket) {
        _ if request.guard.is_some() => Some(GUARDED_GROUP),
        (Some(path), Some(state)) => socket::group_for(path, state, (request.uid, request.gid))?,
        _ => None,
    };

    let mut steps = accounts_steps(request, facts, joined);
    if let (Some(socket), Some(guard)) = (&request.socket, &request.guard) {
        steps.push(Step::LinkSocket {
            socket: socket.clone(),
            guard: guard.clone(),
        });
    }
    steps.extend(home_steps(request, facts)?);

    // As runc does for `docker run --user` (`fixStdioPermissions`): they were made for the user the
    // container started as, and without it `> /dev/stderr`, tmux or gpg fail with EACCES.
    if request.uid != 0 && facts.capabilities.chown {
        steps.push(Step::OwnStdio);
    }

    // Order, as in setpriv(1) and sudo: what needs a capability before what takes it away. The
    // bounding set needs CAP_SETPCAP, and setgroups and setgid would fail after setuid.
    let bounded = facts.capabilities.setpcap;
    if bounded {
        steps.push(Step::DropBounding);
    } else {
        // Harmless: with no_new_privs an exec never raises the permitted set (capabilities(7),
        // kernel `cap_bprm_creds_from_file`), so what the bounding set would allow stays unused.
        steps.push(Step::Warn(
            "capability bounding set: left as it is, because SETPCAP is missing; no_new_privs keeps it unused".to_owned(),
        ));
    }
    let groups: Vec<u32> = joined.into_iter().collect();
    steps.extend([
        Step::SetGroups(groups.clone()),
        Step::SetGid(request.gid),
        Step::SetUid(request.uid),
        Step::ClearCapabilities,
        Step::NoNewPrivileges,
        Step::Prove(Identity {
            uid: request.uid,
            gid: request.gid,
            groups,
            bounded,
        }),
    ]);
    Ok(steps)
}

fn check_ids(request: &Request, facts: &Facts) -> Result<(), Refusal> {
    let unmapped = |kind, id| Refusal::Unmapped {
        user: request.user.clone(),
        kind,
        id,
    };
    if !facts.mapped.0 {
        return Err(unmapped("uid", request.uid));
    }
    if !facts.mapped.1 {
        return Err(unmapped("gid", request.gid));
    }
    if !facts.capabilities.setgid {
        return Err(Refusal::Capability(
            "SETGID",
            "the groups of root cannot be given up",
        ));
    }
    if !facts.capabilities.setuid && request.uid != 0 {
        return Err(Refusal::Capability(
            "SETUID",
            "the session cannot become its user",
        ));
    }
    Ok(())
}

fn accounts_steps(request: &Request, facts: &Facts, joined: Option<u32>) -> Vec<Step> {
    let mut steps = Vec::new();
    let user = accounts::User {
        name: &request.user,
        uid: request.uid,
        gid: request.gid,
        home: &request.home,
        shell: facts.shell,
    };
    steps.extend(accounts::with_user(&facts.passwd, user).map(Step::Passwd));

    let mut group = None;
    // A gid that has a name keeps it: `users`, `node`, `root` say more than a second `claude`.
    if accounts::by_id(&facts.group, request.gid).is_none() {
        group = accounts::with_group(&facts.group, &request.user, request.gid, "");
    }
    // Group 0 stays `root`: renaming it would mislead every listing of root's files.
    if let Some(gid) = joined.filter(|gid| *gid != 0) {
        let base = group.as_deref().unwrap_or(&facts.group);
        if let Some(edited) = accounts::with_group(base, "docker", gid, &request.user) {
            group = Some(edited);
        }
    }
    steps.extend(group.map(Step::Group));
    steps
}

fn home_steps(request: &Request, facts: &Facts) -> Result<Vec<Step>, Refusal> {
    let mut steps = Vec::new();
    match facts.home {
        Place::Missing => steps.extend([Step::MakeHome, Step::OwnHome]),
        Place::Directory { uid, ours: true } if uid != request.uid => steps.push(Step::OwnHome),
        Place::Directory { uid, ours: false } if uid != request.uid => {
            steps.push(Step::Warn(format!(
                "home {}: it belongs to uid {uid} and is left as it is, being a mount or a symbolic link",
                request.home.display()
            )));
        }
        Place::Other => return Err(Refusal::Home(request.home.clone())),
        Place::Hidden | Place::Directory { .. } => {}
    }
    // A volume fresh from the engine is root's; one from before the user's uid changed is another
    // user's; one whose re-owning was interrupted is root's and full. One rule serves all three.
    if let Place::Directory { uid, ours: true } = facts.state
        && uid != request.uid
    {
        steps.push(Step::OwnState);
    }
    let changes_hands = steps
        .iter()
        .any(|step| matches!(step, Step::OwnHome | Step::OwnState));
    if changes_hands && !facts.capabilities.chown {
        return Err(Refusal::Capability(
            "CHOWN",
            "the home cannot be given to its user",
        ));
    }
    Ok(steps)
}

#[cfg(test)]
mod tests;
