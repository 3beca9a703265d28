//! Why a request is not done, and what the client is told.

use super::content::{self, Broken, Content};
use crate::guard::Refusal;
use crate::guard::ownership::Kind;
use crate::guard::refusal::message_body;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use std::fmt::{self, Display};

/// Why.
#[derive(Debug)]
pub(super) enum Stop {
    /// It is refused.
    Refused(Refusal),
    /// The engine, or the guard's own files, do not do what they should.
    Failed(String),
    /// The session cannot have a port that the container publishes.
    Port(String),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Failed(cause) | Self::Port(cause) => f.write_str(cause),
        }
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Broken> for Stop {
    fn from(error: Broken) -> Self {
        Self::engine(error)
    }
}

impl From<hyper::Error> for Stop {
    fn from(error: hyper::Error) -> Self {
        Self::engine(error)
    }
}

impl Stop {
    fn engine(error: impl Display) -> Self {
        Self::Failed(format!("the engine did not answer ({error})"))
    }

    /// An answer that says neither that there is such an object nor that there is none.
    pub(super) fn unsaid(kind: Kind, name: &str, status: StatusCode) -> Self {
        Self::Failed(format!(
            "the engine did not say whether the {kind} `{name}` exists ({status})"
        ))
    }

    /// An answer that nobody can read.
    pub(super) fn unread(error: &serde_json::Error) -> Self {
        Self::Failed(format!("the engine's answer is not JSON ({error})"))
    }

    /// The answer.
    pub(super) fn response(&self) -> Response<Content> {
        match self {
            Self::Refused(refusal) => json(status(refusal.status), refusal.body()),
            Self::Failed(cause) => {
                let body = message_body(&failed(cause));
                json(StatusCode::BAD_GATEWAY, body)
            }
            // as the engine answers for a port of the host that is taken
            Self::Port(cause) => json(StatusCode::INTERNAL_SERVER_ERROR, message_body(cause)),
        }
    }
}

/// What a client is told where the engine, or the guard itself, fails.
pub(super) fn failed(cause: &str) -> String {
    format!(
        "hal-9000 guard: {cause}; try again, and see on the host whether the engine is well (`hal-9000 doctor`)"
    )
}

fn status(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::FORBIDDEN)
}

/// An answer in JSON.
pub(super) fn json(status: StatusCode, body: String) -> Response<Content> {
    let mut response = Response::new(content::whole(body));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
