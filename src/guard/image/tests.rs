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

fn bounds<T>(policy: &Policy, owned: &Owned, work: impl FnOnce(&Bounds<'_>) -> T) -> T {
    let mapping = Mapping::new("/p", &[], "/s").unwrap();
    work(&Bounds {
        policy,
        owned,
        mapping: &mapping,
        host_networks: &[],
        itself: None,
    })
}

#[test]
fn an_archive_says_what_it_would_write() {
    let refs = |file, text: &str| {
        let files = [(file, text.as_bytes().to_vec())];
        let policy = Policy {
            reserved_images: vec!["hal9000/".to_owned()],
            ..Policy::default()
        };
        bounds(&policy, &Owned::default(), |bounds| loaded(&files, bounds))
            .map(|all| {
                assert_eq!(all.references.len(), all.claims.len());
                all.references
            })
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
    for (text, id) in [
        (r#"[{"RepoTags":["a b"]}]"#, "HAL-G-IMAGE-NAME"),
        (
            r#"[{"RepoTags":[],"RepoTags":["x"]}]"#,
            "HAL-G-JSON-DUPLICATE",
        ),
        (r#"[{"RepoTags":["hal9000/x:1"]}]"#, "HAL-G-IMAGE-RESERVED"),
        (
            r#"[{"repoTag\u017f":["hal9000/x:1"]}]"#,
            "HAL-G-IMAGE-RESERVED",
        ),
        ("[] []", "HAL-G-JSON"),
    ] {
        assert_eq!(refs(ArchiveFile::Manifest, text), Err(id), "{text}");
    }
}

#[test]
fn an_archive_goes_on_as_what_was_judged() {
    let manifest = r#"[{"Layers":["l"],"RepoTags":["own:1","new:1","new:1"],"Parent":"sha256:1","config":"x","Config":"c"}]"#;
    let mut owned = Owned::default();
    owned.apply(&Record::Made {
        kind: Kind::Image,
        id: "sha256:2".to_owned(),
        name: Some("docker.io/library/own:1".to_owned()),
        of: None,
    });
    let files = [(ArchiveFile::Manifest, manifest.as_bytes().to_vec())];
    let loaded = bounds(&Policy::default(), &owned, |bounds| loaded(&files, bounds)).unwrap();
    assert_eq!(
        loaded.files,
        [(
            ArchiveFile::Manifest,
            r#"[{"Config":"c","Layers":["l"],"RepoTags":["own:1","new:1","new:1"]}]"#.to_owned()
        )]
    );
    let claimed: Vec<&str> = loaded
        .claims
        .iter()
        .map(|claim| claim.name.as_str())
        .collect();
    assert_eq!(claimed, ["docker.io/library/new:1"]);
    assert_eq!(loaded.references.len(), 2);
}

#[test]
fn members_are_plain_and_there_once() {
    use Member::{Directory, File, Link, Other};
    use Placed::{As, Index, Nowhere};
    let there = |name: &str| Ok(As(name.to_owned()));
    let mut layout = Layout::default();
    for (name, member, expected) in [
        ("./", Directory, Ok(Nowhere)),
        ("blobs/", Directory, Ok(Nowhere)),
        ("blobs/", Directory, Ok(Nowhere)),
        ("./blobs/sha256/a", File, there("blobs/sha256/a")),
        ("x/layer.tar", File, there("x/layer.tar")),
        ("y/layer.tar", Link("../x/layer.tar"), there("y/layer.tar")),
        ("manifest.json", File, Ok(Index(ArchiveFile::Manifest))),
        ("index.json", File, Ok(Index(ArchiveFile::Index))),
        ("a/manifest.json", File, there("a/manifest.json")),
        ("a b", File, there("a b")),
    ] {
        assert_eq!(layout.place(name, member), expected, "{name}");
    }
    for (name, member) in [
        // twice
        ("manifest.json", File),
        ("./manifest.json", File),
        ("x/../manifest.json", File),
        ("blobs", File),
        ("x/layer.tar/", Directory),
        // through a link or a file
        ("y/layer.tar/manifest.json", File),
        ("blobs/sha256/a/b", File),
        // what an index file would be instead
        ("repositories", Link("x/layer.tar")),
        ("repositories/", Directory),
        // out of it
        ("../z", File),
        ("/z", File),
        ("z/l", Link("/etc/passwd")),
        ("z/m", Link("../../etc/passwd")),
        ("n", Link("..")),
        ("z/o", Link("../x/../../etc")),
        ("z/p", Link("")),
        ("z/q", Link("../x/..")),
        ("z/r", Link("./x")),
        // what reads two ways, or is no file
        ("a\\b", File),
        ("a\nb", File),
        ("\u{e9}", File),
        ("device", Other),
        ("", File),
    ] {
        let refused = layout.place(name, member).map_err(|it| it.rule.id);
        assert_eq!(refused, Err("HAL-G-IMAGE-LOAD"), "{name}");
    }
    let long = "a".repeat(300);
    assert!(layout.place(&long, File).is_err());
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
        host_networks: &[],
        itself: None,
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
