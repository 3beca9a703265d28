//! The classic builder's query (guard-policy §2.9), written anew: JSON in it is read as strictly as a
//! body.

use super::Refusal;
use super::container::{ULIMIT, build_limits, named_network, ulimits};
use super::image::written;
use super::json::{self, Value};
use super::labels;
use super::ownership;
use super::path::Query;
use super::policy::Bounds;
use super::rule;
use super::schema::{Change, Kind, Schema, allow, check, rewrite};
use super::verdict::{Claim, Effect};
use std::collections::BTreeMap;

/// The parameters that are JSON.
static PARAMETERS: Schema = Schema {
    name: "build",
    fields: &[
        allow("buildargs", Kind::Arguments),
        rewrite("labels", Kind::TextMap, labels::set, rule::LABEL),
        allow("cachefrom", Kind::Texts),
        check("ulimits", Kind::List(&ULIMIT), ulimits),
    ],
};

/// Check and rewrite the query of `POST /build`.
pub(super) fn build(
    query: &mut Query,
    bounds: &Bounds<'_>,
) -> Result<(Vec<Claim>, Effect, Vec<Change>), Refusal> {
    match query.get("version") {
        None | Some("1") => {}
        Some(_) => {
            return Err(Refusal::forbidden(
                rule::BUILDKIT,
                "query version",
                "is `2`",
            ));
        }
    }
    let mut claims = Vec::new();
    let mut references = Vec::new();
    for name in query.all("t").filter(|name| !name.is_empty()) {
        let (reference, claim) = written("query t", name, None, bounds)?;
        claims.extend(claim);
        references.push(reference.to_string());
    }
    query.replace("t", &references);
    network(query, bounds)?;
    json_parameters(query, bounds)?;
    let changes = limits(query, bounds);
    if let Some(parent) = &bounds.policy.cgroup_parent {
        query.set("cgroupparent", parent);
    }
    Ok((claims, Effect::Refers(references), changes))
}

/// The classic builder takes any network and `container:`, as a container does.
fn network(query: &mut Query, bounds: &Bounds<'_>) -> Result<(), Refusal> {
    let asked = query.get("networkmode").unwrap_or_default();
    let network = match asked.strip_prefix("container:") {
        Some(name) => {
            let id = bounds.owned.require(ownership::Kind::Container, name)?;
            format!("container:{id}")
        }
        None if asked == "host" || asked.contains(':') => {
            let cause = format!("is `{asked}`");
            return Err(Refusal::forbidden(
                rule::BUILD_NETWORK,
                "query networkmode",
                cause,
            ));
        }
        None if asked.is_empty() && bounds.policy.default_network.is_none() => return Ok(()),
        None => named_network(asked, bounds)?,
    };
    query.set("networkmode", network);
    Ok(())
}

fn json_parameters(query: &mut Query, bounds: &Bounds<'_>) -> Result<(), Refusal> {
    let mut given = BTreeMap::new();
    for field in PARAMETERS.fields {
        if let Some(text) = query.get(field.name) {
            let value = json::read(text.as_bytes()).map_err(|refusal| Refusal {
                field: format!("query {}: {}", field.name, refusal.field),
                ..refusal
            })?;
            given.insert(field.name.to_owned(), value);
        }
    }
    let mut read = PARAMETERS.read(Value::Map(given), bounds)?.body;
    for field in PARAMETERS.fields {
        match read.remove(field.name) {
            None => query.remove(field.name),
            Some(value) => query.set(field.name, value.to_json()),
        }
    }
    Ok(())
}

/// What the steps of a build may use is what a container may.
fn limits(query: &mut Query, bounds: &Bounds<'_>) -> Vec<Change> {
    let Some(most) = &bounds.policy.limits else {
        return Vec::new();
    };
    let names = ["memory", "memswap", "cpuperiod", "cpuquota"];
    let asked = names.map(|name| query.get(name).and_then(|text| text.parse().ok()));
    let (set, changes) = build_limits(asked, most);
    for (name, value) in names.into_iter().zip(set) {
        match value {
            Some(value) => query.set(name, value.to_string()),
            None => query.remove(name),
        }
    }
    changes
}
