//! Settings: built-in values, the user's file, the project's file once trusted, variables, flags;
//! each layer over the one before, every value with its origin.

mod edit;
mod file;
mod keys;
mod layers;

pub use edit::{set, unset};
pub use file::{Entry, FileError, name, parse};
pub use keys::{KEYS, Key, key};
pub use layers::{Layers, SettingError};
