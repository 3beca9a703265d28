use super::*;
use crate::config::Layers;
use crate::model::{EngineKind, EnvRequest, MountKind, ProjectDir};
use crate::plan::{Caller, Image, Via, What};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(in crate::plan) fn facts(project: &str) -> Facts {
    let ann = Identity {
        uid: 1000,
        gid: 1001,
    };
    Facts {
        project: ProjectDir::new(Path::new(project)).unwrap(),
        project_owner: ann,
        caller: Caller {
            name: "ann".to_owned(),
            identity: ann,
            home: Some("/home/ann".to_owned()),
            terminal: true,
            environment: BTreeMap::from([("TERM".to_owned(), "xterm".to_owned())]),
            timezone: Some("Europe/Berlin".to_owned()),
        },
        instance: "x".parse().unwrap(),
        client: vec!["--context".to_owned(), "desk".to_owned()],
        engine: EngineKind::Docker,
        socket: "/var/run/docker.sock".to_owned(),
        guards: Some("/home/ann/.local/state/hal-9000/guards".to_owned()),
        rootless: false,
        image: Image {
            reference: "hal9000/worker:1".to_owned(),
            profile: Some("base".to_owned()),
            origin: Origin::BuiltIn,
        },
        runtime_volume: "hal9000-runtime-1".to_owned(),
        parent: None,
        terminal: None,
    }
}

pub(in crate::plan) fn settings(flags: &[(&str, &str)]) -> Settings {
    let mut layers = Layers::built_in(None);
    for (name, value) in flags {
        layers.flag(name, Some(value));
    }
    layers.settings().unwrap()
}

fn claude() -> Request {
    Request::new(What::Claude(vec![]))
}

fn planned(request: &Request, settings: &Settings, facts: &Facts) -> Plan {
    plan(request, settings, facts, "ab".parse().unwrap()).unwrap()
}

fn words(plan: &Plan) -> Vec<String> {
    dockercli::run(&plan.run)
        .into_iter()
        .flat_map(|flag| flag.words)
        .collect()
}

fn targets(plan: &Plan) -> Vec<&str> {
    plan.run
        .spec
        .mounts
        .iter()
        .map(|mount| mount.target.as_str())
        .collect()
}

#[test]
fn the_container_is_the_contracts() {
    let plan = planned(&claude(), &settings(&[]), &facts("/p/shop"));
    let line = words(&plan).join(" ");
    for part in [
        "--context desk run",
        "--interactive --tty",
        "--rm --init --name ab",
        "--label hal9000.session=true",
        "--label hal9000.project=/p/shop",
        "--label hal9000.instance=x",
        "--memory 4g --cpus 2 --pids-limit 100",
        "--cap-drop ALL",
        "--security-opt no-new-privileges",
        "--network bridge",
        "type=bind,source=/p/shop,target=/workspace",
        "type=bind,source=/p/shop,target=/p/shop",
        "source=hal9000-runtime-1,target=/opt/hal9000,readonly",
        "target=/home/claude/.claude",
        "target=/run/hal9000/docker,readonly",
        "--env TZ=Europe/Berlin",
        "--workdir /p/shop",
        "--uid=1000 --gid=1001",
    ] {
        assert!(line.contains(part), "no `{part}` in {line}");
    }
    assert!(line.ends_with("-- claude"), "{line}");
    assert!(plan.notes.is_empty(), "{:?}", plan.notes);
}

#[test]
fn every_word_has_a_reason() {
    let mut request = Request {
        detach: true,
        publish: vec!["8080:80".parse().unwrap()],
        volumes: vec!["cache:/cache".parse().unwrap()],
        env: vec!["A=1".parse().unwrap()],
        ..claude()
    };
    let mut settings = settings(&[]);
    settings.secrets.insert(
        "KEY".to_owned(),
        crate::model::Setting::built_in(PathBuf::from("/k")),
    );
    settings.ca_bundle = Some(crate::model::Setting::built_in(PathBuf::from("/ca")));
    for detach in [true, false] {
        request.detach = detach;
        let plan = planned(&request, &settings, &facts("/p/shop"));
        for flag in dockercli::run(&plan.run)
            .iter()
            .filter(|flag| !flag.words.is_empty())
        {
            assert!(plan.reasons.get(&flag.field).is_some(), "{flag:?}");
        }
    }
}

