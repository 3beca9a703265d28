//! What was made is the session's, before its client is told.

use super::shared::Shared;
use super::stop::Stop;
use crate::guard::ownership::{Kind, Record};
use crate::guard::path::Method;
use crate::guard::{Refusal, labels, rule};
use serde_json::Value;

/// What a request makes.
#[derive(Debug)]
pub(super) struct Owning {
    pub(super) kind: Kind,
    /// The name that was asked for.
    pub(super) name: Option<String>,
    /// For a command, its container.
    pub(super) of: Option<String>,
}

/// Record what `answer` says was made.
pub(super) async fn made(shared: &Shared, owning: Owning, answer: &[u8]) -> Result<(), Stop> {
    let answer: Value = serde_json::from_slice(answer).map_err(|error| Stop::unread(&error))?;
    let Owning { kind, name, of } = owning;
    let field = if kind == Kind::Volume { "Name" } else { "Id" };
    let Some(id) = answer.get(field).and_then(Value::as_str) else {
        return Err(Stop::Failed(format!(
            "the engine did not name the {kind} that it made"
        )));
    };
    let id = id.to_owned();
    let name = match kind {
        Kind::Volume => Some(id.clone()),
        _ => name,
    };
    let container = (kind == Kind::Container).then(|| id.clone());
    shared.record(&[Record::Made { kind, id, name, of }])?;
    match container {
        Some(id) => looked_at(shared, id).await,
        None => Ok(()),
    }
}

/// A container can have got a name and volumes that nobody asked for by name.
async fn looked_at(shared: &Shared, id: String) -> Result<(), Stop> {
    let path = format!("{}/containers/{id}/json", shared.version());
    let (status, container) = shared.engine.ask(Method::Get, &path, "", None).await?;
    if !status.is_success() {
        // it is gone again
        return Ok(());
    }
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    if let Some(key) = labels::pretended(container.pointer("/Config/Labels"), &shared.config.policy)
    {
        // the engine has just made it, and nobody was told of it
        let path = format!("{}/containers/{id}", shared.version());
        let (status, _) = shared
            .engine
            .ask(Method::Delete, &path, "force=1&v=1", None)
            .await?;
        if status.is_success() {
            let kind = Kind::Container;
            shared.record(&[Record::Removed { kind, id }])?;
        }
        let cause = format!("has the label `{key}`");
        return Err(Refusal::forbidden(rule::LABEL, "the image", cause).into());
    }
    let mut records = Vec::new();
    if let Some(name) = text(&container, "Name") {
        let name = name.trim_start_matches('/').to_owned();
        let kind = Kind::Container;
        records.push(Record::Named { kind, id, name });
    }
    let mounts = container.get("Mounts").and_then(Value::as_array);
    for mount in mounts.into_iter().flatten() {
        let volume = text(mount, "Type").filter(|kind| kind == "volume");
        let Some(name) = volume.and_then(|_| text(mount, "Name")) else {
            continue;
        };
        let known = shared.owned.borrow().has(Kind::Volume, &name);
        // What it named was the session's already: what is left was made with it.
        if !known && shared.places.beneath(&name).is_none() {
            records.push(Record::Made {
                kind: Kind::Volume,
                id: name.clone(),
                name: Some(name),
                of: None,
            });
        }
    }
    shared.record(&records)
}
