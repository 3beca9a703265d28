//! docker-py's own integration tests: once on an engine's socket, and once through the guard of another
//! engine like it. What passes on the one and not on the other is in `docker_py/differences.txt`, with
//! the reason. Both are engines of their own: these tests make swarms, prune, and know no names but
//! theirs.

use crate::clients::{PYTHON, installed};
use crate::guarded::BASE;
use crate::support::engine::{required_with, told};
use crate::support::nested::{self, Nested, Suite};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

const DIFFERENCES: &str = include_str!("docker_py/differences.txt");

/// Where the tests are, in what was downloaded.
const TESTS: &str = "tests/integration/";

/// The image that has the names that the tests ask for: none can be pulled.
const IMAGE: &str = "hal9000-test/busybox:1";
const NAMES: [&str; 3] = ["alpine:3.10", "alpine:latest", "busybox:latest"];

fn here(name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engine_guard/docker_py");
    place.join(name)
}

/// How a test went, and what it said if it failed.
type Outcomes = BTreeMap<String, Result<(), String>>;

/// An engine with the tests' images, and what is before its socket.
struct Side {
    // ended before the engine
    guard: Option<Child>,
    address: String,
    _nested: Nested,
    dir: tempfile::TempDir,
}

impl Side {
    fn new(guarded: bool) -> Self {
        let outer = crate::support::engine::Docker::new();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().canonicalize().unwrap();
        for name in ["project/tmp", "run", "state", "home"] {
            fs::create_dir_all(path.join(name)).unwrap();
        }
        for name in ["run", "state"] {
            fs::set_permissions(path.join(name), Permissions::from_mode(0o700)).unwrap();
        }
        let group = rustix::process::getgid().as_raw();
        let nested = Nested::start(&outer, Suite::Bookworm, &path, group);
        nested.copy(&[IMAGE]);
        for name in NAMES {
            nested.docker().ok(&["tag", IMAGE, name]);
        }
        let guard = guarded.then(|| guard(&nested, &path));
        let address = match &guard {
            Some(_) => format!("unix://{}", path.join("run/docker.sock").display()),
            None => nested.address(),
        };
        Self {
            guard,
            address,
            _nested: nested,
            dir,
        }
    }

    /// Run these tests, or all; what each did last is what counts.
    fn run(&self, library: &Path, which: &[&str]) -> Outcomes {
        let dir = self.dir.path().canonicalize().unwrap();
        let outcomes = dir.join("outcomes");
        fs::write(&outcomes, "").unwrap();
        let output = Command::new("timeout")
            .args(["1500", "../bin/python", "-m", "pytest", "-p", "outcomes"])
            .args(["-p", "no:cacheprovider", "--quiet", "--timeout=60"])
            .args(which)
            .current_dir(library)
            .env("PYTHONPATH", here("."))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("OUTCOMES", &outcomes)
            .env("DOCKER_HOST", &self.address)
            .env("HOME", dir.join("home"))
            // what the tests mount is the project's
            .env("TMPDIR", dir.join("project/tmp"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        // 0 and 1: all were run
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.code().is_some_and(|code| code < 2), "{said}");
        read(&fs::read_to_string(outcomes).unwrap())
    }
}

impl Drop for Side {
    fn drop(&mut self) {
        if let Some(guard) = &mut self.guard {
            drop(guard.stdin.take());
            let _ = guard.wait();
        }
    }
}

/// A guard in the engine's machine, as it is on the engine's host in a session: what it opens is what
/// the engine mounts.
fn guard(nested: &Nested, dir: &Path) -> Child {
    let program = dir.join("hal-9000");
    fs::copy(env!("CARGO_BIN_EXE_hal-9000"), &program).unwrap();
    let at = |name: &str| dir.join(name).display().to_string();
    let engine = nested.address();
    let mut command = nested.command(&[
        program.to_str().unwrap(),
        "guard",
        "--until-closed",
        "--socket",
        &at("run/docker.sock"),
        "--engine",
        engine.trim_start_matches("unix://"),
        "--project",
        &at("project"),
        "--state",
        &at("state"),
        "--session=docker-py",
        "--reserved-image=hal9000/",
        "--label=hal9000.test=docker-py",
    ]);
    let mut guard = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let output = guard.stdout.take().unwrap();
    BufReader::new(output).read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    guard
}

/// What the plugin has written: a line a phase. What is skipped or may fail is left out.
fn read(lines: &str) -> Outcomes {
    let mut outcomes = Outcomes::new();
    let mut none = BTreeSet::new();
    for line in lines.lines() {
        let mut words = line.splitn(3, '\t');
        let mut word = || words.next().unwrap_or_default().to_owned();
        let (name, outcome, why) = (word(), word(), word());
        let name = name.replacen(TESTS, "", 1);
        match outcome.as_str() {
            "passed" => {
                outcomes.entry(name).or_insert(Ok(()));
            }
            "failed" => {
                outcomes.insert(name, Err(why));
            }
            _ => {
                none.insert(name);
            }
        }
    }
    outcomes.retain(|name, _| !none.contains(name));
    outcomes
}

/// A line of the list: which tests, what they say where they fail, and why that is so.
struct Difference {
    tests: &'static str,
    says: &'static str,
}

impl Difference {
    fn all() -> Vec<Self> {
        let lines = DIFFERENCES
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty());
        let parts = lines.map(|line| {
            let parts: Vec<&str> = line.split(" | ").map(str::trim).collect();
            let [tests, says, why] = parts[..] else {
                panic!("`{line}` is not `TESTS | WORDS | REASON`");
            };
            assert!(!why.is_empty() && !says.is_empty(), "{line}");
            Self { tests, says }
        });
        parts.collect()
    }

