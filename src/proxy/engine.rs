//! Requests to the engine: each on a connection of its own, which ends with whoever asked.

use super::content::{self, Broken, Content};
use crate::guard::path::Method;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::path::PathBuf;
use tokio::net::UnixStream;
use tokio::task::AbortHandle;

/// The largest answer that is read whole.
pub(super) const MAX_ANSWER: usize = 64 * 1024 * 1024;

/// The engine.
#[derive(Debug)]
pub(super) struct Engine {
    /// Its socket.
    pub(super) socket: PathBuf,
}

/// A connection to the engine, which is closed when this is dropped.
#[derive(Debug)]
pub(super) struct Line(AbortHandle);

impl Drop for Line {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A request with neither body nor headers.
pub(super) fn request(
    method: Method,
    path: &str,
    query: &str,
    body: Content,
) -> Result<Request<Content>, Broken> {
    let target = match query {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    };
    let request = Request::builder()
        .method(method.as_str())
        .uri(target)
        .header(HOST, HeaderValue::from_static("docker"));
    Ok(request.body(body)?)
}

impl Engine {
    /// Send a request.
    pub(super) async fn send(
        &self,
        request: Request<Content>,
    ) -> Result<(Response<Incoming>, Line), Broken> {
        let stream = UnixStream::connect(&self.socket).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // Its errors are those of the request or of the body.
        let task = tokio::task::spawn_local(async move { drop(connection.with_upgrades().await) });
        let line = Line(task.abort_handle());
        Ok((sender.send_request(request).await?, line))
    }

    /// Send a request of the guard's own, and read the answer.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        query: &str,
        body: Option<String>,
    ) -> Result<(StatusCode, Value), Broken> {
        let is_json = body.is_some();
        let body = body.map_or_else(content::empty, content::whole);
        let mut request = request(method, path, query, body)?;
        if is_json {
            let kind = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, kind);
        }
        let (response, _line) = self.send(request).await?;
        let status = response.status();
        let bytes = content::read(response.into_body(), MAX_ANSWER).await?;
        let value = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes)?
        };
        Ok((status, value))
    }
}
