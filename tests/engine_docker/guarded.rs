//! A house whose sessions have a guarded docker.

use crate::support::house::House;
use crate::support::nested::Suite;
use crate::support::sandbox::Output;
use hal9000::recipe::{self, Arch, ClaudeVersion};
use std::fs;
use std::path::PathBuf;

/// An image that is here: there is no registry.
const BASE: &str = "debian:trixie-slim";

pub(crate) struct Sessions {
    pub(crate) house: House,
}

impl Sessions {
    /// `None`, said on stderr, where there is no engine.
    pub(crate) fn new(test: &str) -> Option<Self> {
        Self::of(test, House::new(test)?)
    }

    /// On an engine of its own, which has the images that sessions need.
    pub(crate) fn apart(test: &str, suite: Suite) -> Option<Self> {
        let mut house = House::apart(test, suite)?;
        let runtime = recipe::runtime(
            &ClaudeVersion::default(),
            Arch::of_this_executable().unwrap(),
            None,
        );
        house.engine().load(&[&recipe::worker(), &runtime]);
        house.engine().copy(&[BASE]);
        Self::of(test, house)
    }

    fn of(test: &str, mut house: House) -> Option<Self> {
        if !house.bench.docker.has(test, BASE) {
            return None;
        }
        let sandbox = house.bench.sandbox.env("HAL9000_DOCKER", "guard");
        house.bench.sandbox = sandbox.env("IMAGE", BASE);
        Some(Self { house })
    }

    /// Run a script in a session; `$N` is a name that is this test's, `$I` an image.
    pub(crate) fn script(&self, options: &[&str], script: &str) -> Output {
        let name = self.name();
        let script = format!("N={name}; I={BASE}; {script}");
        let words = [options, &["shell", "sh", "-c", &script]].concat();
        self.house.run(&words)
    }

    /// The same; it has to succeed. What it says on stdout.
    pub(crate) fn said(&self, options: &[&str], script: &str) -> String {
        let output = self.script(options, script);
        output.expect_code(0).stdout.trim().to_owned()
    }

    /// A command of docker's client in a session that runs.
    pub(crate) fn docker(&self, session: &str, words: &[&str]) -> Result<String, String> {
        let exec = ["exec", session, "/opt/hal9000/bin/docker"];
        let output = self.house.bench.docker.run(&[&exec, words].concat());
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
        }
    }

    /// A name that is this test's.
    pub(crate) fn name(&self) -> String {
        format!("made-{}", self.house.bench.instance.name())
    }

    /// The state of the guard of this session.
    pub(crate) fn state(&self, session: &str) -> PathBuf {
        let instance = self.house.bench.instance.name();
        let guards = format!(".local/state/hal-9000/guard-{instance}");
        let guards = self.house.bench.sandbox.home().join(guards);
        // With the engine in its name, where that is not the default one.
        let own = |name: &String| name == session || name.starts_with(&format!("{session}@"));
        let all = fs::read_dir(&guards).into_iter().flatten().flatten();
        let mut names = all.filter_map(|it| it.file_name().into_string().ok());
        guards.join(names.find(own).unwrap_or_else(|| session.to_owned()))
    }

    /// The process of the guard of this session.
    pub(crate) fn process(&self, session: &str) -> Option<String> {
        let word = format!("--session={session}");
        let state = format!("--state={}", self.state(session).display());
        let processes = fs::read_dir("/proc").unwrap().flatten();
        let mut names = processes.filter_map(|it| it.file_name().into_string().ok());
        names.find(|pid| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
            [&word, &state]
                .iter()
                .all(|it| words.contains(&it.as_bytes()))
        })
    }

    /// Wait until the guard of this session has nothing more to do.
    pub(crate) fn until_over(&self, session: &str) {
        self.house.until("the guard has ended", || {
            self.process(session).is_none() && !self.state(session).join("arguments.json").exists()
        });
    }

    /// The session of this project.
    pub(crate) fn session(&self) -> String {
        let project = self.house.bench.sandbox.project();
        let project = hal9000::model::ProjectDir::new(&project.canonicalize().unwrap());
        project.unwrap().session_name().to_string()
    }

    /// What there is of a kind of object whose name is this test's.
    pub(crate) fn there(&self, kind: &str) -> Vec<String> {
        let format = match kind {
            "container" => "--format={{.Names}}",
            "image" => "--format={{.Repository}}",
            _ => "--format={{.Name}}",
        };
        let all: &[&str] = if kind == "container" { &["--all"] } else { &[] };
        let text = self
            .house
            .bench
            .docker
            .ok(&[&[kind, "ls", format], all].concat());
        let names = text.lines().filter(|name| name.starts_with(&self.name()));
        names.map(str::to_owned).collect()
    }

    /// Fail if a container is left.
    pub(crate) fn end(self) {
        self.house.ok(&["kill", "--all"]);
        let docker = self.house.bench.docker.clone();
        for image in self.there("image") {
            docker.ok(&["image", "rm", "--force", &image]);
        }
        self.house.bench.end();
    }
}
