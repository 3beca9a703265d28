//! What whoever starts a guard and the guard itself have in common: files in the directory that it
//! keeps for its session.

/// The words with which the guard is started: another one is started with them where it is gone, and
/// as long as the file is there something is left to do.
pub const GUARD_ARGUMENTS: &str = "arguments.json";

/// Locked by the guard for as long as it lives.
pub const GUARD_LOCK: &str = "lock";

/// What a guard says to whoever started it, when it listens.
pub const GUARD_READY: &str = "ready\n";
