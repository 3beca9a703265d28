//! The settings in force for one start, each with its origin.

use super::{Cpus, Invalid, Memory, Origin, Pids, Port, Registry, Setting};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// What docker a session gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DockerMode {
    /// A socket of ours, behind which requests are held against the guard's policy.
    Guard,
    /// The engine's own socket: docker works as on the host, and is root on the host.
    Host,
    /// No docker.
    None,
}

impl FromStr for DockerMode {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text {
            "guard" => Ok(Self::Guard),
            "host" => Ok(Self::Host),
            "none" => Ok(Self::None),
            _ => Err(Invalid::choice(
                "docker mode",
                text,
                &["guard", "host", "none"],
            )),
        }
    }
}

impl fmt::Display for DockerMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Guard => "guard",
            Self::Host => "host",
            Self::None => "none",
        })
    }
}

/// What builds the images of a session with a guarded docker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Builder {
    /// `BuildKit`: its cache is that of all builds on the machine.
    BuildKit,
    /// The classic builder alone.
    Classic,
}

impl FromStr for Builder {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text {
            "buildkit" => Ok(Self::BuildKit),
            "classic" => Ok(Self::Classic),
            _ => Err(Invalid::choice("builder", text, &["buildkit", "classic"])),
        }
    }
}

impl fmt::Display for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BuildKit => "buildkit",
            Self::Classic => "classic",
        })
    }
}

/// What becomes of the containers, networks and volumes that a session has made, when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnExit {
    /// They are removed.
    Remove,
    /// They stay, and are the next session's of the same name.
    Keep,
}

impl FromStr for OnExit {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text {
            "remove" => Ok(Self::Remove),
            "keep" => Ok(Self::Keep),
            _ => Err(Invalid::choice(
                "end of docker's objects",
                text,
                &["remove", "keep"],
            )),
        }
    }
}

impl fmt::Display for OnExit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Remove => "remove",
            Self::Keep => "keep",
        })
    }
}

/// Where in the container the session works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkdirMode {
    /// At the project's own host path, so that paths mean the same inside and outside.
    Host,
    /// At `/workspace`.
    Workspace,
}

impl FromStr for WorkdirMode {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text {
            "host" => Ok(Self::Host),
            "workspace" => Ok(Self::Workspace),
            _ => Err(Invalid::choice("workdir", text, &["host", "workspace"])),
        }
    }
}

/// Keys that detach from a session, in docker's grammar: single letters or `ctrl-X`, by commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetachKeys(String);

impl DetachKeys {
    /// As docker's `--detach-keys` takes them.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is built in.
    pub const BUILT_IN: &str = "ctrl-^,ctrl-^";

    /// Ctrl-6 twice, as the kitty keyboard protocol spells it: `CSI 54 ; 5 u`.
    const KITTY: &str = "ctrl-[,[,5,4,;,5,u,ctrl-[,[,5,4,;,5,u";

    /// The built-in keys on a terminal that speaks the kitty keyboard protocol.
    pub fn kitty() -> Self {
        Self(Self::KITTY.to_owned())
    }

    /// As people say them. Ctrl-6 is Ctrl-^ on every terminal, and easier to find.
    pub fn spoken(&self) -> String {
        if [Self::BUILT_IN, Self::KITTY].contains(&self.0.as_str()) {
            return "Ctrl-6 Ctrl-6".to_owned();
        }
        self.0.replace("ctrl-", "Ctrl-").replace(',', " ")
    }
}

impl FromStr for DetachKeys {
    type Err = Invalid;

    /// docker's grammar (moby/term `ToBytes`).
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let key = |word: &str| {
            let letter = word.strip_prefix("ctrl-").unwrap_or(word);
            let mut letters = letter.chars();
            let (Some(letter), None) = (letters.next(), letters.next()) else {
                return false;
            };
            if word.starts_with("ctrl-") {
                letter.is_ascii_lowercase() || "@[\\]^_".contains(letter)
            } else {
                letter.is_ascii_graphic()
            }
        };
        if text.split(',').all(key) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new(
                "detach keys",
                text,
                "are not keys: single letters or `ctrl-` with a-z, @, [, \\, ], ^ or _, by commas",
            ))
        }
    }
}

/// Everything that files, variables and flags can set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The toolchain profile; none means that it is detected from the project.
    pub profile: Option<Setting<String>>,
    /// An image of the user's own instead of a profile's.
    pub image: Option<Setting<String>>,
    /// Where images of ours are looked for before they are built.
    pub registry: Option<Setting<Registry>>,
    /// Memory limit.
    pub memory: Setting<Memory>,
    /// CPU limit.
    pub cpus: Setting<Cpus>,
    /// Limit of processes and threads.
    pub pids: Setting<Pids>,
    /// What docker the session gets.
    pub docker: Setting<DockerMode>,
    /// What becomes of what it makes with a guarded docker.
    pub docker_on_exit: Setting<OnExit>,
    /// What builds images there.
    pub docker_builder: Setting<Builder>,
    /// Where it works.
    pub workdir: Setting<WorkdirMode>,
    /// Certificates to trust besides the image's, as a PEM file on the host.
    pub ca_bundle: Option<Setting<PathBuf>>,
    /// The release of Claude Code.
    pub claude_version: Setting<String>,
    /// The port of the host at which the parent's ChromaDB answers.
    pub parent_port: Setting<Port>,
    /// Keys that detach.
    pub detach_keys: Setting<DetachKeys>,
    /// Environment variables whose values are read from files in the container, not from argv.
    pub secrets: BTreeMap<String, Setting<PathBuf>>,
}

impl Settings {
    /// An origin for the explanation of the image.
    pub fn image_origin(&self) -> Option<&Origin> {
        let image = self.image.as_ref().map(|image| &image.origin);
        image.or(self.profile.as_ref().map(|profile| &profile.origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detach_keys_are_dockers() {
        for good in ["ctrl-p,ctrl-q", "ctrl-]", "a,b", "ctrl-\\,ctrl-@"] {
            assert!(good.parse::<DetachKeys>().is_ok(), "{good}");
        }
        for bad in ["", "ctrl-", "ctrl-P", "ab", "ctrl-p,", "é"] {
            assert!(bad.parse::<DetachKeys>().is_err(), "{bad}");
        }
    }
}
