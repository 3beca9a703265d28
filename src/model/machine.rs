//! The machine that sessions run on.

use super::EngineKind;

/// The engine, as it describes itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Machine {
    /// Which engine it is.
    pub kind: EngineKind,
    /// Its name and version: `Docker 20.10.24`.
    pub version: String,
    /// The minor number of the newest API that it speaks.
    pub api: u16,
    /// Where it keeps containers' files: `overlay2`.
    pub storage: String,
    /// Its security options: `name=seccomp,profile=default`, `name=rootless`, …
    pub security: Vec<String>,
    /// The version of runc, where it says.
    pub runc: Option<String>,
    /// Whether it is in a virtual machine.
    pub virtual_machine: bool,
    /// The name of the machine that it runs on.
    pub name: String,
    /// Its operating system: `Debian GNU/Linux 12 (bookworm)`, `Docker Desktop`.
    pub system: String,
    /// The directory of images, volumes and containers, on its machine.
    pub root: String,
    /// Memory in bytes; 0 where it does not say.
    pub memory: u64,
    /// Processors; 0 where it does not say.
    pub cpus: u64,
    /// What holds containers to their limits.
    pub cgroup: Cgroup,
    /// Whether it has a proxy of its own, for pulling images.
    pub proxy: bool,
}

/// What holds containers to their limits, where the engine says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cgroup {
    /// `1` or `2`.
    pub version: String,
    /// `systemd`, `cgroupfs`, `none`.
    pub driver: String,
    /// Whether memory can be limited.
    pub memory: Option<bool>,
    /// Whether processors can be limited.
    pub cpus: Option<bool>,
    /// Whether the number of processes can be limited.
    pub pids: Option<bool>,
}

impl Machine {
    /// Whether it is Docker Desktop's, by its own word.
    pub fn is_desktop(&self) -> bool {
        self.system == "Docker Desktop"
    }

    /// Whether it has this security option.
    pub fn has(&self, option: &str) -> bool {
        let name = format!("name={option}");
        let first = |text: &String| text.split(',').next() == Some(name.as_str());
        self.security.iter().any(first)
    }
}
