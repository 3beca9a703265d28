//! BuildKit (guard-policy §2.9): what a session's clients may ask of it, call by call.
//!
//! A client reaches it by two upgraded connections: `/grpc`, on which the engine answers, and `/session`,
//! on which the client does. Calls are known by [`method`]; [`judge`] reads the message of one on `/grpc`
//! and writes it anew. What the engine asks its client for goes through as it comes ([`Frames`]).

mod call;
mod control;
mod export;
mod frame;
mod gateway;
mod headers;
mod llb;
mod methods;
mod options;
mod session;
mod shape;
mod wire;

pub use call::{Call, Solve, Told, judge, made, named};
pub use frame::{Frames, LARGEST as LARGEST_MESSAGE, framed, single};
pub use headers::{BUILD, LARGEST as LARGEST_HEADERS, message, passes, status};
pub use methods::{Method, Side, method};
pub use session::{HEADERS as SESSION_HEADERS, Session};
pub use shape::Moment;
