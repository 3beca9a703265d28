//! Names that stand in the way of a registry's: whoever runs such an image later, and does not know
//! of the session, gets the session's (guard-policy §2.10).

use super::Reference;

/// Docker's official images (hub.docker.com/u/library), which are pulled by their name alone.
const OFFICIAL: &str = include_str!("official.txt");

/// Whether a registry could answer for this name: one that names its registry or its owner, and
/// docker's official ones. Everybody's own images are those without.
pub fn shadows(name: &str) -> bool {
    let Some(reference) = Reference::parse(name, None) else {
        return false;
    };
    let repository = reference.repository();
    match repository.strip_prefix("docker.io/library/") {
        Some(name) => OFFICIAL.lines().any(|official| official == name),
        None => !repository.starts_with("localhost/"),
    }
}

/// Whether an image with these digests came from a registry under this name.
pub fn pulled<'a>(name: &str, digests: impl IntoIterator<Item = &'a str>) -> bool {
    let repository = |name: &str| Reference::parse(name, None).map(|it| it.repository().to_owned());
    let wanted = repository(name);
    let mut digests = digests
        .into_iter()
        .filter_map(|digest| digest.split('@').next());
    wanted.is_some() && digests.any(|digest| repository(digest) == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_registry_could_answer_for_is_no_name_of_ones_own() {
        for (name, foreign) in [
            ("node:20", true),
            ("docker.io/library/postgres:latest", true),
            ("grafana/grafana", true),
            ("ghcr.io/a/b:1", true),
            ("registry.example:5000/x", true),
            ("shop:latest", false),
            ("shop-web", false),
            ("localhost/shop", false),
            ("nodes", false),
            ("sha256:00", false),
        ] {
            assert_eq!(shadows(name), foreign, "{name}");
        }
    }

    #[test]
    fn an_image_of_a_registry_has_its_digest() {
        let digests = ["node@sha256:aa", "ghcr.io/a/b@sha256:bb"];
        assert!(pulled("docker.io/library/node:20", digests));
        assert!(pulled("ghcr.io/a/b:1", digests));
        assert!(!pulled("docker.io/library/python:3", digests));
        assert!(!pulled("node:20", []));
    }
}
