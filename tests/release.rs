//! What `scripts/release` makes: installed, run and removed.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests start programs, and fail by panicking"
)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use hal9000::vars;
use support::engine::skipped;
use support::sandbox::{Output, Sandbox, finish};
use support::session::Bench;
use tempfile::TempDir;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn script(name: &str, words: &[&str]) -> Command {
    let mut command = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join(name));
    command.args(words);
    command
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Run a program that has to succeed.
#[track_caller]
fn runs(program: &str, words: &[&str]) -> Output {
    let mut command = Command::new(program);
    command.args(words);
    finish(command, b"").expect_code(0)
}

/// The packages of the build that is tested, made once; and that build without its symbols, as a
/// release is.
fn packages() -> (&'static Path, &'static Path) {
    static MADE: OnceLock<(TempDir, PathBuf, PathBuf)> = OnceLock::new();
    let (_, build, out) = MADE.get_or_init(|| {
        let place = tempfile::tempdir().unwrap();
        let (build, out) = (place.path().join("build"), place.path().join("dist"));
        runs(
            "strip",
            &["-o", text(&build), env!("CARGO_BIN_EXE_hal-9000")],
        );
        let words = ["--fast", "--binary", text(&build), "--out", text(&out)];
        finish(script("scripts/release", &words), b"").expect_code(0);
        (place, build, out)
    });
    (build, out)
}

/// The file in `out` that ends so.
fn package(out: &Path, end: &str) -> PathBuf {
    let files = fs::read_dir(out).unwrap().map(|it| it.unwrap().path());
    let found: Vec<PathBuf> = files.filter(|it| text(it).ends_with(end)).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap()
}

/// The tarball's content, unpacked where the sandbox's user can read it.
fn unpacked(sandbox: &Sandbox) -> PathBuf {
    let place = sandbox.make_dir("unpacked");
    let tarball = package(packages().1, ".tar.gz");
    runs("tar", &["-C", text(&place), "-xzf", text(&tarball)]);
    let mut content = fs::read_dir(place).unwrap();
    content.next().unwrap().unwrap().path()
}

/// Everything below a directory.
fn tree(place: &Path) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(place).unwrap().map(|it| it.unwrap().path());
    let deeper = |path: PathBuf| {
        let below = (path.is_dir() && !path.is_symlink()).then(|| tree(&path));
        below.unwrap_or_default().into_iter().chain([path])
    };
    entries.flat_map(deeper).collect()
}

#[test]
fn packages_are_installed_run_and_removed_in_a_clean_container() {
    let Some(bench) = Bench::new("packages_are_installed_run_and_removed_in_a_clean_container")
    else {
        return;
    };
    let (_, out) = packages();
    let [tarball, deb] = [".tar.gz", ".deb"].map(|end| package(out, end));
    let mut check = script("packaging/check", &[text(&tarball), text(&deb)]);
    check.env(vars::INSTANCE, bench.instance.name());
    let said = finish(check, b"").expect_code(0).stderr;
    for kind in ["tarball", "deb"] {
        for line in ["a session has run", "removed, and nothing is left"] {
            assert!(said.contains(&format!("check: {kind}: {line}")), "{said}");
        }
    }
    bench.instance.assert_nothing_left();
    bench.end();
}

#[test]
fn the_same_build_makes_the_same_bytes() {
    let (build, out) = packages();
    let again = tempfile::tempdir().unwrap();
    let release = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/release");
    let line = format!(
        "umask 077; TZ=Asia/Tokyo LANG=C.UTF-8 exec {} --fast --binary {} --out {}",
        release.display(),
        build.display(),
        again.path().display()
    );
    runs("sh", &["-c", &line]);
    let sums = |place: &Path| fs::read_to_string(place.join("SHA256SUMS")).unwrap();
    assert_eq!(sums(out), sums(again.path()));
    let mut check = Command::new("sha256sum");
    check.args(["--check", "SHA256SUMS"]).current_dir(out);
    let said = finish(check, b"").expect_code(0).stdout;
    assert_eq!(said.lines().count(), 2, "{said}");
}

/// The program's own licence and its parts', what it needs, and a place where Debian's zsh looks.
#[test]
fn a_deb_is_as_debian_has_them() {
    let deb = package(packages().1, ".deb");
    let control = runs("dpkg-deb", &["--field", text(&deb)]).stdout;
    for line in [&format!("Version: {VERSION}"), "Recommends: docker.io"] {
        assert!(control.contains(line), "{control}");
    }
    assert!(!control.contains("\nDepends:"), "{control}");
    let list = runs("dpkg-deb", &["--contents", text(&deb)]).stdout;
    let there = |path: &str| list.contains(&format!(" ./usr/share/{path}\n"));
    for path in [
        "doc/hal-9000/copyright",
        "doc/hal-9000/changelog.gz",
        "doc/hal-9000/THIRD-PARTY.gz",
        "zsh/vendor-completions/_hal-9000",
    ] {
        assert!(there(path), "{path}: {list}");
    }
    let owners = list.lines().filter(|line| !line.contains(" root/root "));
    assert_eq!(owners.count(), 0, "{list}");
    if Path::new("/etc/debian_version").exists() && Path::new("/usr/bin/zsh").exists() {
        let paths = runs("/usr/bin/zsh", &["-fc", "print -l $fpath"]).stdout;
        assert!(
            paths.contains("/usr/share/zsh/vendor-completions\n"),
            "{paths}"
        );
    }
}

