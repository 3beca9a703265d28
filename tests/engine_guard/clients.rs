//! Clients that we did not write: docker-py and dockerode, each from its registry, pinned by hash.

use crate::guarded::{BASE, Guarded};
use crate::support::engine::skipped;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where what is needed of a registry is kept from run to run.
fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engine_guard/clients")
}

/// Have a client: installed by these commands in a directory that is kept, if a file of `pinned` is
/// another than it was. `None`, said on stderr, where that cannot be and need not.
pub(crate) fn installed(
    test: &str,
    name: &str,
    pinned: &[&Path],
    commands: &[&[&str]],
) -> Option<PathBuf> {
    let place = kept(name);
    let files = || pinned.iter().map(|file| fs::read(file).unwrap());
    let stamped: Vec<u8> = files().flatten().collect();
    let stamp = place.join("installed");
    if fs::read(&stamp).ok().as_ref() == Some(&stamped) {
        return Some(place);
    }
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).unwrap();
    for (file, content) in pinned.iter().zip(files()) {
        fs::write(place.join(file.file_name().unwrap()), content).unwrap();
    }
    for words in commands {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).current_dir(&place);
        // as a fresh machine has it, whatever this one's npm is used to
        command.env("npm_config_update_notifier", "false");
        let why = match command.output() {
            Ok(output) if output.status.success() => continue,
            Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
            Err(error) => error.to_string(),
        };
        let required = std::env::var("HAL9000_TEST_ENGINE").is_ok_and(|mode| mode == "require");
        assert!(!required, "{words:?}: {why}");
        skipped(test, &format!("{words:?}: {why}"));
        return None;
    }
    fs::write(stamp, stamped).unwrap();
    Some(place)
}

/// What is in `requirements.txt`, in a place of its own.
pub(crate) const PYTHON: [&[&str]; 2] = [
    &["python3", "-m", "venv", "."],
    &[
        "bin/pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--only-binary=:all:",
        "--requirement",
        "requirements.txt",
    ],
];

fn round(guarded: &Guarded, name: &str, program: &Path, script: &str, library: &Path) {
    let context = tempfile::tempdir().unwrap();
    let dockerfile = format!("FROM {BASE}\nCOPY content /made\nCMD cat /made\n");
    fs::write(context.path().join("Dockerfile"), dockerfile).unwrap();
    fs::write(context.path().join("content"), "content").unwrap();
    let output = Command::new("timeout")
        .arg("200")
        .arg(program)
        .arg(sources().join(script))
        .current_dir(context.path())
        .env(
            "DOCKER_HOST",
            format!("unix://{}", guarded.socket(true).display()),
        )
        .env("NODE_PATH", library)
        .env("NAME", guarded.name(name))
        .env("IMAGE", BASE)
        .env("PROJECT", guarded.path("project"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, "a round\n", "{wrong}");
}

#[test]
fn docker_py_does_a_round() {
    let test = "docker_py_does_a_round";
    let Some(guarded) = Guarded::new(test) else {
        return;
    };
    let pinned = sources().join("requirements.txt");
    let Some(place) = installed(test, "docker-py", &[&pinned], &PYTHON) else {
        return;
    };
    round(
        &guarded,
        "py",
        &place.join("bin/python"),
        "round.py",
        &place,
    );
}

#[test]
fn dockerode_does_a_round() {
    let test = "dockerode_does_a_round";
    let Some(guarded) = Guarded::new(test) else {
        return;
    };
    let install: [&[&str]; 1] = [&["npm", "ci", "--silent", "--ignore-scripts", "--no-audit"]];
    let pinned = ["package.json", "package-lock.json"].map(|file| sources().join(file));
    let pinned = [pinned[0].as_path(), &pinned[1]];
    let Some(place) = installed(test, "dockerode", &pinned, &install) else {
        return;
    };
    let library = place.join("node_modules");
    round(&guarded, "node", Path::new("node"), "round.js", &library);
}
