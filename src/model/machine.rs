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
}

impl Machine {
    /// Whether it has this security option.
    pub fn has(&self, option: &str) -> bool {
        let name = format!("name={option}");
        let first = |text: &String| text.split(',').next() == Some(name.as_str());
        self.security.iter().any(first)
    }
}
