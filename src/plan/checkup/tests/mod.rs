//! Every variant of every fact, and what is found of it.

mod machine;
mod sessions;

use super::*;
use crate::model::{Cgroup, EngineKind, Product};
use crate::plan::session::tests::settings;
use crate::pool::{Event, Summary, Terms};

const MIB: u64 = 1 << 20;

fn trouble(says: &str) -> Trouble {
    Trouble {
        says: says.to_owned(),
        remedies: vec!["a way out".to_owned()],
    }
}

/// A machine on which all is well.
fn well() -> Checkup {
    let disk = |path: &str| Disk {
        path: path.to_owned(),
        free: 50_000_000_000,
        files: Some(1_000_000),
    };
    Checkup {
        settings: settings(&[]),
        file: Ok(Some("/home/ann/.config/hal-9000/config.toml".to_owned())),
        client: Ok("/usr/bin/docker".to_owned()),
        address: Ok(Address {
            socket: "/var/run/docker.sock".to_owned(),
            said_by: "docker's default".to_owned(),
            product: Some(Product::Machine),
            context: None,
            access: Access::Group("docker".to_owned()),
        }),
        engine: Some(Ok(Engine {
            machine: Machine {
                version: "Docker 28.5.2".to_owned(),
                api: 51,
                storage: "overlay2".to_owned(),
                security: vec!["name=seccomp,profile=builtin".to_owned()],
                runc: Some("1.3.3".to_owned()),
                name: "box".to_owned(),
                system: "Debian GNU/Linux 13 (trixie)".to_owned(),
                root: "/var/lib/docker".to_owned(),
                memory: 16 << 30,
                cpus: 8,
                cgroup: Cgroup {
                    version: "2".to_owned(),
                    driver: "systemd".to_owned(),
                    memory: Some(true),
                    cpus: Some(true),
                    pids: Some(true),
                },
                ..Machine::default()
            },
            materials: Ok(Materials {
                image: "hal9000/node:1".to_owned(),
                image_here: true,
                image_made: true,
                runtime: "hal9000-runtime-1".to_owned(),
                filled: Filled::Whole,
            }),
            parent: Ok(Parent {
                name: "hal9000-parent".to_owned(),
                state: Some(ParentState {
                    running: true,
                    state: "running".to_owned(),
                    outdated: false,
                    port: Some(8000),
                    services: Ok(()),
                    pool: Some(pool()),
                }),
                stranded: Vec::new(),
            }),
        })),
        host: Host {
            name: "box".to_owned(),
            memory: Some((16 << 30, 8 << 30)),
            pids: Some(32_768),
            wsl: None,
            state: Some(disk("/home/ann/.local/state/hal-9000")),
            engine: Some(disk("/var/lib/docker")),
        },
        project: Ok(Project {
            path: "/home/ann/shop".to_owned(),
            home: "/home/ann".to_owned(),
            file_system: "ext4".to_owned(),
            mounted_at: "/".to_owned(),
            closed: false,
        }),
        certificates: Certificates::default(),
        proxies: Proxies {
            file: "/home/ann/.docker/config.json".to_owned(),
            ..Proxies::default()
        },
        shell: Some(LoginShell {
            name: "bash".to_owned(),
            lacks: None,
        }),
        terminal: Terminal {
            here: true,
            term: Some("xterm-256color".to_owned()),
            size: (100, 30),
            colors: "all colours",
            keys: "Ctrl-6 Ctrl-6".to_owned(),
        },
    }
}

fn pool() -> Summary {
    Summary {
        terms: Terms::default(),
        spares: Vec::new(),
        projects: Vec::new(),
        busy: Vec::new(),
        hits: 0,
        misses: 0,
        last_refusal: None,
        last_failure: None,
    }
}

/// The machine with something else about it.
fn with(change: impl FnOnce(&mut Checkup)) -> Checkup {
    let mut seen = well();
    change(&mut seen);
    seen
}

/// What is found of this, and nothing else is worse than before.
#[track_caller]
fn only(about: &str, health: Health, change: impl FnOnce(&mut Checkup)) -> String {
    let findings = checkup(&with(change));
    for other in findings.iter().filter(|it| it.about != about) {
        assert_eq!(other.health, Health::Well, "{other:?}");
    }
    let found = findings.iter().find(|it| it.about == about);
    let found = found.unwrap_or_else(|| panic!("nothing of {about}: {findings:#?}"));
    assert_eq!(found.health, health, "{found:?}");
    assert_eq!(
        found.remedies.is_empty(),
        health == Health::Well,
        "{found:?}"
    );
    format!("{}\n{}", found.says, found.remedies.join("\n"))
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
}

