//! A request that passes: its names claimed, sent as the verdict says, its effect recorded.

use super::claims;
use super::content::{self, Content};
use super::effect::{self, Owning};
use super::engine::{self, Line, MAX_ANSWER};
use super::images::{Said, Watch};
use super::shared::Shared;
use super::stop::Stop;
use super::{answer, buildkit, hijack, load, names, places};
use crate::guard::Upstream;
use crate::guard::decision::Decision;
use crate::guard::path::{Method, Request, Stream};
use crate::guard::verdict::{Effect, Payload, Pending, Reply};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue, UPGRADE};
use hyper::upgrade::OnUpgrade;
use hyper::{HeaderMap, Response, StatusCode};
use std::rc::Rc;
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;

/// What is to be done.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) shared: Rc<Shared>,
    /// The request, for the audit.
    pub(super) parsed: Request,
    /// What is sent.
    pub(super) upstream: Upstream,
    /// Headers of the client that the engine needs.
    pub(super) headers: HeaderMap,
    /// The client's archive.
    pub(super) upload: Option<Incoming>,
    /// The client's connection, if it asked for an upgrade.
    pub(super) client: Option<OnUpgrade>,
}

/// Do it.
pub(super) async fn run(
    mut job: Job,
    pending: Option<Box<Pending>>,
) -> Result<Response<Content>, Stop> {
    if job.upstream.payload == Payload::Images {
        return load::load(job).await;
    }
    if job.upstream.stream == Stream::Calls {
        return buildkit::open(job).await;
    }
    let prepared = prepare(&mut job, pending).await;
    let (naming, watch) = match prepared {
        Ok(prepared) => prepared,
        Err(stop) => {
            content::drain(job.upload).await;
            return Err(stop);
        }
    };
    names::before(&job.shared, job.parsed.row.route, &job.upstream).await;
    let (response, line) = send(&mut job).await?;
    let result = answered(job, response, line, watch).await;
    drop(naming);
    result
}

/// Everything before it is sent.
async fn prepare(
    job: &mut Job,
    pending: Option<Box<Pending>>,
) -> Result<(Option<OwnedMutexGuard<()>>, Option<Watch>), Stop> {
    let shared = Rc::clone(&job.shared);
    let naming = if job.upstream.claims.is_empty() {
        None
    } else {
        Some(Arc::clone(&shared.naming).lock_owned().await)
    };
    claims::check(&shared, &job.upstream.claims).await?;
    if let Some(mut pending) = pending {
        super::ports::published(&shared, &mut pending.create).await?;
        let found = places::find(&shared, pending.mounts()).await?;
        let upstream = pending.render(&found)?;
        claims::make_volumes(&shared, &upstream.claims).await?;
        job.upstream = upstream;
    }
    // A build or a pull can take an hour.
    let naming = naming.filter(|_| job.upstream.stream == Stream::Answer);
    if job.parsed.row.is_audited() {
        shared.audit(|time, session| {
            Decision::allowed(time, session, &job.parsed, &job.upstream.changes)
        })?;
    }
    let watch = match &job.upstream.effect {
        Effect::Refers(references) => Some(Watch::begin(&shared, references, Said::Made).await?),
        _ => None,
    };
    Ok((naming, watch))
}

async fn send(job: &mut Job) -> Result<(Response<Incoming>, Line), Stop> {
    let upstream = &job.upstream;
    let refused = Rc::default();
    let (kind, body) = match &upstream.payload {
        Payload::Empty | Payload::Images => (None, content::empty()),
        Payload::Json(text) => (Some("application/json"), content::whole(text.clone())),
        Payload::Tar => match job.upload.take() {
            Some(upload) => (Some("application/x-tar"), content::stream(upload)),
            None => (None, content::empty()),
        },
        Payload::Files => match job.upload.take() {
            Some(upload) => {
                let body = content::files(upload, Rc::clone(&refused));
                (Some("application/x-tar"), body)
            }
            None => (None, content::empty()),
        },
    };
    let mut request = engine::request(upstream.method, &upstream.path, &upstream.query, body)?;
    let headers = request.headers_mut();
    headers.extend(std::mem::take(&mut job.headers));
    if let Some(kind) = kind {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    if upstream.stream == Stream::Hijack {
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("tcp"));
    }
    let sent = job.shared.engine.send(request).await;
    match refused.take() {
        // the engine saw its connection break
        Some(refusal) => Err(Stop::Refused(refusal)),
        None => Ok(sent?),
    }
}

/// Its effect is recorded, then the client is told.
pub(super) async fn answered(
    job: Job,
    response: Response<Incoming>,
    line: Line,
    watch: Option<Watch>,
) -> Result<Response<Content>, Stop> {
    let shared = &job.shared;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return hijack::join(response, line, job.client).await;
    }
    let done = response.status().is_success();
    let (head, body) = response.into_parts();
    let head = answer::head(head);
    if !done || job.upstream.method == Method::Head {
        let (reply, speaks) = (job.upstream.reply, shared.speaks);
        return Ok(answer::as_is(answer::told(head, reply, speaks), body, line));
    }
    match job.upstream.effect {
        Effect::Nothing => {}
        Effect::Records(ref records) => shared.record(records)?,
        Effect::Makes { kind, name, of } => {
            let bytes = content::read(body, MAX_ANSWER).await?;
            let owning = Owning { kind, name, of };
            effect::made(shared, owning, &bytes).await?;
            return Ok(Response::from_parts(head, content::whole(bytes)));
        }
        Effect::Refers(_) => {
            let watch = watch.ok_or_else(|| Stop::Failed("images were not watched".to_owned()))?;
            let shared = Rc::clone(shared);
            return Ok(Response::from_parts(head, watch.stream(shared, body, line)));
        }
    }
    names::after(shared, job.parsed.row.route, &job.upstream).await;
    super::ports::after(shared, job.parsed.row.route, &job.upstream).await?;
    match job.upstream.reply {
        Reply::AsIs | Reply::Ping => {
            let (reply, speaks) = (job.upstream.reply, shared.speaks);
            Ok(answer::as_is(answer::told(head, reply, speaks), body, line))
        }
        Reply::Events => Ok(Response::from_parts(
            head,
            super::events::stream(Rc::clone(shared), body, line),
        )),
        reply => {
            let bytes = content::read(body, MAX_ANSWER).await?;
            answer::rewritten(shared, head, reply, &bytes)
        }
    }
}
