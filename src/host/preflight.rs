//! Does the engine answer, and if not, why: asked before anything else, in words for a person.
#![expect(
    clippy::disallowed_methods,
    reason = "reads /etc/group to explain a refusal"
)]

use super::{Endpoint, Env};
use crate::model::EngineKind;
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long an engine may take to answer a ping. A loaded engine needs seconds, a dead one never.
const PATIENCE: Duration = Duration::from_secs(20);

/// The oldest API that is supported: Docker 20.10.
const OLDEST_API: u16 = 41;

/// An engine that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineAddress {
    /// Its socket.
    pub socket: PathBuf,
    /// The minor number of the newest API that it speaks (`1.41` → 41).
    pub api: u16,
    /// Which engine it is.
    pub kind: EngineKind,
}

/// Why an engine cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preflight {
    /// There is nothing at the path.
    NoSocket {
        /// The path.
        socket: PathBuf,
        /// Who named it.
        said_by: String,
        /// Sockets of other engines that were found.
        others: Vec<PathBuf>,
    },
    /// What is there is no socket.
    NotASocket {
        /// The path.
        socket: PathBuf,
        /// Whether it is a directory, which the engine leaves when a missing socket is mounted.
        directory: bool,
    },
    /// Nobody listens: the engine is not running.
    NotRunning {
        /// The path.
        socket: PathBuf,
        /// Who named it.
        said_by: String,
    },
    /// The caller may not use it.
    NoPermission {
        /// The path.
        socket: PathBuf,
        /// Owner, group and mode, in words.
        owner: String,
        /// The caller, in words.
        caller: String,
        /// The group that may use it.
        group: String,
        /// Whether the caller is a member on paper, but this login is from before.
        member: bool,
    },
    /// It answers, but not as an engine does.
    Strange {
        /// The path.
        socket: PathBuf,
        /// What went wrong.
        problem: String,
    },
    /// It is too old.
    TooOld {
        /// Its API.
        api: u16,
    },
}

/// Ask the engine for its API version.
pub fn check(endpoint: &Endpoint, env: &Env) -> Result<EngineAddress, Preflight> {
    let socket = endpoint.socket.clone();
    let stream = UnixStream::connect(&socket).map_err(|error| explain(endpoint, env, &error))?;
    let (api, kind) = ping(stream).map_err(|error| Preflight::Strange {
        socket: socket.clone(),
        problem: error.to_string(),
    })?;
    if api < OLDEST_API {
        return Err(Preflight::TooOld { api });
    }
    Ok(EngineAddress { socket, api, kind })
}

/// The engine, where one answers; the reasons are not looked for, which would ask other engines.
pub fn answers(endpoint: &Endpoint) -> Option<EngineAddress> {
    let socket = endpoint.socket.clone();
    let (api, kind) = ping(UnixStream::connect(&socket).ok()?).ok()?;
    (api >= OLDEST_API).then_some(EngineAddress { socket, api, kind })
}

/// `HEAD /_ping` and its header `Api-Version`. By hand, since it is one line each way and because
/// `/version`, which clients negotiate with, makes the engine start `runc` and `docker-init` to ask
/// for theirs (moby `info_unix.go`).
fn ping(mut stream: UnixStream) -> io::Result<(u16, EngineKind)> {
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(b"HEAD /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    let until = Instant::now() + PATIENCE;
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") && answer.len() < 65_536 {
        let late = || io::Error::other(format!("no answer in {} seconds", PATIENCE.as_secs()));
        let left = until.checked_duration_since(Instant::now());
        let left = left.filter(|left| !left.is_zero()).ok_or_else(late)?;
        stream.set_read_timeout(Some(left))?;
        let count = stream
            .read(&mut buffer)
            .map_err(|error| match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => late(),
                _ => error,
            })?;
        match count {
            0 => break,
            count => answer.extend_from_slice(&buffer[..count]),
        }
    }
    let answer = String::from_utf8_lossy(&answer);
    let api = api_version(&answer)
        .ok_or_else(|| io::Error::other("it does not answer as a docker engine does"))?;
    Ok((api, kind(&answer)))
}

fn api_version(answer: &str) -> Option<u16> {
    let minor = header(answer, "api-version")?.strip_prefix("1.")?;
    minor.parse().ok()
}

/// Podman says the version of its own API beside the one of docker's.
fn kind(answer: &str) -> EngineKind {
    let Some(version) = header(answer, "libpod-api-version") else {
        return EngineKind::Docker;
    };
    let major = version
        .split('.')
        .next()
        .and_then(|major| major.parse().ok());
    EngineKind::Podman {
        major: major.unwrap_or_default(),
    }
}

fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let fields = answer.lines().filter_map(|line| line.split_once(':'));
    let mut found = fields.filter(|(key, _)| key.eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value.trim())
}

fn explain(endpoint: &Endpoint, env: &Env, error: &io::Error) -> Preflight {
    let socket = endpoint.socket.clone();
    let said_by = endpoint.said_by.clone();
    let found = std::fs::metadata(&socket);
    match (error.kind(), found) {
        (io::ErrorKind::NotFound, _) => Preflight::NoSocket {
            others: other_sockets(env)
                .into_iter()
                .filter(|other| *other != socket)
                .collect(),
            socket,
            said_by,
        },
        (_, Ok(found)) if !found.file_type().is_socket() => Preflight::NotASocket {
            directory: found.is_dir(),
            socket,
        },
        (io::ErrorKind::ConnectionRefused, _) => Preflight::NotRunning { socket, said_by },
        (io::ErrorKind::PermissionDenied, found) => no_permission(socket, env, found.ok()),
        _ => Preflight::Strange {
            socket,
            problem: error.to_string(),
        },
    }
}

