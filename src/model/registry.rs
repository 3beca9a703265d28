//! A registry that may have images as they would be built here.

use super::Invalid;
use std::fmt;
use std::str::FromStr;

/// The name of every image of ours begins with it.
const OURS: &str = "hal9000/";

/// And with this in a registry, where a team has images of other kinds, and where not every registry
/// has more than one level of names (Docker Hub).
const THERE: &str = "hal9000-";

/// Docker Hub, which has names below those of users only.
const HUB: &[&str] = &["docker.io", "index.docker.io"];

/// A registry and a path in it, as docker writes them before an image's name: `ghcr.io/acme`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registry(String);

impl Registry {
    /// What the registry calls one of our images: `ghcr.io/acme/hal9000-worker:1` is
    /// `hal9000/worker:1`.
    pub fn reference(&self, image: &str) -> String {
        let name = image.strip_prefix(OURS).unwrap_or(image);
        format!("{}/{THERE}{name}", self.0)
    }

    /// What all of these begin with, in docker's full spelling: names that no session may write, or
    /// it could have its own image taken for one of ours between a pull and the look at it.
    pub fn prefix(&self) -> String {
        let name = self
            .0
            .strip_prefix("index.")
            .filter(|it| it.starts_with("docker.io/"));
        format!("{}/{THERE}", name.unwrap_or(&self.0))
    }
}

impl FromStr for Registry {
    type Err = Invalid;

    /// The grammar of docker's references (distribution `reference`): a host, where the first part
    /// looks like one, and a path in lower case.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let mut parts = text.split('/');
        let first = parts.next().unwrap_or_default();
        let is_host = first.contains(['.', ':']) || first == "localhost";
        let well = if is_host {
            host(first) && parts.all(component)
        } else {
            component(first) && parts.all(component)
        };
        if well && !HUB.contains(&text) {
            return Ok(Self(text.to_owned()));
        }
        let problem = "is not a registry as docker writes it before an image's name: \
                       `HOST[:PORT][/PATH]` in lower case, as `ghcr.io/acme`";
        Err(Invalid::new("registry", text, problem))
    }
}

fn host(text: &str) -> bool {
    let (name, port) = text.split_once(':').unwrap_or((text, "443"));
    let label = |label: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !label.is_empty() && label.chars().all(plain) && !label.starts_with('-')
    };
    name.split('.').all(label) && port.parse::<u16>().is_ok_and(|port| port > 0)
}

fn component(text: &str) -> bool {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.starts_with(word)
        && text.ends_with(word)
        && text.chars().all(|c| word(c) || "._-".contains(c))
}

impl fmt::Display for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_is_what_docker_takes_for_one() {
        for good in [
            "ghcr.io/acme",
            "docker.io/acme",
            "acme",
            "localhost:5000",
            "localhost",
            "127.0.0.1:5000/team/hal-9000",
            "Registry.example/a_b",
        ] {
            assert_eq!(good.parse::<Registry>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "https://ghcr.io/acme",
            "ghcr.io/",
            "ghcr.io/Acme",
            "ghcr.io/acme/worker:1",
            "ghcr.io:port/acme",
            "ghcr.io:0",
            "user@ghcr.io",
            "--all-tags",
            "ghcr.io/acme ",
            ".io",
            // Nobody has names there.
            "docker.io",
        ] {
            assert!(bad.parse::<Registry>().is_err(), "{bad}");
        }
    }

    #[test]
    fn our_images_are_below_its_name() {
        let registry: Registry = "ghcr.io/acme".parse().unwrap();
        let found = registry.reference("hal9000/worker:0.1.0");
        assert_eq!(found, "ghcr.io/acme/hal9000-worker:0.1.0");
        assert!(found.starts_with(&registry.prefix()));
        let hub: Registry = "index.docker.io/acme".parse().unwrap();
        assert_eq!(hub.prefix(), "docker.io/acme/hal9000-");
    }
}
