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
/// Secrets, a file each, named as the variable that they become.
pub const SECRETS: &str = "/run/hal9000/secrets";
/// Certificates to trust.
pub const CA_BUNDLE: &str = "/etc/hal9000/ca.pem";
