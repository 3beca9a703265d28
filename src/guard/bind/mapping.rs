//! Where the session's project is: the paths by which a session knows it, and the one on the host.

use super::Source;
use crate::guard::Refusal;
use crate::guard::rule;
use std::fmt;

/// A path beneath the project, without `.`, `..` and empty parts; never empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Relative(String);

impl Relative {
    /// The path, with `/` between its parts and none at its ends.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Relative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The paths of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    project: String,
    seen_as: Vec<String>,
    guard_socket: String,
}

/// Where clients and their libraries expect the socket (guard-policy §2.6).
const SOCKETS: &[&str] = &["/var/run/docker.sock", "/run/docker.sock"];
const SOCKET_ENDINGS: &[&str] = &["/docker.sock.raw", "/.docker/run/docker.sock"];

impl Mapping {
    /// `project` is the project's path on the engine's machine; `seen_as` are the paths at which the
    /// session has it, beside that one; `guard_socket` is the guard's own socket on the engine's
    /// machine. `None` if one is not an absolute path, or the project is `/`.
    pub fn new(project: &str, seen_as: &[&str], guard_socket: &str) -> Option<Self> {
        let project = clean(project).filter(|path| path != "/")?;
        let mut all = vec![project.clone()];
        for path in seen_as {
            all.push(clean(path).filter(|path| path != "/")?);
        }
        // the longest first: a project could be seen below another path of itself
        all.sort_by_key(|path| std::cmp::Reverse(path.len()));
        all.dedup();
        Some(Self {
            project,
            seen_as: all,
            guard_socket: clean(guard_socket)?,
        })
    }

    /// The project on the engine's machine.
    pub fn project(&self) -> &str {
        &self.project
    }

    /// What a path in a request means: the daemon's own lexical cleaning first (`filepath.Clean`), so
    /// that `..` cannot mean one thing here and another there.
    pub(super) fn source(&self, field: &str, path: &str, target: &str) -> Result<Source, Refusal> {
        let Some(path) = absolute(path) else {
            return Err(Refusal::malformed(
                rule::MOUNT_PATH,
                field,
                format!("is `{path}`"),
            ));
        };
        if self.is_socket(&path) || target.rsplit('/').next() == Some("docker.sock") {
            return Ok(Source::GuardSocket);
        }
        let inside = self.seen_as.iter().find_map(|known| {
            let rest = path.strip_prefix(known.as_str())?;
            (rest.is_empty() || rest.starts_with('/')).then_some(rest)
        });
        match inside {
            Some("") => Ok(Source::Project),
            Some(rest) => Ok(Source::Beneath(Relative(
                rest.trim_start_matches('/').to_owned(),
            ))),
            None => Err(Refusal::forbidden(
                rule::MOUNT_OUTSIDE,
                field,
                format!("is `{path}`"),
            )),
        }
    }

    fn is_socket(&self, path: &str) -> bool {
        path == self.guard_socket
            || SOCKETS.contains(&path)
            || SOCKET_ENDINGS.iter().any(|ending| path.ends_with(ending))
    }

    /// The session's name for a path of the engine's machine, as answers show it; `None` outside the
    /// project.
    pub fn shown(&self, host: &str) -> Option<String> {
        let rest = host.strip_prefix(self.project.as_str())?;
        let inside = rest.is_empty() || rest.starts_with('/');
        // the shortest other name is the one that a session works under
        let other = self.seen_as.iter().rfind(|path| **path != self.project);
        inside.then(|| format!("{}{rest}", other.unwrap_or(&self.project)))
    }
}

/// An absolute path of printable characters, cleaned.
pub(super) fn absolute(path: &str) -> Option<String> {
    let odd = |c: char| c.is_control() || c == '\\';
    if path.len() > 4096 || path.contains(odd) {
        return None;
    }
    clean(path)
}

/// Go's `filepath.Clean` of an absolute path.
fn clean(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.strip_prefix('/')?.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some(format!("/{}", parts.join("/")))
}
