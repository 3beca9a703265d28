//! What a container sees of the host and of the engine's volumes.

use super::Invalid;
use std::str::FromStr;

/// Whether the container may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reading and writing.
    ReadWrite,
    /// Reading only.
    ReadOnly,
}

/// What is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MountKind {
    /// A path of the machine on which the engine runs. It must exist: unlike `--volume`, a mount
    /// never makes an empty directory owned by root where something is missing.
    Bind,
    /// A named volume; the image's content at the target is not copied into it.
    Volume,
}

/// One mount that hal-9000 decides on (`--mount`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// Bind or volume.
    pub kind: MountKind,
    /// Host path or volume name.
    pub source: String,
    /// Absolute path in the container.
    pub target: String,
    /// May the container write?
    pub access: Access,
}

impl Mount {
    /// A host path, writable.
    pub fn bind(source: impl Into<String>, target: impl Into<String>) -> Self {
        Self {
            kind: MountKind::Bind,
            source: source.into(),
            target: target.into(),
            access: Access::ReadWrite,
        }
    }

    /// A named volume, writable.
    pub fn volume(source: impl Into<String>, target: impl Into<String>) -> Self {
        Self {
            kind: MountKind::Volume,
            ..Self::bind(source, target)
        }
    }

    /// The same, read-only.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self {
            access: Access::ReadOnly,
            ..self
        }
    }
}

/// A mount that the user asked for, in docker's own `--volume` grammar, with the source made
/// absolute. Handed to docker as it is, so that every mode docker knows keeps working.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserVolume {
    /// A host path (absolute or relative to the caller) or a volume's name.
    pub source: String,
    /// Absolute path in the container.
    pub target: String,
    /// `ro`, `z`, … as typed.
    pub mode: Option<String>,
}

impl UserVolume {
    /// Whether the source is a path rather than a volume's name (docker's rule: it has a `/` or
    /// begins with `.` or `~`).
    pub fn is_path(&self) -> bool {
        self.source.starts_with(['/', '.', '~']) || self.source.contains('/')
    }

    /// `source:target[:mode]`
    pub fn text(&self) -> String {
        match &self.mode {
            Some(mode) => format!("{}:{}:{mode}", self.source, self.target),
            None => format!("{}:{}", self.source, self.target),
        }
    }
}

impl FromStr for UserVolume {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let parts: Vec<&str> = text.split(':').collect();
        let (source, target, mode) = match parts[..] {
            [source, target] => (source, target, None),
            [source, target, mode] if !mode.is_empty() => (source, target, Some(mode.to_owned())),
            _ => {
                return Err(Invalid::new(
                    "volume",
                    text,
                    "is not `SOURCE:TARGET[:MODE]`, as in `./data:/data:ro`",
                ));
            }
        };
        if source.is_empty() || !target.starts_with('/') || target == "/" {
            return Err(Invalid::new(
                "volume",
                text,
                "needs a source and an absolute target, as in `./data:/data`",
            ));
        }
        Ok(Self {
            source: source.to_owned(),
            target: target.to_owned(),
            mode,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_are_read_as_docker_reads_them() {
        let volume: UserVolume = "./data:/data:ro".parse().unwrap();
        assert!(volume.is_path());
        assert_eq!(volume.text(), "./data:/data:ro");
        assert!(!"cache:/cache".parse::<UserVolume>().unwrap().is_path());
        for bad in ["", "/data", "a:", ":/b", "a:b", "a:/", "a:/b:", "a:/b:ro:x"] {
            assert!(bad.parse::<UserVolume>().is_err(), "{bad}");
        }
    }
}
