//! The engine that tests may use, and what they leave on it.

use std::collections::BTreeSet;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use hal9000::vars;

/// What to do about tests that need an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gate {
    /// Use an engine that answers, skip otherwise.
    Auto,
    /// A missing engine is a failure.
    Require,
    /// Skip them all.
    Off,
}

impl Gate {
    /// Nonsense is a failure: a typo of `require` must not skip what it was to require.
    pub(crate) fn parse(value: Option<&str>) -> Self {
        match value {
            None | Some("" | "auto") => Self::Auto,
            Some("require") => Self::Require,
            Some("off") => Self::Off,
            Some(other) => panic!("{}={other}: auto, require or off", vars::TEST_ENGINE),
        }
    }

    /// Whether a test may run, given what stands against it.
    pub(crate) fn decide(self, problem: Option<&str>) -> Result<(), String> {
        match (self, problem) {
            (Self::Off, _) => Err(format!("{}=off", vars::TEST_ENGINE)),
            (_, None) => Ok(()),
            (Self::Auto, Some(problem)) => Err(problem.to_owned()),
            (Self::Require, Some(problem)) => panic!("an engine is required: {problem}"),
        }
    }
}

/// The engine for `test`, or `None` after saying on stderr why the test is skipped.
pub(crate) fn required(test: &str) -> Option<Docker> {
    static PROBLEM: OnceLock<Option<String>> = OnceLock::new();
    let docker = Docker::new();
    let problem = PROBLEM.get_or_init(|| docker.problem());
    let gate = Gate::parse(std::env::var(vars::TEST_ENGINE).ok().as_deref());
    match gate.decide(problem.as_deref()) {
        Ok(()) => Some(docker),
        Err(why) => {
            skipped(test, &why);
            None
        }
    }
}

/// The same, with an image that `scripts/test` makes.
pub(crate) fn required_with(test: &str, image: &str) -> Option<Docker> {
    required(test).filter(|docker| docker.has(test, image))
}

/// Say that a test did not run. Written past libtest, which swallows `eprintln!` of passing tests.
pub(crate) fn skipped(test: &str, why: &str) {
    told(&format!("SKIPPED: {test}: {why}"));
}

/// Say something of a test that passes.
pub(crate) fn told(what: &str) {
    let _ = writeln!(std::io::stderr(), "{what}");
}

/// The docker client, as the tests themselves use it.
#[derive(Debug, Clone)]
pub(crate) struct Docker {
    client: PathBuf,
    /// Where another engine is than the one that the environment names.
    host: Option<String>,
}

impl Docker {
    pub(crate) fn new() -> Self {
        Self {
            client: which::which("docker").unwrap_or_else(|_| PathBuf::from("docker")),
            host: None,
        }
    }

    /// The same client for the engine at this address.
    pub(crate) fn at(&self, host: &str) -> Self {
        Self {
            host: Some(host.to_owned()),
            ..self.clone()
        }
    }

    pub(crate) fn client(&self) -> &PathBuf {
        &self.client
    }

    fn problem(&self) -> Option<String> {
        match self
            .command(&["version", "--format={{.Server.Version}}"])
            .output()
        {
            Ok(said) if said.status.success() => None,
            Ok(said) => Some(String::from_utf8_lossy(&said.stderr).trim().to_owned()),
            Err(error) => Some(format!("{}: {error}", self.client.display())),
        }
    }

