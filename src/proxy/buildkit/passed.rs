//! What is passed on of a call: headers that are known, messages in whole frames, and what comes last.

use crate::guard::buildkit::{self, Frames, Side, framed};
use crate::guard::{Refusal, rule};
use crate::proxy::content::{Broken, Content};
use bytes::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt as _, Empty, StreamBody};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{HeaderMap, Response};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// Headers of `from` that are passed on.
pub(super) fn headers(from: Side, given: &HeaderMap) -> Result<HeaderMap, Refusal> {
    let mut kept = HeaderMap::new();
    for (name, value) in given {
        if !buildkit::passes(from, name.as_str(), value.as_bytes())? {
            continue;
        }
        if kept.append(name.clone(), value.clone()) && from == Side::Client {
            let cause = "is given twice";
            return Err(Refusal::malformed(rule::GRPC, name.as_str(), cause));
        }
    }
    Ok(kept)
}

/// Messages of `from`, as they come.
pub(super) fn body(from: Side, body: Incoming) -> Content {
    Box::pin(Passed {
        from,
        body,
        frames: Frames::default(),
    })
}

struct Passed {
    from: Side,
    body: Incoming,
    frames: Frames,
}

impl Passed {
    fn checked(&mut self, frame: Frame<Bytes>) -> Result<Frame<Bytes>, Broken> {
        match frame.into_data() {
            Ok(piece) => {
                self.frames.push(&piece)?;
                Ok(Frame::data(piece))
            }
            Err(frame) => {
                let trailers = frame.into_trailers().unwrap_or_default();
                Ok(Frame::trailers(headers(self.from, &trailers)?))
            }
        }
    }
}

impl Body for Passed {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let frame = match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
            Some(Ok(frame)) => self.checked(frame),
            Some(Err(error)) => Err(error.into()),
            None => return Poll::Ready(None),
        };
        Poll::Ready(Some(frame))
    }

    // an answer that is only a status has to end with its headers
    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

/// An answer that is read whole, with what came last.
pub(super) fn whole(bytes: Bytes, trailers: Option<HeaderMap>) -> Content {
    if bytes.is_empty() && trailers.is_none() {
        return Box::pin(Empty::new().map_err(|never| match never {}));
    }
    let data = (!bytes.is_empty()).then(|| Ok(Frame::data(bytes)));
    let last = trailers.map(|trailers| Ok(Frame::trailers(trailers)));
    Box::pin(StreamBody::new(stream::iter(data.into_iter().chain(last))))
}

/// A message without anything in it, as the answer.
pub(super) fn nothing() -> Response<Content> {
    let mut last = HeaderMap::new();
    last.insert(STATUS, HeaderValue::from_static("0"));
    let mut response = Response::new(whole(framed(&[]).into(), Some(last)));
    let kind = HeaderValue::from_static("application/grpc");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// A call that fails.
pub(super) fn failed(status: u32, sentence: &str) -> Response<Content> {
    let mut response = Response::new(whole(Bytes::new(), None));
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/grpc");
    headers.insert(CONTENT_TYPE, kind);
    headers.insert(STATUS, HeaderValue::from(status));
    if let Ok(sentence) = HeaderValue::try_from(buildkit::message(sentence)) {
        headers.insert(HeaderName::from_static("grpc-message"), sentence);
    }
    response
}

const STATUS: HeaderName = HeaderName::from_static("grpc-status");
