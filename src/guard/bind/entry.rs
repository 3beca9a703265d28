//! `HostConfig.Mounts`.

use super::text::{target, volume};
use super::{MountRequest, Source, tmpfs};
use crate::guard::Refusal;
use crate::guard::json::Value;
use crate::guard::path::is_image;
use crate::guard::policy::Bounds;
use crate::guard::rule;
use crate::guard::schema::{At, Kind, Schema, allow, check, omit, refuse, rewrite};
use std::collections::BTreeMap;

/// An entry of `Mounts`.
pub static MOUNT: Schema = Schema {
    name: "Mount",
    fields: &[
        allow("Type", Kind::Text),
        allow("Source", Kind::Text),
        allow("Target", Kind::Text),
        allow("ReadOnly", Kind::Flag),
        // for Docker Desktop of some years ago
        omit("Consistency", Kind::Text, rule::OUTPUT_FIELD),
        allow("BindOptions", Kind::Object(&BIND)),
        allow("VolumeOptions", Kind::Object(&VOLUME)),
        allow("ImageOptions", Kind::Object(&IMAGE)),
        allow("TmpfsOptions", Kind::Object(&TMPFS)),
        refuse("ClusterOptions", Kind::Any, rule::MOUNT_TYPE),
    ],
};

/// `BindOptions`
static BIND: Schema = Schema {
    name: "MountBindOptions",
    fields: &[
        check("Propagation", Kind::Text, propagation),
        allow("NonRecursive", Kind::Flag),
        allow("CreateMountpoint", Kind::Flag),
        allow("ReadOnlyNonRecursive", Kind::Flag),
        allow("ReadOnlyForceRecursive", Kind::Flag),
    ],
};

/// `VolumeOptions`
static VOLUME: Schema = Schema {
    name: "MountVolumeOptions",
    fields: &[
        allow("NoCopy", Kind::Flag),
        rewrite(
            "Labels",
            Kind::TextMap,
            crate::guard::labels::set,
            rule::LABEL,
        ),
        allow("DriverConfig", Kind::Object(&DRIVER)),
        check("Subpath", Kind::Text, subpath),
    ],
};

/// `VolumeOptions.DriverConfig`
static DRIVER: Schema = Schema {
    name: "MountVolumeOptionsDriverConfig",
    fields: &[
        check("Name", Kind::Text, local),
        refuse("Options", Kind::TextMap, rule::MOUNT_DRIVER),
    ],
};

/// `ImageOptions`
static IMAGE: Schema = Schema {
    name: "MountImageOptions",
    fields: &[check("Subpath", Kind::Text, subpath)],
};

/// `TmpfsOptions`
static TMPFS: Schema = Schema {
    name: "MountTmpfsOptions",
    fields: &[
        allow("SizeBytes", Kind::Int),
        allow("Mode", Kind::Int),
        check("Options", Kind::TextLists, tmpfs::option_lists),
    ],
};

fn propagation(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    match value.as_text() {
        "" | "rprivate" | "private" => Ok(()),
        other => Err(at.forbidden(rule::MOUNT_PROPAGATION, format!("is `{other}`"))),
    }
}

fn local(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    match value.as_text() {
        "" | "local" => Ok(()),
        other => Err(at.forbidden(rule::MOUNT_DRIVER, format!("is `{other}`"))),
    }
}

/// A relative path that stays where it begins.
fn subpath(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    let path = value.as_text();
    let odd = |part: &str| part == ".." || part.contains(|c: char| c.is_control() || c == '\\');
    if path.starts_with('/') || path.split('/').any(odd) {
        return Err(at.forbidden(rule::MOUNT_SUBPATH, format!("is `{path}`")));
    }
    Ok(())
}

/// Read an entry whose fields were read by [`MOUNT`].
pub(crate) fn read(
    field: &str,
    entry: &Value,
    bounds: &Bounds<'_>,
) -> Result<MountRequest, Refusal> {
    let target = target(field, entry.get("Target").as_text())?;
    let given = entry.get("Source").as_text();
    let source_field = format!("{field}.Source");
    let kind = entry.get("Type").as_text();
    let (source, own) = match kind {
        "bind" => (
            bounds.mapping.source(&source_field, given, &target)?,
            "BindOptions",
        ),
        "volume" if given.is_empty() => (Source::Anonymous, "VolumeOptions"),
        "volume" => (volume(&source_field, given, bounds)?, "VolumeOptions"),
        "tmpfs" if given.is_empty() => (Source::Tmpfs, "TmpfsOptions"),
        "image" if is_image(given) => (Source::Image(given.to_owned()), "ImageOptions"),
        "tmpfs" | "image" => {
            let cause = format!("is `{given}` for a mount of type {kind}");
            return Err(Refusal::malformed(rule::MOUNT_FORMAT, source_field, cause));
        }
        other => {
            let cause = format!("is `{other}`");
            return Err(Refusal::forbidden(
                rule::MOUNT_TYPE,
                format!("{field}.Type"),
                cause,
            ));
        }
    };
    for other in [
        "BindOptions",
        "VolumeOptions",
        "TmpfsOptions",
        "ImageOptions",
    ] {
        if other != own && !entry.get(other).is_zero() {
            let cause = format!("is given for a mount of type {kind}");
            let field = format!("{field}.{other}");
            return Err(Refusal::malformed(rule::MOUNT_FORMAT, field, cause));
        }
    }
    let mut options = entry.get(own).clone().into_map();
    let set = |value: Option<Value>| value == Some(Value::Bool(true));
    // what the guard does itself, or always in one way
    let create = set(options.remove("CreateMountpoint"));
    let no_copy = set(options.remove("NoCopy"));
    options.remove("Propagation");
    options.remove("DriverConfig");
    options.retain(|_, value| !value.is_zero());
    Ok(MountRequest {
        field: field.to_owned(),
        create: create && matches!(source, Source::Beneath(_)),
        source,
        target,
        read_only: *entry.get("ReadOnly") == Value::Bool(true),
        no_copy,
        options: BTreeMap::from([(own.to_owned(), Value::Map(options))]),
    })
}
