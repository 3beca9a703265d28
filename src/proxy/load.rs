//! `docker load`: the archive goes to the engine as it comes, but for its index files, which go when
//! the names in them are the session's to write.

use super::archive;
use super::claims;
use super::content::Content;
use super::engine;
use super::forward::{self, Job};
use super::images::{Said, Watch};
use super::stop::Stop;
use crate::guard::decision::Decision;
use crate::guard::image;
use hyper::Response;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;

/// Do it.
pub(super) async fn load(mut job: Job) -> Result<Response<Content>, Stop> {
    let shared = Rc::clone(&job.shared);
    let Some(upload) = job.upload.take() else {
        return Err(Stop::Failed("the archive is missing".to_owned()));
    };
    // Each has a thread, and its index files in memory.
    let _turn = shared.loads.acquire().await;
    let reading = archive::read(upload);
    let upstream = &job.upstream;
    let mut request = engine::request(
        upstream.method,
        &upstream.path,
        &upstream.query,
        reading.content,
    )?;
    let kind = HeaderValue::from_static("application/x-tar");
    request.headers_mut().insert(CONTENT_TYPE, kind);
    let mut sending = pin!(shared.engine.send(request));
    let ended = tokio::select! {
        // Before it has all: it is an error, of which the client hears.
        answer = &mut sending => {
            let (response, line) = answer?;
            return forward::answered(job, response, line, None).await;
        }
        ended = reading.ended => ended,
    };
    let Ok(indexes) = ended else {
        // The engine takes no more, and says why.
        let (response, line) = sending.await?;
        return forward::answered(job, response, line, None).await;
    };
    let decided = async {
        let indexes = indexes?;
        let loaded = shared.within(|bounds| image::loaded(&indexes, bounds))?;
        let naming = Arc::clone(&shared.naming).lock_owned().await;
        claims::check(&shared, &loaded.claims).await?;
        let watch = Watch::begin(&shared, &loaded.references, Said::Loaded).await?;
        shared.audit(|time, session| Decision::allowed(time, session, &job.parsed, &[]))?;
        Ok::<_, Stop>((loaded.files, watch, naming))
    };
    let (files, watch, naming) = match decided.await {
        Ok(decided) => decided,
        Err(stop) => {
            drop(reading.decided);
            // An error is the upload's end, too.
            drop(reading.upload.await);
            return Err(stop);
        }
    };
    // It is gone only if the engine is, which then says so.
    let _ = reading.decided.send(files);
    drop(naming);
    let (response, line) = sending.await?;
    forward::answered(job, response, line, Some(watch)).await
}
