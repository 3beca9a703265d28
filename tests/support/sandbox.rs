//! A machine of its own for one run of the binary: private home, fixed environment, no root.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;

use hal9000::vars;
use rustix::process::{Pid, Signal, geteuid, kill_process};
use tempfile::TempDir;

use super::PATIENCE;
use super::engine::{Docker, Instance};
use super::pty::{Options, Pty};
use super::user::User;

/// The binary under test, as cargo built it. A sandbox has one that its user can reach.
const BINARY: &str = env!("CARGO_BIN_EXE_hal-9000");

/// The socket that the sandbox's user may talk to.
const SOCKET: &str = "/var/run/docker.sock";

#[derive(Debug)]
pub(crate) struct Sandbox {
    root: TempDir,
    env: BTreeMap<String, String>,
    user: Option<User>,
    dir: PathBuf,
}

impl Sandbox {
    /// As an ordinary user who is in the docker group. Where the tests do not run as root they
    /// cannot become anybody else.
    pub(crate) fn new() -> Self {
        let groups = fs::metadata(SOCKET)
            .map(|socket| vec![socket.gid()])
            .unwrap_or_default();
        let user = User {
            uid: 4242,
            gid: 4242,
            groups,
        };
        Self::with_user(geteuid().is_root().then_some(user))
    }

    /// As this user, or as whoever runs the tests.
    pub(crate) fn with_user(user: Option<User>) -> Self {
        // Under /tmp whatever TMPDIR says: the engine has to find it at the same path.
        let root = tempfile::Builder::new()
            .prefix("hal9000-test-")
            .tempdir_in("/tmp")
            .unwrap();
        let mut sandbox = Self {
            root,
            env: BTreeMap::new(),
            user,
            dir: PathBuf::new(),
        };
        fs::set_permissions(sandbox.root(), fs::Permissions::from_mode(0o755)).unwrap();
        sandbox.dir = sandbox.make_dir("home/project");
        let places = [
            ("HOME", "home"),
            ("XDG_CONFIG_HOME", "home/.config"),
            ("XDG_STATE_HOME", "home/.local/state"),
            ("XDG_RUNTIME_DIR", "run"),
            ("TMPDIR", "tmp"),
        ];
        for (name, place) in places {
            let path = sandbox.make_dir(place);
            sandbox = sandbox.env(name, &path.to_string_lossy());
        }
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(sandbox.root().join("run"), private).unwrap();
        let bin = sandbox.make_dir("bin");
        let _ = symlink(Docker::new().client(), bin.join("docker"));
        // The checkout may be where this user cannot go, as below /root.
        let own = bin.join("hal-9000");
        if fs::hard_link(BINARY, &own).is_err() {
            fs::copy(BINARY, &own).unwrap();
        }
        sandbox
            .env("PATH", &format!("{}:/usr/bin:/bin", bin.display()))
            .env("USER", "tester")
            .env("LANG", "C.UTF-8")
            .env("TERM", "xterm-256color")
            // Without one of their own the sessions of two tests would meet.
            .env(vars::INSTANCE, &format!("t{}", std::process::id()))
    }

    /// The binary under test, where the sandbox's user can run it.
    pub(crate) fn binary(&self) -> String {
        let path = self.root().join("bin/hal-9000");
        path.to_str().unwrap().to_owned()
    }

    /// Use the engine under this instance's name.
    pub(crate) fn instance(self, instance: &Instance) -> Self {
        let sandbox = self.env(vars::INSTANCE, instance.name());
        // The engine that the gate has found is the one to use.
        match std::env::var("DOCKER_HOST") {
            Ok(host) => sandbox.env("DOCKER_HOST", &host),
            Err(_) => sandbox,
        }
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Run in this directory from now on.
    pub(crate) fn dir(mut self, dir: &Path) -> Self {
        dir.clone_into(&mut self.dir);
        self
    }

    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.root().join("home")
    }

