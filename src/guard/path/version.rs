//! Versions of the engine's API: what a client may ask for, and what is spoken with the engine.

use crate::guard::Refusal;
use crate::guard::rule;
use std::fmt;

/// The minor number: every version of the API is `1.NN`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApiVersion(u8);

impl ApiVersion {
    /// The newest version whose fields are all classified. From 1.53 on engines speak HTTP/2 and gRPC
    /// on the same socket, and clients would use it (guard-policy §0.4).
    pub const MAX_KNOWN: Self = Self(52);
    /// The oldest that is spoken with the engine: before it `HostConfig.Capabilities` existed, and an
    /// absent `IpcMode` was shareable (guard-policy §2.3).
    pub const FLOOR: Self = Self(41);
    /// The first with `VolumeOptions.Subpath`.
    pub(in crate::guard) const SUBPATH: Self = Self(45);
    /// The first with `EndpointSettings.GwPriority`: before it the name of a network decides whether it
    /// is the one that leads out of a container.
    pub(in crate::guard) const GATEWAY_PRIORITY: Self = Self(48);
    /// The oldest that a client may ask for, as of current engines.
    pub const MIN_ASKED: Self = Self(24);

    /// Read `1.NN` with two digits, as the engine itself writes it.
    pub fn parse(text: &str) -> Option<Self> {
        let minor = text.strip_prefix("1.")?;
        let digits = minor.len() == 2 && minor.bytes().all(|b| b.is_ascii_digit());
        (digits && !minor.starts_with('0')).then(|| minor.parse().ok().map(Self))?
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.0)
    }
}

/// What the engine behind the guard speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speaks {
    min: ApiVersion,
    max: ApiVersion,
}

impl Speaks {
    /// From the engine's own `ApiVersion` and `MinAPIVersion`; `None` if nothing is left that the guard
    /// and the engine both speak.
    pub fn new(max: &str, min: Option<&str>) -> Option<Self> {
        let max = ApiVersion::parse(max)?.min(ApiVersion::MAX_KNOWN);
        // engines before 25 say 1.12
        let min = min.and_then(ApiVersion::parse);
        let min = min.unwrap_or(ApiVersion::FLOOR).max(ApiVersion::FLOOR);
        (min <= max).then_some(Self { min, max })
    }

    /// The version that the guard says it is (`Api-Version`, `/version`).
    pub fn max(self) -> ApiVersion {
        self.max
    }

    /// The oldest version that the guard says it speaks.
    pub fn min(self) -> ApiVersion {
        self.min
    }

    /// The version from which on a volume is mounted by a path in it, if the engine has it. With an
    /// older one it mounts all of the volume instead.
    pub fn subpath(self) -> Option<ApiVersion> {
        (self.max >= ApiVersion::SUBPATH).then_some(ApiVersion::SUBPATH)
    }

    /// The version to speak with the engine for a client that asks for `asked`, or for none. An older
    /// one is raised: what the API added since is additions.
    pub fn upstream(self, asked: Option<&str>) -> Result<ApiVersion, Refusal> {
        let Some(asked) = asked else {
            return Ok(self.max);
        };
        let malformed = |cause: &str| Err(Refusal::malformed(rule::API_VERSION, asked, cause));
        let Some(version) = asked.strip_prefix('v').and_then(ApiVersion::parse) else {
            return malformed("is not a version of the API (`v1.NN`)");
        };
        if version < ApiVersion::MIN_ASKED {
            return malformed(&format!(
                "is too old (the oldest is {})",
                ApiVersion::MIN_ASKED
            ));
        }
        if version > self.max {
            return malformed(&format!("is too new (the newest is {})", self.max));
        }
        Ok(version.max(self.min))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_clamped() {
        let engine = Speaks::new("1.54", Some("1.44")).unwrap();
        assert_eq!(engine.max().to_string(), "1.52");
        assert_eq!(engine.upstream(None).unwrap().to_string(), "1.52");
        assert_eq!(engine.upstream(Some("v1.32")).unwrap().to_string(), "1.44");
        let old = Speaks::new("1.41", Some("1.12")).unwrap();
        assert_eq!(old.upstream(Some("v1.24")).unwrap().to_string(), "1.41");
        assert!(Speaks::new("1.40", None).is_none());
        assert!(Speaks::new("1.60", Some("1.53")).is_none());
        for bad in [
            "v1.42", "v1.53", "v1.041", "v1..41", "v1.9", "v1.23", "v2.41", "v1.4a", "v", "v01.41",
            "v1.100",
        ] {
            assert_eq!(
                old.upstream(Some(bad)).unwrap_err().rule.id,
                "HAL-G-API-VERSION",
                "{bad}"
            );
        }
    }
}
