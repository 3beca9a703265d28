//! Paths in every session's container (contract §4).

/// The project, whatever its path on the host.
pub const WORKSPACE: &str = "/workspace";
/// The read-only volume with Claude, docker and hal-9000.
pub const RUNTIME: &str = "/opt/hal9000";
/// The entrypoint in it.
pub const ENTRYPOINT: &str = "/opt/hal9000/bin/hal-9000";
/// The user's home.
pub const HOME: &str = "/home/claude";
/// Claude's state.
pub const CLAUDE_STATE: &str = "/home/claude/.claude";
/// The docker socket.
pub const SOCKET: &str = "/var/run/docker.sock";
/// The directory of the guard's socket. A directory, since a socket that was mounted itself would be
/// the old one after the guard was started again.
pub const GUARD: &str = "/run/hal9000/docker";
/// The guard's socket in it, to which the docker socket is a link.
pub const GUARD_SOCKET: &str = "/run/hal9000/docker/docker.sock";
/// In the parent: the directories of the guards' sockets, which are made for spares.
pub const PARENT_GUARDS: &str = "/var/lib/hal9000/guards";
/// Secrets, a file each, named as the variable that they become.
pub const SECRETS: &str = "/run/hal9000/secrets";
/// In the parent: where its socket is, in a directory of the host's user.
pub const PARENT_RUN: &str = "/run/hal9000";
/// In the parent: what ChromaDB keeps.
pub const CHROMA_DATA: &str = "/var/lib/hal9000/chromadb";
/// In the parent: what agents remember beside ChromaDB.
pub const MEMORY_BANK: &str = "/var/lib/hal9000/memory-bank";
/// In the parent: what the coordinator keeps.
pub const PARENT_STATE: &str = "/var/lib/hal9000/state";
/// The coordinator's program in the parent's image.
pub const COORDINATOR: &str = "/usr/local/bin/hal-9000";
/// Certificates to trust.
pub const CA_BUNDLE: &str = "/etc/hal9000/ca.pem";
