//! Testcontainers for Python in a session. Its container that clears up cannot be pulled where these
//! tests run: that one is switched off.

use crate::support::engine::skipped;
use crate::support::nested;
use std::fs;
use std::path::Path;
use std::process::Command;

const IMAGE: &str = "hal9000-test/testcontainers:1";

fn here(name: &str) -> String {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engine_docker");
    fs::read_to_string(place.join(name)).unwrap()
}

/// The library, from its registry; why not, where that cannot be.
fn library(to: &Path) -> Result<(), String> {
    let pinned = to.join("testcontainers.txt");
    fs::write(&pinned, here("testcontainers.txt")).unwrap();
    let mut pip = Command::new("python3");
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--require-hashes",
    ]);
    pip.args(["--only-binary=:all:", "--requirement"])
        .arg(&pinned);
    match pip.arg("--target").arg(to).output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn testcontainers_reaches_what_it_starts() {
    let test = "testcontainers_reaches_what_it_starts";
    if !nested::online(test) {
        return;
    }
    let sessions = guarded!(test);
    let sandbox = &sessions.house.bench.sandbox;
    let project = sandbox.make_dir("home/project/library");
    if let Err(why) = library(&project) {
        let required = std::env::var("HAL9000_TEST_ENGINE").is_ok_and(|mode| mode == "require");
        assert!(!required, "{why}");
        skipped(test, &why);
        return;
    }
    fs::write(project.join("test.py"), here("testcontainers.py")).unwrap();
    fs::write(
        project.join("Dockerfile"),
        here("testcontainers.Dockerfile"),
    )
    .unwrap();
    sandbox.give_all(&project);
    let context = project.to_str().unwrap();
    let mut build = vec!["build", "--quiet", "--force-rm", "--tag", IMAGE];
    for proxy in ["http_proxy", "https_proxy", "no_proxy"] {
        build.extend(["--build-arg", proxy]);
    }
    build.push(context);
    sessions.house.bench.docker.ok(&build);
    let options = [
        "--image",
        IMAGE,
        "--env",
        "TESTCONTAINERS_RYUK_DISABLED=true",
    ];
    let script = "PYTHONPATH=$PWD/library python3 library/test.py";
    assert_eq!(sessions.said(&options, script), "localhost got one");
    sessions.until_over(&sessions.session());
    sessions.end();
}
