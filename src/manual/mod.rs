//! The manual: what is said of each command beside its grammar.

mod examples;

pub use examples::{Example, examples};
