//! A sandbox whose instance has a parent of its own.

use crate::support::engine::Instance;
use crate::support::nested::{self, Nested, Suite};
use crate::support::sandbox::{Output, Sandbox};
use crate::support::session::Bench;
use rustix::process::getgid;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long anything may take that has no limit of its own.
const PATIENCE: Duration = Duration::from_secs(60);

/// A bench whose parent and volumes go away with it.
pub(crate) struct House {
    /// The engine that it is on, where that is not the machine's.
    pub(crate) engine: Option<Nested>,
    pub(crate) bench: Bench,
}

impl House {
    /// `None`, said on stderr, where there is no engine.
    pub(crate) fn new(test: &str) -> Option<Self> {
        let bench = Bench::new(test)?;
        Some(Self {
            engine: None,
            bench,
        })
    }

    /// On an engine of its own, which has no images; only its socket crosses.
    pub(crate) fn apart(test: &str, suite: Suite) -> Option<Self> {
        let mut bench = Bench::new(test).filter(|_| nested::possible(test))?;
        bench.ok(&["image", "build", "parent"]);
        let root = bench.sandbox.root();
        let group = bench.sandbox.user().map_or(getgid().as_raw(), |u| u.gid);
        let engine = Nested::start(&bench.docker, suite, root, group);
        bench.sandbox = bench.sandbox.env("DOCKER_HOST", &engine.address());
        bench.docker = engine.docker().clone();
        Some(Self {
            engine: Some(engine),
            bench,
        })
    }

    /// The engine of one that is apart.
    pub(crate) fn engine(&mut self) -> &mut Nested {
        self.engine.as_mut().unwrap()
    }

    /// The parent's name.
    pub(crate) fn parent(&self) -> String {
        format!("hal9000-parent-{}", self.bench.instance.name())
    }

    /// The coordinator's socket.
    pub(crate) fn socket(&self) -> PathBuf {
        let run = self.bench.sandbox.root().join("run/hal-9000");
        // Its directory has the engine in its name, where that is not the default one.
        let rooms = fs::read_dir(&run).into_iter().flatten().flatten();
        let parent = self.parent();
        let own = |it: &fs::DirEntry| it.file_name().to_string_lossy().starts_with(&parent);
        let mut sockets = rooms
            .filter(own)
            .map(|it| it.path().join("coordinator.sock"));
        let found = sockets.find(|socket| socket.exists());
        found.unwrap_or_else(|| run.join(&parent).join("coordinator.sock"))
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.bench.run(args)
    }

    pub(crate) fn ok(&self, args: &[&str]) -> String {
        self.bench.ok(args)
    }

    pub(crate) fn start(&self) {
        self.ok(&["daemon", "start"]);
    }

    /// `daemon status --json`
    pub(crate) fn status(&self) -> Value {
        serde_json::from_str(&self.ok(&["daemon", "status", "--json"])).unwrap()
    }

    /// A field of the parent's container.
    pub(crate) fn field(&self, template: &str) -> String {
        self.bench.field(&self.parent(), template)
    }

    /// Start a session of a project of this name in the background; its name.
    pub(crate) fn worker(&self, project: &str) -> String {
        let dir = self.bench.sandbox.make_project(project, &[]);
        self.ok(&["--detach", "--shell", &dir.to_string_lossy()])
    }

    /// A command in a running container.
    pub(crate) fn inside(&self, name: &str, script: &str) -> String {
        self.bench.docker.ok(&["exec", name, "sh", "-c", script])
    }

    /// Whether a container reaches ChromaDB at its own localhost.
    pub(crate) fn reaches(&self, name: &str) -> bool {
        let beat = "curl -sf --max-time 5 http://localhost:8000/api/v2/heartbeat";
        let output = self.bench.docker.run(&["exec", name, "sh", "-c", beat]);
        String::from_utf8_lossy(&output.stdout).contains("nanosecond heartbeat")
    }

    /// Make a collection, through a worker.
    pub(crate) fn write(&self, worker: &str, collection: &str) {
        let script = format!("curl -sf {COLLECTIONS} -d '{{\"name\":\"{collection}\"}}'");
        assert!(self.inside(worker, &script).contains(collection));
    }

    /// The names of all collections, through a worker.
    pub(crate) fn read(&self, worker: &str) -> Vec<String> {
        let text = self.inside(worker, &format!("curl -sf {COLLECTIONS}"));
        let found: Value = serde_json::from_str(&text).unwrap();
        let names = found.as_array().unwrap().iter();
        let mut names: Vec<String> = names
            .map(|it| it["name"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    }

    /// End a process of the machine: of a container's first process nobody inside can do that.
    pub(crate) fn kill(&self, container: &str, pid: &str) {
        let label = self.bench.instance.label();
        let words = ["run", "--rm", "--pid=host", "--network=none", &label];
        let script = format!("kill -9 {pid}");
        let words = [&words[..], &["debian:trixie-slim", "sh", "-c", &script]].concat();
        self.bench.docker.ok(&words);
        eprintln!("killed {pid} of {container}");
    }

    /// Wait until this holds.
    pub(crate) fn until(&self, what: &str, mut holds: impl FnMut() -> bool) -> Duration {
        let began = Instant::now();
        while !holds() {
            let late = began.elapsed() > PATIENCE;
            assert!(
                !late,
                "{what}: not yet\n{}",
                self.run(&["daemon", "logs"]).stdout
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        began.elapsed()
    }

    /// End everything through the product, and fail if a container is left.
    pub(crate) fn end(self) {
        self.ok(&["kill", "--all"]);
        self.ok(&["daemon", "stop", "--force"]);
        self.bench.end();
    }
}

const COLLECTIONS: &str = "-H 'Content-Type: application/json' \
     http://localhost:8000/api/v2/tenants/default_tenant/databases/default_database/collections";

/// A second user's or run's sandbox beside the house.
pub(crate) fn neighbour(house: &House) -> (Sandbox, Instance) {
    let instance = Instance::new(&house.bench.docker);
    let sandbox = Sandbox::new().instance(&instance);
    (sandbox, instance)
}
