//! An engine of its own for a test, in a container of the machine's engine: one that can be killed,
//! that is of another version, or that has no images.
//!
//! It has no network: nothing can be pulled or downloaded there, on any machine. Its socket is in
//! a directory that is mounted at its own path, so that what is mounted in its containers from
//! there is what the test sees.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;

use hal9000::recipe::{Recipe, keys};
use hal9000::vars;

use super::PATIENCE;
use super::engine::{Docker, Instance, skipped};

/// What a container needs to be a machine for an engine, a flag a line. `--privileged` would be less
/// to write, and fails where `CAP_SYS_RESOURCE` is not to be had. `scripts/matrix` uses it, too.
const MACHINE: &str = include_str!("engine.flags");

/// A Debian release, for the version of the engine in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Suite {
    /// Docker 20.10
    Bookworm,
    /// Docker 26.1
    Trixie,
    /// Docker 28.5
    Forky,
}

impl Suite {
    fn name(self) -> &'static str {
        match self {
            Self::Bookworm => "bookworm",
            Self::Trixie => "trixie",
            Self::Forky => "forky",
        }
    }
}

/// How an engine is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// As `systemctl stop docker` does.
    Asked,
    /// As the kernel does that is out of memory.
    Killed,
}

/// The engine. It ends with this value, with all that is in it.
#[derive(Debug)]
pub(crate) struct Nested {
    outer: Docker,
    inner: Docker,
    machine: String,
    socket: PathBuf,
    group: u32,
    engine: Option<Child>,
    // Dropped last: it removes the container and the volume.
    _instance: Instance,
}

/// Whether the tests' engine is one in a container.
pub(crate) fn is_around() -> bool {
    std::env::var_os(vars::TEST_MATRIX).is_some()
}

/// Whether the tests' engine is on the internet, as far as this machine is; says where it is not.
pub(crate) fn online(test: &str) -> bool {
    let matrix = std::env::var(vars::TEST_MATRIX).ok();
    if let Some(engine) = &matrix {
        skipped(
            test,
            &format!("it installs packages, and {engine} has no network"),
        );
    }
    matrix.is_none()
}

/// Whether a test can have an engine of its own; says where it cannot.
pub(crate) fn possible(test: &str) -> bool {
    let matrix = std::env::var(vars::TEST_MATRIX).ok();
    if let Some(engine) = &matrix {
        skipped(
            test,
            &format!("it starts an engine, and this is {engine} in a container"),
        );
    }
    matrix.is_none()
}

impl Nested {
    /// An engine of this release; `shared` is the directory that it has at the same path, and
    /// `group` may talk to it.
    pub(crate) fn start(outer: &Docker, suite: Suite, shared: &Path, group: u32) -> Self {
        let image = image(outer, suite);
        let instance = Instance::new(outer);
        let container = format!("hal9000-test-engine-{}", instance.name());
        let name = format!("--name={container}");
        let data = format!("--volume={container}:/var/lib/docker");
        let there = format!("--volume={0}:{0}", shared.display());
        let label = instance.label();
        let own = ["run", "--detach", &name, &label, &data, &there];
        let machine: Vec<&str> = MACHINE.lines().collect();
        outer.ok(&[&own[..], &machine, &[&image]].concat());
        let socket = shared.join(format!("{}.sock", instance.name()));
        let mut nested = Self {
            outer: outer.clone(),
            inner: outer.at(&format!("unix://{}", socket.display())),
            machine: container,
            socket,
            group,
            engine: None,
            _instance: instance,
        };
        nested.begin();
        nested
    }

    /// What `DOCKER_HOST` has to be.
    pub(crate) fn address(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    /// A command in the engine's machine, not run yet: one that has its processes and its mounts.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let there = ["exec", "--interactive", &self.machine];
        self.outer.command(&[&there[..], words].concat())
    }

    /// The docker client, for this engine.
    pub(crate) fn docker(&self) -> &Docker {
        &self.inner
    }

