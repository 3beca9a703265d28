//! The shell scripts, with stand-ins for every program that would change the machine.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test starts programs and writes their stand-ins"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A directory of stand-ins, first on PATH. Each writes its name and arguments to `log`.
struct Stage {
    directory: tempfile::TempDir,
    _turn: MutexGuard<'static, ()>,
}

/// One at a time: a file that is open for writing cannot be executed (`text file busy`), and a
/// process that another test forks in that moment holds it open too.
static TURN: Mutex<()> = Mutex::new(());

impl Stage {
    fn new(programs: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let stage = Self {
            directory,
            _turn: TURN.lock().unwrap_or_else(PoisonError::into_inner),
        };
        for (name, body) in programs {
            let text = format!(
                "#!/bin/sh\necho \"{name} $*\" >> '{}'\n{body}\n",
                stage.path("log").display()
            );
            fs::write(stage.path(name), text).unwrap();
            fs::set_permissions(stage.path(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        stage
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn run(&self, script: &str) -> Output {
        let path = format!("{}:/usr/bin:/bin", self.directory.path().display());
        Command::new("/bin/sh")
            .arg(
                Path::new(env!("CARGO_MANIFEST_DIR"))
                    .join("scripts")
                    .join(script),
            )
            .env_clear()
            .env("PATH", path)
            .env("TMPDIR", self.directory.path())
            .env("STAGE", self.directory.path())
            .output()
            .unwrap()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Docker that answers once something has started the engine.
const DOCKER: &str = r#"[ -e "$STAGE/up" ] && echo 20.10.24"#;
/// Stands in for what starts an engine.
const STARTS: &str = r#": > "$STAGE/up""#;

/// Programs of a machine without an engine; `sh` and `systemctl` would start one.
fn machine<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut programs = vec![
        ("docker", DOCKER),
        ("dockerd", "true"),
        ("iptables", "true"),
        ("pgrep", "false"),
        ("sleep", "true"),
        ("id", "echo 0"),
        ("apt-get", "true"),
        ("sh", STARTS),
        ("systemctl", STARTS),
    ];
    for (name, body) in more {
        programs.retain(|(known, _)| known != name);
        programs.push((name, body));
    }
    programs
}

#[test]
fn an_engine_that_answers_is_used() {
    let stage = Stage::new(&machine(&[("docker", "echo 28.0")]));
    let output = stage.run("engine");
    assert!(output.status.success());
    assert!(said(&output).contains("in use: 28.0"));
    assert!(stage.log().lines().all(|line| line.starts_with("docker ")));
}

#[test]
fn a_second_dockerd_is_never_started() {
    let stage = Stage::new(&machine(&[("pgrep", "echo 42")]));
    let output = stage.run("engine");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("not starting another"),
        "{}",
        said(&output)
    );
    assert!(!stage.path("up").exists());
}

#[test]
fn a_missing_engine_is_started_and_waited_for() {
    let stage = Stage::new(&machine(&[]));
    let output = stage.run("engine");
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("ready: 20.10.24"));
    assert!(!stage.log().contains("apt-get"), "{}", stage.log());
}

#[test]
fn an_engine_that_never_answers_is_an_error_that_names_its_log() {
    let stage = Stage::new(&machine(&[("sh", "true"), ("systemctl", "true")]));
    let output = stage.run("engine");
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    let named = said.contains("hal9000-dockerd.log") || said.contains("journalctl -u docker");
    assert!(named, "{said}");
}

#[test]
fn without_root_and_sudo_the_scripts_say_what_needs_it() {
    let refuses = "echo \"no sudo for $1\" >&2; exit 1";
    let stage = Stage::new(&machine(&[("id", "echo 1000"), ("sudo", refuses)]));
    let output = stage.run("engine");
    assert!(!output.status.success());
    assert!(!stage.path("up").exists());
}

#[test]
fn a_base_image_that_is_there_or_can_be_pulled_is_not_made() {
    for (docker, expected) in [("true", "is there"), ("[ \"$1\" != image ]", "is pulled")] {
        let stage = Stage::new(&[
            ("docker", docker),
            ("mmdebstrap", "false"),
            ("id", "echo 0"),
        ]);
        let output = stage.run("base-image");
        assert!(output.status.success(), "{}", said(&output));
        assert!(said(&output).contains(expected), "{}", said(&output));
        assert!(!stage.log().contains("mmdebstrap"));
    }
}

/// Docker that has no base image, cannot pull one, and takes what is imported.
const EMPTY: &str = r#"case "$1" in
version) ;;
import) : > "$STAGE/imported" ;;
image) [ -e "$STAGE/imported" ] ;;
*) exit 1 ;;
esac"#;

#[test]
fn a_base_image_is_made_and_half_of_one_is_not_imported() {
    for (mmdebstrap, made) in [("echo tar", true), ("echo half; exit 1", false)] {
        let stage = Stage::new(&[
            ("docker", EMPTY),
            ("mmdebstrap", mmdebstrap),
            ("id", "echo 0"),
        ]);
        let output = stage.run("base-image");
        assert_eq!(output.status.success(), made, "{}", said(&output));
        assert_eq!(
            stage.log().contains("docker import"),
            made,
            "{}",
            stage.log()
        );
        assert!(
            stage
                .log()
                .contains("--dpkgopt=path-exclude=/usr/share/man/*")
        );
        let left = fs::read_dir(stage.directory.path()).unwrap();
        let left = left.filter(|entry| entry.as_ref().unwrap().path().is_dir());
        assert_eq!(left.count(), 0, "the temporary directory is removed");
    }
}

#[test]
fn the_scripts_are_clean_and_short() {
    for name in ["engine", "base-image"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("scripts")
            .join(name);
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 90, "{}: {lines} lines", path.display());
        match Command::new("shellcheck").arg(&path).output() {
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stdout);
                assert!(output.status.success(), "{said}");
            }
            Err(error) => eprintln!("SKIPPED: shellcheck {}: {error}", path.display()),
        }
    }
}
