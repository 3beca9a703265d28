//! One description, two renderers, one container: what docker's client makes of our argv and what
//! the engine makes of our API body is the same, down to `docker inspect`.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests start programs, and fail by panicking"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hal9000::config::{self, Layers};
use hal9000::dockercli::{self, Run};
use hal9000::engine::{Containers as _, Docker as Api};
use hal9000::model::{
    ContainerName, EngineKind, Identity, Instance as OwnInstance, Origin, ProjectDir, Stdio,
};
use hal9000::plan::parent::{self, ParentFacts};
use hal9000::plan::{self, Caller, Facts, Image, Request, What};
use serde_json::Value;
use support::engine::{self, Docker, Instance};
use support::inspect;
use support::pty::{Options, Pty};

/// Made by `scripts/base-image` where it cannot be pulled.
const IMAGE: &str = "debian:trixie-slim";

/// A session that somebody could ask for.
struct Case {
    what: &'static str,
    request: Request,
    settings: String,
    project: &'static str,
    terminal: bool,
}

impl Case {
    fn new(what: &'static str, change: impl FnOnce(&mut Self)) -> Self {
        let mut case = Self {
            what,
            request: Request::new(What::Claude(vec![])),
            settings: String::new(),
            project: "project",
            terminal: true,
        };
        change(&mut case);
        case
    }
}

fn volumes(words: &[&str], case: &mut Case) {
    case.request.volumes = words.iter().map(|word| word.parse().unwrap()).collect();
}

fn cases(root: &Path, mine: &Instance) -> Vec<Case> {
    let file = root.join("file").display().to_string();
    let words = |words: &[&str]| {
        words
            .iter()
            .map(|&word| word.to_owned())
            .collect::<Vec<_>>()
    };
    let network = format!("{}-net", mine.name());
    let other = format!("container:{}-other", mine.name());
    let mut cases = vec![
        Case::new("a terminal", |_| {}),
        Case::new("a pipe", |case| case.terminal = false),
        Case::new("in the background", |case| case.request.detach = true),
        Case::new("a shell", |case| case.request.what = What::Shell(vec![])),
        Case::new("words of every kind", |case| {
            let said = ["sh", "-c", "echo \"$A\" 'b'\nc", "", "--", "-x", "ü €"];
            case.request.what = What::Shell(words(&said));
        }),
        Case::new("read-only", |case| case.request.read_only = true),
        Case::new("no limits", |case| case.request.no_limits = true),
        Case::new("other limits", |case| {
            case.settings = "[limits]\nmemory = \"1.5g\"\ncpus = \"0.25\"\npids = 77".into();
        }),
        Case::new("variables", |case| {
            let env = [
                "GIVEN=a=b c\n\"d\"",
                "EMPTY=",
                "INHERITED",
                "TERM=dumb",
                "UNSET",
            ];
            case.request.env = env.map(|word| word.parse().unwrap()).to_vec();
        }),
        Case::new("volumes", |case| {
            let named = format!("{}-data:/data", mine.name());
            let bound = format!("{file}:/bound:ro");
            let more = format!("{}:/more:rw,rshared", root.display());
            volumes(&[&named, &bound, &more], case);
        }),
        Case::new("ports", |case| {
            let ports = [
                "80",
                "127.0.0.1::81/udp",
                "[::1]:8282:82",
                "8383:83",
                "8384:83",
            ];
            case.request.publish = ports.map(|word| word.parse().unwrap()).to_vec();
        }),
        Case::new("no network", |case| {
            case.request.network = Some("none".parse().unwrap());
        }),
        Case::new("the host's network", |case| {
            case.request.network = Some("host".parse().unwrap());
        }),
        Case::new("a network of the user's", |case| {
            case.request.network = Some(network.parse().unwrap());
            case.request.publish = vec!["127.0.0.1:8080:80".parse().unwrap()];
        }),
        Case::new("another container's network", |case| {
            case.request.network = Some(other.parse().unwrap());
        }),
        Case::new("secrets and certificates", |case| {
            case.settings = format!("ca_bundle = {file:?}\n[secrets]\nKEY = {file:?}");
        }),
        Case::new("no docker, at /workspace", |case| {
            case.settings = "workdir = \"workspace\"\n[docker]\nmode = \"none\"".into();
        }),
    ];
    let nasty = [
        "with some  spaces",
        "with 'single' and \"double\" quotes",
        "a,b=c,readonly",
        "new\nline",
        "co:lon",
        "$HOME `id` \\ back\\",
        "ünïcödé €",
        "-dash",
    ];
    cases.extend(nasty.map(|name| Case::new(name, |case| case.project = name)));
    cases
}

