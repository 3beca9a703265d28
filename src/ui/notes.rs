//! Words for the remarks of a plan, and the one line that a session begins with.

use crate::model::DetachKeys;
use crate::plan::Note;

/// A remark as a sentence.
pub fn note(note: &Note) -> String {
    match note {
        Note::ApiKeyStaysHere => "ANTHROPIC_API_KEY is not handed on: `docker inspect` would show \
             it, and it outranks a login. Log in inside once, or put the key into a file and name \
             it in your configuration: `[secrets]` `ANTHROPIC_API_KEY = \"~/path/to/file\"`"
            .to_owned(),
        Note::ProjectIsHome => "the project is your whole home directory: Claude can read and \
             change everything in it"
            .to_owned(),
        Note::HostPathReserved(path) => {
            format!("`{path}` cannot be used as a path inside; the project is at `/workspace`")
        }
        Note::NameTaken(name) => {
            format!("the name `{name}` is another container's: the session has the next one")
        }
        Note::VariableNotSet(name) => format!("`--env {name}`: {name} is not set here"),
        Note::RunsAsRoot => "the project belongs to root: Claude runs as root, without any \
             capability"
            .to_owned(),
    }
}

/// What a session begins with, in one line: its name, and how to leave it running.
pub fn start_line(name: &str, joined: bool, keys: &DetachKeys) -> String {
    let verb = if joined { "joined" } else { "session" };
    format!("{verb} {name} · {} leaves it running", keys.spoken())
}

/// Why a container of `hal-9000 docker run` gains no project.
pub fn without_workspace(why: &str) -> String {
    format!("no workspace in this container: {why}")
}

/// The home directory is no project for containers of all kinds.
pub const HOME_IS_NO_WORKSPACE: &str =
    "this is your whole home directory; `--mount` or `--volume` says so if you mean it";

/// What is said when a session was left running.
pub fn left_line(name: &str) -> String {
    format!("{name} goes on; `hal-9000` joins it again")
}

/// What is said once to everybody whose sessions have the host's docker socket.
pub const DOCKER_IS_ROOT: &str = "docker inside is this machine's engine, and whoever can use that \
    is root here: without `--docker=host` it is kept from the host, `--docker=none` goes without (said once)";

/// What is said once to everybody whose engine cannot have a guarded docker.
pub const DOCKER_CANNOT_BE_GUARDED: &str = "docker inside is the engine's own, and whoever can use \
    that is root in its virtual machine, with what that has of this one: no socket of a guard can be \
    had there; `--docker=none` goes without (said once)";

/// What is said once to everybody whose sessions have no docker, since a guard would not hold.
pub const NO_DOCKER: &str = "no docker inside: this engine is Podman, where a guard is not shown \
    to hold, and whoever has the engine's own socket has what Podman has, root where it runs as root: \
    `--docker=host` hands that over (said once)";

/// What is said once to everybody whose sessions have a guarded docker.
pub const DOCKER_IS_GUARDED: &str = "docker inside is guarded: it has this project and what the \
    session makes, and not the rest of this machine; `hal-9000 audit` tells what was refused (said once)";

/// What is said with a printed command whose session has a guarded docker.
pub const GUARD_IS_NOT_PRINTED: &str = "docker inside is a guard's, which `hal-9000` starts and \
    this command does not, so that it finds no directory of the socket: `--docker=none` or \
    `--docker=host` prints one that stands alone";