    /// Start the engine; returns when it listens, which it does once all containers that it
    /// restarts are started.
    pub(crate) fn begin(&mut self) {
        // One that was killed leaves its pid, which may be another process's by now. Who asks for
        // a name in its containers is told at once that there is nobody to ask.
        let script = format!(
            "rm -f /var/run/docker.pid /var/run/docker/containerd/containerd.pid
             exec dockerd --host=unix://{} --group={} --dns=127.0.0.1 2>&1",
            self.socket.display(),
            self.group
        );
        let mut command = self
            .outer
            .command(&["exec", &self.machine, "sh", "-c", &script]);
        let mut engine = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(engine.stdout.take().unwrap()).lines();
        let (tell, told) = mpsc::channel();
        // Read to its end: an engine that cannot write its log waits.
        thread::spawn(move || {
            let mut last = String::new();
            for line in lines.map_while(Result::ok) {
                if line.contains("API listen on") {
                    let _ = tell.send(Ok(()));
                }
                last = line;
            }
            let _ = tell.send(Err(last));
        });
        self.engine = Some(engine);
        match told.recv_timeout(PATIENCE) {
            Ok(Ok(())) => {}
            Ok(Err(last)) => panic!("the nested engine ended: {last}"),
            Err(late) => panic!("the nested engine does not listen: {late}"),
        }
    }

    /// End the engine, and not what it runs: that is its own affair.
    pub(crate) fn end(&mut self, how: End) {
        let signal = match how {
            End::Asked => "TERM",
            End::Killed => "KILL",
        };
        let script = format!("kill -{signal} $(cat /var/run/docker.pid)");
        let words = ["exec", &self.machine, "sh", "-c", &script];
        self.outer.ok(&words);
        if let Some(mut engine) = self.engine.take() {
            engine.wait().unwrap();
        }
    }

    /// Have these images, which the outer engine has as they would be made now. By what they are,
    /// and not by their names: a test of another build may take those over at any time.
    pub(crate) fn load(&self, recipes: &[&Recipe]) {
        let found: Vec<(String, &str)> = recipes
            .iter()
            .map(|recipe| (made(&self.outer, recipe), recipe.reference.as_str()))
            .collect();
        let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
        self.copy(&ids);
        for (id, reference) in found {
            self.inner.ok(&["tag", &id, reference]);
        }
    }

    /// Copy images from the outer engine.
    pub(crate) fn copy(&self, images: &[&str]) {
        let mut save = self.outer.command(&[&["save"], images].concat());
        let mut saving = save.stdout(Stdio::piped()).spawn().unwrap();
        let mut load = self.inner.command(&["load", "--quiet"]);
        load.stdin(saving.stdout.take().unwrap());
        let loaded = load.output().unwrap();
        let saved = saving.wait().unwrap();
        assert!(
            saved.success() && loaded.status.success(),
            "{images:?}: {}",
            String::from_utf8_lossy(&loaded.stderr)
        );
    }
}

impl Drop for Nested {
    fn drop(&mut self) {
        // Their control groups are the machine's, and stay when the engine just goes.
        let all = self.inner.run(&["ps", "--all", "--quiet"]);
        let all = String::from_utf8_lossy(&all.stdout).into_owned();
        if !all.trim().is_empty() {
            let ids: Vec<&str> = all.split_whitespace().collect();
            self.inner.run(&[&["rm", "--force"], &ids[..]].concat());
        }
        self.outer
            .run(&["rm", "--force", "--volumes", &self.machine]);
        if let Some(mut engine) = self.engine.take() {
            let _ = engine.wait();
        }
    }
}

/// The engine's image, built where it is not here yet.
fn image(docker: &Docker, suite: Suite) -> String {
    let suite = suite.name();
    let tag = format!("hal9000-test/engine:{suite}");
    let argument = format!("SUITE={suite}");
    // A step that fails leaves its container otherwise.
    let mut words = vec!["build", "--quiet", "--force-rm", "--tag", &tag];
    words.extend(["--build-arg", &argument]);
    // Without a value each is handed on as it is in the environment.
    for proxy in ["http_proxy", "https_proxy", "no_proxy"] {
        words.extend(["--build-arg", proxy]);
    }
    words.push("-");
    let mut build: Command = docker.command(&words);
    build.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut building = build.stderr(Stdio::piped()).spawn().unwrap();
    let mut input = building.stdin.take().unwrap();
    input
        .write_all(include_bytes!("engine.Dockerfile"))
        .unwrap();
    drop(input);
    let built = building.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{tag}: {said}");
    tag
}

/// The id of the image that was made by this recipe, whatever its name is by now.
fn made(docker: &Docker, recipe: &Recipe) -> String {
    let filter = format!("--filter=label={}={}", keys::INPUTS, recipe.inputs());
    let words = ["image", "ls", "--quiet", "--no-trunc", &filter];
    let ids = docker.ok(&words);
    let id = ids.lines().next();
    id.unwrap_or_else(|| panic!("{} is not here", recipe.reference))
        .to_owned()
}