#[test]
fn a_prefix_has_what_was_there_before() {
    let sandbox = Sandbox::new();
    let from = unpacked(&sandbox);
    let install = |words: &[&str]| {
        let program = from.join("install.sh");
        finish(sandbox.program(text(&program), words), b"")
    };
    let home = sandbox.home();
    let prefix = home.join(".local");
    // Somebody's own, and what quickstart puts there.
    let own = sandbox.write("home/.local/share/man/man1/own.1", "");
    let other = sandbox.write("home/.local/bin/claudy", "other");
    let said = install(&[]).expect_code(1).stderr;
    assert!(
        said.contains(&format!("{} is there", other.display())),
        "{said}"
    );
    assert!(said.contains("--force"), "{said}");
    assert!(!prefix.join("bin/hal-9000").exists());

    for (words, expected) in [
        (&["--prefix", "/"][..], "is the root directory"),
        (&["--prefix=/proc/none"], "cannot write to /proc/none"),
        (&["--forse"], "unknown word `--forse`"),
        (&["--prefix", ""], "--prefix needs a directory"),
    ] {
        let said = install(words).expect_code(1).stderr;
        assert!(said.contains(expected), "{said}");
    }
    let said = install(&["--force"]).expect_code(0).stderr;
    assert!(said.contains("is not on your PATH"), "{said}");
    // The same place, by another name.
    let again = format!("{}//", prefix.display());
    install(&["--prefix", &again]).expect_code(0);
    let bin = prefix.join("bin");
    let sandbox = sandbox.env("PATH", &format!("{}:/usr/bin:/bin", bin.display()));
    let asked = |program: &str, words: &[&str]| {
        if Path::new(program).exists() {
            let found = finish(sandbox.program(program, words), b"").expect_code(0);
            return Some(found.stdout);
        }
        skipped(program, "it is not here, and cannot be asked");
        None
    };
    for (page, file) in [
        ("hal-9000", "man1/hal-9000.1.gz"),
        ("claudy", "man1/hal-9000.1.gz"),
        ("hal-9000-config.5", "man5/hal-9000-config.5.gz"),
    ] {
        let found = asked("/usr/bin/man", &["-w", page]);
        let there = format!("{}/share/man/{file}\n", prefix.display());
        assert!(found.is_none_or(|it| it == there), "{page}");
    }
    let found = asked("/usr/bin/fish", &["-c", "complete -C 'claudy sess'"]);
    assert!(found.is_none_or(|it| it.starts_with("sessions\t")));
    let moved = home.join("moved");
    fs::rename(&prefix, &moved).unwrap();
    let uninstall = |prefix: &Path| {
        let program = prefix.join("share/hal-9000/uninstall.sh");
        finish(sandbox.program(text(&program), &[]), b"")
    };
    let said = uninstall(&moved).expect_code(1).stderr;
    assert!(said.contains("was moved"), "{said}");
    fs::rename(&moved, &prefix).unwrap();
    uninstall(&prefix).expect_code(0);
    let left: Vec<PathBuf> = tree(&prefix).into_iter().collect();
    let mut expected = vec![bin, own.clone()];
    expected.extend(own.ancestors().skip(1).take(3).map(Path::to_owned));
    expected.push(prefix.join("state"));
    expected.sort();
    assert_eq!(left, expected);
}

#[test]
fn what_stands_against_a_release_is_said() {
    let place = tempfile::tempdir().unwrap();
    let stand_in = |name: &str, body: &str| {
        let path = place.path().join(name);
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    };
    let completions = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions/hal-9000.bash");
    let other = stand_in("other", "echo hal-9000 9.9.9");
    let older = stand_in("older", &format!("echo hal-9000 {VERSION}"));
    let fine = format!(
        "[ $1 = --version ] && echo hal-9000 {VERSION} || cat {}",
        completions.display()
    );
    let fine = stand_in("fine", &fine);
    stand_in("ldd", "echo 'libc.so.6 => /lib/libc.so.6'");
    let words: [(&[&str], &str); 6] = [
        (&["--bniary"], "unknown word `--bniary`"),
        (&["--out"], "--out needs a value"),
        (
            &["--binary", "/nonexistent/x"],
            "no such build: /nonexistent/x",
        ),
        (
            &["--binary", text(&other)],
            "is hal-9000 9.9.9, and this checkout is",
        ),
        (
            &["--binary", text(&older)],
            "is of another commit than completions/",
        ),
        (
            &["--binary", text(&fine)],
            "is for a machine that has no package",
        ),
    ];
    for (words, expected) in words {
        let said = finish(script("scripts/release", words), b"").expect_code(1);
        assert!(said.stderr.contains(expected), "{said:?}");
    }
    let path = std::env::var("PATH").unwrap();
    let mut dynamic = script("scripts/release", &["--binary", text(&fine)]);
    dynamic.env("PATH", format!("{}:{path}", place.path().display()));
    let said = finish(dynamic, b"").expect_code(1).stderr;
    assert!(said.contains("is not static"), "{said}");
    let said = finish(script("scripts/release", &["--help"]), b"").expect_code(0);
    assert!(said.stdout.starts_with("Usage: scripts/release "));
}
