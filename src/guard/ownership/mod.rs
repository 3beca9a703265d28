//! Who owns what. A session owns what it made, by id, in a state of the guard's own: labels can be
//! baked into images and are no proof (guard-policy §0.8). What it does not own does not exist for it.

mod journal;
mod owned;

pub use journal::{Damaged, Record};
pub use owned::{Kind, Owned, Resolved};
