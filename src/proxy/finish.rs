//! The end of a session: what it has made is removed, or kept so that nothing of it starts by itself.

use super::shared::Shared;
use super::volumes;
use crate::guard::image::{pulled, shadows};
use crate::guard::ownership::{Kind, Record};
use crate::guard::path::{Method, percent_encode};
use crate::model::OnExit;
use hyper::StatusCode;
use serde_json::{Value, json};
use std::io::{self, Write as _};

/// Containers first: networks and volumes are theirs.
const IN_ORDER: [(Kind, &str); 3] = [
    (Kind::Container, "force=1&v=1"),
    (Kind::Network, ""),
    (Kind::Volume, "force=1"),
];

/// Remove or keep.
pub(super) async fn finish(shared: &Shared) {
    match shared.config.on_exit {
        OnExit::Remove => remove(shared).await,
        OnExit::Keep => keep(shared).await,
    }
}

/// Whether the session has left nothing that another guard would have to remove.
pub(super) fn nothing_left(shared: &Shared) -> bool {
    let owned = shared.owned.borrow();
    let left = IN_ORDER
        .iter()
        .any(|(kind, _)| owned.ids(*kind).next().is_some());
    shared.config.on_exit == OnExit::Keep || !left
}

async fn remove(shared: &Shared) {
    for name in own_names_of_others(shared).await {
        let mut path = format!("{}/images/", shared.version());
        percent_encode(&name, "/:", &mut path);
        // The steps of its build stay: the next session builds it again in no time.
        let asked = shared
            .engine
            .ask(Method::Delete, &path, "noprune=1&force=1", None);
        match asked.await {
            Ok((status, _)) if status.is_success() || status == StatusCode::NOT_FOUND => {
                let kind = Kind::Image;
                let _ = shared.record(&[Record::Unnamed { kind, name }]);
            }
            Ok((status, answer)) => left(shared, Kind::Image, &name, &format!("{status} {answer}")),
            Err(error) => left(shared, Kind::Image, &name, &error.to_string()),
        }
    }

    for (kind, query) in IN_ORDER {
        let mut all = ids(shared, kind);
        if kind == Kind::Container {
            all.extend(volumes::users(shared).await.unwrap_or_default());
        }
        for id in all {
            let path = path(shared, kind, &id);
            match shared.engine.ask(Method::Delete, &path, query, None).await {
                Ok((status, _)) if status.is_success() || status == StatusCode::NOT_FOUND => {
                    // Not written down, it is found missing the next time.
                    let _ = shared.record(&[Record::Removed { kind, id }]);
                }
                Ok((status, answer)) => left(shared, kind, &id, &format!("{status} {answer}")),
                Err(error) => left(shared, kind, &id, &error.to_string()),
            }
        }
    }
    shared.places.links.forget();
}

/// A container that is kept may run on, and is not started again without the guard.
async fn keep(shared: &Shared) {
    for id in ids(shared, Kind::Container) {
        let path = format!("{}/update", path(shared, Kind::Container, &id));
        let never = json!({"RestartPolicy": {"Name": "no"}}).to_string();
        let asked = shared
            .engine
            .ask(Method::Post, &path, "", Some(never))
            .await;
        if let Err(error) = asked {
            left(shared, Kind::Container, &id, &error.to_string());
        }
    }
}

/// Names that the project's sessions have given to images of their own, and for which a registry could
/// answer: another one who uses them would not get what they expect.
async fn own_names_of_others(shared: &Shared) -> Vec<String> {
    let names: Vec<String> = {
        let owned = shared.owned.borrow();
        let of = |id| owned.names(Kind::Image, id).map(str::to_owned);
        let names = owned.ids(Kind::Image).flat_map(of);
        names.filter(|name| shadows(name)).collect()
    };
    let mut own = Vec::new();
    for name in names {
        let mut path = format!("{}/images/", shared.version());
        percent_encode(&name, "/:", &mut path);
        path.push_str("/json");
        let asked = shared.engine.ask(Method::Get, &path, "", None).await;
        let Ok((StatusCode::OK, image)) = asked else {
            continue;
        };
        let digests = image.get("RepoDigests").and_then(Value::as_array);
        let digests = digests.into_iter().flatten().filter_map(Value::as_str);
        if !pulled(&name, digests) {
            own.push(name);
        }
    }
    own
}

fn ids(shared: &Shared, kind: Kind) -> Vec<String> {
    let owned = shared.owned.borrow();
    owned.ids(kind).map(str::to_owned).collect()
}

fn path(shared: &Shared, kind: Kind, id: &str) -> String {
    let mut path = format!("{}/{kind}s/", shared.version());
    percent_encode(id, "", &mut path);
    path
}

/// Where its standard error goes, whoever looks for it finds it.
fn left(shared: &Shared, kind: Kind, id: &str, why: &str) {
    let session = &shared.config.session;
    let _ = writeln!(
        io::stderr(),
        "hal-9000 guard: the {kind} {id} of the session {session} is left: {why}"
    );
}
