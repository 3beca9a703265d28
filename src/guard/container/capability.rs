//! Capabilities.

use crate::guard::Refusal;
use crate::guard::json::Value;
use crate::guard::rule;
use crate::guard::schema::At;

/// What docker gives every container (moby `oci/caps/defaults.go`), but MKNOD: device nodes that root
/// of a container makes in the project are nodes on the host (guard-policy §2.11).
pub const BY_DEFAULT: &[&str] = &[
    "CHOWN",
    "DAC_OVERRIDE",
    "FSETID",
    "FOWNER",
    "NET_RAW",
    "SETGID",
    "SETUID",
    "SETFCAP",
    "SETPCAP",
    "NET_BIND_SERVICE",
    "SYS_CHROOT",
    "KILL",
    "AUDIT_WRITE",
];

/// What the user can allow a session beyond that: effects stay in the container's own namespaces.
pub const BY_CHOICE: &[&str] = &["NET_ADMIN", "SYS_PTRACE", "IPC_LOCK", "SYS_NICE"];

/// The engine takes names in any case, with or without `CAP_` (moby `oci/caps/utils.go`).
fn plain(name: &str) -> String {
    let name = name.to_ascii_uppercase();
    name.strip_prefix("CAP_").unwrap_or(&name).to_owned()
}

pub(super) fn add(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    for given in value.as_texts() {
        let name = plain(given);
        let chosen = BY_CHOICE.contains(&name.as_str())
            && at
                .bounds
                .policy
                .capabilities
                .iter()
                .any(|one| plain(one) == name);
        if !chosen && !BY_DEFAULT.contains(&name.as_str()) {
            return Err(at.forbidden(rule::CAPABILITY, format!("has `{given}`")));
        }
    }
    Ok(())
}

pub(super) fn drop(value: &Value) -> Value {
    let mut names: Vec<&str> = value.as_texts().collect();
    let dropped = |name: &&str| ["ALL", "MKNOD"].contains(&plain(name).as_str());
    if !names.iter().any(dropped) {
        names.push("MKNOD");
    }
    Value::texts(names)
}
