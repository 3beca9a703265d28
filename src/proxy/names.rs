//! The names of the session's containers, in the session: its own container joins the networks of the
//! session in which something runs, and leaves one before that is removed.
//!
//! Only networks of the session, which nobody else is in. A session in the namespace of the parent has
//! none of its own, for all that are there would see what is its.

use super::content::Broken;
use super::life::{self, Session};
use super::shared::Shared;
use crate::guard::Upstream;
use crate::guard::joining;
use crate::guard::ownership::Kind;
use crate::guard::path::{Method, Route};
use crate::guard::verdict::Payload;
use hyper::StatusCode;
use serde_json::{Value, json};
use std::io::{self, Write as _};

/// Before a request is sent.
pub(super) async fn before(shared: &Shared, route: Route, sent: &Upstream) {
    match route {
        // `/v1.41/networks/ID`
        Route::NetworkDelete => {
            if let Some(network) = sent.path.split('/').nth(3) {
                leave(shared, network).await;
            }
        }
        // Asked for by the client, with other names perhaps: what was done unasked is in its way.
        Route::NetworkConnect => {
            let Some((network, container)) = connects(sent) else {
                return;
            };
            let _one = shared.joining.lock().await;
            if let Ok(Some(session)) = life::found(shared).await
                && session.id == container
                && session.attached.has(&network)
            {
                disconnect(shared, &session, &network).await;
            }
        }
        _ => {}
    }
}

/// After one that has succeeded.
pub(super) async fn after(shared: &Shared, route: Route, sent: &Upstream) {
    let container = match route {
        Route::ContainerStart | Route::ContainerRestart => {
            sent.path.split('/').nth(3).map(str::to_owned)
        }
        Route::NetworkConnect => connects(sent).map(|(_, container)| container),
        _ => None,
    };
    if let Some(container) = container
        && let Err(error) = join(shared, &container).await
    {
        // Where its standard error goes, whoever looks for it finds it.
        let name = &shared.config.session;
        let _ = writeln!(
            io::stderr(),
            "hal-9000 guard: the names beside {container} are not known in the session {name}: {error}"
        );
    }
}

/// The network and the container of a request to connect them.
fn connects(sent: &Upstream) -> Option<(String, String)> {
    let Payload::Json(text) = &sent.payload else {
        return None;
    };
    let body: Value = serde_json::from_str(text).ok()?;
    let container = body.get("Container")?.as_str()?;
    let network = sent.path.split('/').nth(3)?;
    Some((network.to_owned(), container.to_owned()))
}

/// Let the session into the networks of a container that runs.
async fn join(shared: &Shared, container: &str) -> Result<(), Broken> {
    let own = |id: &str| shared.owned.borrow().has(Kind::Network, id);
    if shared.owned.borrow().ids(Kind::Network).next().is_none() {
        return Ok(());
    }
    if !shared.owned.borrow().has(Kind::Container, container) {
        return Ok(());
    }
    let path = format!("{}/containers/{container}/json", shared.version());
    let (_, found) = shared.engine.ask(Method::Get, &path, "", None).await?;
    let runs = found.pointer("/State/Running").and_then(Value::as_bool);
    let mut networks = joining::networks(&found);
    networks.retain(|id, _| own(id));
    if runs != Some(true) || networks.is_empty() {
        return Ok(());
    }
    let _one = shared.joining.lock().await;
    let session = life::found(shared).await?;
    let Some(session) = session.filter(|session| session.running) else {
        return Ok(());
    };
    for id in networks.keys().filter(|id| !session.attached.has(id)) {
        let path = format!("{}/networks/{id}", shared.version());
        let (status, network) = shared.engine.ask(Method::Get, &path, "", None).await?;
        if status != StatusCode::OK {
            // it is gone
            continue;
        }
        let path = format!("{path}/connect");
        let speaks = shared.speaks.max();
        let mut refused = None;
        for ask in session.attached.asks(&session.id, &network, speaks) {
            let asked = shared.engine.ask(Method::Post, &path, "", Some(ask));
            let (status, answer) = asked.await?;
            refused = (!status.is_success()).then(|| format!("{status} {answer}"));
            if refused.is_none() {
                break;
            }
        }
        if let Some(refused) = refused {
            return Err(refused.into());
        }
    }
    Ok(())
}

/// Let it out of a network in which nothing else is.
pub(super) async fn leave(shared: &Shared, network: &str) {
    let _one = shared.joining.lock().await;
    let Ok(Some(session)) = life::found(shared).await else {
        return;
    };
    if !session.attached.has(network) {
        return;
    }
    let path = format!("{}/networks/{network}", shared.version());
    let asked = shared.engine.ask(Method::Get, &path, "", None).await;
    let Ok((StatusCode::OK, found)) = asked else {
        return;
    };
    if joining::containers(&found).all(|container| container == session.id) {
        disconnect(shared, &session, network).await;
    }
}

/// What the engine says of that it says again to the request that follows.
async fn disconnect(shared: &Shared, session: &Session, network: &str) {
    let path = format!("{}/networks/{network}/disconnect", shared.version());
    let body = json!({"Container": session.id, "Force": true}).to_string();
    let asked = shared.engine.ask(Method::Post, &path, "", Some(body));
    drop(asked.await);
}