#[test]
fn claude_on_a_terminal_is_supervised_and_nothing_else() {
    for (what, terminal, detach, expected) in [
        (What::Claude(vec![]), true, false, true),
        (What::Claude(vec![]), false, true, true),
        (What::Claude(vec![]), false, false, false),
        (What::Shell(vec![]), true, false, false),
    ] {
        let mut request = claude();
        (request.what, request.detach) = (what, detach);
        let mut facts = facts("/p/shop");
        facts.caller.terminal = terminal;
        let words = words(&planned(&request, &settings(&[]), &facts));
        let supervised = words.iter().any(|word| word == "--supervise");
        assert_eq!(supervised, expected, "{words:?}");
    }
}

#[test]
fn who_claude_is() {
    let root = Identity { uid: 0, gid: 0 };
    let bob = Identity { uid: 7, gid: 8 };
    for (caller, owner, rootless, expected) in [
        (bob, root, false, "--uid=7 --gid=8"),
        (root, bob, false, "--uid=7 --gid=8"),
        (root, root, false, "--uid=0 --gid=0"),
        (bob, bob, true, "--uid=0 --gid=0"),
    ] {
        let mut facts = facts("/p/shop");
        facts.caller.identity = caller;
        facts.project_owner = owner;
        facts.rootless = rootless;
        let plan = planned(&claude(), &settings(&[]), &facts);
        assert!(
            words(&plan).join(" ").contains(expected),
            "{caller:?} {owner:?}"
        );
        let as_root = caller.uid == 0 && owner.uid == 0;
        assert_eq!(plan.notes.contains(&Note::RunsAsRoot), as_root);
    }
}

#[test]
fn where_claude_works() {
    for (project, workdir, expected) in [
        ("/p/shop", "host", "/p/shop"),
        ("/p/shop", "workspace", "/workspace"),
        ("/root/shop", "host", "/workspace"),
        ("/home/claude/x", "host", "/workspace"),
    ] {
        let plan = planned(
            &claude(),
            &settings(&[("workdir", workdir)]),
            &facts(project),
        );
        assert_eq!(plan.run.spec.working_dir, expected);
        let mounted = plan
            .run
            .spec
            .mounts
            .iter()
            .filter(|mount| mount.source == project)
            .count();
        assert_eq!(mounted, if expected == "/workspace" { 1 } else { 2 });
    }
}

#[test]
fn what_it_can_reach() {
    let none = planned(
        &claude(),
        &settings(&[("docker.mode", "none")]),
        &facts("/p/shop"),
    );
    assert!(!targets(&none).contains(&paths::SOCKET));
    assert!(!words(&none).join(" ").contains("--socket"));
    let read_only = Request {
        read_only: true,
        ..claude()
    };
    let plan = planned(&read_only, &settings(&[]), &facts("/p/shop"));
    let writable = plan.run.spec.mounts.iter().filter(|mount| {
        mount.source == "/p/shop" && mount.access == crate::model::Access::ReadWrite
    });
    assert_eq!(writable.count(), 0);
    assert!(
        plan.run
            .spec
            .mounts
            .iter()
            .any(|mount| mount.kind == MountKind::Volume)
    );
}

#[test]
fn what_is_refused() {
    let refuse = |request: Request| {
        plan(
            &request,
            &settings(&[]),
            &facts("/p/shop"),
            "ab".parse().unwrap(),
        )
        .unwrap_err()
    };
    let published = Request {
        publish: vec!["80".parse().unwrap()],
        network: Some("none".parse().unwrap()),
        ..claude()
    };
    assert_eq!(
        refuse(published),
        PlanError::NothingToPublishOn("none".to_owned())
    );
    let hidden = Request {
        volumes: vec!["x:/workspace".parse().unwrap()],
        ..claude()
    };
    assert_eq!(
        refuse(hidden),
        PlanError::TargetTaken("/workspace".to_owned())
    );
}

#[test]
fn secrets_are_in_no_command_line() {
    let mut facts = facts("/p/shop");
    let environment = [
        ("ANTHROPIC_API_KEY", "canary"),
        ("OTHER", "canary"),
        ("TERM", "xterm"),
    ];
    facts.caller.environment = environment
        .iter()
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
        .collect();
    let plan = planned(&claude(), &settings(&[]), &facts);
    assert!(plan.notes.contains(&Note::ApiKeyStaysHere));
    assert!(!words(&plan).join(" ").contains("canary"));
    assert!(!format!("{:?}", dockercli::create_request(&plan.run.spec)).contains("canary"));
    let inherited = Request {
        env: vec![
            "OTHER".parse::<EnvRequest>().unwrap(),
            "MISSING".parse().unwrap(),
        ],
        ..claude()
    };
    let plan = planned(&inherited, &settings(&[]), &facts);
    assert!(!words(&plan).join(" ").contains("canary"));
    assert!(words(&plan).join(" ").contains("--env OTHER "));
    assert!(
        plan.notes
            .contains(&Note::VariableNotSet("MISSING".to_owned()))
    );
}