    /// Whether it is about this test: its name, or the beginning before a `*`.
    fn is_about(&self, name: &str) -> bool {
        match self.tests.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => name == self.tests,
        }
    }
}

/// What does not agree with the list: where it can be chance, whether it is one is found by running
/// the test again.
fn wrong(raw: &Outcomes, through: &Outcomes, listed: &[Difference]) -> BTreeMap<String, String> {
    let mut wrong = BTreeMap::new();
    for name in raw.keys().filter(|name| raw[*name].is_ok()) {
        let line = listed.iter().find(|line| line.is_about(name));
        let cause = match (through.get(name), line) {
            (Some(Ok(())), None) => continue,
            (Some(Err(why)), Some(line)) if why.contains(line.says) => continue,
            (Some(Ok(())), Some(_)) => "is listed, and passes".to_owned(),
            (Some(Err(why)), None) => format!("is not listed: {why}"),
            (Some(Err(why)), Some(line)) => format!("does not say `{}`: {why}", line.says),
            (None, _) => "was not run through the guard".to_owned(),
        };
        wrong.insert(name.clone(), cause);
    }
    for line in listed {
        let mut about = raw.keys().filter(|name| line.is_about(name));
        if !about.any(|name| raw[name].is_ok()) {
            let cause = "is listed, and does not pass without a guard";
            wrong.insert(line.tests.to_owned(), cause.to_owned());
        }
    }
    wrong
}

#[test]
#[ignore = "minutes: scripts/clients runs it"]
fn docker_pys_own_tests_pass_but_for_what_is_listed() {
    let test = "docker_pys_own_tests_pass_but_for_what_is_listed";
    let Some(outer) = required_with(test, BASE) else {
        return;
    };
    if !nested::possible(test) {
        return;
    }
    let (requirements, sdist) = (here("requirements.txt"), here("sdist.txt"));
    let download: [&str; 10] = [
        "bin/pip",
        "download",
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "--no-build-isolation",
        "--no-binary=:all:",
        "--requirement",
        "sdist.txt",
        "--dest=.",
    ];
    let unpack = ["tar", "--extract", "--file=docker-7.0.0.tar.gz"];
    let install = [PYTHON[0], PYTHON[1], &download, &unpack];
    let pinned = [requirements.as_path(), &sdist];
    let Some(place) = installed(test, "docker-py-tests", &pinned, &install) else {
        return;
    };
    let library = place.join("docker-7.0.0");
    let context = tempfile::tempdir().unwrap();
    let context = context.path().to_str().unwrap();
    let dockerfile = format!("--file={}", here("busybox.Dockerfile").display());
    let mut build = vec![
        "build",
        "--quiet",
        "--force-rm",
        "--tag",
        IMAGE,
        &dockerfile,
    ];
    for proxy in ["http_proxy", "https_proxy", "no_proxy"] {
        build.extend(["--build-arg", proxy]);
    }
    build.push(context);
    outer.ok(&build);

    let sides = [false, true].map(Side::new);
    let [raw, through] = thread::scope(|scope| {
        let running = sides
            .each_ref()
            .map(|side| scope.spawn(|| side.run(&library, &["tests/integration"])));
        running.map(|run| run.join().unwrap())
    });
    let (mut raw, mut through) = (raw, through);
    let listed = Difference::all();
    let suspect = wrong(&raw, &through, &listed);
    let known = |name: &&String| raw.contains_key(*name);
    let again: Vec<String> = suspect
        .keys()
        .filter(known)
        .map(|name| format!("{TESTS}{name}"))
        .collect();
    if !again.is_empty() {
        told(&format!("run again: {suspect:#?}"));
        let again: Vec<&str> = again.iter().map(String::as_str).collect();
        raw.extend(sides[0].run(&library, &again));
        through.extend(sides[1].run(&library, &again));
    }
    let wrong = wrong(&raw, &through, &listed);
    let count = |outcomes: &Outcomes, well: bool| {
        let all = outcomes.values().filter(|outcome| outcome.is_ok() == well);
        all.count()
    };
    told(&format!(
        "docker-py: {} tests pass on the engine's socket, {} do not; {} pass through the guard",
        count(&raw, true),
        count(&raw, false),
        count(&through, true)
    ));
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count(&raw, true) > 300, "{raw:#?}");
}
