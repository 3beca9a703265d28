//! What becomes of a request.

use super::bind::{MountRequest, Place};
use super::container::Create;
use super::filters::Filters;
use super::json::Value;
use super::ownership::{Kind, Record};
use super::path::{ApiVersion, Method, Stream};
use super::refusal::Refusal;
use super::rule;
use super::schema::Change;

/// What the caller does with a request that is not refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Send this to the engine, and give the client what [`Upstream::reply`] says.
    Forward(Box<Upstream>),
    /// Find the places of the mounts and make the volumes that are claimed
    /// ([`super::volume::create_body`]: the engine would make them without a label), then send what
    /// [`Pending::render`] gives.
    Create(Box<Pending>),
    /// Delete what is listed and the session's, one by one: the engine's own prune cannot be bound to
    /// ids.
    Prune(Prune),
    /// Send nothing and answer this, which may be empty: of what is asked for the session has none.
    Nothing(&'static str),
}

/// A request as the engine gets it: nothing in it is what a client wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// The method.
    pub method: Method,
    /// The path, with version and full ids.
    pub path: String,
    /// The query, without `?`; empty if there is none.
    pub query: String,
    /// The body.
    pub payload: Payload,
    /// How the connection goes on.
    pub stream: Stream,
    /// Names that must not be anybody's yet: the caller asks the engine right before, one request for a
    /// name at a time, and refuses with [`Claim::taken`]. The engine answers a create of a volume that
    /// exists with that volume, and moves a tag from the image that has it.
    pub claims: Vec<Claim>,
    /// What changes of what the session owns, if the engine does it.
    pub effect: Effect,
    /// What is done with the answer.
    pub reply: Reply,
    /// What the guard changed of the body.
    pub changes: Vec<Change>,
}

/// A name that a request wants for the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Of what.
    pub kind: Kind,
    /// The name; an image's normalised reference.
    pub name: String,
}

impl Claim {
    /// The answer if somebody has the name.
    pub fn taken(&self) -> Refusal {
        let rule = match self.kind {
            Kind::Image => rule::IMAGE_OVERWRITE,
            _ => rule::FOREIGN,
        };
        let cause = "is there already, and is not this session's";
        Refusal::forbidden(rule, format!("{} {}", self.kind, self.name), cause)
    }
}

/// A body for the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// None.
    Empty,
    /// JSON.
    Json(String),
    /// The client's archive, streamed as it is.
    Tar,
    /// The client's archive of files for a container, streamed as far as [`super::files::Files`] finds
    /// nothing.
    Files,
    /// An archive of images: written anew member by member ([`super::image::Layout`]), its index files
    /// last, when the references in them ([`super::image::loaded`]) were claimed.
    Images,
}

/// What a success changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    Nothing,
    /// An object was made. Its id is in the answer; of a volume, its name.
    Makes {
        /// What it is.
        kind: Kind,
        /// The name that was asked for.
        name: Option<String>,
        /// For a command, its container.
        of: Option<String>,
    },
    /// Images came to be under these references, and what the answer names (`aux` of a build, `Loaded
    /// image` of a load). The session owns a reference that nobody had before, and an id that the
    /// engine did not have; a reference to an image that was there is recorded as its own id.
    Refers(Vec<String>),
    /// This is written to the journal.
    Records(Vec<Record>),
}

/// What is done with an answer before the client gets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Nothing.
    AsIs,
    /// Entries that are not the session's are left out ([`super::answer::list`]), and containers are
    /// shown as when they are inspected.
    Owned(Kind),
    /// A container's paths are shown as the session knows them ([`super::answer::container`]); of a
    /// network only the session's containers are ([`super::answer::network`]).
    Inspected(Kind),
    /// `_ping`: its headers.
    Ping,
    /// `version`
    Version,
    /// `info`
    Info,
    /// A line for each event.
    Events,
    /// `system/df`
    DiskUsage,
}

/// A create whose mounts are still to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The container.
    pub create: Create,
    /// The request without its body.
    pub upstream: Upstream,
    /// The version that it is written for.
    pub version: ApiVersion,
}

impl Pending {
    /// The mounts, in order.
    pub fn mounts(&self) -> &[MountRequest] {
        &self.create.mounts
    }

    /// The request for the engine; `places` as in [`Create::render`].
    pub fn render(self, places: &[Option<Place>]) -> Result<Upstream, Refusal> {
        let body: Value = self.create.render(places)?;
        let subpath = |place: &Option<Place>| {
            let place = place.as_ref();
            place.is_some_and(|place| {
                matches!(
                    place,
                    Place::Volume {
                        subpath: Some(_),
                        ..
                    }
                )
            })
        };
        // a client of an older version asked for a bind: the engine would leave the path out
        let path = if self.version < ApiVersion::SUBPATH && places.iter().any(subpath) {
            let rest: Vec<&str> = self.upstream.path.split('/').skip(2).collect();
            format!("/v{}/{}", ApiVersion::SUBPATH, rest.join("/"))
        } else {
            self.upstream.path
        };
        Ok(Upstream {
            payload: Payload::Json(body.to_json()),
            path,
            ..self.upstream
        })
    }
}

/// What is to be pruned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prune {
    /// What.
    pub kind: Kind,
    /// The client's filters, for the list.
    pub filters: Filters,
    /// The version to speak.
    pub version: ApiVersion,
}