#[test]
fn how_it_is_connected() {
    let mut facts = facts("/p/shop");
    let detached = Request {
        detach: true,
        ..claude()
    };
    let plan = planned(&detached, &settings(&[]), &facts);
    assert!(plan.run.detach_keys.is_none() && !words(&plan).contains(&"--rm".to_owned()));
    facts.caller.terminal = false;
    let piped = words(&planned(&claude(), &settings(&[]), &facts));
    assert!(
        !piped.contains(&"--tty".to_owned()) && !piped.contains(&"--sig-proxy=false".to_owned())
    );
    facts.caller.terminal = true;
    for (term, what, kitty) in [
        ("xterm-256color", What::Claude(vec![]), false),
        ("xterm-kitty", What::Claude(vec![]), true),
        ("xterm-kitty", What::Shell(vec![]), false),
        ("tmux-256color", What::Claude(vec![]), false),
    ] {
        facts
            .caller
            .environment
            .insert("TERM".to_owned(), term.to_owned());
        let plan = planned(&Request::new(what), &settings(&[]), &facts);
        let keys = plan.run.detach_keys.unwrap();
        assert_eq!(keys.as_str().starts_with("ctrl-["), kitty, "{term}");
        assert_eq!(keys.spoken(), "Ctrl-6 Ctrl-6");
    }
}

#[test]
fn the_spec_hash_is_about_everything_but_the_name() {
    let hash = |request: &Request, flags: &[(&str, &str)], name: &str| {
        let plan = plan(
            request,
            &settings(flags),
            &facts("/p/shop"),
            name.parse().unwrap(),
        );
        plan.unwrap().run.spec.labels[label_keys::SPEC].clone()
    };
    let plain = hash(&claude(), &[], "ab");
    assert_eq!(plain, hash(&claude(), &[], "cd"));
    assert_ne!(plain, hash(&claude(), &[("limits.memory", "5g")], "ab"));
    assert_ne!(
        plain,
        hash(
            &Request {
                read_only: true,
                ..claude()
            },
            &[],
            "ab"
        )
    );
}

#[test]
fn through_the_parent_only_the_network_is_another() {
    let parent = Facts {
        parent: Some("hal9000-parent-x".parse().unwrap()),
        ..facts("/p/shop")
    };
    let none = facts("/p/shop");
    let with = |change: fn(&mut Request)| {
        let mut request = claude();
        change(&mut request);
        request
    };
    for (request, facts, via) in [
        (with(|_| {}), &parent, true),
        (with(|r| r.via = Via::Parent), &parent, true),
        (with(|r| r.via = Via::Direct), &parent, false),
        (
            with(|r| r.network = Some("none".parse().unwrap())),
            &parent,
            false,
        ),
        (
            with(|r| r.publish = vec!["80".parse().unwrap()]),
            &parent,
            false,
        ),
        (with(|_| {}), &none, false),
    ] {
        let direct = planned(&with(|_| {}), &settings(&[]), &none).run.spec;
        let spec = planned(&request, &settings(&[]), facts).run.spec;
        let joined = spec.network.as_str() == "container:hal9000-parent-x";
        assert_eq!(joined, via, "{request:?}");
        assert_eq!(spec.labels.contains_key(label_keys::VIA), via);
        assert_eq!(spec.env.iter().any(|v| v.name == "CHROMADB_HOST"), via);
        if via {
            let mut same = spec.clone();
            same.network = direct.network.clone();
            same.labels.clone_from(&direct.labels);
            same.env
                .retain(|variable| !variable.name.starts_with("CHROMADB_"));
            assert_eq!(same, direct);
        }
    }
}

#[test]
fn a_session_in_the_parents_network_publishes_nothing() {
    let facts = Facts {
        parent: Some("hal9000-parent".parse().unwrap()),
        ..facts("/p/shop")
    };
    let mut request = claude();
    (request.via, request.publish) = (Via::Parent, vec!["80".parse().unwrap()]);
    let refused = plan(&request, &settings(&[]), &facts, "ab".parse().unwrap());
    assert_eq!(refused.unwrap_err(), PlanError::ParentsPorts);
}
