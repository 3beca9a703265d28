//! `Binds`: `source:target[:modes]`, `source:target` or `target`, as the engine reads them (moby
//! `volume/mounts/linux_parser.go`, `strings.SplitN(raw, ":", 4)`).

use super::mapping::absolute;
use super::{MountRequest, Source};
use crate::guard::Refusal;
use crate::guard::ownership::Kind;
use crate::guard::path::is_name;
use crate::guard::policy::Bounds;
use crate::guard::rule;
use std::collections::BTreeMap;

/// Read one.
pub(crate) fn read(field: &str, text: &str, bounds: &Bounds<'_>) -> Result<MountRequest, Refusal> {
    let malformed = || {
        let cause = format!("is `{text}`");
        Refusal::malformed(rule::MOUNT_FORMAT, field, cause)
    };
    let parts: Vec<&str> = text.split(':').collect();
    let (source, raw_target, modes) = match parts[..] {
        [target] => (None, target, ""),
        [source, target] => (Some(source), target, ""),
        [source, target, modes] if !modes.is_empty() => (Some(source), target, modes),
        _ => return Err(malformed()),
    };
    if source == Some("") {
        return Err(malformed());
    }
    let target = target(field, raw_target)?;
    let modes = Modes::read(field, modes)?;
    let source = match source {
        None => Source::Anonymous,
        Some(path) if path.starts_with('/') => bounds.mapping.source(field, path, &target)?,
        Some(name) => volume(field, name, bounds)?,
    };
    Ok(MountRequest {
        field: field.to_owned(),
        target,
        read_only: modes.read_only,
        // `--volume` makes what is missing
        create: matches!(source, Source::Beneath(_)),
        no_copy: modes.no_copy,
        options: BTreeMap::new(),
        source,
    })
}

/// A volume by name. What has a slash or begins with `.` or `~` is a path that only the client knows.
pub(super) fn volume(field: &str, name: &str, bounds: &Bounds<'_>) -> Result<Source, Refusal> {
    if !is_name(name) {
        let cause = format!("is `{name}`, neither an absolute path nor the name of a volume");
        return Err(Refusal::malformed(rule::MOUNT_PATH, field, cause));
    }
    Ok(Source::Volume {
        name: name.to_owned(),
        owned: bounds.owned.has(Kind::Volume, name),
    })
}

/// A path in the container.
pub(crate) fn target(field: &str, path: &str) -> Result<String, Refusal> {
    absolute(path).filter(|path| path != "/").ok_or_else(|| {
        let cause = format!("has the target `{path}`");
        Refusal::malformed(rule::MOUNT_PATH, field, cause)
    })
}

#[derive(Default)]
struct Modes {
    read_only: bool,
    no_copy: bool,
}

impl Modes {
    fn read(field: &str, text: &str) -> Result<Self, Refusal> {
        let mut modes = Self::default();
        let mut seen: Vec<&str> = Vec::new();
        for word in text.split(',').filter(|_| !text.is_empty()) {
            let group = match word {
                "ro" | "rw" => "access",
                "consistent" | "cached" | "delegated" => "consistency",
                word => word,
            };
            let forbidden = |rule| {
                let cause = format!("has the option `{word}`");
                Err(Refusal::forbidden(rule, field, cause))
            };
            if seen.contains(&group) {
                return forbidden(rule::MOUNT_MODE);
            }
            seen.push(group);
            match word {
                "ro" => modes.read_only = true,
                "nocopy" => modes.no_copy = true,
                // `z` labels for all containers what the session already has; consistency is for
                // Docker Desktop; `rprivate` is what is always used
                "rw" | "z" | "consistent" | "cached" | "delegated" | "private" | "rprivate" => {}
                "shared" | "rshared" | "slave" | "rslave" => {
                    return forbidden(rule::MOUNT_PROPAGATION);
                }
                _ => return forbidden(rule::MOUNT_MODE),
            }
        }
        Ok(modes)
    }
}
