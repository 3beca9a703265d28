//! The engine's address, found as docker's own client finds it: `--host`, `--context`,
//! `DOCKER_HOST`, `DOCKER_CONTEXT`, the current context of `config.json`, the default socket
//! (docker/cli `cli/command/cli.go`, `resolveContextName`).
#![expect(
    clippy::disallowed_methods,
    reason = "reads docker's own configuration"
)]

use super::Env;
use crate::model::Product;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The default socket of a rootful engine on Linux.
pub(super) const DEFAULT_SOCKET: &str = "/var/run/docker.sock";

/// What the command line says about the engine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// `--host`
    pub host: Option<String>,
    /// `--context`
    pub context: Option<String>,
}

impl Selection {
    /// The same selection for docker's client; what comes from the environment it sees itself.
    pub fn client_options(&self) -> Vec<String> {
        let option = |name: &str, value: &Option<String>| {
            value
                .iter()
                .flat_map(|value| [name.to_owned(), value.clone()])
                .collect::<Vec<_>>()
        };
        [
            option("--host", &self.host),
            option("--context", &self.context),
        ]
        .concat()
    }
}

/// Where the engine is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The path of its socket on this machine.
    pub socket: PathBuf,
    /// Who said so, for messages.
    pub said_by: String,
}

impl Endpoint {
    /// The socket as a path on the machine on which the engine runs, to be mounted. Where the
    /// engine is in a virtual machine, that is its default socket there (Docker Desktop, Colima,
    /// `OrbStack`, Rancher Desktop, Lima).
    pub fn socket_for_mounts(&self) -> String {
        let product = self.product();
        if product.is_some_and(Product::in_virtual_machine) {
            return DEFAULT_SOCKET.to_owned();
        }
        self.socket.to_string_lossy().into_owned()
    }

    /// Who brought the engine, where the socket's path tells.
    pub fn product(&self) -> Option<Product> {
        Product::at(&self.socket)
    }

    /// Whether the engine is in a virtual machine: then no socket crosses between a container and
    /// this machine.
    pub fn in_virtual_machine(&self) -> bool {
        Path::new(&self.socket_for_mounts()) != self.socket
    }

    /// What tells this engine from others on this machine, in names of files; none for the one at
    /// the default socket, by whatever path. Two engines at once have two sockets.
    pub fn key(&self) -> Option<String> {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let socket = real(&self.socket);
        if self.is_default() || socket == real(Path::new(DEFAULT_SOCKET)) {
            return None;
        }
        let digest = digest(&socket.to_string_lossy());
        digest.get(..8).map(str::to_owned)
    }

    /// Whether this is the default socket of a rootful engine.
    pub fn is_default(&self) -> bool {
        self.socket == Path::new(DEFAULT_SOCKET) || self.socket == Path::new("/run/docker.sock")
    }
}

/// Why no engine can be addressed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Both were given; docker refuses that as well.
    #[error("`--host` and `--context` cannot be used together")]
    Conflict,
    /// A context that docker does not know.
    #[error("docker context `{name}` not found: {path} cannot be read ({said_by})")]
    NoContext {
        /// Its name.
        name: String,
        /// The file that would describe it.
        path: String,
        /// Who named it.
        said_by: String,
    },
    /// A context whose description cannot be understood.
    #[error("docker context `{name}` cannot be understood: {path}: {problem}")]
    BadContext {
        /// Its name.
        name: String,
        /// The file that describes it.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// An engine on another machine: the project is not there.
    #[error("the docker engine is at `{address}` ({said_by}), where this project is not")]
    Remote {
        /// Its address.
        address: String,
        /// Who named it.
        said_by: String,
    },
}

/// Find the engine.
pub fn resolve(selection: &Selection, env: &Env) -> Result<Endpoint, EndpointError> {
    // docker takes an empty one for none.
    let given = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
    let context = match (&given(&selection.host), &given(&selection.context)) {
        (Some(_), Some(_)) => return Err(EndpointError::Conflict),
        (Some(host), None) => return address(host, "--host"),
        (None, Some(name)) => (name.clone(), "--context".to_owned()),
        (None, None) => match (env.get("DOCKER_HOST"), env.get("DOCKER_CONTEXT")) {
            (Some(host), _) => return address(host, "DOCKER_HOST"),
            (None, Some(name)) => (name.to_owned(), "DOCKER_CONTEXT".to_owned()),
            (None, None) => current_context(env),
        },
    };
    let (name, said_by) = context;
    if name == "default" || name.is_empty() {
        return address(&format!("unix://{DEFAULT_SOCKET}"), "docker's default");
    }
    let path = config_directory(env)
        .join("contexts/meta")
        .join(digest(&name))
        .join("meta.json");
    let shown = path.display().to_string();
    let Ok(text) = std::fs::read_to_string(&path) else {
        return Err(EndpointError::NoContext {
            name,
            path: shown,
            said_by,
        });
    };
    let host = host_of(&text).map_err(|problem| EndpointError::BadContext {
        name: name.clone(),
        path: shown,
        problem,
    })?;
    address(&host, &format!("context `{name}`, by {said_by}"))
}

fn address(host: &str, said_by: &str) -> Result<Endpoint, EndpointError> {
    match host.strip_prefix("unix://") {
        Some(path) => Ok(Endpoint {
            socket: PathBuf::from(path),
            said_by: said_by.to_owned(),
        }),
        None => Err(EndpointError::Remote {
            address: host.to_owned(),
            said_by: said_by.to_owned(),
        }),
    }
}

pub(super) fn config_directory(env: &Env) -> PathBuf {
    match env.get("DOCKER_CONFIG") {
        Some(path) => PathBuf::from(path),
        None => env.home().unwrap_or_default().join(".docker"),
    }
}

/// The current context of docker's client, and the file that names it.
pub fn current_context(env: &Env) -> (String, String) {
    let path = config_directory(env).join("config.json");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let name = json
        .get("currentContext")
        .and_then(|name| name.as_str())
        .unwrap_or("default");
    (name.to_owned(), path.display().to_string())
}

/// The names of docker's contexts.
pub fn contexts(env: &Env) -> Vec<String> {
    let directory = config_directory(env).join("contexts/meta");
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let name = |entry: std::fs::DirEntry| {
        let meta = std::fs::read_to_string(entry.path().join("meta.json")).ok()?;
        let meta: serde_json::Value = serde_json::from_str(&meta).ok()?;
        Some(meta.get("Name")?.as_str()?.to_owned())
    };
    let mut names: Vec<String> = entries.filter_map(name).collect();
    names.push("default".to_owned());
    names.sort();
    names
}

fn host_of(meta: &str) -> Result<String, String> {
    let json: serde_json::Value = serde_json::from_str(meta).map_err(|error| error.to_string())?;
    let host = json
        .pointer("/Endpoints/docker/Host")
        .and_then(|host| host.as_str());
    host.map(str::to_owned)
        .ok_or_else(|| "no docker endpoint in it".to_owned())
}

/// The directory of a context is the SHA-256 of its name (docker/cli `cli/context/store`).
fn digest(name: &str) -> String {
    Sha256::digest(name.as_bytes())
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
#[path = "endpoint_tests.rs"]
mod tests;
