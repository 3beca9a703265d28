//! A build: its names are claimed before it begins, and what it made is the session's before its client
//! is told.

use super::calls::{Calls, sent};
use super::passed;
use crate::guard::buildkit::{LARGEST_MESSAGE, Method, Side, Solve, framed, made, single};
use crate::guard::decision::Decision;
use crate::guard::{Refusal, rule};
use crate::proxy::claims;
use crate::proxy::content::{self, Content};
use crate::proxy::images::{Said, Watch};
use crate::proxy::shared::Shared;
use crate::proxy::stop::Stop;
use http_body_util::{BodyExt as _, Limited};
use hyper::client::conn::http2::SendRequest;
use hyper::{HeaderMap, Response};
use std::rc::Rc;
use tokio::sync::oneshot;

/// Build.
pub(super) async fn solve(
    calls: &Calls,
    method: &'static Method,
    headers: HeaderMap,
    build: Solve,
) -> Result<Response<Content>, Stop> {
    let shared = Rc::clone(&calls.shared);
    let watch = match prepared(&shared, method, &build).await {
        Ok(watch) => watch,
        Err(stop) => {
            let refusal = match &stop {
                Stop::Refused(refusal) => refusal.clone(),
                Stop::Port(cause) | Stop::Failed(cause) => {
                    Refusal::forbidden(rule::BUILD_REF, "the build", cause)
                }
            };
            shared.builds.settle(&build.reference, Err(refusal));
            return Err(stop);
        }
    };
    shared.builds.settle(&build.reference, Ok(()));
    let sender = calls.sender.clone();
    let (here, gone) = oneshot::channel::<()>();
    let task = tokio::task::spawn_local(async move {
        let answer = tokio::select! {
            answer = answered(sender, method, headers, &build.message) => Some(answer),
            // its client: the call is cancelled, but what it has made by then is the session's
            _ = gone => None,
        };
        let ids = match &answer {
            Some(Ok((_, ids))) => ids.as_slice(),
            _ => &[],
        };
        if let Some(watch) = watch {
            watch.settle(&shared, ids).await?;
        }
        let none = || Err(Stop::Failed("the client went away".to_owned()));
        answer.unwrap_or_else(none)
    });
    let ended = task
        .await
        .unwrap_or_else(|error| Err(Stop::Failed(format!("the build broke off ({error})"))));
    drop(here);
    Ok(ended?.0)
}

async fn prepared(
    shared: &Rc<Shared>,
    method: &Method,
    build: &Solve,
) -> Result<Option<Watch>, Stop> {
    shared
        .learn()
        .map_err(|error| Stop::Failed(error.to_string()))?;
    let naming = shared.naming.lock().await;
    claims::check(shared, &build.claims).await?;
    drop(naming);
    shared.audit(|time, session| {
        let told = &build.told;
        Decision::called(time, session, method.path, &told.shown, &told.changes)
    })?;
    if !build.stores {
        return Ok(None);
    }
    Watch::begin(shared, &build.names, Said::Built)
        .await
        .map(Some)
}

/// The answer, and the images that it names.
async fn answered(
    sender: SendRequest<Content>,
    method: &Method,
    headers: HeaderMap,
    message: &[u8],
) -> Result<(Response<Content>, Vec<String>), Stop> {
    let body = content::whole(framed(message));
    let (head, body) = sent(sender, method, headers, body).await?.into_parts();
    // as only headers can be all of it
    let mut answer = Response::new(content::empty());
    *answer.status_mut() = head.status;
    *answer.headers_mut() = passed::headers(Side::Engine, &head.headers)?;
    let read = Limited::new(body, LARGEST_MESSAGE + 5).collect();
    let read = read.await?;
    let trailers = read.trailers();
    let trailers = trailers.map(|last| passed::headers(Side::Engine, last));
    let trailers = trailers.transpose()?;
    let bytes = read.to_bytes();
    let ids = single(&bytes).map(made).unwrap_or_default();
    *answer.body_mut() = passed::whole(bytes, trailers);
    Ok((answer, ids))
}
