//! The request line: which route it is, about which object, with which parameters. The target is split
//! and decoded once, against a strict grammar; what is sent to the engine is written anew from the
//! result, so that nothing here is decided on less than what the engine reads (guard-policy §2.1).

mod query;
mod routes;
mod row;
mod target;
mod version;

pub use query::{Param, ParamKind, Query, percent_encode};
pub use routes::{ROUTES, Route};
pub use row::{Body, Method, Permission, Row, Stream};
pub use target::{Object, Request, is_image, is_name, parse};
pub use version::{ApiVersion, Speaks};

#[cfg(test)]
mod tests;
