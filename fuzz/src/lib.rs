//! What must hold of the guard for every input, as functions of bytes: cargo-fuzz looks for inputs for
//! which they panic, `tests/fuzz_corpus.rs` replays those that were kept.
//!
//! The checks know nothing of the guard's tables of fields: what may reach the engine is listed here a
//! second time, by hand, and read with Go's rules for keys.

mod any;
mod calls;
mod container;
mod dictionary;
mod filtered;
mod go;
mod headers;
mod hijacked;
mod line;
mod resources;
mod session;

pub use any::decide_any;
pub use calls::{build_call, grpc_frames};
pub use container::{create_body, created};
pub use dictionary::dictionary;
pub use filtered::filters;
pub use headers::head;
pub use hijacked::{forget, hijack};
pub use line::path;
pub use session::SESSIONS;

use hal9000::guard::Refusal;

/// A property of an input.
pub type Property = fn(&[u8]);

/// The targets, by name.
pub const TARGETS: &[(&str, Property)] = &[
    ("path", path),
    ("create_body", create_body),
    ("filters", filters),
    ("head", head),
    ("hijack", hijack),
    ("decide_any", decide_any),
    ("build_call", build_call),
    ("grpc_frames", grpc_frames),
];

/// A refusal is one line of an answer and one of the audit, whatever was asked.
fn is_plain(refusal: &Refusal) {
    assert!((400..=414).contains(&refusal.status), "{refusal:?}");
    let body: serde_json::Value = serde_json::from_str(&refusal.body()).expect("docker's shape");
    let message = body["message"].as_str().expect("a message");
    assert!(!message.contains(char::is_control), "{message:?}");
    assert!(message.len() < 4096, "{} bytes", message.len());
}
