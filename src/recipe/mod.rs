//! Recipes: how each image of ours is made. Text in, text out: no engine, no files, no clock.
//!
//! The Dockerfiles are in `docker/`, embedded. A recipe's [`Recipe::inputs`] hash changes exactly
//! when the image that it makes may change, and is a label of the image: that comparison is the
//! whole answer to "must this be built?".

mod builtin;
mod download;
mod parent;
mod profile;
mod runtime;
mod user;

pub use crate::model::{Labels, Registry, label_keys as keys};
pub use builtin::{builtin, builtin_profiles, worker};
pub use parent::{CHROMA_VERSION, chroma, parent};
pub use profile::{BASE, InvalidProfile, ProfileName, detect, markers};
pub use runtime::{
    Arch, ClaudeVersion, InvalidVersion, NEWEST, PINNED_CLAUDE, claude, newest_claude, runtime,
};
pub use user::{RecipeError, user_profile};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The version of this crate, which is the tag of most images.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The identity of this build (see `build.rs`): stands for the executable's content.
pub const BUILD: &str = env!("HAL9000_BUILD");

/// The base of every image that is not built from another one of ours.
pub const BASE_IMAGE: &str = "debian:trixie-slim";

/// What an image is for: the value of the label `hal9000.role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The image of sessions without a toolchain.
    Worker,
    /// A worker with a toolchain.
    Profile,
    /// What fills the runtime volume.
    Runtime,
    /// One release of Claude, the lowest layer of runtime images.
    Claude,
    /// The container beside the sessions.
    Parent,
    /// One release of the ChromaDB server, the lower layers of the parent's image.
    Chroma,
}

impl Role {
    /// The label's value.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Worker => "worker",
            Self::Profile => "profile",
            Self::Runtime => "runtime",
            Self::Claude => "claude",
            Self::Parent => "parent",
            Self::Chroma => "chroma",
        }
    }
}

/// What is in a file of a build's context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// These bytes.
    Bytes(Bytes),
    /// The running executable; read only when an image is really built.
    ThisExecutable,
}

/// One file of a build's context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextFile {
    /// Its path in the context, relative, with `/`.
    pub name: String,
    /// Its permission bits.
    pub mode: u32,
    /// What is in it.
    pub content: Content,
}

/// How one image is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// The name that the image gets: `hal9000/worker:0.1.0`.
    pub reference: String,
    /// What it is for.
    pub role: Role,
    /// The toolchain, for images that sessions start from.
    pub profile: Option<ProfileName>,
    /// The complete Dockerfile.
    pub dockerfile: String,
    /// Build arguments.
    pub args: BTreeMap<String, String>,
    /// The files of the context, besides the Dockerfile.
    pub files: Vec<ContextFile>,
    /// The images of ours that it is built from.
    pub parents: Vec<Recipe>,
    /// The architecture that it can only be built for, where it contains prebuilt programs.
    pub arch: Option<Arch>,
    /// The same image, made in the way that others make it: its inputs are what counts.
    pub same_as: Option<Box<Recipe>>,
}

impl Recipe {
    /// Hash of everything that makes the image what it is, as 64 hexadecimal digits.
    pub fn inputs(&self) -> String {
        if let Some(same) = &self.same_as {
            return same.inputs();
        }
        let mut hash = Sha256::new();
        // Each part with its length: no two different recipes give the same sequence of bytes.
        let mut add = |part: &[u8]| {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        };
        add(self.reference.as_bytes());
        add(self.role.as_str().as_bytes());
        add(self.dockerfile.as_bytes());
        for (name, value) in &self.args {
            add(name.as_bytes());
            add(value.as_bytes());
        }
        add(b"files");
        for file in &self.files {
            add(file.name.as_bytes());
            add(&file.mode.to_le_bytes());
            match &file.content {
                Content::Bytes(bytes) => add(bytes),
                Content::ThisExecutable => add(BUILD.as_bytes()),
            }
        }
        add(b"parents");
        for parent in &self.parents {
            add(parent.inputs().as_bytes());
        }
        hex(&hash.finalize())
    }

    /// The labels of the image.
    pub fn labels(&self) -> Labels {
        let mut labels = Labels::from([
            (keys::ROLE.to_owned(), self.role.as_str().to_owned()),
            (keys::VERSION.to_owned(), VERSION.to_owned()),
            (keys::INPUTS.to_owned(), self.inputs()),
        ]);
        if let Some(profile) = &self.profile {
            labels.insert(keys::PROFILE.to_owned(), profile.as_str().to_owned());
        }
        labels
    }

    /// The name of the volume that this image fills, and of the container that fills it:
    /// `hal9000-runtime-<version>-<claude version>-<first 8 of inputs>`.
    pub fn volume(&self) -> String {
        let inputs = self.inputs();
        let name = self.reference.replace(['/', ':'], "-");
        format!("{name}-{}", inputs.get(..8).unwrap_or(&inputs))
    }
}

/// Lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests;
