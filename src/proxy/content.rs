//! Bodies: streamed as they come, or read whole within a bound.

use crate::guard::Refusal;
use crate::guard::files::Files;
use bytes::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt, Empty, Full, Limited, StreamBody};
use hyper::body::{Body, Incoming};
use std::cell::RefCell;
use std::error::Error;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::timeout;

/// How long a client may go on sending what is refused.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why a stream broke off.
pub(super) type Broken = Box<dyn Error + Send + Sync>;

/// A body.
pub(super) type Content = Pin<Box<dyn Body<Data = Bytes, Error = Broken>>>;

/// None.
pub(super) fn empty() -> Content {
    Box::pin(Empty::new().map_err(|never| match never {}))
}

/// This one.
pub(super) fn whole(bytes: impl Into<Bytes>) -> Content {
    Box::pin(Full::new(bytes.into()).map_err(|never| match never {}))
}

/// All of a body of at most `most` bytes.
pub(super) async fn read<B>(body: B, most: usize) -> Result<Bytes, Broken>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Broken>,
{
    Ok(Limited::new(body, most).collect().await?.to_bytes())
}

/// As it comes.
pub(super) fn stream<B>(body: B) -> Content
where
    B: Body<Data = Bytes> + 'static,
    B::Error: Into<Broken>,
{
    Box::pin(body.map_err(Into::into))
}

/// An archive of files for a container, as it comes and as far as it may go; why it may not is in
/// `refused`.
pub(super) fn files(body: Incoming, refused: Rc<RefCell<Option<Refusal>>>) -> Content {
    let start = Some((body, Files::default(), refused));
    let frames = stream::unfold(start, |state| async move {
        let (mut body, mut files, refused) = state?;
        let frame = match body.frame().await? {
            Ok(frame) => frame,
            Err(error) => return Some((Err(Broken::from(error)), None)),
        };
        match files.push(frame.data_ref().map_or(&[], |piece| &piece[..])) {
            Ok(()) => Some((Ok(frame), Some((body, files, refused)))),
            Err(refusal) => {
                refused.replace(Some(refusal.clone()));
                drain(Some(body)).await;
                Some((Err(Broken::from(refusal)), None))
            }
        }
    });
    Box::pin(StreamBody::new(frames))
}

/// Read what nobody wants: a client that is still sending would see its connection break, and not the
/// answer.
pub(super) async fn drain(body: Option<Incoming>) {
    let Some(mut body) = body else {
        return;
    };
    let end = async { while let Some(Ok(_)) = body.frame().await {} };
    // After that it sees what it sees.
    drop(timeout(PATIENCE, end).await);
}
