//! What can be typed wrong, and what is around when somebody types: refused before any engine is
//! asked, with a status a script can tell and words a person can use.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests start programs, and fail by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod audit;
mod config;
mod doctor;
mod narrow;
mod places;
mod profiles;
mod typos;
mod words;

use support::sandbox::{Output, Sandbox};

/// A machine whose engine is not there: what gets so far is told from what was refused before.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let socket = format!("unix://{}/no-engine", sandbox.root().display());
    sandbox.env("DOCKER_HOST", &socket)
}

/// Refused with this status and these words, nothing on standard output, and one message.
#[track_caller]
fn refused(done: &Output, status: i32, words: &[&str]) {
    assert_eq!(done.code(), Some(status), "{done:#?}");
    assert_eq!(done.stdout, "");
    assert!(!done.stderr.contains("panicked"), "{done:#?}");
    assert!(done.stderr.contains("error: "), "{done:#?}");
    assert!(
        !done.stderr.contains("no-engine"),
        "asked the engine: {done:#?}"
    );
    for word in words {
        assert!(
            done.stderr.contains(word),
            "{word:?} is not in {}",
            done.stderr
        );
    }
}
