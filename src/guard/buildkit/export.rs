//! Where a build's result goes: into the engine's images under names that are the session's, or to the
//! client.

use super::shape::At;
use crate::guard::Refusal;
use crate::guard::image::written;
use crate::guard::rule;
use crate::guard::verdict::Claim;
use std::collections::BTreeMap;

/// What an image's exporter can be told (buildkit `exptypes`); not to give names to what has none.
const KNOWN: &[&str] = &[
    "attestation-inline",
    "buildinfo",
    "buildinfo-attrs",
    "compression",
    "compression-level",
    "force-compression",
    // compose says it, and nobody reads it
    "load",
    "name",
    "oci-artifact",
    "oci-mediatypes",
    "prefer-image-digest",
    "prefer-nondist-layers",
    "push",
    "push-by-digest",
    "rewrite-timestamp",
    "source-date-epoch",
    "store",
    "unpack",
];

/// The names that a build writes.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Images {
    pub(super) claims: Vec<Claim>,
    pub(super) names: Vec<String>,
    /// Whether there is an image, with a name or without.
    pub(super) stores: bool,
}

/// Check an exporter, and write its names in full.
pub(super) fn exporter(
    kind: &str,
    attrs: &mut BTreeMap<String, String>,
    found: &mut Images,
    at: &At<'_>,
) -> Result<(), Refusal> {
    match kind {
        // none, and those to the client
        "" | "local" | "tar" | "oci" | "docker" => return Ok(()),
        "moby" | "image" => found.stores = true,
        _ => return Err(at.forbidden(rule::BUILD_EXPORTER, format!("is `{kind}`"))),
    }
    for name in attrs.keys() {
        let known = KNOWN.contains(&name.as_str()) || name.starts_with("annotation");
        if !known {
            return Err(at.under(name).forbidden(rule::BUILD_EXPORTER, "is given"));
        }
    }
    let Some(list) = attrs.get_mut("name").filter(|list| !list.is_empty()) else {
        return Ok(());
    };
    let field = at.under("name").to_string();
    let mut full = Vec::new();
    for name in list.split(',') {
        let (reference, claim) = written(&field, name, None, at.moment.bounds)?;
        found.claims.extend(claim);
        full.push(reference.to_string());
    }
    *list = full.join(",");
    found.names.extend(full);
    Ok(())
}
