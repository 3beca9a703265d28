//! Containers started as the host starts a session.

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) const IMAGE: &str = "debian:trixie-slim";
pub(crate) const SOCKET: &str = "/var/run/docker.sock";
pub(crate) const PROGRAM: &str = "/opt/hal9000/bin/hal-9000";
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_hal-9000");

/// The answer of a program.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Done {
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.status, 0, "{self:?}");
        self
    }

    /// Refused: this status, nothing on stdout, one line of ours with a way out.
    #[track_caller]
    pub(crate) fn refused(self, status: i32, words: &[&str]) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.out, "", "{self:?}");
        assert_eq!(self.err.lines().count(), 1, "{self:?}");
        assert!(self.err.starts_with("hal-9000: "), "{self:?}");
        assert!(self.err.contains("; "), "{self:?}");
        for word in words {
            assert!(self.err.contains(word), "{word:?} in {self:?}");
        }
    }
}

pub(crate) fn docker<S: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = S>) -> Done {
    let output = Command::new("docker")
        .args(args)
        .stdin(Stdio::null())
        .output()
        .expect("docker can be started");
    Done {
        status: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Whether to go on: there are an engine and its image, and we are root (foreign ids are needed).
pub(crate) fn engine() -> bool {
    let mode = std::env::var(hal9000::vars::TEST_ENGINE).unwrap_or_default();
    let missing = if mode == "off" {
        Some("the engine tests are off".to_owned())
    } else {
        let image = Command::new("docker")
            .args(["image", "inspect", "-f", "{{.Id}}", IMAGE])
            .output();
        match image {
            Ok(output) if output.status.success() => None,
            Ok(output) => Some(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
            Err(error) => Some(format!("docker: {error}")),
        }
    };
    let missing = missing.or_else(|| {
        let root = fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
        (!root).then(|| "these tests give files away, which needs root".to_owned())
    });
    if let Some(why) = missing {
        assert_ne!(mode, "require", "{why}");
        eprintln!("SKIPPED: {why}");
        return false;
    }
    true
}

macro_rules! need_engine {
    () => {
        if !$crate::bench::engine() {
            return;
        }
    };
}

pub(crate) fn unique(what: &str) -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("hal9000-test-entry-{what}-{}-{number}", std::process::id())
}

/// An object of the engine, removed when the test ends however it ends.
pub(crate) struct Object(pub(crate) &'static [&'static str], pub(crate) String);

impl Drop for Object {
    fn drop(&mut self) {
        docker(self.0.iter().copied().chain([self.1.as_str()]));
    }
}

pub(crate) fn volume() -> Object {
    let name = unique("volume");
    docker(["volume", "create", &name]).ok();
    Object(&["volume", "rm", "-f"], name)
}

/// An image made of the base and these shell commands.
pub(crate) fn image(script: &str) -> Object {
    let name = unique("image");
    let mut child = Command::new("docker")
        .args(["build", "-q", "--network=none", "-t", &name, "-"])
        .env("DOCKER_BUILDKIT", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let dockerfile = format!("FROM {IMAGE}\nRUN {script}\n");
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(dockerfile.as_bytes()).unwrap();
    drop(stdin);
    assert!(child.wait().unwrap().success(), "{dockerfile}");
    Object(&["image", "rm", "-f"], name)
}

/// One container, started as the host starts a session.
pub(crate) struct Session {
    pub(crate) runtime: tempfile::TempDir,
    pub(crate) docker: Vec<String>,
    pub(crate) caps: Vec<&'static str>,
    pub(crate) ids: (u32, u32),
    pub(crate) home: &'static str,
    pub(crate) socket: Option<String>,
    pub(crate) image: String,
    pub(crate) network: &'static str,
    pub(crate) supervised: bool,
}

impl Session {
    pub(crate) fn new() -> Self {
        // Laid out as the runtime volume, the binary mounted into it rather than copied.
        let runtime = tempfile::tempdir().unwrap();
        let plugins = runtime.path().join("lib/docker/cli-plugins");
        fs::create_dir_all(&plugins).unwrap();
        fs::create_dir(runtime.path().join("bin")).unwrap();
        fs::set_permissions(runtime.path(), Permissions::from_mode(0o755)).unwrap();
        for file in ["bin/hal-9000", "lib/docker/cli-plugins/docker-compose"] {
            fs::write(runtime.path().join(file), "").unwrap();
        }
        Self {
            runtime,
            docker: vec![],
            // KILL is the init's: without it, it cannot pass a signal on to another user's process.
            caps: vec!["CHOWN", "SETUID", "SETGID", "SETPCAP", "KILL"],
            ids: (1000, 1000),
            home: "/home/claude",
            socket: None,
            image: IMAGE.to_owned(),
            network: "none",
            supervised: false,
        }
    }

    pub(crate) fn docker<const N: usize>(mut self, args: [&str; N]) -> Self {
        self.docker.extend(args.map(str::to_owned));
        self
    }

    pub(crate) fn mount(self, from: impl AsRef<Path>, to: &str) -> Self {
        let mount = format!("{}:{to}", from.as_ref().display());
        self.docker(["-v", &mount])
    }

    /// As the host starts Claude on a terminal.
    pub(crate) fn supervised(mut self) -> Self {
        self.supervised = true;
        self.docker(["-t"])
    }

    pub(crate) fn ids(mut self, uid: u32, gid: u32) -> Self {
        self.ids = (uid, gid);
        self
    }

    pub(crate) fn image(mut self, name: &str) -> Self {
        name.clone_into(&mut self.image);
        self
    }

    pub(crate) fn caps(mut self, caps: &[&'static str]) -> Self {
        self.caps = caps.to_vec();
        self
    }

    /// The socket at its usual place, from somewhere on this machine.
    pub(crate) fn socket(mut self, from: impl AsRef<Path>) -> Self {
        self.socket = Some(SOCKET.to_owned());
        self.mount(from, SOCKET)
    }

    pub(crate) fn entrypoint_args(&self) -> Vec<String> {
        let (uid, gid) = self.ids;
        let mut args = vec![
            "entrypoint".to_owned(),
            "--user=claude".to_owned(),
            format!("--uid={uid}"),
            format!("--gid={gid}"),
            format!("--home={}", self.home),
        ];
        args.extend(self.socket.iter().map(|path| format!("--socket={path}")));
        args.extend(self.supervised.then(|| "--supervise".to_owned()));
        args.push("--".to_owned());
        args
    }

    pub(crate) fn start(&self, how: &[&str], entrypoint: &str, args: &[String]) -> Done {
        let label = format!("hal9000.test={}", std::process::id());
        let runtime = format!("{}:/opt/hal9000:ro", self.runtime.path().display());
        let binary = format!("{BINARY}:{PROGRAM}:ro");
        let mut line: Vec<OsString> = vec!["run".into()];
        line.extend(how.iter().map(OsString::from));
        line.extend(["--label", &label, "--network", self.network].map(OsString::from));
        line.extend(["--cap-drop", "ALL"].map(OsString::from));
        for cap in &self.caps {
            line.extend(["--cap-add", cap].map(OsString::from));
        }
        line.extend(["--security-opt", "no-new-privileges", "--init"].map(OsString::from));
        line.extend(["-v", &runtime, "-v", &binary].map(OsString::from));
        line.extend(self.docker.iter().map(OsString::from));
        line.extend(["--entrypoint", entrypoint, &self.image].map(OsString::from));
        line.extend(args.iter().map(OsString::from));
        docker(line)
    }

    pub(crate) fn run(&self, command: &[&str]) -> Done {
        let mut args = self.entrypoint_args();
        args.extend(command.iter().map(|&word| word.to_owned()));
        let name = unique("run");
        self.start(&["--rm", "--name", &name], PROGRAM, &args)
    }

    pub(crate) fn sh(&self, script: &str) -> Done {
        self.run(&["sh", "-c", script])
    }

    /// In the background, to be looked at from outside.
    pub(crate) fn detached(&self, command: &[&str]) -> Detached<'_> {
        let mut args = self.entrypoint_args();
        args.extend(command.iter().map(|&word| word.to_owned()));
        let name = unique("detached");
        self.start(&["-d", "--name", &name], PROGRAM, &args).ok();
        Detached {
            container: Object(&["rm", "-f", "-v"], name),
            _session: self,
        }
    }

    /// The entrypoint as a shell in the container starts it: with what docker cannot hand over.
    pub(crate) fn through_a_shell(&self, before: &str, after: &str) -> Done {
        let entrypoint = self.entrypoint_args().join(" ");
        let script = format!("{before}; exec {PROGRAM} {entrypoint} {after}");
        let name = unique("shell");
        self.start(
            &["--rm", "--name", &name],
            "/bin/sh",
            &["-c".to_owned(), script],
        )
    }
}

/// A container in the background. It keeps its session: removing a directory on this side detaches
/// what is mounted on the files in it on the other (kernel `detach_mounts`).
pub(crate) struct Detached<'a> {
    pub(crate) container: Object,
    _session: &'a Session,
}

/// Until the container has said so.
pub(crate) fn wait_for(name: &str, word: &str) {
    for _ in 0..100 {
        if docker(["logs", name]).out.contains(word) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("{name} never said {word}");
}

/// A socket of our own with a listener behind it. Connections wait in its queue; none is served.
pub(crate) struct OwnSocket {
    _dir: tempfile::TempDir,
    pub(crate) path: PathBuf,
    pub(crate) listener: UnixListener,
}

pub(crate) fn own_socket(uid: u32, gid: u32, mode: u32) -> OwnSocket {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("docker.sock");
    let listener = UnixListener::bind(&path).unwrap();
    chown(&path, Some(uid), Some(gid)).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    OwnSocket {
        _dir: dir,
        path,
        listener,
    }
}

pub(crate) fn stat(path: &Path) -> (u32, u32, u32) {
    let found = fs::metadata(path).unwrap();
    (found.uid(), found.gid(), found.mode() & 0o7777)
}

/// perl-base is in every Debian image; curl is not.
pub(crate) const PING: &str = r#"perl -MIO::Socket::UNIX -e '
    $s = IO::Socket::UNIX->new("/var/run/docker.sock") or die "connect: $!\n";
    print $s "GET /_ping HTTP/1.0\r\n\r\n"; print while <$s>'"#;
pub(crate) const CONNECT: &str = r#"perl -MIO::Socket::UNIX -e 'print
    IO::Socket::UNIX->new("/var/run/docker.sock") ? "connected\n" : "failed: $!\n"'"#;
