//! What the session owned and is no more: containers that the engine removes when they end, and what
//! the user removes. A name of it may be somebody else's by then.

use super::content::Broken;
use super::engine::{self, Line};
use super::events::Lines;
use super::shared::Shared;
use super::stop::Stop;
use crate::guard::ownership::{Kind, Record};
use crate::guard::path::{Method, percent_encode};
use crate::guard::volume;
use http_body_util::BodyExt as _;
use hyper::StatusCode;
use hyper::body::Incoming;
use serde_json::{Value, json};
use std::rc::Rc;
use std::time::Duration;

/// How long to wait before an engine that broke off is asked again.
const PAUSE: Duration = Duration::from_secs(1);

const KINDS: &[Kind] = &[Kind::Container, Kind::Network, Kind::Volume];

/// The engine's word on what it removes.
#[derive(Debug)]
pub(super) struct Watch {
    body: Incoming,
    _line: Line,
}

/// Be told from now on, and forget what went before.
pub(super) async fn begin(shared: &Shared) -> Result<Watch, Stop> {
    let path = format!("{}/events", shared.version());
    let kinds: Vec<String> = KINDS.iter().map(Kind::to_string).collect();
    let filters = json!({"type": kinds, "event": ["destroy"]}).to_string();
    let mut query = "filters=".to_owned();
    percent_encode(&filters, "", &mut query);
    let request = engine::request(Method::Get, &path, &query, super::content::empty())?;
    let (response, line) = shared.engine.send(request).await?;
    if response.status() != StatusCode::OK {
        let status = response.status();
        return Err(Stop::Failed(format!(
            "the engine does not tell what it removes ({status})"
        )));
    }
    for kind in KINDS {
        let ids: Vec<String> = shared
            .owned
            .borrow()
            .ids(*kind)
            .map(str::to_owned)
            .collect();
        for id in ids {
            look(shared, *kind, id).await?;
        }
    }
    Ok(Watch {
        body: response.into_body(),
        _line: line,
    })
}

/// Forget what goes, for as long as the guard is there.
pub(super) async fn go_on(shared: Rc<Shared>, first: Watch) {
    let mut watch = Some(first);
    loop {
        if let Some(watch) = watch {
            // Whatever ended it, the engine is asked again.
            drop(follow(&shared, watch).await);
        }
        tokio::time::sleep(PAUSE).await;
        watch = begin(&shared).await.ok();
    }
}

async fn follow(shared: &Shared, mut watch: Watch) -> Result<(), Stop> {
    let mut lines = Lines::default();
    while let Some(frame) = watch.body.frame().await {
        let frame = frame.map_err(Broken::from)?;
        let Ok(piece) = frame.into_data() else {
            continue;
        };
        for line in lines.push(&piece)? {
            match destroyed(&line) {
                // the event can be older than a volume of that name
                Some((Kind::Volume, name)) => look(shared, Kind::Volume, name).await?,
                Some((kind, id)) => forget(shared, kind, id)?,
                None => {}
            }
        }
    }
    Ok(())
}

/// What an event says is no more.
fn destroyed(line: &[u8]) -> Option<(Kind, String)> {
    let event: Value = serde_json::from_slice(line).ok()?;
    let word = event.get("Type")?.as_str()?;
    let kind = KINDS.iter().find(|kind| kind.to_string() == word)?;
    let id = event.pointer("/Actor/ID")?.as_str()?;
    Some((*kind, id.to_owned()))
}

/// Forget it unless it is there, and the session's. An event can come after a volume of the same name
/// was made: of the session's own all that have a name have its labels.
async fn look(shared: &Shared, kind: Kind, id: String) -> Result<(), Stop> {
    // Held, as another request may be making a volume of that name.
    let _naming = shared.naming.lock().await;
    if !shared.owned.borrow().has(kind, &id) {
        return Ok(());
    }
    let mut path = format!("{}/{kind}s/", shared.version());
    percent_encode(&id, "", &mut path);
    if kind == Kind::Container {
        path.push_str("/json");
    }
    let (status, object) = shared.engine.ask(Method::Get, &path, "", None).await?;
    let own = match kind {
        Kind::Volume => volume::is_made_by(&object, &id, &shared.config.policy),
        _ => true,
    };
    match status {
        status if status.is_success() && own => Ok(()),
        status if status.is_success() || status == StatusCode::NOT_FOUND => {
            forget(shared, kind, id)
        }
        status => Err(Stop::unsaid(kind, &id, status)),
    }
}

fn forget(shared: &Shared, kind: Kind, id: String) -> Result<(), Stop> {
    if shared.owned.borrow().has(kind, &id) {
        shared.record(&[Record::Removed { kind, id }])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_name_what_is_gone() {
        let event = br#"{"Type":"volume","Action":"destroy","Actor":{"ID":"v"}}"#;
        assert_eq!(destroyed(event), Some((Kind::Volume, "v".to_owned())));
        for other in [
            &b"{}"[..],
            b"x",
            br#"{"Type":"image","Actor":{"ID":"v"}}"#,
            br#"{"Type":"volume","Actor":{}}"#,
        ] {
            assert_eq!(destroyed(other), None);
        }
    }
}
