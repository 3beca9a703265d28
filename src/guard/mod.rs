//! The guard of the docker socket, without any I/O: what may pass, as what, and why not.
//!
//! Nothing that a client sent is passed on. A request is read strictly ([`path`], [`json`]), checked
//! against models in which every known field is classified ([`schema`] and the rooms by object), and
//! written anew ([`verdict`]). The table of [`rules`] says what for.
//!
//! For each request the caller (1) reads its line with [`path::parse`] and its headers with
//! [`head::check`], (2) reads the body if it is JSON, (3) lets [`decide()`] decide, (4) looks after the
//! claims, mounts and index files that the verdict names, (5) sends what the verdict says and nothing
//! else, (6) records the effect before the client is told, (7) gives the answer as
//! [`verdict::Reply`] and [`answer`] say, and (8) writes a [`decision::Decision`]. A [`Refusal`] at
//! any step is the answer.

pub mod answer;
pub mod bind;
mod build;
pub mod buildkit;
pub mod container;
mod decide;
pub mod decision;
pub mod exec;
pub mod files;
pub mod filters;
pub mod head;
pub mod image;
pub mod joining;
pub mod json;
pub mod labels;
pub mod moment;
pub mod network;
pub mod ownership;
pub mod path;
pub mod policy;
pub mod ports;
pub mod refusal;
pub mod rule;
pub mod schema;
mod system;
pub mod verdict;
pub mod volume;

pub use decide::decide;
pub use policy::{Bounds, Itself, Policy};
pub use refusal::Refusal;
pub use rule::{GuardRule, rules};
pub use verdict::{Upstream, Verdict};