fn facts(case: &Case, root: &Path, mine: &Instance) -> Facts {
    let project = root.join(case.project);
    fs::create_dir_all(&project).unwrap();
    let environment = [
        ("INHERITED", "from\nhere"),
        ("TERM", "xterm"),
        ("COLORTERM", "24bit"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    Facts {
        project: ProjectDir::new(&project.canonicalize().unwrap()).unwrap(),
        project_owner: Identity { uid: 1, gid: 2 },
        caller: Caller {
            name: "tester".to_owned(),
            identity: Identity {
                uid: 4242,
                gid: 4343,
            },
            home: None,
            terminal: case.terminal,
            environment: BTreeMap::from(environment),
            timezone: Some("Europe/Berlin".to_owned()),
        },
        instance: mine.name().parse::<OwnInstance>().unwrap(),
        client: vec![],
        engine: EngineKind::Docker,
        socket: "/var/run/docker.sock".to_owned(),
        guards: Some(root.join("guards").display().to_string()),
        rootless: false,
        image: Image {
            reference: IMAGE.to_owned(),
            profile: Some("base".to_owned()),
            origin: Origin::BuiltIn,
        },
        runtime_volume: format!("runtime-{}", mine.name()),
        parent: None,
        terminal: None,
    }
}

fn planned(case: &Case, root: &Path, mine: &Instance) -> (Run, Facts) {
    let mut layers = Layers::built_in(None);
    layers.user_file(Path::new("/c"), config::parse(&case.settings).unwrap());
    let facts = facts(case, root, mine);
    let name: ContainerName = format!("hal-9000-{}", mine.name()).parse().unwrap();
    fs::create_dir_all(root.join("guards").join(name.as_str())).unwrap();
    let settings = layers.settings().unwrap();
    let plan = plan::plan(&case.request, &settings, &facts, name).unwrap();
    (plan.run, facts)
}

/// Docker's clients on this machine; the oldest supported and a new one where both are there.
fn clients() -> BTreeSet<PathBuf> {
    which::which_all("docker")
        .unwrap()
        .map(|path| path.canonicalize().unwrap())
        .collect()
}

/// Make the container as a start does. What `docker create` has no flag for is how the client is
/// connected; in the background it is `docker run` itself. What it starts is not in the empty
/// runtime volume, and ends at once.
fn by_argv(client: &Path, run: &Run, facts: &Facts) {
    let detached = !run.spec.attached;
    let mut words: Vec<String> = Vec::new();
    for flag in dockercli::run(run) {
        let connection = ["--detach-keys", "--sig-proxy"];
        let first = flag.words.first().map_or("", String::as_str);
        if connection.iter().any(|word| first.starts_with(word)) {
            continue;
        }
        words.extend(flag.words);
    }
    if !detached {
        let verb = words.iter_mut().find(|word| *word == "run").unwrap();
        "create".clone_into(verb);
    }
    let mut command = Command::new(client);
    command
        .args(&words)
        .env_clear()
        .envs(&facts.caller.environment)
        // Proxies of the user's configuration would be added to the environment.
        .env("DOCKER_CONFIG", "/nonexistent")
        .envs(std::env::vars().filter(|(name, _)| name == "DOCKER_HOST"));
    if run.spec.stdio == Stdio::Terminal && !detached {
        let mut pty = Pty::spawn(&command, &Options::default());
        let status = pty.wait_exit();
        assert!(status.success(), "{words:?}: {}", pty.screen_text());
    } else {
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {said}");
    }
}

fn by_body(docker: &Docker, run: &Run) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let host = std::env::var("DOCKER_HOST").unwrap_or_default();
    let socket = host
        .strip_prefix("unix://")
        .unwrap_or("/var/run/docker.sock");
    let request = dockercli::create_request(&run.spec);
    runtime.block_on(async {
        let api = Api::connect(Path::new(socket), 41, EngineKind::Docker).unwrap();
        api.create(&request).await.unwrap();
    });
    if !run.spec.attached {
        docker.ok(&["start", run.spec.name.as_str()]);
    }
}

/// What the engine says of the container, which is then removed.
fn taken(docker: &Docker, run: &Run) -> Value {
    let name = run.spec.name.as_str();
    if !run.spec.attached {
        docker.ok(&["wait", name]);
    }
    let found = inspect::container(docker, name);
    docker.ok(&["rm", "--force", name]);
    found
}

#[test]
fn argv_and_body_make_the_same_container() {
    let Some(docker) = engine::required("argv_and_body_make_the_same_container") else {
        return;
    };
    assert!(docker.has_image(IMAGE), "scripts/base-image makes {IMAGE}");
    let mine = Instance::new(&docker);
    let temp = tempfile::Builder::new()
        .prefix("hal9000-test-")
        .tempdir_in("/tmp")
        .unwrap();
    let root = temp.path();
    fs::write(root.join("file"), "x").unwrap();
    let label = mine.label();
    docker.ok(&["network", "create", &label, &format!("{}-net", mine.name())]);
    docker.ok(&[
        "create",
        &label,
        "--name",
        &format!("{}-other", mine.name()),
        IMAGE,
    ]);
    let mut wrong = Vec::new();
    for case in cases(root, &mine) {
        let (run, facts) = planned(&case, root, &mine);
        by_body(&docker, &run);
        let body = taken(&docker, &run);
        for client in clients() {
            by_argv(&client, &run, &facts);
            let argv = taken(&docker, &run);
            let found = inspect::differences(("argv", &argv), ("body", &body));
            let place = format!("{:?} with {}", case.what, client.display());
            wrong.extend(found.into_iter().map(|line| format!("{place}: {line}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    mine.remove_all();
    mine.assert_nothing_left();
}

/// The parent is made from its body alone; that `docker run` would make the same says that both
/// renderings know its restarts, its missing init and its missing input.
#[test]
fn the_parent_is_the_same_by_argv_and_by_body() {
    let Some(docker) = engine::required("the_parent_is_the_same_by_argv_and_by_body") else {
        return;
    };
    let mine = Instance::new(&docker);
    let described = parent::parent(&ParentFacts {
        instance: mine.name().parse().unwrap(),
        user: "tester".to_owned(),
        identity: Identity { uid: 1, gid: 2 },
        image: IMAGE.to_owned(),
        engine: EngineKind::Docker,
        socket: "/var/run/docker.sock".to_owned(),
        run: Some("/tmp".to_owned()),
        guards: Some("/usr".to_owned()),
        processors: hal9000::host::processors(),
    });
    let mut run = Run {
        spec: parent::at_port(&described.unwrap(), 18_000),
        client: vec![],
        detach_keys: None,
    };
    // Made, not started: nothing in this image could be.
    run.spec.attached = true;
    by_body(&docker, &run);
    let body = taken(&docker, &run);
    for client in clients() {
        let mut words: Vec<String> = dockercli::run(&run)
            .into_iter()
            .flat_map(|f| f.words)
            .collect();
        "create".clone_into(words.iter_mut().find(|word| *word == "run").unwrap());
        let made = Command::new(&client).args(&words).output().unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let argv = taken(&docker, &run);
        let found = inspect::differences(("argv", &argv), ("body", &body));
        assert!(
            found.is_empty(),
            "{}: {}",
            client.display(),
            found.join("\n")
        );
    }
    mine.remove_all();
    mine.assert_nothing_left();
}