    /// Where commands run: at first an empty project.
    pub(crate) fn project(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn user(&self) -> Option<&User> {
        self.user.as_ref()
    }

    /// Make a directory, and those above it, below the root; all of them are the user's.
    pub(crate) fn make_dir(&self, relative: &str) -> PathBuf {
        let mut path = self.root().to_path_buf();
        for part in Path::new(relative).components() {
            path.push(part);
            if !path.exists() {
                fs::create_dir(&path).unwrap();
                self.give(&path);
            }
        }
        path
    }

    /// A project of this name with these files in it.
    pub(crate) fn make_project(&self, name: &str, files: &[(&str, &str)]) -> PathBuf {
        let relative = format!("home/{name}");
        for (file, content) in files {
            self.write(&format!("{relative}/{file}"), content);
        }
        self.make_dir(&relative)
    }

    /// Write a file below the root; it is the user's.
    pub(crate) fn write(&self, relative: &str, content: &str) -> PathBuf {
        let (parent, name) = relative.rsplit_once('/').unwrap_or(("", relative));
        let path = self.make_dir(parent).join(name);
        fs::write(&path, content).unwrap();
        self.give(&path);
        path
    }

    /// Hand over everything below this path, e.g. what another part of the harness wrote there.
    pub(crate) fn give_all(&self, path: &Path) {
        self.give(path);
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            self.give_all(&entry.path());
        }
    }

    fn give(&self, path: &Path) {
        if let Some(user) = &self.user {
            chown(path, Some(user.uid), Some(user.gid)).unwrap();
        }
    }

    /// Any program with the sandbox's environment and directory, not yet as its user.
    fn bare(&self, program: &str, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(args)
            .env_clear()
            .envs(&self.env)
            .current_dir(&self.dir);
        command
    }

    /// The binary under test, not run yet.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        self.program(&self.binary(), args)
    }

    /// Any program (by its absolute path) as the sandbox's user, not run yet.
    pub(crate) fn program(&self, program: &str, args: &[&str]) -> Command {
        let Some(user) = &self.user else {
            return self.bare(program, args);
        };
        let words = user.setpriv();
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        words.push(program);
        words.extend(args);
        self.bare(words[0], &words[1..])
    }

    /// Run the binary to its end, with nothing on its stdin.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.feed(args, b"")
    }

    /// Run the binary to its end with this on its stdin.
    pub(crate) fn feed(&self, args: &[&str], stdin: &[u8]) -> Output {
        finish(self.command(args), stdin)
    }

    /// Run the binary on a terminal.
    pub(crate) fn pty(&self, args: &[&str]) -> Pty {
        self.pty_with(&self.binary(), args, &Options::default())
    }

    /// Run any program on a terminal; its user is the sandbox's.
    pub(crate) fn pty_with(&self, program: &str, args: &[&str], options: &Options) -> Pty {
        let options = Options {
            user: self.user.clone(),
            ..options.clone()
        };
        Pty::spawn(&self.bare(program, args), &options)
    }

    /// The text with everything replaced that differs from run to run.
    pub(crate) fn normal(&self, text: &str) -> String {
        let mut pairs = [
            (self.dir.to_string_lossy().into_owned(), "$PROJECT"),
            (self.home().to_string_lossy().into_owned(), "$HOME"),
            (self.root().to_string_lossy().into_owned(), "$ROOT"),
            (self.env[vars::INSTANCE].clone(), "$INSTANCE"),
            (self.binary(), "$BINARY"),
        ];
        // The longest first: a path's own name must win over its parent's.
        pairs.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        pairs.iter().fold(text.to_owned(), |text, (value, name)| {
            text.replace(value, name)
        })
    }
}

/// What a program did.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Output {
    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Fail, with all that it said, unless it ended with this status.
    pub(crate) fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code(), Some(code), "{self:#?}");
        self
    }
}

/// Run a command to its end; one that does not end is killed and fails the test.
pub(crate) fn finish(mut command: Command, stdin: &[u8]) -> Output {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let pid = Pid::from_child(&child);
    let (mut input, stdin) = (child.stdin.take().unwrap(), stdin.to_vec());
    // A program need not read its input, and may write before it does: neither may block us.
    thread::spawn(move || input.write_all(&stdin));
    let (done, wait) = mpsc::channel();
    thread::spawn(move || done.send(child.wait_with_output()));
    let output = wait.recv_timeout(PATIENCE).unwrap_or_else(|_| {
        let _ = kill_process(pid, Signal::KILL);
        panic!("{command:?} does not end")
    });
    let output = output.expect("a child can be waited for");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Output {
        status: output.status,
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}
