//! The port for images, the volumes that they fill, and the containers that do the filling.

use super::EngineError;
use super::build_events::BuildEvent;
use bytes::Bytes;
use std::collections::BTreeMap;

/// An image that the engine has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its id: `sha256:` and 64 hexadecimal digits.
    pub id: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Bytes, layers shared with other images included.
    pub size: u64,
    /// When it was made, in seconds since 1970.
    pub created: i64,
    /// Its references; none where another image took them over.
    pub tags: Vec<String>,
}

/// A volume that the engine has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}

/// A container, as far as filling a volume needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filler {
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// The engine's word: `created`, `exited`, `removing`, `dead`, …
    pub state: String,
}

/// A container to create, whose creation copies the content of `image` at `target` into `volume`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FillRequest {
    /// The name of the container.
    pub name: String,
    /// The image with the content.
    pub image: String,
    /// The volume; made with `volume_labels` where it does not exist.
    pub volume: String,
    /// Where the content is in the image.
    pub target: String,
    /// A command that ends by itself, where the container has to be started.
    pub command: Vec<String>,
    /// Labels of the container.
    pub labels: BTreeMap<String, String>,
    /// Labels of the volume.
    pub volume_labels: BTreeMap<String, String>,
}

/// One file of a build's context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildFile {
    /// Its path in the context.
    pub name: String,
    /// Its permission bits.
    pub mode: u32,
    /// Its content.
    pub bytes: Bytes,
}

/// An image to build.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildRequest {
    /// The reference that the image gets.
    pub tag: String,
    /// The Dockerfile.
    pub dockerfile: String,
    /// The files of the context.
    pub files: Vec<BuildFile>,
    /// Build arguments.
    pub args: BTreeMap<String, String>,
    /// Labels of the image.
    pub labels: BTreeMap<String, String>,
    /// Run every step again, whatever the engine has cached.
    pub no_cache: bool,
}

/// What the images' use-cases ask of an engine.
#[expect(
    async_fn_in_trait,
    reason = "used through generics on a current-thread runtime only: no caller needs Send"
)]
pub trait Images {
    /// The engine's architecture, in its own words (`amd64`).
    async fn architecture(&self) -> Result<String, EngineError>;

    /// The image of this reference or id.
    async fn image(&self, reference: &str) -> Result<Option<Image>, EngineError>;

    /// The images with this label (`key` or `key=value`), those without a reference included.
    async fn images(&self, label: &str) -> Result<Vec<Image>, EngineError>;

    /// Build an image and return its id; `on_event` hears what happens meanwhile.
    async fn build(
        &self,
        request: BuildRequest,
        on_event: &mut dyn FnMut(BuildEvent),
    ) -> Result<String, EngineError>;

    /// Give an image one more reference, which another image may have had.
    async fn tag_image(&self, image: &str, reference: &str) -> Result<(), EngineError>;

    /// Remove a reference, and the image when that was its last; returns the bytes that this
    /// freed. [`EngineError::Conflict`] where a container uses it.
    async fn remove_image(&self, reference: &str) -> Result<u64, EngineError>;

    /// The volume of this name.
    async fn volume(&self, name: &str) -> Result<Option<Volume>, EngineError>;

    /// The volumes with this label (`key` or `key=value`).
    async fn volumes(&self, label: &str) -> Result<Vec<Volume>, EngineError>;

    /// Remove a volume; [`EngineError::Conflict`] where a container uses it, even one that is
    /// still being created.
    async fn remove_volume(&self, name: &str) -> Result<(), EngineError>;

    /// The names of all containers that use a volume, stopped ones included.
    async fn volume_users(&self, name: &str) -> Result<Vec<String>, EngineError>;

    /// Create a container that fills a volume, and return when the volume is full.
    /// [`EngineError::Conflict`] while the name is taken, even by one that is still being created.
    async fn create_filler(&self, request: &FillRequest) -> Result<(), EngineError>;

    /// The container of exactly this name, once its creation is complete.
    async fn filler(&self, name: &str) -> Result<Option<Filler>, EngineError>;

    /// Remove a container that does not run, and nothing of its volumes.
    async fn remove_filler(&self, name: &str) -> Result<(), EngineError>;
}
