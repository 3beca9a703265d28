//! A project, its user and an engine, and the promise that nothing is left on it.

use crate::support::engine::{self, Docker, Instance};
use crate::support::sandbox::{Output, Sandbox};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

/// The base of everything: no registry can be reached where tests run.
pub(crate) const BASE: &str = "debian:trixie-slim";

/// The image with a Python in it, for servers.
pub(crate) const WORKER: &str = concat!("hal9000/worker:", env!("CARGO_PKG_VERSION"));

pub(crate) struct Inside {
    pub(crate) docker: Docker,
    pub(crate) sandbox: Sandbox,
    // Dropped in this order: what runs goes before what it runs from.
    instance: Instance,
    made: Made,
}

/// Whether a package registry can be reached from here with the machine's own certificates.
fn reaches(url: &str) -> bool {
    let curl = [
        "--fail",
        "--silent",
        "--max-time",
        "20",
        "--output",
        "/dev/null",
        url,
    ];
    Command::new("curl")
        .args(curl)
        .status()
        .is_ok_and(|status| status.success())
}

const BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Images that bear a test's label.
struct Made {
    docker: Docker,
    filter: String,
}

impl Made {
    fn images(&self) -> Vec<String> {
        let images = self.docker.ok(&["images", "--quiet", &self.filter]);
        images.lines().map(str::to_owned).collect()
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for image in self.images() {
            self.docker.run(&["rmi", "--force", &image]);
        }
    }
}

impl Inside {
    /// `None` where the engine tests do not run.
    pub(crate) fn new(test: &str) -> Option<Self> {
        let docker = engine::required(test)?;
        let instance = Instance::new(&docker);
        let sandbox = Sandbox::new().instance(&instance);
        let made = Made {
            docker: docker.clone(),
            filter: format!("--filter=label=hal9000.test={}", instance.name()),
        };
        Some(Self {
            docker,
            sandbox,
            instance,
            made,
        })
    }

    /// With the machine's own certificates in the configuration; `None`, said, where a package registry
    /// cannot be reached with them.
    pub(crate) fn with_bundle(test: &str, url: &str) -> Option<Self> {
        let inside = Self::new(test)?;
        if !reaches(url) {
            engine::skipped(test, &format!("{url} is out of reach"));
            return None;
        }
        let config = format!("ca_bundle = \"{BUNDLE}\"\n");
        inside
            .sandbox
            .write("home/.config/hal-9000/config.toml", &config);
        Some(inside)
    }

    /// Go on with this variable in the user's environment.
    pub(crate) fn env(self, name: &str, value: &str) -> Self {
        let sandbox = self.sandbox.env(name, value);
        Self { sandbox, ..self }
    }

    /// Go on with another project of these files.
    pub(crate) fn project(self, name: &str, files: &[(&str, &str)]) -> Self {
        let path = self.sandbox.make_project(name, files);
        let sandbox = self.sandbox.dir(&path);
        Self { sandbox, ..self }
    }

    /// What this test calls what it makes: `$T` in its scripts.
    pub(crate) fn tag(&self) -> &str {
        self.instance.name()
    }

    /// The words that run `script` in a session, with `$T` and `$LABEL` in it, after `options`.
    pub(crate) fn words(&self, options: &[&str], script: &str) -> Vec<String> {
        let set = format!("T={}", self.tag());
        let label = format!("LABEL={}", self.instance.label());
        let fixed = ["--quiet", "--env", &set, "--env", &label];
        let shell = ["shell", "bash", "-euo", "pipefail", "-c", script];
        let words = fixed.iter().chain(options).chain(&shell);
        words.map(|word| (*word).to_owned()).collect()
    }

    /// Run `script` in a session.
    pub(crate) fn script(&self, script: &str) -> Output {
        self.script_with(&[], script)
    }

    /// Run `script` in a session that is started with `options`.
    pub(crate) fn script_with(&self, options: &[&str], script: &str) -> Output {
        let words = self.words(options, script);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.sandbox.run(&words)
    }

    /// The standard output of a script that must succeed.
    #[track_caller]
    pub(crate) fn ok(&self, script: &str) -> String {
        self.script(script).expect_code(0).stdout
    }

    /// The text of a file of the project, which must be the user's own.
    #[track_caller]
    pub(crate) fn own_file(&self, name: &str) -> String {
        let path = self.sandbox.project().join(name);
        self.assert_owned(&path);
        std::fs::read_to_string(path).unwrap()
    }

    #[track_caller]
    pub(crate) fn assert_owned(&self, path: &Path) {
        let found = std::fs::metadata(path).unwrap();
        if let Some(user) = self.sandbox.user() {
            let owner = (found.uid(), found.gid());
            assert_eq!(owner, (user.uid, user.gid), "{}", path.display());
        }
    }

    /// Nothing but Claude's state is left: what the scripts made they have removed, and the session
    /// has removed itself.
    #[track_caller]
    pub(crate) fn assert_tidy(&self) {
        let mut left = self.instance.left();
        left.retain(|name| !name.starts_with("volume hal9000-claude-home-"));
        left.extend(self.made.images());
        assert!(left.is_empty(), "left behind: {left:?}");
    }
}
