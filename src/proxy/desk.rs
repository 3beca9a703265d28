//! One request: read, checked, decided.

use super::content;
use super::content::Content;
use super::forward::{self, Job};
use super::images;
use super::prune;
use super::shared::Shared;
use super::stop::{self, Stop};
use crate::guard::buildkit::SESSION_HEADERS;
use crate::guard::decision::Decision;
use crate::guard::head::{self, Incoming, PASSED_ON};
use crate::guard::image::Reference;
use crate::guard::path::{self, Route, Stream};
use crate::guard::{self, Refusal, Verdict, json, rule};
use bytes::Bytes;
use hyper::body::{self, Body as _};
use hyper::header::UPGRADE;
use hyper::{HeaderMap, Request, Response, StatusCode};
use std::convert::Infallible;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::timeout;

/// How long a client may take to send a body that is read whole.
const PATIENCE: Duration = Duration::from_secs(60);

/// Answer a request.
pub(super) async fn answer(
    shared: Rc<Shared>,
    request: Request<body::Incoming>,
) -> Result<Response<Content>, Infallible> {
    let method = request.method().as_str().to_owned();
    // with the authority of an absolute form, which is then refused
    let target = request.uri().to_string();
    let result = match decided(&shared, &target, request).await {
        Err(Stop::Refused(refusal)) => {
            let written = shared.audit_refused(&method, &target, &refusal);
            Err(written.err().unwrap_or(Stop::Refused(refusal)))
        }
        result => result,
    };
    Ok(result.unwrap_or_else(|stop| stop.response()))
}

async fn decided(
    shared: &Rc<Shared>,
    target: &str,
    mut request: Request<body::Incoming>,
) -> Result<Response<Content>, Stop> {
    let checked = read_head(shared, target, &request);
    let (parsed, incoming) = match checked {
        Ok(checked) => checked,
        Err(refusal) => {
            content::drain(Some(request.into_body())).await;
            return Err(refusal.into());
        }
    };
    let upgrade = request.headers().contains_key(UPGRADE);
    let client = upgrade.then(|| hyper::upgrade::on(&mut request));
    let headers = passed_on(request.headers());
    let (read, upload) = match incoming {
        Incoming::Ignored => (Bytes::new(), None),
        Incoming::Json => (whole(request.into_body()).await?, None),
        Incoming::Tar => (Bytes::new(), Some(request.into_body())),
    };
    shared
        .learn()
        .map_err(|error| Stop::Failed(error.to_string()))?;
    match parsed.row.route {
        Route::NetworkCreate => shared.look_at_networks(),
        Route::NetworkConnect | Route::NetworkDisconnect => shared.look_for_itself().await?,
        _ => {}
    }
    let verdict = match shared.within(|bounds| guard::decide(&parsed, &read, bounds)) {
        Ok(verdict) => verdict,
        Err(refusal) => {
            content::drain(upload).await;
            let refusal = missing(shared, &parsed, refusal).await?;
            return Err(shown_as(parsed.row.route, refusal).into());
        }
    };
    let shared = Rc::clone(shared);
    let stream = parsed.row.stream;
    let work = async move {
        let (upstream, pending) = match verdict {
            Verdict::Nothing(body) => {
                shared.audit(|time, session| Decision::allowed(time, session, &parsed, &[]))?;
                let status = match body {
                    "" => StatusCode::NO_CONTENT,
                    _ => StatusCode::OK,
                };
                return Ok(stop::json(status, body.to_owned()));
            }
            Verdict::Prune(prune) => return prune::prune(&shared, &parsed, prune).await,
            Verdict::Forward(upstream) => (*upstream, None),
            Verdict::Create(pending) => (pending.upstream.clone(), Some(pending)),
        };
        let job = Job {
            shared,
            parsed,
            upstream,
            headers,
            upload,
            client,
        };
        forward::run(job, pending).await
    };
    if stream != Stream::Answer {
        // Ends with its client.
        return work.await;
    }
    // To its end even if the client goes away: what it makes is recorded.
    let task = tokio::task::spawn_local(work);
    task.await
        .unwrap_or_else(|error| Err(Stop::Failed(format!("the request broke off ({error})"))))
}

/// The line and the headers.
fn read_head(
    shared: &Shared,
    target: &str,
    request: &Request<body::Incoming>,
) -> Result<(path::Request, Incoming), Refusal> {
    let method = request.method().as_str();
    let parsed = path::parse(method, target.as_bytes(), shared.speaks)?;
    let given = request.headers().iter();
    let given = given.map(|(name, value)| (name.as_str(), value.as_bytes()));
    let incoming = head::check(parsed.row, given)?;
    Ok((parsed, incoming))
}

/// An image that nobody has is said to be missing, which `docker rmi --force` takes for done.
async fn missing(
    shared: &Shared,
    request: &path::Request,
    refusal: Refusal,
) -> Result<Refusal, Stop> {
    let name = request.object.as_ref().map(|object| object.name.as_str());
    match name {
        Some(name)
            if request.row.route == Route::ImageDelete
                && images::id(shared, name).await?.is_none() =>
        {
            let shown = Reference::parse(name, None).map(|reference| reference.shown());
            Ok(Refusal::absent("image", shown.as_deref().unwrap_or(name)))
        }
        _ => Ok(refusal),
    }
}

/// docker's client takes a 404 of a create for an image that is missing, and pulls it.
fn shown_as(route: Route, refusal: Refusal) -> Refusal {
    match (route, refusal.status) {
        (Route::ContainerCreate, 404) => Refusal {
            status: 400,
            ..refusal
        },
        _ => refusal,
    }
}

fn passed_on(given: &HeaderMap) -> HeaderMap {
    let named = given.iter().filter(|(name, _)| {
        [PASSED_ON, SESSION_HEADERS]
            .concat()
            .contains(&name.as_str())
    });
    named
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// A body that is judged: all of it or none (CVE-2026-34040 was a body that was read in part).
async fn whole(body: body::Incoming) -> Result<Bytes, Stop> {
    let large = || Refusal::malformed(rule::SIZE, "the body", "is larger than 4 MiB");
    if body.size_hint().lower() > json::MAX_BODY as u64 {
        return Err(large().into());
    }
    match timeout(PATIENCE, content::read(body, json::MAX_BODY)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(large().into()),
        Ok(Err(error)) => {
            let cause = format!("broke off ({error})");
            Err(Refusal::malformed(rule::BODY, "the body", cause).into())
        }
        Err(_) => Err(Refusal::malformed(rule::BODY, "the body", "did not come in time").into()),
    }
}
