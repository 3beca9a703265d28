use super::*;

fn request() -> Request {
    Request {
        user: "claude".to_owned(),
        uid: 1000,
        gid: 1000,
        home: PathBuf::from("/home/claude"),
        socket: Some(PathBuf::from("/var/run/docker.sock")),
        guard: None,
    }
}

fn facts() -> Facts {
    Facts {
        capabilities: Capabilities {
            chown: true,
            setuid: true,
            setgid: true,
            setpcap: true,
        },
        mapped: (true, true),
        passwd: b"root:x:0:0:root:/root:/bin/bash\n".to_vec(),
        group: b"root:x:0:\n".to_vec(),
        shell: "/bin/bash",
        home: Place::Missing,
        state: Place::Directory { uid: 0, ours: true },
        socket: Some(SocketState::Socket {
            uid: 0,
            gid: 998,
            mode: 0o660,
        }),
    }
}

fn group_file(steps: &[Step]) -> Option<String> {
    steps.iter().find_map(|step| match step {
        Step::Group(content) => Some(String::from_utf8(content.clone()).unwrap()),
        _ => None,
    })
}

#[test]
fn a_fresh_container() {
    let steps = decide(&request(), &facts()).unwrap();
    let passwd =
        "claude:x:1000:1000:Claude Code:/home/claude:/bin/bash\nroot:x:0:0:root:/root:/bin/bash\n";
    let group = "docker:x:998:claude\nclaude:x:1000:\nroot:x:0:\n";
    assert_eq!(
        steps,
        [
            Step::Passwd(passwd.into()),
            Step::Group(group.into()),
            Step::MakeHome,
            Step::OwnHome,
            Step::OwnState,
            Step::OwnStdio,
            Step::DropBounding,
            Step::SetGroups(vec![998]),
            Step::SetGid(1000),
            Step::SetUid(1000),
            Step::ClearCapabilities,
            Step::NoNewPrivileges,
            Step::Prove(Identity {
                uid: 1000,
                gid: 1000,
                groups: vec![998],
                bounded: true
            }),
        ]
    );
}

#[test]
fn a_guards_socket_is_linked_and_not_looked_at() {
    let request = Request {
        guard: Some(PathBuf::from("/run/g.sock")),
        ..request()
    };
    let facts = Facts {
        socket: None,
        ..facts()
    };
    let steps = decide(&request, &facts).unwrap();
    assert!(steps.contains(&Step::LinkSocket {
        socket: PathBuf::from("/var/run/docker.sock"),
        guard: PathBuf::from("/run/g.sock"),
    }));
    assert!(steps.contains(&Step::SetGroups(vec![2375])));
    let groups = group_file(&steps).unwrap();
    assert!(groups.starts_with("docker:x:2375:claude\n"), "{groups}");
}

#[test]
fn the_second_start_of_a_container_only_drops() {
    let mut facts = facts();
    for step in decide(&request(), &facts).unwrap() {
        match step {
            Step::Passwd(content) => facts.passwd = content,
            Step::Group(content) => facts.group = content,
            _ => {}
        }
    }
    facts.home = Place::Directory {
        uid: 1000,
        ours: true,
    };
    facts.state = facts.home;
    let steps = decide(&request(), &facts).unwrap();
    let first = steps.iter().take(2).collect::<Vec<_>>();
    assert_eq!(first, [&Step::OwnStdio, &Step::DropBounding], "{steps:?}");
}

#[test]
fn privileges_go_after_everything_that_needs_them() {
    let steps = decide(&request(), &facts()).unwrap();
    let at = |wanted: fn(&Step) -> bool| steps.iter().position(wanted).unwrap();
    let uid = at(|step| matches!(step, Step::SetUid(_)));
    assert!(at(|step| matches!(step, Step::SetGroups(_))) < uid);
    assert!(at(|step| matches!(step, Step::SetGid(_))) < uid);
    assert!(at(|step| matches!(step, Step::DropBounding)) < uid);
    assert!(at(|step| matches!(step, Step::ClearCapabilities)) > uid);
    assert!(matches!(steps.last(), Some(Step::Prove(_))));
}