fn engine(seen: &mut Checkup) -> &mut Engine {
    seen.engine.as_mut().unwrap().as_mut().unwrap()
}

#[test]
fn where_all_is_well_everything_is_named_once_and_nothing_has_to_be_done() {
    let findings = checkup(&well());
    let names: Vec<&str> = findings.iter().map(|it| it.about).collect();
    let expected = [
        "settings",
        "docker client",
        "socket",
        "context",
        "permission",
        "engine",
        "docker inside",
        "project mounts",
        "what remains",
        "images",
        "runtime",
        "parent",
        "pool",
        "limits",
        "memory",
        "disk",
        "state",
        "certificates",
        "proxy",
        "project",
        "shell",
        "terminal",
    ];
    assert_eq!(names, expected);
    for finding in &findings {
        assert_eq!(finding.health, Health::Well, "{finding:?}");
        assert!(finding.remedies.is_empty() && !finding.says.is_empty());
        // Beside a longer name no text would be left on 60 columns.
        assert!(finding.about.len() <= 14, "{finding:?}");
    }
    let all = findings.iter().map(|it| it.says.as_str());
    let all = all.collect::<Vec<_>>().join("\n");
    has(
        &all,
        &[
            "API 1.51, Debian GNU/Linux 13 (trixie), storage overlay2, cgroup 2 (systemd)",
            "docker's default",
            "group docker",
            "Claude 2.",
            "http://127.0.0.1:8000",
            "Ctrl-6 Ctrl-6",
        ],
    );
}

#[test]
fn an_engine_that_does_not_answer_leaves_the_rest() {
    let seen = with(|seen| seen.engine = Some(Err(trouble("it is not running"))));
    let findings = checkup(&seen);
    let names: Vec<&str> = findings.iter().map(|it| it.about).collect();
    let expected = [
        "settings",
        "docker client",
        "socket",
        "context",
        "permission",
        "engine",
        "memory",
        "disk",
        "state",
        "certificates",
        "proxy",
        "project",
        "shell",
        "terminal",
    ];
    assert_eq!(names, expected);
    let text = only("engine", Health::Failure, |seen| {
        seen.engine = Some(Err(trouble("it is not running")));
    });
    assert_eq!(text, "it is not running\na way out");
    // Nobody is sent in a circle.
    let text = only("engine", Health::Failure, |seen| {
        let mut trouble = trouble("500: driver failed");
        trouble.remedies = vec!["`hal-9000 doctor` looks at the engine".to_owned()];
        seen.engine = Some(Err(trouble));
    });
    has(&text, &["500: driver failed", "`docker info`"]);
    assert!(!text.contains("doctor"), "{text}");
    // An address that cannot be found, and a socket that may not be used.
    only("engine", Health::Failure, |seen| {
        (seen.address, seen.engine) = (Err(trouble("no such context")), None);
    });
    only("permission", Health::Failure, |seen| {
        seen.engine = None;
        let address = seen.address.as_mut().unwrap();
        address.access = Access::Refused(trouble("newgrp"));
    });
}

#[test]
fn who_chose_the_socket_is_said() {
    let at = |said_by: &str, context: Option<&str>, product| {
        let seen = with(|seen| {
            let address = seen.address.as_mut().unwrap();
            address.said_by = said_by.to_owned();
            address.context = context.map(str::to_owned);
            address.product = product;
        });
        let findings = checkup(&seen);
        let says = |about| {
            findings
                .iter()
                .find(|it| it.about == about)
                .unwrap()
                .says
                .clone()
        };
        format!("{} | {}", says("socket"), says("context"))
    };
    for (text, parts) in [
        (
            at("DOCKER_HOST", None, None),
            &["(DOCKER_HOST)", "| none"][..],
        ),
        (
            at("DOCKER_HOST", Some("colima"), Some(Product::Rootless)),
            &["rootless Docker", "DOCKER_HOST goes before", "`colima`"],
        ),
        (
            at(
                "context `desktop-linux`, by /c.json",
                Some("desktop-linux"),
                Some(Product::Desktop),
            ),
            &["Docker Desktop", "| `desktop-linux`"],
        ),
        (
            at("context `other`, by --context", Some("desktop-linux"), None),
            &["| `other`, by --context", "`desktop-linux`"],
        ),
        (
            at("docker's default", None, Some(Product::Machine)),
            &["| docker's default"],
        ),
    ] {
        has(&text, parts);
    }
    let access = |access| move |seen: &mut Checkup| seen.address.as_mut().unwrap().access = access;
    only("permission", Health::Well, access(Access::Root));
    only("permission", Health::Well, access(Access::Owner));
    let text = only("permission", Health::Warning, access(Access::Everybody));
    has(&text, &["`sudo chmod 660 /var/run/docker.sock`"]);
}
