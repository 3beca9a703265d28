//! A guard with a project, and a place outside of it.

use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::support::PATIENCE;
use crate::support::engine::{Docker, Instance, required_with};
use crate::support::nested::{self, Nested, Suite};

/// An image that is here: there is no registry.
pub(crate) const BASE: &str = "debian:trixie-slim";

/// What is in the file outside of the project.
pub(crate) const SECRET: &str = "outside-the-project";

/// A guard, ended when this is dropped.
pub(crate) struct Guarded {
    pub(crate) docker: Docker,
    pub(crate) instance: Instance,
    guard: Child,
    // before the directory, which it has mounted
    _nested: Option<Nested>,
    dir: tempfile::TempDir,
    raw: String,
    /// Where something is served that only the host reaches.
    pub(crate) web: String,
    sent: Arc<Mutex<Vec<String>>>,
}

impl Guarded {
    /// A guard for `test`, or `None` where there is no engine.
    pub(crate) fn new(test: &str) -> Option<Self> {
        Self::on(test, None)
    }

    /// The same, on an engine of its own if it is to be one of a release.
    pub(crate) fn on(test: &str, suite: Option<Suite>) -> Option<Self> {
        let outer = required_with(test, BASE)?;
        if suite.is_some() && !nested::possible(test) {
            return None;
        }
        let dir = tempfile::tempdir().unwrap();
        let dir_path = dir.path().canonicalize().unwrap();
        let nested = suite.map(|suite| {
            let group = rustix::process::getgid().as_raw();
            let nested = Nested::start(&outer, suite, &dir_path, group);
            nested.copy(&[BASE]);
            nested
        });
        let named = match &nested {
            Some(nested) => nested.address(),
            None => std::env::var("DOCKER_HOST").unwrap_or_default(),
        };
        let raw = match named.strip_prefix("unix://") {
            Some(path) => path.to_owned(),
            None => "/var/run/docker.sock".to_owned(),
        };
        let docker = outer.at(&format!("unix://{raw}"));
        let instance = Instance::new(&docker);
        for name in ["project/src", "run", "state", "outside", "config"] {
            fs::create_dir_all(dir_path.join(name)).unwrap();
        }
        for name in ["run", "state"] {
            fs::set_permissions(dir_path.join(name), Permissions::from_mode(0o700)).unwrap();
        }
        fs::write(dir_path.join("outside/secret"), SECRET).unwrap();
        fs::write(dir_path.join("project/src/file"), "inside").unwrap();
        std::os::unix::fs::symlink("../outside", dir_path.join("project/link")).unwrap();
        let sent = record(&dir_path.join("run/engine.sock"), &raw);
        let guard = start(&dir_path, instance.name());
        Some(Self {
            docker,
            instance,
            guard,
            _nested: nested,
            dir,
            raw,
            web: serve(),
            sent,
        })
    }

    /// End it, and begin another with its state.
    pub(crate) fn restart(&mut self) {
        self.restart_after(|_| {});
    }

    /// The same, with something that happens in between.
    pub(crate) fn restart_after(&mut self, between: impl FnOnce(&Self)) {
        self.end();
        between(self);
        let dir = self.dir.path().canonicalize().unwrap();
        self.guard = start(&dir, self.instance.name());
    }

    /// Its standard input closes; its exit status says whether it ended well.
    fn end(&mut self) {
        drop(self.guard.stdin.take());
        assert!(self.guard.wait().unwrap().success());
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join(name)
    }

    pub(crate) fn socket(&self, guarded: bool) -> PathBuf {
        if guarded {
            self.path("run/docker.sock")
        } else {
            PathBuf::from(&self.raw)
        }
    }

    /// What `DOCKER_HOST` has to be.
    pub(crate) fn address(&self, guarded: bool) -> String {
        format!("unix://{}", self.socket(guarded).display())
    }

