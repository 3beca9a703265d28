//! The runtime: Claude, the docker CLI with its plugins and hal-9000 itself under `/opt/hal9000`.

use super::download::fetching;
use super::{Content, ContextFile, Recipe, Role, VERSION};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

const CLAUDE: &str = include_str!("../../docker/Dockerfile.claude");
const NEWEST_CLAUDE: &str = include_str!("../../docker/Dockerfile.newest");
const RUNTIME: &str = include_str!("../../docker/Dockerfile.runtime");

/// The release of Claude Code that this version was tested with.
pub const PINNED_CLAUDE: &str = "2.1.330";

const REGISTRY: &str = "https://registry.npmjs.org/@anthropic-ai";

/// An architecture that Claude exists for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arch {
    /// `x86_64`
    Amd64,
    /// `aarch64`
    Arm64,
}

impl Arch {
    /// The architecture of this executable, which goes into the runtime: the only one that this
    /// process can make a runtime for. None where there is no Claude for it.
    pub fn of_this_executable() -> Option<Self> {
        Self::from_engine(std::env::consts::ARCH)
    }

    /// From the name that an engine or a kernel uses.
    pub fn from_engine(name: &str) -> Option<Self> {
        match name {
            "amd64" | "x86_64" => Some(Self::Amd64),
            "arm64" | "aarch64" => Some(Self::Arm64),
            _ => None,
        }
    }

    /// The engine's name for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
        }
    }

    fn package(self) -> &'static str {
        match self {
            Self::Amd64 => "claude-code-linux-x64",
            Self::Arm64 => "claude-code-linux-arm64",
        }
    }

    /// `dist.integrity` of the pinned release.
    fn pinned_integrity(self) -> &'static str {
        match self {
            Self::Amd64 => {
                "sha512-9Gn+V7DtJ8M1nztP9CeDVl9g3RtrepI7rOFTyPRRnZe8D6zebIHKmC7OvBauucuAP0X0k85SDN/LPVZyjsGezQ=="
            }
            Self::Arm64 => {
                "sha512-V4yanAY5EA5UpwwRPtjSfqDbNqAlUJeVn3NYZw2AgmRHjdpSsLtHAzbxRXfkAnbjwTXzE0uedjQxUY02ARPcsA=="
            }
        }
    }
}

/// A release of Claude Code: `2.1.330`, `2.2.0-beta.1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaudeVersion(String);

impl ClaudeVersion {
    /// The version as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ClaudeVersion {
    fn default() -> Self {
        Self(PINNED_CLAUDE.to_owned())
    }
}

/// A text that is no version of Claude.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Claude version `{given}` is not a release, as in `{PINNED_CLAUDE}`")]
pub struct InvalidVersion {
    /// What was given.
    pub given: String,
}

impl FromStr for ClaudeVersion {
    type Err = InvalidVersion;

    /// Strict: the text becomes part of a URL, a tag and a volume's name.
    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        let (core, pre) = text.split_once('-').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
        let three = core.split('.').count() == 3 && core.split('.').all(digits);
        if three && pre.split('.').all(word) && text.len() <= 40 {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidVersion {
                given: text.to_owned(),
            })
        }
    }
}

impl fmt::Display for ClaudeVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One release of Claude: `hal9000/claude:<claude version>`.
///
/// `ca_bundle` is the content of a PEM file with the certificates that the way to the registry
/// needs; without it, the engine downloads and its own trust store decides.
pub fn claude(version: &ClaudeVersion, arch: Arch, ca_bundle: Option<Bytes>) -> Recipe {
    let reference = format!("hal9000/claude:{version}");
    let package = arch.package();
    let mut args = BTreeMap::from([
        ("HAL9000_REFERENCE".to_owned(), reference.clone()),
        ("CLAUDE_VERSION".to_owned(), version.to_string()),
    ]);
    let archive = format!("{REGISTRY}/{package}/-/{package}-{version}.tgz");
    let mut downloads = vec![(archive, "/fetch/claude.tgz")];
    if version.as_str() == PINNED_CLAUDE {
        let integrity = arch.pinned_integrity().to_owned();
        args.insert("CLAUDE_INTEGRITY".to_owned(), integrity);
    } else {
        let description = format!("{REGISTRY}/{package}/{version}");
        downloads.push((description, "/fetch/claude.json"));
    }
    let recipe = Recipe {
        reference,
        role: Role::Claude,
        profile: None,
        dockerfile: CLAUDE.to_owned(),
        args,
        files: Vec::new(),
        parents: Vec::new(),
        arch: Some(arch),
        same_as: None,
    };
    fetching(&recipe, &downloads, ca_bundle)
}

/// With what the build of [`newest_claude`] begins the line that names it.
pub const NEWEST: &str = "newest release: ";

/// What asks the registry for its newest release of Claude.
pub fn newest_claude(arch: Arch, ca_bundle: Option<Bytes>) -> Recipe {
    let reference = format!("hal9000/claude-newest:{VERSION}");
    let package = arch.package();
    let downloads = [(format!("{REGISTRY}/{package}/latest"), "/fetch/claude.json")];
    let recipe = Recipe {
        args: BTreeMap::from([("HAL9000_REFERENCE".to_owned(), reference.clone())]),
        reference,
        role: Role::Claude,
        profile: None,
        dockerfile: NEWEST_CLAUDE.to_owned(),
        files: Vec::new(),
        parents: Vec::new(),
        arch: Some(arch),
        same_as: None,
    };
    fetching(&recipe, &downloads, ca_bundle)
}

/// What fills the runtime volume: `hal9000/runtime:<version>-<claude version>`.
pub fn runtime(version: &ClaudeVersion, arch: Arch, ca_bundle: Option<Bytes>) -> Recipe {
    let claude = claude(version, arch, ca_bundle);
    Recipe {
        reference: format!("hal9000/runtime:{VERSION}-{version}"),
        role: Role::Runtime,
        profile: None,
        dockerfile: RUNTIME.to_owned(),
        args: BTreeMap::from([("HAL9000_CLAUDE".to_owned(), claude.reference.clone())]),
        files: vec![ContextFile {
            name: "hal-9000".to_owned(),
            mode: 0o755,
            content: Content::ThisExecutable,
        }],
        parents: vec![claude],
        arch: Some(arch),
        same_as: None,
    }
}