#[test]
fn names_of_groups() {
    let socket = |gid| {
        Some(SocketState::Socket {
            uid: 0,
            gid,
            mode: 0o660,
        })
    };
    for (before, gid, expected) in [
        // The primary gid has a name already and keeps it.
        (
            "node:x:1000:\n",
            998,
            Some("docker:x:998:claude\nnode:x:1000:\n"),
        ),
        // The socket's gid is named otherwise; `docker` has another gid.
        (
            "node:x:1000:\nping:x:998:\ndocker:x:5:\n",
            998,
            Some("docker:x:998:claude\nnode:x:1000:\nping:x:998:\ndocker:x:5:\n"),
        ),
        // Group 0 stays root's; so does the primary group when it is the socket's.
        ("root:x:0:\nnode:x:1000:\n", 0, None),
        ("node:x:1000:\n", 1000, None),
    ] {
        let facts = Facts {
            group: before.into(),
            socket: socket(gid),
            ..facts()
        };
        let steps = decide(&request(), &facts).unwrap();
        assert_eq!(group_file(&steps).as_deref(), expected, "{before:?} {gid}");
    }
}

#[test]
fn group_zero_is_joined_without_an_entry() {
    let facts = Facts {
        socket: Some(SocketState::Socket {
            uid: 0,
            gid: 0,
            mode: 0o660,
        }),
        ..facts()
    };
    let steps = decide(&request(), &facts).unwrap();
    assert!(steps.contains(&Step::SetGroups(vec![0])));
    assert!(!group_file(&steps).unwrap().contains("docker"));
}

#[test]
fn who_owns_home_and_state() {
    let dir = |uid, ours| Place::Directory { uid, ours };
    for (home, state, expected) in [
        (dir(1000, true), dir(1000, true), vec![]),
        (dir(0, true), dir(1000, true), vec![Step::OwnHome]),
        (dir(1000, true), dir(0, true), vec![Step::OwnState]),
        (
            dir(501, true),
            dir(501, true),
            vec![Step::OwnHome, Step::OwnState],
        ),
        (dir(1000, true), Place::Missing, vec![]),
        (dir(1000, true), dir(0, false), vec![]),
        (dir(1000, false), dir(1000, true), vec![]),
        (Place::Hidden, Place::Hidden, vec![]),
    ] {
        let facts = Facts {
            home,
            state,
            ..facts()
        };
        assert_eq!(home_steps(&request(), &facts).unwrap(), expected);
    }
    let mount = Facts {
        home: dir(0, false),
        state: Place::Missing,
        ..facts()
    };
    assert!(matches!(
        home_steps(&request(), &mount).unwrap().as_slice(),
        [Step::Warn(_)]
    ));
}

#[test]
fn refusals_name_the_rule_and_the_way_out() {
    let all = facts().capabilities;
    for (facts, words) in [
        (
            Facts {
                capabilities: Capabilities {
                    setuid: false,
                    ..all
                },
                ..facts()
            },
            "--cap-add SETUID",
        ),
        (
            Facts {
                capabilities: Capabilities {
                    setgid: false,
                    ..all
                },
                ..facts()
            },
            "--cap-add SETGID",
        ),
        (
            Facts {
                capabilities: Capabilities {
                    chown: false,
                    ..all
                },
                ..facts()
            },
            "--cap-add CHOWN",
        ),
        (
            Facts {
                mapped: (false, true),
                ..facts()
            },
            "uid 1000 does not exist",
        ),
        (
            Facts {
                mapped: (true, false),
                ..facts()
            },
            "gid 1000 does not exist",
        ),
        (
            Facts {
                home: Place::Other,
                ..facts()
            },
            "home /home/claude",
        ),
        (
            Facts {
                socket: Some(SocketState::Directory),
                ..facts()
            },
            "remove that directory",
        ),
    ] {
        let line = decide(&request(), &facts).unwrap_err().to_string();
        assert!(line.contains(words), "{line}");
        assert!(line.contains(": ") && line.contains("; "), "{line}");
        assert!(!line.contains('\n'), "{line}");
    }
}

#[test]
fn capabilities_that_are_not_needed_are_not_asked_for() {
    let owned = Place::Directory { uid: 0, ours: true };
    let facts = Facts {
        capabilities: Capabilities {
            chown: false,
            setuid: false,
            setgid: true,
            setpcap: false,
        },
        home: owned,
        state: owned,
        ..facts()
    };
    let root = Request {
        uid: 0,
        gid: 0,
        ..request()
    };
    let steps = decide(&root, &facts).unwrap();
    assert!(steps.iter().any(|step| matches!(step, Step::Warn(_))));
    assert!(!steps.contains(&Step::DropBounding));
    assert!(steps.contains(&Step::Prove(Identity {
        uid: 0,
        gid: 0,
        groups: vec![998],
        bounded: false
    })));
}

#[test]
fn no_socket_means_no_groups() {
    let request = Request {
        socket: None,
        ..request()
    };
    let facts = Facts {
        socket: None,
        ..facts()
    };
    let steps = decide(&request, &facts).unwrap();
    assert!(steps.contains(&Step::SetGroups(vec![])));
    assert!(!group_file(&steps).unwrap().contains("docker"));
}