    /// Run a shell script with the raw or the guarded socket; `$N` is the name of what it makes, `$P`
    /// the project, `$O` the directory outside, `$I` an image, `$F` what is foreign, `$RAW` the raw socket, `$U` a place on the host's own
    /// network.
    pub(crate) fn script(&self, guarded: bool, name: &str, script: &str) -> Output {
        let work = self.dir.path().join(format!("work-{guarded}-{name}"));
        fs::create_dir_all(&work).unwrap();
        Command::new("timeout")
            .args(["100", "sh", "-c", script])
            .current_dir(work)
            .env("DOCKER_HOST", self.address(guarded))
            .env("DOCKER_BUILDKIT", "0")
            .env("DOCKER_CONFIG", self.path("config"))
            .env("N", self.name(name))
            .env("F", self.name("foreign"))
            .env("P", self.path("project"))
            .env("O", self.path("outside"))
            .env("I", BASE)
            .env("U", &self.web)
            .env("RAW", format!("unix://{}", self.raw))
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// A name that the instance finds again.
    pub(crate) fn name(&self, name: &str) -> String {
        format!("{name}-{}", self.instance.name())
    }

    /// Send bytes, and read all that is answered.
    pub(crate) fn bytes(&self, guarded: bool, request: &[u8]) -> String {
        let mut stream = UnixStream::connect(self.socket(guarded)).unwrap();
        // What stays open is one answer, too: nobody waits for it for ever.
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // The answer can come before all is sent.
        let _ = stream.write_all(request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// The minor version of the engine's API.
    pub(crate) fn api(&self) -> u32 {
        let version = ["version", "--format={{.Server.APIVersion}}"];
        let version = self.docker.ok(&version);
        version.strip_prefix("1.").unwrap().parse().unwrap()
    }

    /// How many descriptors the guard has open.
    pub(crate) fn descriptors(&self) -> usize {
        let open = format!("/proc/{}/fd", self.guard.id());
        fs::read_dir(open).unwrap().count()
    }

    /// The request lines that came to the engine since the last time that this was asked.
    pub(crate) fn sent(&self) -> Vec<String> {
        std::mem::take(&mut *self.sent.lock().unwrap())
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
        // The instance knows nothing of images.
        let list = ["images", "--format={{.Repository}}:{{.Tag}}"];
        let listed = self.docker.run(&list);
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        for image in listed.lines() {
            let mut parts = image.split([':', '-']);
            if parts.any(|part| part == self.instance.name()) {
                self.docker.run(&["rmi", "--force", image]);
            }
        }
    }
}

fn start(dir: &Path, session: &str) -> Child {
    let path = |name: &str| dir.join(name);
    let mut guard = Command::new(env!("CARGO_BIN_EXE_hal-9000"))
        .arg("guard")
        .arg("--socket")
        .arg(path("run/docker.sock"))
        .arg("--engine")
        .arg(path("run/engine.sock"))
        .arg("--project")
        .arg(path("project"))
        .arg("--state")
        .arg(path("state"))
        .args([
            "--seen-as",
            "/workspace",
            "--session",
            session,
            "--until-closed",
            "--reserved-image=hal9000/",
        ])
        .arg(format!("--label=hal9000.test={session}"))
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

/// A server on the host's own network, of a Dockerfile and an archive. It ends with the tests.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let mut line = String::new();
            let mut reader = BufReader::new(client.try_clone().unwrap());
            let _ = reader.read_line(&mut line);
            let mut header = line.clone();
            while header.trim_end() != "" {
                header.clear();
                let _ = reader.read_line(&mut header);
            }
            let body = if line.contains(".tar") {
                // an archive without anything in it
                vec![0; 1024]
            } else {
                format!("FROM {BASE}\n").into_bytes()
            };
            let head = format!(
                "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            let _ = client.write_all(&[head.as_bytes(), &body].concat());
        }
    });
    format!("http://{address}")
}

/// A socket before the engine's that writes down the request lines.
fn record(path: &Path, engine: &str) -> Arc<Mutex<Vec<String>>> {
    let listener = UnixListener::bind(path).unwrap();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let (kept, engine) = (Arc::clone(&lines), engine.to_owned());
    thread::spawn(move || {
        for client in listener.incoming() {
            let (client, engine) = (client.unwrap(), UnixStream::connect(&engine).unwrap());
            let (back, from) = (client.try_clone().unwrap(), engine.try_clone().unwrap());
            let kept = Arc::clone(&kept);
            thread::spawn(move || forward(client, engine, |line| kept.lock().unwrap().push(line)));
            thread::spawn(move || forward(from, back, |_| {}));
        }
    });
    lines
}

fn forward(from: UnixStream, mut to: UnixStream, mut first: impl FnMut(String)) {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    if from.read_until(b'\n', &mut line).is_ok() && !line.is_empty() {
        first(String::from_utf8_lossy(&line).trim().to_owned());
    }
    let _ = to.write_all(&line);
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}
