//! What the client gets of the engine's answer.

use super::content::{self, Broken, Content};
use super::engine::Line;
use super::shared::Shared;
use super::stop::Stop;
use crate::guard::answer;
use crate::guard::ownership::Kind;
use crate::guard::path::Speaks;
use crate::guard::verdict::Reply;
use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{HeaderName, HeaderValue};
use hyper::http::response::Parts;
use hyper::{HeaderMap, Response};
use serde_json::Value;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Headers of the engine that clients read; how the answer is framed is the guard's own.
const SHOWN: &[&str] = &[
    "api-version",
    "content-type",
    "docker-experimental",
    "ostype",
    "server",
    "x-docker-container-path-stat",
];

/// The head of an answer, without headers that are between the engine and the guard.
pub(super) fn head(mut head: Parts) -> Parts {
    let shown = |name: &HeaderName| SHOWN.contains(&name.as_str());
    let kept: HeaderMap = head
        .headers
        .iter()
        .filter(|(name, _)| shown(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    head.headers = kept;
    head.extensions.clear();
    head
}

/// The head of `_ping` says what the guard speaks.
pub(super) fn told(mut head: Parts, reply: Reply, speaks: Speaks) -> Parts {
    if reply == Reply::Ping {
        for (name, value) in answer::ping(speaks) {
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name), HeaderValue::try_from(value))
            {
                head.headers.insert(name, value);
            }
        }
    }
    head
}

/// An answer whose body is passed on as it comes.
pub(super) fn as_is(head: Parts, body: Incoming, line: Line) -> Response<Content> {
    Response::from_parts(head, Box::pin(Held { body, _line: line }))
}

/// A body, with the connection that it comes on.
struct Held {
    body: Incoming,
    _line: Line,
}

impl Body for Held {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        frame.map(|frame| frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer that the session sees only in part.
pub(super) fn rewritten(
    shared: &Shared,
    head: Parts,
    reply: Reply,
    bytes: &[u8],
) -> Result<Response<Content>, Stop> {
    let mut value: Value = serde_json::from_slice(bytes).map_err(|error| Stop::unread(&error))?;
    let owned = shared.owned.borrow();
    let beneath = |volume: &str| shared.places.beneath(volume);
    let container = |value: &mut Value| {
        answer::container(value, &shared.mapping, &beneath);
        answer::network_mode(value, &owned, &shared.config.policy);
    };
    match reply {
        Reply::AsIs | Reply::Ping | Reply::Events => {}
        Reply::Version => answer::version(&mut value, shared.speaks),
        Reply::Info => answer::info(&mut value, &owned),
        Reply::DiskUsage => {
            answer::disk_usage(&mut value, &owned);
            let containers = value.get_mut("Containers").and_then(Value::as_array_mut);
            containers.into_iter().flatten().for_each(container);
        }
        Reply::Owned(kind) => {
            answer::list(kind, &mut value, &owned);
            if let (Kind::Container, Value::Array(list)) = (kind, &mut value) {
                list.iter_mut().for_each(container);
            }
        }
        Reply::Inspected(Kind::Network) => answer::network(&mut value, &owned),
        Reply::Inspected(_) => container(&mut value),
    }
    Ok(Response::from_parts(
        head,
        content::whole(value.to_string()),
    ))
}
