//! One row of the table of routes.

use super::query::Param;
use super::routes::Route;
use crate::guard::ownership::Kind;
use crate::guard::rule::GuardRule;
use std::fmt;

/// A method of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// `GET`
    Get,
    /// `HEAD`
    Head,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `DELETE`
    Delete,
}

impl Method {
    /// Methods are written in capitals.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "GET" => Self::Get,
            "HEAD" => Self::Head,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "DELETE" => Self::Delete,
            _ => return None,
        })
    }

    /// As it is sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the guard does with a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Passed on, written anew; the answer needs no care.
    Plain,
    /// What it says is checked and written anew by the room of its object.
    Checked,
    /// The object in the path must be the session's; its name is resolved to its full id.
    Owned(Kind),
    /// The object in the path may be anybody's: it is only read.
    Read(Kind),
    /// The filters are replaced, and the answer is filtered again by the ids that the session owns.
    Listed,
    /// The answer is rewritten.
    Answered,
    /// Never passed on.
    Refused(&'static GuardRule),
}

/// What a request's body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// The engine reads none: what a client sends is not passed on.
    None,
    /// JSON, read whole.
    Json,
    /// JSON or nothing (`exec` start without options, connects of old clients).
    OptionalJson,
    /// A tar archive, streamed.
    Tar,
}

/// How the connection goes on after the answer's head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// An ordinary answer.
    Answer,
    /// An answer without an end or of any size: no timeout, no buffer.
    Endless,
    /// Both directions, raw, after `101` (or `200` for clients that did not ask for an upgrade).
    Hijack,
    /// Calls of gRPC in both directions, after `101`: each is judged by itself.
    Calls,
}

/// One route of the engine's API.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The method.
    pub method: Method,
    /// The path, without the version: literals and one `{object}`.
    pub path: &'static str,
    /// Which it is.
    pub route: Route,
    /// What is done with it.
    pub permission: Permission,
    /// Its parameters.
    pub query: &'static [Param],
    /// Its body.
    pub body: Body,
    /// Its stream.
    pub stream: Stream,
}

impl Row {
    /// Whether a request that is sent on is written into the audit: plain reads are not. One that is
    /// refused always is, and
    /// each call of a stream of them.
    pub fn is_audited(&self) -> bool {
        !matches!(self.method, Method::Get | Method::Head) && self.stream != Stream::Calls
    }

    pub(super) const fn new(
        method: Method,
        path: &'static str,
        route: Route,
        permission: Permission,
    ) -> Self {
        Self {
            method,
            path,
            route,
            permission,
            query: &[],
            body: Body::None,
            stream: Stream::Answer,
        }
    }

    pub(super) const fn refused(
        method: Method,
        path: &'static str,
        rule: &'static GuardRule,
    ) -> Self {
        Self::new(method, path, Route::Refused, Permission::Refused(rule))
    }

    pub(super) const fn query(self, query: &'static [Param]) -> Self {
        Self { query, ..self }
    }

    pub(super) const fn body(self, body: Body) -> Self {
        Self { body, ..self }
    }

    pub(super) const fn stream(self, stream: Stream) -> Self {
        Self { stream, ..self }
    }
}
