//! Room for images, volumes and hal-9000's own files.

use super::{Disk, Finding, Host, size};
use crate::model::Machine;

/// What a first session's images and the runtime volume take (measured: 0.3 + 0.55 + 0.55 GB), with
/// what their builds need, and a second release of Claude beside the first.
const FOR_IMAGES: u64 = 3_000_000_000;

/// The state, the audits and the configuration are text.
const FOR_STATE: u64 = 100_000_000;

/// An image with a toolchain is some tens of thousands of files.
const FILES: u64 = 50_000;

pub(super) fn disks(machine: Option<&Machine>, host: &Host) -> Vec<Finding> {
    let mut findings = Vec::new();
    match (&host.engine, machine) {
        (Some(disk), _) => findings.push(found(
            ("disk", "what the engine keeps"),
            disk,
            FOR_IMAGES,
            "`hal-9000 image prune` and `docker system prune` make room; `docker system df` shows what takes it",
        )),
        (None, Some(machine)) if !machine.root.is_empty() => findings.push(Finding::well(
            "disk",
            format!(
                "{}, which is not on this machine: `docker system df` shows what is used",
                machine.root
            ),
        )),
        _ => {}
    }
    let state = host.state.iter();
    findings.extend(state.map(|disk| {
        found(
            ("state", "hal-9000's own files"),
            disk,
            FOR_STATE,
            "make room there, or name another place: `export XDG_STATE_HOME=/path`",
        )
    }));
    findings
}

fn found((about, what): (&'static str, &str), disk: &Disk, least: u64, remedy: &str) -> Finding {
    let Disk { path, free, files } = disk;
    let says = format!("{} free for {what} ({path})", size(*free));
    if *free < least {
        let says = format!("{says}, and {} are needed", size(least));
        return Finding::warning(about, says, remedy);
    }
    match files {
        Some(files) if *files < FILES => {
            let says = format!("{says}, but for {files} files only (`df -i`)");
            Finding::warning(about, says, remedy)
        }
        _ => Finding::well(about, says),
    }
}