    /// A docker command, not run yet.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.client);
        if let Some(host) = &self.host {
            command.args(["--host", host]);
        }
        command.args(args);
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("docker runs")
    }

    /// The stdout of a docker command that must succeed.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "docker {}: {}",
            args.join(" "),
            stderr.trim()
        );
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Whether an image that `scripts/test` makes is there; says so, or fails, where it is not.
    pub(crate) fn has(&self, test: &str, image: &str) -> bool {
        let missing = (!self.has_image(image)).then(|| format!("the engine has no {image}"));
        let gate = Gate::parse(std::env::var(vars::TEST_ENGINE).ok().as_deref());
        let decided = gate.decide(missing.as_deref());
        if let Err(why) = &decided {
            skipped(test, why);
        }
        decided.is_ok()
    }

    /// Whether an image is here. There is no registry to pull from.
    pub(crate) fn has_image(&self, name: &str) -> bool {
        self.run(&["image", "inspect", name]).status.success()
    }

    /// Where a server has to listen so that containers on the bridge reach it; any free port.
    pub(crate) fn bridge(&self) -> SocketAddr {
        let format = "--format={{with index .IPAM.Config 0}}{{.Gateway}} {{.Subnet}}{{end}}";
        let told = self.ok(&["network", "inspect", "bridge", format]);
        let (gateway, subnet) = told.split_once(' ').unwrap_or(("", &told));
        // An engine that was started on a bridge of its own making does not tell its gateway, which
        // is the first address (measured with 20.10).
        let gateway = gateway.parse().unwrap_or_else(|_| {
            let network = subnet.split('/').next().unwrap_or_default();
            let first: Ipv4Addr = network.parse().expect("the bridge has a subnet");
            Ipv4Addr::from_bits(first.to_bits() + 1).into()
        });
        SocketAddr::new(gateway, 0)
    }
}

/// A name of its own for one test on the shared engine, and the guard over all that bears it.
#[derive(Debug)]
pub(crate) struct Instance {
    name: String,
    docker: Docker,
}

/// How docker lists and removes each kind of thing, in the order in which they can go.
const KINDS: [(&str, &[&str], &[&str]); 3] = [
    (
        "container",
        &["ps", "--all", "--format={{.Names}}"],
        &["rm", "--force", "--volumes"],
    ),
    (
        "volume",
        &["volume", "ls", "--format={{.Name}}"],
        &["volume", "rm", "--force"],
    ),
    (
        "network",
        &["network", "ls", "--format={{.Name}}"],
        &["network", "rm"],
    ),
];

impl Instance {
    pub(crate) fn new(docker: &Docker) -> Self {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let count = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("t{}x{count}", std::process::id());
        Self {
            name,
            docker: docker.clone(),
        }
    }

    /// The value of `HAL9000_INSTANCE`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The flag that marks what a test makes by hand.
    pub(crate) fn label(&self) -> String {
        format!("--label=hal9000.test={}", self.name)
    }

    /// Everything of this instance: by label, and by name, which finds what was not labelled.
    pub(crate) fn left(&self) -> Vec<String> {
        self.list()
            .into_iter()
            .map(|(kind, name)| format!("{} {name}", KINDS[kind].0))
            .collect()
    }

    /// Fail if the product did not clean up after itself.
    pub(crate) fn assert_nothing_left(&self) {
        let left = self.left();
        assert!(left.is_empty(), "left behind: {left:?}");
    }

    /// The same, but for the volumes that keep Claude's state from session to session.
    pub(crate) fn assert_nothing_left_but_volumes(&self) {
        let left = self.left();
        assert!(
            left.iter().all(|it| it.starts_with("volume ")),
            "left behind: {left:?}"
        );
    }

    /// Remove everything of this instance.
    pub(crate) fn remove_all(&self) {
        for (kind, name) in self.list() {
            let mut words = KINDS[kind].2.to_vec();
            words.push(&name);
            let _ = self.docker.run(&words);
        }
    }

    fn list(&self) -> Vec<(usize, String)> {
        let mut found = BTreeSet::new();
        for (kind, (_, list, _)) in KINDS.iter().enumerate() {
            for key in ["hal9000.instance", "hal9000.test"] {
                let filter = format!("--filter=label={key}={}", self.name);
                found.extend(
                    self.names(list, &[&filter])
                        .into_iter()
                        .map(|name| (kind, name)),
                );
            }
            let mine = |name: &String| name.split('-').any(|part| part == self.name);
            found.extend(
                self.names(list, &[])
                    .into_iter()
                    .filter(mine)
                    .map(|name| (kind, name)),
            );
        }
        found.into_iter().collect()
    }

    fn names(&self, list: &[&str], more: &[&str]) -> Vec<String> {
        let output = self.docker.run(&[list, more].concat());
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(str::to_owned)
            .collect()
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.remove_all();
    }
}
