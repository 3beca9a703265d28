use super::*;
use crate::model::Identity;
use std::collections::BTreeMap;

fn env(variables: &[(&str, &str)]) -> Env {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Env {
        args: Vec::new(),
        variables: variables.iter().map(pair).collect::<BTreeMap<_, _>>(),
        directory: Ok(PathBuf::from("/")),
        terminal: false,
        stderr_terminal: false,
        identity: Identity {
            uid: 1000,
            gid: 1000,
        },
        groups: Vec::new(),
    }
}

/// A docker configuration directory with one context, `desk`, which is the current one.
fn configuration() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let meta = dir.path().join("contexts/meta").join(digest("desk"));
    std::fs::create_dir_all(&meta).unwrap();
    let text =
        r#"{"Name":"desk","Endpoints":{"docker":{"Host":"unix:///h/.docker/run/docker.sock"}}}"#;
    std::fs::write(meta.join("meta.json"), text).unwrap();
    std::fs::write(
        dir.path().join("config.json"),
        r#"{"currentContext":"desk"}"#,
    )
    .unwrap();
    dir
}

#[test]
fn the_order_is_dockers() {
    let dir = configuration();
    let config = dir.path().to_str().unwrap();
    let none = Selection::default();
    let host = Selection {
        host: Some("unix:///flag".to_owned()),
        context: None,
    };
    let context = Selection {
        host: None,
        context: Some("desk".to_owned()),
    };
    let desk = "/h/.docker/run/docker.sock";
    for (selection, variables, socket) in [
        (&none, vec![], DEFAULT_SOCKET),
        (&none, vec![("DOCKER_CONFIG", config)], desk),
        (
            &none,
            vec![("DOCKER_CONFIG", config), ("DOCKER_CONTEXT", "default")],
            DEFAULT_SOCKET,
        ),
        (
            &none,
            vec![("DOCKER_CONFIG", config), ("DOCKER_HOST", "unix:///x")],
            "/x",
        ),
        (
            &none,
            vec![("DOCKER_HOST", "unix:///x"), ("DOCKER_CONTEXT", "no")],
            "/x",
        ),
        (
            &context,
            vec![("DOCKER_CONFIG", config), ("DOCKER_HOST", "unix:///x")],
            desk,
        ),
        (
            &host,
            vec![("DOCKER_CONFIG", config), ("DOCKER_HOST", "unix:///x")],
            "/flag",
        ),
    ] {
        let found = resolve(selection, &env(&variables)).unwrap();
        assert_eq!(found.socket, Path::new(socket), "{variables:?}");
    }
}

#[test]
fn what_cannot_be_used_says_who_asked_for_it() {
    let none = Selection::default();
    let remote = resolve(&none, &env(&[("DOCKER_HOST", "tcp://h:2375")])).unwrap_err();
    assert!(remote.to_string().contains("DOCKER_HOST"), "{remote}");
    let missing = resolve(
        &none,
        &env(&[("DOCKER_CONTEXT", "nope"), ("DOCKER_CONFIG", "/none")]),
    );
    assert!(missing.unwrap_err().to_string().contains("`nope`"));
    let both = Selection {
        host: Some("unix:///x".into()),
        context: Some("y".into()),
    };
    assert_eq!(resolve(&both, &env(&[])), Err(EndpointError::Conflict));
}

#[test]
fn in_a_virtual_machine_the_socket_to_mount_is_the_default_one() {
    let endpoint = |path: &str| Endpoint {
        socket: PathBuf::from(path),
        said_by: String::new(),
    };
    for (path, mounted) in [
        ("/home/a/.docker/desktop/docker.sock", DEFAULT_SOCKET),
        ("/Users/a/.colima/default/docker.sock", DEFAULT_SOCKET),
        ("/run/user/1000/docker.sock", "/run/user/1000/docker.sock"),
        ("/var/run/docker.sock", DEFAULT_SOCKET),
    ] {
        assert_eq!(endpoint(path).socket_for_mounts(), mounted);
    }
}

#[test]
fn a_contexts_directory_is_the_digest_of_its_name() {
    let expected = "fe9c6bd7a66301f49ca9b6a70b217107cd1284598bfc254700c989b916da791e";
    assert_eq!(digest("desktop-linux"), expected);
}

#[test]
fn engines_are_told_apart_by_where_their_sockets_really_are() {
    let dir = tempfile::tempdir().unwrap();
    let at = |path: &Path| Endpoint {
        socket: path.to_owned(),
        said_by: String::new(),
    };
    let own = |name: &str| dir.path().join(name);
    std::fs::write(own("a"), "").unwrap();
    std::fs::write(own("b"), "").unwrap();
    std::os::unix::fs::symlink(own("a"), own("c")).unwrap();
    std::os::unix::fs::symlink(DEFAULT_SOCKET, own("d")).unwrap();
    let key = |name: &str| at(&own(name)).key();
    assert_eq!(key("a").unwrap().len(), 8);
    assert_eq!(key("a"), key("c"));
    assert_ne!(key("a"), key("b"));
    for default in [DEFAULT_SOCKET, "/run/docker.sock"] {
        assert_eq!(at(Path::new(default)).key(), None);
    }
    if Path::new(DEFAULT_SOCKET).exists() {
        assert_eq!(key("d"), None);
    }
}
