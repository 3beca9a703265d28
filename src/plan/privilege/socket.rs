//! May the session's user connect to the docker socket, and through which group?

use std::path::Path;

use super::Refusal;

/// What lies at the socket's path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SocketState {
    /// Nothing.
    Missing,
    /// A directory: what the engine makes of a bind mount whose source did not exist.
    Directory,
    /// Something that is no socket.
    Other,
    /// A parent directory is closed to us. Root without `CAP_DAC_OVERRIDE` is an ordinary user
    /// here, and the session's user may well get in: the kernel is asked after the drop.
    Hidden,
    /// A socket.
    Socket {
        /// Its owner.
        uid: u32,
        /// Its group.
        gid: u32,
        /// Its permission bits.
        mode: u32,
    },
}

/// Refuse what cannot be connected to by anybody.
pub fn usable(path: &Path, state: SocketState) -> Result<(), Refusal> {
    let path = path.to_path_buf();
    match state {
        SocketState::Missing => Err(Refusal::SocketMissing(path)),
        SocketState::Directory => Err(Refusal::SocketIsDirectory(path)),
        SocketState::Other => Err(Refusal::NotASocket(path)),
        SocketState::Hidden | SocketState::Socket { .. } => Ok(()),
    }
}

/// The supplementary group that the user needs, if any.
///
/// connect(2) on a unix socket needs write permission on its inode (unix(7)), by the first class
/// that fits: owner, group, others (`path_resolution(7)`). Joining a group can therefore also *take*
/// access, which is why it is joined only where the group may write.
pub fn group_for(
    path: &Path,
    state: SocketState,
    (user, primary): (u32, u32),
) -> Result<Option<u32>, Refusal> {
    usable(path, state)?;
    let SocketState::Socket { uid, gid, mode } = state else {
        return Ok(None);
    };
    let without = may_write(uid == user, gid == primary, mode);
    // Group 0 opens more than a socket (files that are root's and group-writable), so it is the
    // last resort; any other group is joined even where others may write, so that `id` shows it.
    let join = mode & 0o020 != 0 && gid != primary && (gid != 0 || !without);
    if without || may_write(uid == user, join || gid == primary, mode) {
        Ok(join.then_some(gid))
    } else {
        Err(Refusal::SocketClosed {
            path: path.to_path_buf(),
            uid,
            gid,
            mode,
            user,
        })
    }
}

fn may_write(owner: bool, group: bool, mode: u32) -> bool {
    let bit = if owner {
        0o200
    } else if group {
        0o020
    } else {
        0o002
    };
    mode & bit != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(uid: u32, gid: u32, mode: u32, user: (u32, u32)) -> Result<Option<u32>, Refusal> {
        group_for(
            Path::new("/s"),
            SocketState::Socket { uid, gid, mode },
            user,
        )
    }

    #[test]
    fn the_group_that_opens_the_socket() {
        let claude = (1000, 1000);
        for (uid, gid, mode, user, expected) in [
            (0, 998, 0o660, claude, Some(Some(998))),
            (0, 0, 0o660, claude, Some(Some(0))), // Docker Desktop
            (0, 0, 0o666, claude, Some(None)),    // open to all: not for the price of group 0
            (0, 998, 0o666, claude, Some(Some(998))), // open to all, and `id` shows docker
            (1000, 1000, 0o600, claude, Some(None)), // the user's own
            (1000, 998, 0o600, claude, Some(None)),
            (0, 1000, 0o660, claude, Some(None)), // the primary group is enough
            (0, 998, 0o606, claude, Some(None)),  // joining would take the access away
            (0, 1000, 0o606, claude, None),       // and the primary group does
            (0, 0, 0o600, claude, None),
            (0, 998, 0o640, claude, None), // reading is not connecting
            (1000, 998, 0o060, claude, None), // the owner's class comes first
            (0, 998, 0o660, (0, 0), Some(Some(998))), // a session of root's
            (0, 0, 0o660, (0, 0), Some(None)),
        ] {
            let answer = ask(uid, gid, mode, user);
            match expected {
                Some(group) => assert_eq!(answer, Ok(group), "{uid}:{gid} {mode:o} for {user:?}"),
                None => assert!(answer.is_err(), "{uid}:{gid} {mode:o} for {user:?}"),
            }
        }
    }

    #[test]
    fn what_is_no_socket_is_refused_with_a_way_out() {
        for (state, words) in [
            (SocketState::Missing, "--docker=none"),
            (SocketState::Directory, "remove that directory"),
            (SocketState::Other, "--docker=none"),
        ] {
            let refusal = group_for(Path::new("/s"), state, (1, 1)).unwrap_err();
            assert!(refusal.to_string().contains(words), "{refusal}");
        }
        assert_eq!(
            group_for(Path::new("/s"), SocketState::Hidden, (1, 1)),
            Ok(None)
        );
    }

    #[test]
    fn a_closed_socket_is_described() {
        let text = ask(0, 0, 0o600, (1000, 1000)).unwrap_err().to_string();
        for part in ["/s", "owner 0", "group 0", "mode 0600", "uid 1000", "; "] {
            assert!(text.contains(part), "{text}");
        }
    }
}
