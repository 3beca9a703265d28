//! BuildKit: the two connections that a build has, ended on both sides so that each call is judged.
//!
//! On `/grpc` the session's client calls and the engine answers; on `/session` the engine calls, for the
//! client's files and secrets, and the client answers. In between there is a server of HTTP/2 towards
//! who calls and a client towards who answers.

mod builds;
mod calls;
mod passed;
mod solve;

pub(super) use builds::Builds;

use super::answer;
use super::content::{self, Content};
use super::engine;
use super::forward::Job;
use super::shared::Shared;
use super::stop::Stop;
use crate::guard::buildkit::{LARGEST_HEADERS, Session, Side};
use crate::guard::path::Route;
use crate::guard::{Refusal, rule};
use calls::Calls;
use hyper::header::{CONNECTION, HeaderName, HeaderValue, UPGRADE};
use hyper::rt::Executor;
use hyper::service::service_fn;
use hyper::upgrade::Upgraded;
use hyper::{HeaderMap, Response, StatusCode, client, server};
use std::rc::Rc;
use std::sync::Arc;

/// What one stream may send that nobody has read yet; a connection twice that.
const WINDOW: u32 = 512 * 1024;

/// Everything runs on the guard's one thread.
#[derive(Debug, Clone, Copy)]
struct Here;

impl<F: Future<Output = ()> + 'static> Executor<F> for Here {
    fn execute(&self, future: F) {
        tokio::task::spawn_local(future);
    }
}

/// Open a connection: the engine's first, then the client's.
pub(super) async fn open(mut job: Job) -> Result<Response<Content>, Stop> {
    let shared = job.shared;
    let missing = || Refusal::malformed(rule::HEADER, "Upgrade", "is missing");
    let client = job.client.take().ok_or_else(missing)?;
    let (side, session) = match job.parsed.row.route {
        Route::BuildSession => (Side::Client, Some(session(&job.headers)?)),
        _ => (Side::Engine, None),
    };
    let seat = Arc::clone(&shared.builds.seats).acquire_owned().await;
    let upstream = &job.upstream;
    let body = content::empty();
    let mut request = engine::request(upstream.method, &upstream.path, &upstream.query, body)?;
    let headers = request.headers_mut();
    for (name, value) in session.iter().flat_map(Session::headers) {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    upgraded(headers);
    let (mut response, line) = shared.engine.send(request).await?;
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        let (head, body) = response.into_parts();
        return Ok(answer::as_is(answer::head(head), body, line));
    }
    let engine = hyper::upgrade::on(&mut response).await?;
    drop(line);
    let opened = session.map(|session| shared.builds.open(session.id));
    tokio::task::spawn_local(async move {
        // Whoever goes away ends it; there is nobody to tell.
        if let Ok(client) = client.await {
            drop(relay(&shared, side, client, engine).await);
        }
        drop((opened, seat));
    });
    let mut answer = Response::new(content::empty());
    *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    upgraded(answer.headers_mut());
    Ok(answer)
}

fn session(headers: &HeaderMap) -> Result<Session, Refusal> {
    let headers = headers.iter();
    Session::read(headers.map(|(name, value)| (name.as_str(), value.as_bytes())))
}

fn upgraded(headers: &mut HeaderMap) {
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("h2c"));
}

/// Until one of both goes away: then the other's connection is closed, and with it all of its calls.
async fn relay(
    shared: &Rc<Shared>,
    side: Side,
    client: Upgraded,
    engine: Upgraded,
) -> hyper::Result<()> {
    let (calls, answers) = match side {
        Side::Engine => (client, engine),
        Side::Client => (engine, client),
    };
    let handshake = client::conn::http2::Builder::new(Here)
        .max_header_list_size(LARGEST_HEADERS)
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(2 * WINDOW)
        .handshake(answers);
    let (sender, answering) = handshake.await?;
    let calls_of = Rc::new(Calls {
        shared: Rc::clone(shared),
        side,
        sender,
    });
    let service = service_fn(move |request| Rc::clone(&calls_of).answer(request));
    let calling = server::conn::http2::Builder::new(Here)
        .max_header_list_size(LARGEST_HEADERS)
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(2 * WINDOW)
        .serve_connection(calls, service);
    tokio::select! {
        ended = answering => ended,
        ended = calling => ended,
    }
}
