//! The body of a create: read by the tables, its mounts decided, and written anew when the caller has
//! found what they mean.

use super::{config::CREATE, limits, network, ports};
use crate::guard::Refusal;
use crate::guard::bind::{self, MountRequest, Place, Source};
use crate::guard::json::Value;
use crate::guard::ownership::Kind;
use crate::guard::policy::Bounds;
use crate::guard::rule;
use crate::guard::schema::Change;
use crate::guard::verdict::Claim;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// A container that may be made, once its mounts are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Create {
    body: BTreeMap<String, Value>,
    /// Its mounts, in the order of the request.
    pub mounts: Vec<MountRequest>,
    /// Where all ports are to be published that it exposes: see [`Self::publish`].
    pub publish_all: Option<IpAddr>,
    /// What the guard changed.
    pub changes: Vec<Change>,
}

/// Read a body.
pub fn read(body: Value, bounds: &Bounds<'_>) -> Result<Create, Refusal> {
    let Value::Map(mut given) = body else {
        let cause = format!("is {}, not an object", body.kind());
        return Err(Refusal::malformed(rule::JSON_TYPE, "the body", cause));
    };
    // what the guard sets is set in a body without `HostConfig`, too
    let host = given.entry("HostConfig".to_owned()).or_insert(Value::Null);
    if *host == Value::Null {
        *host = Value::Map(BTreeMap::new());
    }
    let mut model = CREATE.read(Value::Map(given), bounds)?;
    let mut host = model
        .body
        .remove("HostConfig")
        .unwrap_or(Value::Null)
        .into_map();
    let networking = match model.body.get_mut("NetworkingConfig") {
        Some(Value::Map(networking)) => Some(networking),
        _ => None,
    };
    network::settle(&mut host, networking, bounds)?;
    ports::settle(&mut host, &mut model.changes, bounds)?;
    let publish_all = ports::one_by_one(&mut host, &mut model.changes, bounds);
    if let Some(most) = &bounds.policy.limits {
        limits::settle(&mut host, "HostConfig.", most, true, &mut model.changes);
    }
    let mut mounts = Vec::new();
    let aside = |name: &str| model.aside.get(name).map_or(&[][..], Value::as_list);
    for (index, text) in aside("HostConfig.Binds").iter().enumerate() {
        let field = format!("HostConfig.Binds[{index}]");
        mounts.push(bind::bind(&field, text.as_text(), bounds)?);
    }
    for (index, entry) in aside("HostConfig.Mounts").iter().enumerate() {
        let field = format!("HostConfig.Mounts[{index}]");
        mounts.push(bind::entry(&field, entry, bounds)?);
    }
    if bounds.policy.read_only {
        let changed = mounts.iter_mut().filter_map(|mount| {
            mount.only_read().then(|| Change {
                field: mount.field.clone(),
                rule: rule::MOUNT_READ_ONLY,
            })
        });
        model.changes.extend(changed);
    }
    model.body.insert("HostConfig".to_owned(), Value::Map(host));
    Ok(Create {
        body: model.body,
        mounts,
        publish_all,
        changes: model.changes,
    })
}

impl Create {
    /// The body for the engine. `places` has, for each of [`Self::mounts`], what was found for it.
    pub fn render(mut self, places: &[Option<Place>]) -> Result<Value, Refusal> {
        let found = places
            .iter()
            .map(Option::as_ref)
            .chain(std::iter::repeat(None));
        let mounts: Result<Vec<Value>, _> = self
            .mounts
            .iter()
            .zip(found)
            .map(|(mount, place)| mount.render(place))
            .collect();
        let mounts = mounts?;
        if let Some(Value::Map(host)) = self.body.get_mut("HostConfig")
            && !mounts.is_empty()
        {
            host.insert("Mounts".to_owned(), Value::List(mounts));
        }
        Ok(Value::Map(self.body))
    }

    /// The volumes that it names and the session does not own yet.
    pub fn claims(&self) -> Vec<Claim> {
        let mut claims: Vec<Claim> = Vec::new();
        for mount in &self.mounts {
            if let Source::Volume { name, owned: false } = &mount.source {
                let kind = Kind::Volume;
                let name = name.clone();
                let claim = Claim { kind, name };
                if !claims.contains(&claim) {
                    claims.push(claim);
                }
            }
        }
        claims
    }

    /// Publish what it exposes, and what its image does.
    pub fn publish<'a>(&mut self, image: impl Iterator<Item = &'a str>) {
        if let Some(only) = self.publish_all {
            ports::all(&mut self.body, image, only);
        }
    }

    /// The image.
    pub fn image(&self) -> &str {
        self.body.get("Image").map_or("", Value::as_text)
    }

    /// Whether the engine removes the container when it ends.
    pub fn auto_remove(&self) -> bool {
        let host = self.body.get("HostConfig").unwrap_or(&Value::Null);
        *host.get("AutoRemove") == Value::Bool(true)
    }
}
