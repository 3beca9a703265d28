//! How the command on the host and the coordinator in the parent talk: a line of JSON each way,
//! over a unix socket, or over `docker exec` where a socket does not cross from container to host.
//! Its version is a number of its own, so that a new release that speaks the same is no stranger.

mod client;
mod codec;
mod lease;
mod message;
mod server;

pub use client::{CallError, Probe, call, judge, probe, read_reply};
pub use codec::{CodecError, LONGEST, Lines, encode};
pub use lease::{Lease, hold};
pub use message::{
    Answer, Chroma, ChromaState, Hello, Order, PROTOCOL, Reply, Request, Screen, Status, Worker,
    read_request,
};
pub use server::{Access, HOLDS, Handler, serve};
