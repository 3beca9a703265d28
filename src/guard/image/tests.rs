use super::*;
use crate::guard::bind::Mapping;
use crate::guard::ownership::{Kind, Owned, Record, Resolved};
use crate::guard::{Bounds, Policy};

#[test]
fn references_have_one_spelling() {
    for (text, tag, full) in [
        ("node", None, "docker.io/library/node:latest"),
        ("node:20", None, "docker.io/library/node:20"),
        ("node", Some("20"), "docker.io/library/node:20"),
        ("me/app", None, "docker.io/me/app:latest"),
        ("docker.io/node", None, "docker.io/library/node:latest"),
        (
            "index.docker.io/library/node",
            None,
            "docker.io/library/node:latest",
        ),
        ("ghcr.io/a/b:1", None, "ghcr.io/a/b:1"),
        ("localhost/x", None, "localhost/x:latest"),
        ("localhost:5000/x", Some(""), "localhost:5000/x:latest"),
        ("a:1", Some("1"), "docker.io/library/a:1"),
    ] {
        assert_eq!(
            Reference::parse(text, tag).unwrap().to_string(),
            full,
            "{text}"
        );
        assert_eq!(Reference::parse(full, None).unwrap().to_string(), full);
    }
    let id = "a".repeat(64);
    for (text, tag) in [
        ("", None),
        ("Node", None),
        (id.as_str(), None),
        ("a@sha256:11", None),
        ("a:1", Some("2")),
        ("a b", None),
        ("/a", None),
        ("a//b", None),
        ("a/", None),
        ("../a", None),
        ("a:", None),
        ("a", Some("x/y")),
        ("-a", None),
        ("a.", None),
        ("h:p/a", None),
        ("a\u{e9}", None),
    ] {
        assert_eq!(Reference::parse(text, tag), None, "{text} {tag:?}");
    }
}

#[test]
fn an_archive_says_what_it_would_write() {
    let refs = |file, text: &str| {
        archive_references(file, text.as_bytes())
            .map(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>())
            .map_err(|refusal| refusal.rule.id)
    };
    let manifest = r#"[{"Config":"c","RepoTags":["node:20"],"Layers":[]},{"repotags":["x:1"]},{"RepoTags":null}]"#;
    assert_eq!(
        refs(ArchiveFile::Manifest, manifest).unwrap(),
        ["docker.io/library/node:20", "docker.io/library/x:1"]
    );
    let index = r#"{"manifests":[{"annotations":{"io.containerd.image.name":"docker.io/library/a:1","org.opencontainers.image.ref.name":"1"}},{"annotations":{"org.opencontainers.image.ref.name":"latest"}},{"size":3}]}"#;
    assert_eq!(
        refs(ArchiveFile::Index, index).unwrap(),
        ["docker.io/library/a:1"]
    );
    let old = r#"{"node":{"20":"abc"}}"#;
    assert_eq!(
        refs(ArchiveFile::Repositories, old).unwrap(),
        ["docker.io/library/node:20"]
    );
    assert_eq!(
        refs(ArchiveFile::Manifest, r#"[{"RepoTags":["a b"]}]"#),
        Err("HAL-G-IMAGE-NAME")
    );
    assert_eq!(
        refs(
            ArchiveFile::Manifest,
            r#"[{"RepoTags":[],"RepoTags":["x"]}]"#
        ),
        Err("HAL-G-JSON-DUPLICATE")
    );
    assert_eq!(
        ArchiveFile::named("./manifest.json"),
        Some(ArchiveFile::Manifest)
    );
    assert_eq!(ArchiveFile::named("a/manifest.json"), None);
}

#[test]
fn names_are_the_sessions_in_any_spelling() {
    let mut owned = Owned::default();
    let id = format!("sha256:{}", "1".repeat(64));
    let name = Some("docker.io/library/app:1".to_owned());
    owned.apply(&Record::Made {
        kind: Kind::Image,
        id: id.clone(),
        name,
        of: None,
    });
    let policy = Policy {
        reserved_images: vec!["hal9000/".to_owned()],
        ..Policy::default()
    };
    let mapping = Mapping::new("/p", &[], "/s").unwrap();
    let bounds = Bounds {
        policy: &policy,
        owned: &owned,
        mapping: &mapping,
    };
    for name in ["app:1", "docker.io/app:1", "111111"] {
        assert_eq!(resolve(&owned, name), Resolved::Owned(id.clone()), "{name}");
    }
    assert_eq!(
        resolve(&owned, "app:2"),
        Resolved::Shared("app:2".to_owned())
    );
    assert!(written("t", "app:1", None, &bounds).unwrap().1.is_none());
    assert!(written("t", "app:2", None, &bounds).unwrap().1.is_some());
    for name in ["hal9000/base:1", "docker.io/hal9000/base"] {
        assert_eq!(
            written("t", name, None, &bounds).unwrap_err().rule.id,
            "HAL-G-IMAGE-RESERVED"
        );
    }
    assert_eq!(
        delete("app:1", &bounds).unwrap().0,
        "docker.io/library/app:1"
    );
    assert_eq!(delete("1111", &bounds).unwrap().0, id);
    assert_eq!(
        delete("node", &bounds).unwrap_err().rule.id,
        "HAL-G-IMAGE-DELETE"
    );
}
