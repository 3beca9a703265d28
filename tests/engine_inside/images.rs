//! Sessions in images that are not ours, and what ours promise.

use crate::inside::{BASE, Inside, WORKER};
use crate::support::engine;
use crate::support::sandbox::finish;
use std::fs;
use std::path::Path;

const LOOK: &str = "id --user; id --name --user; id --name --groups | tr ' ' '\\n' | grep docker; pwd
    claude --version; docker version --format '{{.Server.Os}}'; docker compose version --short >/dev/null
    . /etc/os-release; echo $VERSION_CODENAME; touch made; echo $HOME; ls -ld $HOME/.claude | cut -c1-4";

fn looks_right(inside: &Inside, image: &str, release: &str) {
    let told = inside
        .script_with(&["--image", image], LOOK)
        .expect_code(0)
        .stdout;
    let project = inside.sandbox.project().display();
    let uid = inside
        .sandbox
        .user()
        .map_or_else(|| rustix::process::geteuid().as_raw(), |user| user.uid);
    let claude = hal9000::recipe::PINNED_CLAUDE;
    let expected = format!(
        "{uid}\nclaude\ndocker\n{project}\n{claude} (Claude Code)\nlinux\n{release}\n/home/claude\ndrwx\n"
    );
    assert_eq!(told, expected, "{image}");
    assert_eq!(inside.own_file("made"), "");
}

#[test]
fn any_image_with_glibc_is_a_sessions_image() {
    let test = "any_image_with_glibc_is_a_sessions_image";
    let Some(inside) = Inside::new(test) else {
        return;
    };
    looks_right(&inside, BASE, "trixie");
    inside.assert_tidy();
}

#[test]
fn an_older_glibc_will_do() {
    let test = "an_older_glibc_will_do";
    let Some(inside) = Inside::new(test) else {
        return;
    };
    let image = "debian:bookworm-slim";
    if !inside.docker.has_image(image) {
        return engine::skipped(test, &format!("no {image}"));
    }
    looks_right(&inside, image, "bookworm");
    inside.assert_tidy();
}

#[test]
fn an_image_with_a_mind_of_its_own_is_overruled() {
    let test = "an_image_with_a_mind_of_its_own_is_overruled";
    let Some(inside) = Inside::new(test) else {
        return;
    };
    // Its user, home, entrypoint, directory and PATH are not what a session needs.
    let dockerfile = format!(
        "FROM {BASE}\nRUN useradd --uid 4242 --home-dir /home/claude node && groupadd --gid 4244 claude\n\
         WORKDIR /srv\nENV PATH=/usr/bin:/bin HOME=/nonexistent\nENTRYPOINT [\"/bin/false\"]\nUSER root\n"
    );
    let inside = inside.project("own", &[("Dockerfile", dockerfile.as_str())]);
    let (tag, label) = (
        inside.tag(),
        format!("--label=hal9000.test={}", inside.tag()),
    );
    let directory = inside.sandbox.project().to_string_lossy().into_owned();
    inside
        .docker
        .ok(&["build", "--quiet", "--tag", tag, &label, &directory]);
    looks_right(&inside, tag, "trixie");
    inside.docker.ok(&["rmi", tag]);
    inside.assert_tidy();
}

#[test]
fn the_worker_is_small_and_a_days_work_is_possible_in_it() {
    let test = "the_worker_is_small_and_a_days_work_is_possible_in_it";
    let Some(inside) = Inside::new(test) else {
        return;
    };
    let inside = inside.env("TZ", "Europe/Berlin");
    let told = inside.ok(
        r#"
        date --date=@0 +%R; locale charmap; printf 'ä' | wc --chars; python3 -c 'print("ü")'
        git init --quiet . && echo x > file && git add file
        git -c user.name=t -c user.email=t@localhost commit --quiet --message 'ä ünï' && git log --format=%s
        git -C /workspace status --short | wc --lines
        touch $HOME/file && mktemp >/dev/null && echo writable
        ! sudo -n true 2>/dev/null && echo no sudo"#,
    );
    assert_eq!(told, "01:00\nUTF-8\n1\nü\nä ünï\n0\nwritable\nno sudo\n");
    let size: u64 = inside
        .docker
        .ok(&["image", "inspect", "--format={{.Size}}", WORKER])
        .parse()
        .unwrap();
    assert!(size <= 250_000_000, "{size}");
    inside.assert_tidy();
}

#[test]
fn the_bench_runs_and_leaves_nothing() {
    let Some(inside) = Inside::new("the_bench_runs_and_leaves_nothing") else {
        return;
    };
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts");
    let copy = |name: &str| {
        let text = fs::read_to_string(scripts.join(name)).unwrap();
        inside.sandbox.write(&format!("scripts/{name}"), &text)
    };
    for name in ["guard.py", "measure.py", "ports.pl", "ports.py", "table.py"] {
        copy(&format!("bench.d/{name}"));
    }
    let bench = copy("bench");
    let binary = inside.sandbox.binary();
    let words = [
        bench.to_str().unwrap(),
        "--runs",
        "1",
        "--json",
        "--hal",
        &binary,
    ];
    let done = finish(inside.sandbox.program("/usr/bin/python3", &words), b"").expect_code(0);
    let found: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    for pointer in [
        "/start/ratio",
        "/prompt/ratio",
        "/own/median_ms",
        "/version/p95_ms",
    ] {
        assert!(
            found
                .pointer(pointer)
                .is_some_and(|it| it.as_f64() > Some(0.0)),
            "{found}"
        );
    }
    // Speed is no assertion; that no socket is opened is a fact. Null: there is no strace.
    let sockets = &found["version"]["sockets"];
    assert!(sockets.is_null() || sockets == 0, "{found}");
    let filter = format!("--filter=name={}-", inside.tag());
    let made = inside.docker.ok(&["volume", "ls", "--quiet", &filter]);
    assert_eq!(made, "", "left behind");
    inside.assert_tidy();
}
