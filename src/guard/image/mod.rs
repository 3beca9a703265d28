//! Images: one namespace for the session and the user. What exists is read and run by anybody; what a
//! session writes must be new or its own (guard-policy §2.10).

mod archive;
mod index;
mod reference;
mod shadow;
mod write;

pub use archive::{ArchiveFile, Layout, Loaded, Member, Placed, loaded};
pub use reference::Reference;
pub use shadow::{pulled, shadows};
pub(super) use write::{commit, create, delete, push, resolve, tag, written};

#[cfg(test)]
mod tests;