fn no_permission(socket: PathBuf, env: &Env, found: Option<std::fs::Metadata>) -> Preflight {
    let groups = std::fs::read_to_string("/etc/group").unwrap_or_default();
    let user = env.caller().name;
    let (owner, group, member) = match found {
        None => (
            "in a directory that you cannot enter".to_owned(),
            String::new(),
            false,
        ),
        Some(found) => {
            let (name, members) = group_of(&groups, found.gid());
            let mode = found.mode() & 0o7777;
            let owner = format!(
                "owned by uid {}, group {name}, mode {mode:04o}",
                found.uid()
            );
            let member = members.contains(&user) && !env.groups.contains(&found.gid());
            (owner, name, member)
        }
    };
    // The first of them can be the only one.
    let own = std::iter::once(&env.identity.gid).filter(|gid| !env.groups.contains(gid));
    let ids: Vec<String> = own.chain(&env.groups).map(u32::to_string).collect();
    Preflight::NoPermission {
        socket,
        owner,
        caller: format!("{user}, uid {}, groups {}", env.identity.uid, ids.join(" ")),
        group,
        member,
    }
}

/// The name of a group; its number where it has none.
pub(super) fn group_name(gid: u32) -> String {
    let groups = std::fs::read_to_string("/etc/group").unwrap_or_default();
    group_of(&groups, gid).0
}

/// The name and the members of a group, from the text of `/etc/group`.
fn group_of(groups: &str, gid: u32) -> (String, Vec<String>) {
    let wanted = gid.to_string();
    for line in groups.lines() {
        let fields: Vec<&str> = line.split(':').collect();
        if let [name, _, gid, members] = fields[..]
            && gid == wanted
        {
            let members = members.split(',').map(str::to_owned).collect();
            return (name.to_owned(), members);
        }
    }
    (wanted, Vec::new())
}

/// Sockets of engines where the usual products put them.
fn other_sockets(env: &Env) -> Vec<PathBuf> {
    let home = env.home().unwrap_or_default();
    let mut candidates: Vec<PathBuf> = [
        ".docker/run/docker.sock",
        ".docker/desktop/docker.sock",
        ".colima/default/docker.sock",
        ".orbstack/run/docker.sock",
        ".rd/docker.sock",
    ]
    .iter()
    .map(|path| home.join(path))
    .collect();
    if let Some(runtime) = env.get("XDG_RUNTIME_DIR") {
        candidates.push(Path::new(runtime).join("docker.sock"));
        candidates.push(Path::new(runtime).join("podman/podman.sock"));
    }
    candidates.push(PathBuf::from("/run/docker.sock"));
    candidates.push(PathBuf::from("/run/podman/podman.sock"));
    candidates.retain(|path| UnixStream::connect(path).is_ok());
    candidates
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixListener;

    fn endpoint(socket: PathBuf) -> Endpoint {
        Endpoint {
            socket,
            said_by: "a test".to_owned(),
        }
    }

    /// Something that accepts one connection and answers with `answer`.
    fn engine(answer: &'static str) -> (tempfile::TempDir, Endpoint) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("docker.sock");
        let listener = UnixListener::bind(&path).unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 256];
            let _ = stream.read(&mut request).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        });
        (dir, endpoint(path))
    }

    #[test]
    fn the_api_version_is_read_from_the_ping() {
        let env = Env::capture();
        let (_dir, good) = engine("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\n\r\n");
        let found = check(&good, &env).unwrap();
        assert_eq!((found.api, found.kind), (41, EngineKind::Docker));
        let (_dir, podman) =
            engine("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nLibpod-Api-Version: 4.3.1\r\n\r\n");
        let found = check(&podman, &env).unwrap();
        assert_eq!(
            (found.api, found.kind),
            (41, EngineKind::Podman { major: 4 })
        );
        let (_dir, old) = engine("HTTP/1.1 200 OK\r\napi-version: 1.40\r\n\r\n");
        assert_eq!(
            check(&old, &env).unwrap_err(),
            Preflight::TooOld { api: 40 }
        );
        let (_dir, strange) = engine("HTTP/1.1 404 Not Found\r\n\r\n");
        assert!(matches!(
            check(&strange, &env),
            Err(Preflight::Strange { .. })
        ));
        let (_dir, silent) = engine("");
        assert!(matches!(
            check(&silent, &env),
            Err(Preflight::Strange { .. })
        ));
    }

    #[test]
    fn each_way_of_not_being_there_is_told_apart() {
        let env = Env::capture();
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let missing = check(&endpoint(path("missing")), &env);
        assert!(matches!(missing, Err(Preflight::NoSocket { .. })));
        drop(UnixListener::bind(path("stale")).unwrap());
        let stale = check(&endpoint(path("stale")), &env);
        assert!(matches!(stale, Err(Preflight::NotRunning { .. })));
        std::fs::create_dir(path("directory")).unwrap();
        let directory = check(&endpoint(path("directory")), &env);
        assert!(matches!(
            directory,
            Err(Preflight::NotASocket {
                directory: true,
                ..
            })
        ));
        std::fs::write(path("file"), "").unwrap();
        let file = check(&endpoint(path("file")), &env);
        assert!(matches!(
            file,
            Err(Preflight::NotASocket {
                directory: false,
                ..
            })
        ));
    }

    #[test]
    fn groups_are_found_by_number() {
        let groups = "root:x:0:\ndocker:x:998:ann,bob\n";
        let members = vec!["ann".to_owned(), "bob".to_owned()];
        assert_eq!(group_of(groups, 998), ("docker".to_owned(), members));
        assert_eq!(group_of(groups, 5).0, "5");
    }
}
