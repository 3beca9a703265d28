//! What `hal-9000 doctor` finds: each precondition, how it is met, and the way out where it is not.

mod address;
mod around;
mod certificates;
mod disk;
mod docker;
mod finding;
mod limits;
mod materials;
mod project;
mod seen;
mod trust;

pub use finding::{Finding, Health, Trouble};
pub use seen::{
    Access, Address, Certificates, Checkup, Disk, Engine, Filled, Host, LoginShell, Materials,
    Parent, ParentState, Project, Proxies, Terminal,
};

use super::docker_here;
use crate::model::{Machine, Product};

/// Everything that is to be said, in the order in which a session needs it.
pub fn checkup(seen: &Checkup) -> Vec<Finding> {
    let mut findings = vec![around::settings(&seen.file), around::client(&seen.client)];
    findings.extend(address::address(&seen.address, seen.host.wsl.is_some()));
    let engine = match &seen.engine {
        Some(Ok(engine)) => Some(engine),
        Some(Err(trouble)) => {
            findings.push(address::silent(trouble, seen.host.wsl.is_some()));
            None
        }
        None => None,
    };
    let machine = engine.map(|engine| &engine.machine);
    let product = match &seen.address {
        // Its socket in a distribution of Windows's is at docker's usual place.
        _ if machine.is_some_and(Machine::is_desktop) => Some(Product::Desktop),
        Ok(address) => address.product,
        Err(_) => None,
    };
    if let Some(engine) = engine {
        let machine = &engine.machine;
        let mode = seen.settings.docker.clone();
        let mode = docker_here(mode, machine.kind, machine.virtual_machine);
        findings.extend(docker::docker(machine, &mode));
        findings.extend(materials::materials(engine, &seen.settings));
        findings.push(limits::limits(machine, product, &seen.settings, &seen.host));
    }
    findings.extend(limits::memory(machine, &seen.host));
    findings.extend(disk::disks(machine, &seen.host));
    findings.push(trust::certificates(&seen.certificates, &seen.settings));
    findings.push(trust::proxies(&seen.proxies, machine));
    findings.push(project::project(
        &seen.project,
        machine,
        product,
        &seen.host,
    ));
    findings.extend(seen.shell.as_ref().map(around::shell));
    findings.push(around::terminal(&seen.terminal));
    findings
}

/// Bytes as people say them.
fn size(bytes: u64) -> String {
    match bytes {
        ..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10),
    }
}

/// A path as a word of a command line.
fn word(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@%".contains(c);
    if !path.is_empty() && path.chars().all(plain) {
        return path.to_owned();
    }
    format!("'{}'", path.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests;
