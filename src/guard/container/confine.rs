//! Checks of what confines a container.

use crate::guard::Refusal;
use crate::guard::json::Value;
use crate::guard::rule;
use crate::guard::schema::At;
use std::collections::BTreeMap;

pub(super) fn cgroupns(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    match value.as_text() {
        "" | "private" => Ok(()),
        other => Err(at.forbidden(rule::NAMESPACE, format!("is `{other}`"))),
    }
}

/// The session's control group, whatever is asked for but another.
pub(super) fn cgroup_parent(value: &Value, at: &At<'_>) -> Result<Value, Refusal> {
    let own = at.bounds.policy.cgroup_parent.as_deref();
    let asked = value.as_text();
    if !asked.is_empty() && Some(asked) != own {
        return Err(at.forbidden(rule::CGROUP, format!("is `{asked}`")));
    }
    Ok(own.map_or_else(|| value.clone(), Value::text))
}

/// The engine also takes `:` for `=`, and bare words (moby `daemon_unix.go` `parseSecurityOpt`).
pub(super) fn security_opt(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    let allowed = [
        "no-new-privileges",
        "no-new-privileges=true",
        "no-new-privileges:true",
    ];
    match value.as_texts().find(|option| !allowed.contains(option)) {
        Some(option) => {
            // a seccomp profile is a whole document
            let name = option.split(['=', ':']).next().unwrap_or_default();
            Err(at.forbidden(rule::SECURITY_OPT, format!("has `{name}`")))
        }
        None => Ok(()),
    }
}

pub(super) fn sysctls(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    for name in value.as_map().into_iter().flat_map(BTreeMap::keys) {
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let own = ["net.", "kernel.shm", "kernel.msg", "fs.mqueue."];
        let fits = name == "kernel.sem" || own.iter().any(|prefix| name.starts_with(prefix));
        if !fits || !name.chars().all(plain) || name.contains("..") {
            return Err(at.forbidden(rule::SYSCTL, format!("has `{name}`")));
        }
    }
    Ok(())
}

pub(super) fn runtime(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    match value.as_text() {
        "" | "runc" | "io.containerd.runc.v2" => Ok(()),
        other => Err(at.forbidden(rule::RUNTIME, format!("is `{other}`"))),
    }
}

/// Only devices that the user allowed by exact path; a node in the project is a device, too.
pub(super) fn devices(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    for device in value.as_list() {
        let path = device.get("PathOnHost").as_text();
        let permissions = device.get("CgroupPermissions").as_text();
        let known = at.bounds.policy.devices.iter().any(|one| one == path);
        if !known || !permissions.chars().all(|c| "rwm".contains(c)) {
            return Err(at.forbidden(rule::DEVICE, format!("has `{path}`")));
        }
    }
    Ok(())
}

/// GPUs as `docker run --gpus` asks for them. The driver `cdi` names any specification of the host.
pub(super) fn device_requests(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    let known = [
        "gpu", "nvidia", "compute", "utility", "video", "graphics", "display",
    ];
    for request in value.as_list() {
        let driver = request.get("Driver").as_text();
        let words = request.get("Capabilities").as_list();
        let mut words = words.iter().flat_map(Value::as_texts);
        let gpu = ["", "nvidia"].contains(&driver) && words.all(|word| known.contains(&word));
        if !gpu || !at.bounds.policy.gpus {
            return Err(at.forbidden(rule::DEVICE_REQUEST, format!("has the driver `{driver}`")));
        }
    }
    Ok(())
}

pub(super) fn cpuset(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    let plain = |c: char| c.is_ascii_digit() || ",-".contains(c);
    if value.as_text().chars().all(plain) {
        return Ok(());
    }
    Err(at.malformed(rule::LIMIT, format!("is `{}`", value.as_text())))
}

/// Without `nice` and `rtprio`, which allow what `SYS_NICE` does.
pub(crate) fn ulimits(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    let known = [
        "core",
        "cpu",
        "data",
        "fsize",
        "locks",
        "memlock",
        "msgqueue",
        "nofile",
        "nproc",
        "rss",
        "rttime",
        "sigpending",
        "stack",
    ];
    let mut names = value.as_list().iter().map(|one| one.get("Name").as_text());
    match names.find(|name| !known.contains(name)) {
        Some(name) => Err(at.forbidden(rule::ULIMIT, format!("has `{name}`"))),
        None => Ok(()),
    }
}

pub(super) fn storage_opt(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    let mut names = value.as_map().into_iter().flat_map(BTreeMap::keys);
    match names.find(|name| *name != "size") {
        Some(name) => Err(at.forbidden(rule::STORAGE_OPT, format!("has `{name}`"))),
        None => Ok(()),
    }
}

pub(super) fn oom_score(value: &Value) -> Value {
    match value.as_int() {
        Some(score) if score < 0 => Value::Int(0),
        _ => value.clone(),
    }
}

/// `always` and `unless-stopped` become `on-failure` with a number of times; `on-failure` gets one.
pub(super) fn restart(value: &Value, at: &At<'_>) -> Result<Value, Refusal> {
    let most = i64::from(at.bounds.policy.restarts);
    let asked = value.get("MaximumRetryCount").as_int().unwrap_or(0);
    let count = match value.get("Name").as_text() {
        "" | "no" => return Ok(value.clone()),
        "on-failure" if asked > 0 => asked.min(most),
        "always" | "unless-stopped" | "on-failure" => most,
        other => return Err(at.malformed(rule::RESTART, format!("is `{other}`"))),
    };
    let name = if count == 0 { "no" } else { "on-failure" };
    Ok(Value::Map(BTreeMap::from([
        ("Name".to_owned(), Value::text(name)),
        ("MaximumRetryCount".to_owned(), Value::Int(count)),
    ])))
}
