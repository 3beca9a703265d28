//! The limits in force, against what the machine has and what the engine can hold.

use super::{Finding, Host, size};
use crate::model::{Machine, Product, Setting, Settings};
use crate::plan::cpus_here;
use std::fmt::Display;

/// So much Claude takes when it works a little; below it the machine begins to end processes.
const LEAST_MEMORY: u64 = 500_000_000;

const GIB: u64 = 1 << 30;

pub(super) fn limits(
    machine: &Machine,
    product: Option<Product>,
    settings: &Settings,
    host: &Host,
) -> Finding {
    let about = "limits";
    // An engine elsewhere has another number than this machine, and a start does not ask for it.
    let here = u32::try_from(machine.cpus)
        .ok()
        .filter(|_| machine.name == host.name);
    let (memory, cpus) = (&settings.memory, &cpus_here(settings.cpus.clone(), here));
    let billion = 1_000_000_000_u64;
    let wanted = u64::try_from(cpus.value.nano()).unwrap_or_default();
    if machine.cpus > 0 && wanted > machine.cpus * billion {
        let count = machine.cpus;
        let says = format!(
            "{}, and the engine has {count}: it starts no session",
            named("limits.cpus", cpus)
        );
        let remedy = format!("`hal-9000 config set limits.cpus {count}`");
        return grown(Finding::failure(about, says, remedy), product);
    }
    if let Some(finding) = not_held(machine) {
        return finding;
    }
    if machine.memory > 0 && memory.value.bytes() > machine.memory {
        let says = format!(
            "{}, and the engine has {} in all: its machine is out of memory before a session is",
            named("limits.memory", memory),
            size(machine.memory)
        );
        let remedy = format!(
            "`hal-9000 config set limits.memory {}`",
            three_quarters(machine.memory)
        );
        let finding = grown(Finding::warning(about, says, remedy), product);
        return if host.wsl.is_some() {
            finding.or("or more for WSL: `memory=8GB` below `[wsl2]` in %UserProfile%\\.wslconfig, then `wsl --shutdown`")
        } else {
            finding
        };
    }
    let pids = u64::try_from(settings.pids.value.count()).unwrap_or_default();
    if let Some(most) = host.pids.filter(|most| pids > *most) {
        let says = format!(
            "{}, and this machine can have {most} processes in all",
            named("limits.pids", &settings.pids)
        );
        return Finding::warning(
            about,
            says,
            "`hal-9000 config unset limits.pids` takes the built-in limit again",
        );
    }
    Finding::well(
        about,
        format!(
            "{} of memory, {} cpus, {pids} processes; the engine has {}, {} cpus",
            memory.value,
            cpus.value,
            size(machine.memory),
            machine.cpus
        ),
    )
}

fn named<T: Display>(key: &str, setting: &Setting<T>) -> String {
    format!("`{key}` is {} ({})", setting.value, setting.origin)
}

fn grown(finding: Finding, product: Option<Product>) -> Finding {
    match product.and_then(Product::grow) {
        Some(remedy) => finding.or(remedy),
        None => finding,
    }
}

/// Docker starts a container all the same, with a warning that nobody sees.
fn not_held(machine: &Machine) -> Option<Finding> {
    let cgroup = &machine.cgroup;
    let controllers = [
        ("memory", cgroup.memory),
        ("cpu", cgroup.cpus),
        ("pids", cgroup.pids),
    ];
    let missing: Vec<&str> = controllers
        .into_iter()
        .filter_map(|(name, held)| (held == Some(false)).then_some(name))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let says = format!(
        "the engine cannot limit {}: sessions take what the machine has (cgroup {}, driver {})",
        missing.join(", "),
        cgroup.version,
        cgroup.driver
    );
    let rootless = machine.has("rootless");
    let remedy = match (rootless, cgroup.version.as_str()) {
        (true, "2") => {
            "`sudo mkdir -p /etc/systemd/system/user@.service.d && printf '[Service]\\nDelegate=cpu cpuset io memory pids\\n' | sudo tee /etc/systemd/system/user@.service.d/delegate.conf && sudo systemctl daemon-reload`, then log in again"
        }
        (true, _) => {
            "a rootless engine limits nothing with cgroup 1: start the kernel with `systemd.unified_cgroup_hierarchy=1`"
        }
        (false, _) if missing == ["memory"] => {
            "start the kernel with `cgroup_enable=memory` (Raspberry Pi: in /boot/firmware/cmdline.txt)"
        }
        (false, _) => {
            "the engine needs these cgroup controllers: `docker info` lists what its kernel lacks"
        }
    };
    Some(Finding::warning("limits", says, remedy))
}

/// As the setting is written.
fn three_quarters(bytes: u64) -> String {
    let part = bytes / 4 * 3;
    if part >= GIB {
        format!("{}g", part / GIB)
    } else {
        format!("{}m", (part >> 20).max(6))
    }
}

/// What is there now; of an engine elsewhere it is not known.
pub(super) fn memory(machine: Option<&Machine>, host: &Host) -> Option<Finding> {
    // Of no use where sessions run on another one.
    if machine.is_some_and(|machine| machine.name != host.name) {
        return None;
    }
    let (total, free) = host.memory?;
    let says = format!("{} of {} are free", size(free), size(total));
    Some(if free < LEAST_MEMORY {
        Finding::warning(
            "memory",
            format!("{says}, and Claude at work takes {}", size(LEAST_MEMORY)),
            "`docker stats --no-stream` shows what containers take; `hal-9000 pool stop` ends the sessions that wait",
        )
    } else {
        Finding::well("memory", says)
    })
}
