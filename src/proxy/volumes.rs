//! The volumes that stand for paths beneath the project. They are the guard's, not the session's: it
//! never sees them, and a mount of one is shown as the bind that was asked for.

use super::places::Way;
use super::shared::Shared;
use super::stop::Stop;
use crate::guard::ownership::{Kind, Record};
use crate::guard::path::{Method, percent_encode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::io;

/// The label that says which path beneath the project a volume stands for: a guard that takes over
/// where another ended knows it by this.
const PATH: &str = "hal9000.path";

/// A name of a session that is longer is cut in the names of volumes.
const LONGEST: usize = 100;

/// A volume for a mount.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) name: String,
    /// What is mounted: the project, or a descriptor.
    pub(super) device: String,
    /// The path in the project, if the project is what is mounted.
    pub(super) path: Option<String>,
}

impl Kept {
    /// For a path in the project. One for each path and not one for all, as lists of containers tell
    /// only the names of volumes.
    pub(super) fn of_path(shared: &Shared, path: &str) -> Self {
        Self {
            name: format!("{}at-{}", prefix(shared), hash(path)),
            device: shared.mapping.project().to_owned(),
            path: Some(path.to_owned()),
        }
    }

    /// For a descriptor of this process.
    pub(super) fn of_descriptor(shared: &Shared, number: i32) -> Self {
        let process = std::process::id();
        Self {
            name: format!("{}{process}-{number}", prefix(shared)),
            device: format!("/proc/{process}/fd/{number}"),
            path: None,
        }
    }
}

fn prefix(shared: &Shared) -> String {
    format!("hal9000-guard-{}-", short(&shared.config.session))
}

/// The engine has a directory of the volume's name, which can have 255 bytes.
fn short(session: &str) -> String {
    match session.get(..LONGEST) {
        Some(begin) if session.len() > LONGEST => format!("{begin}-{}", hash(session)),
        _ => session.to_owned(),
    }
}

fn hash(text: &str) -> String {
    let mut hash = String::new();
    for byte in Sha256::digest(text).iter().take(16) {
        // writing to a string cannot fail
        let _ = write!(hash, "{byte:02x}");
    }
    hash
}

/// Make it.
pub(super) async fn make(shared: &Shared, volume: &Kept) -> Result<(), Stop> {
    let Kept { name, device, path } = volume;
    let mut labels = shared.config.policy.labels.clone();
    labels.extend(path.clone().map(|path| (PATH.to_owned(), path)));
    let body = json!({
        "Name": name,
        "Driver": "local",
        "DriverOpts": {"type": "none", "o": "bind", "device": device},
        "Labels": labels,
    });
    let create = format!("{}/volumes/create", shared.version());
    let asked = shared
        .engine
        .ask(Method::Post, &create, "", Some(body.to_string()));
    let (status, answer) = asked.await?;
    // The engine answers with a volume that is there already: it must be this one.
    if !status.is_success() || answer.pointer("/Options/device") != Some(&json!(device)) {
        return Err(Stop::Failed(format!(
            "the volume {name} could not be made ({status}): {answer}"
        )));
    }
    Ok(())
}

/// The volumes that guards of this session have made, each with its path in the project.
async fn list(shared: &Shared) -> io::Result<Vec<(String, Option<String>)>> {
    let path = format!("{}/volumes", shared.version());
    let asked = shared.engine.ask(Method::Get, &path, "", None).await;
    let (_, list) = asked.map_err(io::Error::other)?;
    let prefix = prefix(shared);
    let list = list.get("Volumes").and_then(Value::as_array);
    let ours = list.into_iter().flatten().filter_map(|volume| {
        let name = volume.get("Name")?.as_str()?;
        is_ours(name.strip_prefix(prefix.as_str())?).then(|| {
            let project = volume.pointer("/Options/device")? == shared.mapping.project();
            let path = volume.get("Labels").and_then(|labels| labels.get(PATH));
            let path = path.and_then(Value::as_str).filter(|_| project);
            Some((name.to_owned(), path.map(str::to_owned)))
        })?
    });
    Ok(ours.collect())
}

/// A session's name can begin with another's: what follows it is `PID-NUMBER` or `at-HASH`.
fn is_ours(rest: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let hex = |text: &str| text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    match rest.split_once('-') {
        Some(("at", hash)) => hex(hash),
        Some((process, number)) => digits(process) && digits(number),
        None => false,
    }
}

/// Remove those that no container uses.
pub(super) async fn forget(shared: &Shared) {
    for (volume, _) in list(shared).await.unwrap_or_default() {
        let path = format!("{}/volumes/{volume}", shared.version());
        // What is still used stays, for whoever removes the session's containers.
        drop(shared.engine.ask(Method::Delete, &path, "", None).await);
    }
}

/// Go on with the volumes of a guard that is gone. Those of a descriptor name one of a process that is
/// gone, and in its place there can be any other: containers with them are no longer the session's to
/// start.
pub(super) async fn take_over(shared: &Shared) -> io::Result<()> {
    forget(shared).await;
    for (volume, path) in list(shared).await? {
        match path {
            Some(path) if shared.places.way == Way::Subpath => {
                shared.places.take_over(volume, path);
            }
            _ => {
                for id in of(shared, &volume).await? {
                    let kind = Kind::Container;
                    shared
                        .record(&[Record::Removed { kind, id }])
                        .map_err(|stop| io::Error::other(stop.to_string()))?;
                }
            }
        }
    }
    Ok(())
}

/// The containers that have volumes of the guard's, whether they are still the session's or no longer.
pub(super) async fn users(shared: &Shared) -> io::Result<Vec<String>> {
    let mut users = Vec::new();
    for (volume, _) in list(shared).await? {
        users.extend(of(shared, &volume).await?);
    }
    Ok(users)
}

async fn of(shared: &Shared, volume: &str) -> io::Result<Vec<String>> {
    let path = format!("{}/containers/json", shared.version());
    let mut query = "all=1&filters=".to_owned();
    let filters = json!({"volume": [volume]}).to_string();
    percent_encode(&filters, "", &mut query);
    let asked = shared.engine.ask(Method::Get, &path, &query, None).await;
    let (_, list) = asked.map_err(io::Error::other)?;
    let list = list.as_array().into_iter().flatten();
    let ids = list.filter_map(|container| container.get("Id")?.as_str());
    Ok(ids.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_session_has_names_that_the_engine_takes() {
        assert_eq!(super::short("hal-9000-shop"), "hal-9000-shop");
        let [one, other] = ["a", "b"].map(|end| super::short(&format!("{}{end}", "x".repeat(220))));
        assert!(one.len() < 140 && one != other, "{one}");
    }

    #[test]
    fn a_session_whose_name_begins_with_anothers_keeps_its_volumes() {
        let hash = "0123456789abcdef0123456789abcdef";
        for (rest, ours) in [
            ("12-3", true),
            (&format!("at-{hash}"), true),
            ("2-12-3", false),
            (&format!("b-at-{hash}"), false),
            ("at-12", false),
            ("12-", false),
            ("data", false),
        ] {
            assert_eq!(super::is_ours(rest), ours, "{rest}");
        }
    }
}
