//! What starts and ends without a request of the session: containers that end by themselves, those
//! that the engine starts again, and networks that a container gets and loses.

use super::{close, settle, told};
use crate::guard::ownership::Kind;
use crate::guard::path::{Method, percent_encode};
use crate::proxy::content::{self, Broken};
use crate::proxy::engine::{self, Line};
use crate::proxy::events::Lines;
use crate::proxy::shared::Shared;
use http_body_util::BodyExt as _;
use hyper::StatusCode;
use hyper::body::Incoming;
use serde_json::{Value, json};
use std::rc::Rc;
use std::time::Duration;

/// How long to wait before an engine that broke off is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// The engine's word on what happens.
struct Watch {
    body: Incoming,
    _line: Line,
}

/// Open what runs, and keep up with it for as long as the guard is there.
pub(in crate::proxy) async fn begin(shared: &Rc<Shared>) {
    let watch = watch(shared).await.ok();
    settle_all(shared).await;
    tokio::task::spawn_local(go_on(Rc::clone(shared), watch));
}

async fn go_on(shared: Rc<Shared>, first: Option<Watch>) {
    let mut watched = first;
    loop {
        if let Some(watch) = watched {
            // Whatever ended it, the engine is asked again.
            drop(follow(&shared, watch).await);
        }
        tokio::time::sleep(PAUSE).await;
        watched = watch(&shared).await.ok();
        if watched.is_some() {
            settle_all(&shared).await;
        }
    }
}

async fn watch(shared: &Shared) -> Result<Watch, Broken> {
    let path = format!("{}/events", shared.version());
    let filters = json!({
        "type": ["container", "network"],
        "event": ["start", "die", "connect", "disconnect"],
    });
    let mut query = "filters=".to_owned();
    percent_encode(&filters.to_string(), "", &mut query);
    let request = engine::request(Method::Get, &path, &query, content::empty())?;
    let (response, line) = shared.engine.send(request).await?;
    if response.status() != StatusCode::OK {
        return Err(response.status().to_string().into());
    }
    Ok(Watch {
        body: response.into_body(),
        _line: line,
    })
}

async fn settle_all(shared: &Rc<Shared>) {
    let ids = |shared: &Shared| -> Vec<String> {
        let owned = shared.owned.borrow();
        owned.ids(Kind::Container).map(str::to_owned).collect()
    };
    {
        let _one = shared.ports.changing.lock().await;
        let own = ids(shared);
        close(shared, |id, _| !own.iter().any(|own| own == id)).await;
    }
    for id in ids(shared) {
        settled(shared, &id).await;
    }
}

async fn settled(shared: &Rc<Shared>, id: &str) {
    if let Err(failed) = settle(shared, id).await {
        told(shared, id, &failed);
    }
}

async fn follow(shared: &Rc<Shared>, mut watch: Watch) -> Result<(), Broken> {
    let mut lines = Lines::default();
    while let Some(frame) = watch.body.frame().await {
        let Ok(piece) = frame?.into_data() else {
            continue;
        };
        for line in lines.push(&piece)? {
            let Some((id, started)) = about(&line) else {
                continue;
            };
            if started.as_deref() == Some(shared.config.session.as_str()) {
                // The session itself: what was kept for it is had from now on.
                settle_all(shared).await;
            } else {
                // Also of one that is no longer the session's: it may have ended while it was opened.
                settled(shared, &id).await;
            }
        }
    }
    Ok(())
}

/// The container that an event is about, and its name if it has started.
fn about(line: &[u8]) -> Option<(String, Option<String>)> {
    let event: Value = serde_json::from_slice(line).ok()?;
    let text = |path: &str| {
        event
            .pointer(path)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    match text("/Type")?.as_str() {
        "container" => {
            let started = event.get("Action")? == "start";
            let name = text("/Actor/Attributes/name").filter(|_| started);
            Some((text("/Actor/ID")?, name))
        }
        "network" => Some((text("/Actor/Attributes/container")?, None)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_about_a_container() {
        let read = |text: &str| about(text.as_bytes());
        let id = || "c".to_owned();
        let started =
            r#"{"Type":"container","Action":"start","Actor":{"ID":"c","Attributes":{"name":"n"}}}"#;
        assert_eq!(read(started), Some((id(), Some("n".to_owned()))));
        let died = started.replace("start", "die");
        assert_eq!(read(&died), Some((id(), None)));
        let connected = r#"{"Type":"network","Action":"connect","Actor":{"ID":"n","Attributes":{"container":"c"}}}"#;
        assert_eq!(read(connected), Some((id(), None)));
        for other in [
            "",
            "{}",
            r#"{"Type":"network","Actor":{"ID":"n","Attributes":{}}}"#,
        ] {
            assert_eq!(read(other), None);
        }
    }
}
