//! The calls of one connection.

use super::{passed, solve};
use crate::guard::buildkit::{
    BUILD, Call, LARGEST_MESSAGE, Method, Moment, Side, framed, judge, method, named, single,
    status,
};
use crate::guard::decision::Decision;
use crate::guard::{Refusal, rule};
use crate::proxy::content::{self, Content};
use crate::proxy::shared::Shared;
use crate::proxy::stop::{self, Stop};
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::client::conn::http2::SendRequest;
use hyper::{HeaderMap, Request, Response};
use std::convert::Infallible;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::timeout;

/// How long a client may take to send a message that is read whole.
const PATIENCE: Duration = Duration::from_secs(60);

/// gRPC's number for an engine that is not there.
const UNAVAILABLE: u32 = 14;

/// Who calls, and who answers.
#[derive(Debug)]
pub(super) struct Calls {
    pub(super) shared: Rc<Shared>,
    /// Who answers.
    pub(super) side: Side,
    pub(super) sender: SendRequest<Content>,
}

impl Calls {
    /// Who calls.
    fn caller(&self) -> Side {
        match self.side {
            Side::Engine => Side::Client,
            Side::Client => Side::Engine,
        }
    }

    /// Answer a call.
    pub(super) async fn answer(
        self: Rc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<Content>, Infallible> {
        let path = request.uri().path().to_owned();
        let result = match self.called(request).await {
            Err(Stop::Refused(refusal)) => {
                let written = self.shared.audit_refused("POST", &path, &refusal);
                Err(written.err().unwrap_or(Stop::Refused(refusal)))
            }
            result => result,
        };
        Ok(result.unwrap_or_else(|stop| match stop {
            Stop::Refused(refusal) => passed::failed(status(&refusal), &refusal.message),
            Stop::Port(cause) | Stop::Failed(cause) => {
                passed::failed(UNAVAILABLE, &stop::failed(&cause))
            }
        }))
    }

    async fn called(&self, request: Request<Incoming>) -> Result<Response<Content>, Stop> {
        let (head, body) = request.into_parts();
        if head.method != "POST" || head.uri.query().is_some() {
            let cause = "is not a call";
            return Err(Refusal::malformed(rule::GRPC, head.uri.path(), cause).into());
        }
        let method = method(self.side, head.uri.path())?;
        let headers = passed::headers(self.caller(), &head.headers)?;
        if method.is_stream() {
            return self
                .send(method, headers, passed::body(self.caller(), body))
                .await;
        }
        let builds = &self.shared.builds;
        let reader = builds.readers.acquire().await;
        let bytes = whole(body).await?;
        drop(reader);
        let _room = builds.room(bytes.len()).await;
        let message = single(&bytes)?;
        let named = named(method, message);
        if let Some((_, session)) = named.as_ref().filter(|(_, session)| !session.is_empty()) {
            builds.session(session).await;
        }
        let judged = self.shared.within(|bounds| {
            let is_open = |id: &str| builds.is_open(id);
            let is_open = &is_open;
            judge(method, message, &Moment { bounds, is_open })
        });
        let call = match judged {
            Ok(call) => call,
            Err(refusal) => {
                if let Some((reference, _)) = &named {
                    builds.settle(reference, Err(refusal.clone()));
                }
                return Err(refusal.into());
            }
        };
        drop(bytes);
        if method.is_of_build() {
            let build = headers.get(BUILD).and_then(|build| build.to_str().ok());
            builds.own(BUILD, build.unwrap_or_default()).await?;
        }
        match call {
            Call::Send(message) => self.one(method, headers, &message).await,
            Call::Watch(reference, message) => {
                builds.own("Status.ref", &reference).await?;
                self.one(method, headers, &message).await
            }
            Call::Step(message, told) => {
                self.shared.audit(|time, session| {
                    Decision::called(time, session, method.path, &told.shown, &told.changes)
                })?;
                self.one(method, headers, &message).await
            }
            Call::Solve(build) => solve::solve(self, method, headers, *build).await,
            Call::Swallow => Ok(passed::nothing()),
        }
    }

    /// Send a call with one message.
    async fn one(
        &self,
        method: &Method,
        headers: HeaderMap,
        message: &[u8],
    ) -> Result<Response<Content>, Stop> {
        self.send(method, headers, content::whole(framed(message)))
            .await
    }

    /// Send a call, and pass on what is answered.
    async fn send(
        &self,
        method: &Method,
        headers: HeaderMap,
        body: Content,
    ) -> Result<Response<Content>, Stop> {
        let response = sent(self.sender.clone(), method, headers, body).await?;
        let (head, body) = response.into_parts();
        let mut answer = Response::new(passed::body(self.side, body));
        *answer.status_mut() = head.status;
        *answer.headers_mut() = passed::headers(self.side, &head.headers)?;
        Ok(answer)
    }
}

/// Send a call.
pub(super) async fn sent(
    mut sender: SendRequest<Content>,
    method: &Method,
    headers: HeaderMap,
    body: Content,
) -> Result<Response<Incoming>, Stop> {
    let request = Request::post(format!("http://localhost{}", method.path));
    let mut request = request.body(body).map_err(content::Broken::from)?;
    *request.headers_mut() = headers;
    sender.ready().await?;
    Ok(sender.send_request(request).await?)
}

/// A message that is judged: all of it or none.
async fn whole(body: Incoming) -> Result<Bytes, Stop> {
    let read = content::read(body, LARGEST_MESSAGE + 5);
    match timeout(PATIENCE, read).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            let cause = "is larger than 16 MiB";
            Err(Refusal::malformed(rule::SIZE, "the message", cause).into())
        }
        Ok(Err(error)) => {
            let cause = format!("broke off ({error})");
            Err(Refusal::malformed(rule::GRPC, "the message", cause).into())
        }
        Err(_) => {
            let cause = "did not come in time";
            Err(Refusal::malformed(rule::GRPC, "the message", cause).into())
        }
    }
}
