//! Who a session runs as.

use super::project::short_hash;

/// A user and group by number, as they own files on the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// User id.
    pub uid: u32,
    /// Primary group id.
    pub gid: u32,
}

/// `<userhash>`: first 8 hex of sha256(user name); names the user's volumes and labels.
pub fn user_hash(user_name: &str) -> String {
    short_hash(user_name.as_bytes())
}
