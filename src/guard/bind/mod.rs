//! What containers of a session may mount. A path is the project or beneath it, or the docker socket,
//! in whose place the guard's own is put; anything else of the host is refused (guard-policy §2.6).
//! Here is what can be decided without looking: the caller opens what is beneath the project without
//! following a symlink out of it, and makes volumes that are missing the session's before they are
//! used.

mod entry;
mod mapping;
mod mount;
mod text;
mod tmpfs;

pub use entry::MOUNT;
pub(super) use entry::read as entry;
pub use mapping::{Mapping, Relative};
pub use mount::{MountRequest, Place, Source};
pub(super) use text::{read as bind, target};
pub(super) use tmpfs::{is_tmpfs, option_list as tmpfs_options};

#[cfg(test)]
mod tests;
