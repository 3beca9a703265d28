//! References to images, normalised as docker's client does (`distribution/reference`
//! `ParseDockerRef`): two spellings of one name must not be two names.

use std::fmt;

/// A normalised reference: `docker.io/library/node:20`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    repository: String,
    tag: String,
}

impl Reference {
    /// Read `name`, `name:tag`, or `name` and a tag beside it. `None` for ids, digests and what is no
    /// reference: nothing can be written under those.
    pub fn parse(name: &str, tag: Option<&str>) -> Option<Self> {
        let (name, own) = match name.rsplit_once(':') {
            // a port is followed by a path
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
            _ => (name, None),
        };
        let tag = match (own, tag.filter(|tag| !tag.is_empty())) {
            (Some(own), Some(tag)) if own != tag => return None,
            (own, tag) => tag.or(own).unwrap_or("latest"),
        };
        let (domain, path) = match name.split_once('/') {
            Some((first, rest)) if is_domain(first) => (first, rest.to_owned()),
            Some(_) => ("docker.io", name.to_owned()),
            None => ("docker.io", format!("library/{name}")),
        };
        let domain = if domain == "index.docker.io" {
            "docker.io"
        } else {
            domain
        };
        let path = match (domain, path.contains('/')) {
            ("docker.io", false) => format!("library/{path}"),
            _ => path,
        };
        let is_id = name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit());
        let fits = !is_id && is_host(domain) && path.split('/').all(is_part) && is_tag(tag);
        fits.then(|| Self {
            repository: format!("{domain}/{path}"),
            tag: tag.to_owned(),
        })
    }

    /// Without the tag.
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The name as people write it.
    fn familiar(&self) -> &str {
        let name = self.repository.strip_prefix("docker.io/");
        let name = name.map(|name| name.strip_prefix("library/").unwrap_or(name));
        name.unwrap_or(&self.repository)
    }

    /// With its tag, as people write it.
    pub fn shown(&self) -> String {
        format!("{}:{}", self.familiar(), self.tag)
    }

    /// Whether the name begins so, as people write it or in full.
    pub fn starts_with(&self, prefix: &str) -> bool {
        self.repository.starts_with(prefix) || self.familiar().starts_with(prefix)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.repository, self.tag)
    }
}

fn is_domain(first: &str) -> bool {
    first.contains(['.', ':'])
        || first == "localhost"
        || first.contains(|c: char| c.is_ascii_uppercase())
}

fn is_host(domain: &str) -> bool {
    let (host, port) = domain.split_once(':').unwrap_or((domain, "1"));
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    let edge = |c: char| c.is_ascii_alphanumeric();
    host.starts_with(edge)
        && host.ends_with(edge)
        && host.chars().all(plain)
        && !port.is_empty()
        && port.bytes().all(|b| b.is_ascii_digit())
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`, loosely: begins and ends with a letter or digit.
fn is_part(part: &str) -> bool {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    part.starts_with(edge)
        && part.ends_with(edge)
        && part.chars().all(|c| edge(c) || "._-".contains(c))
}

fn is_tag(tag: &str) -> bool {
    tag.len() <= 128
        && tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && tag
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}
