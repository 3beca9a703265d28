//! Directories: the project's, the current one, the user's own.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, chown};

use crate::support::sandbox::finish;
use crate::{refused, sandbox};

#[test]
fn directories_that_cannot_be_projects() {
    let sandbox = sandbox();
    sandbox.write("home/project/file", "");
    let closed = sandbox.make_dir("home/closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    chown(&closed, Some(0), Some(0)).ok();
    std::os::unix::fs::symlink("loop", sandbox.project().join("loop")).unwrap();
    std::os::unix::fs::symlink("nowhere", sandbox.project().join("dangling")).unwrap();
    let long = "x".repeat(300);
    let longer = "x/".repeat(3000);
    for (dir, words) in [
        ("nope", vec!["no such directory", "`nope`", "hint: "]),
        ("./sesions", vec!["no such directory"]),
        (
            "sesions",
            vec!["no such directory", "did you mean the command `sessions`"],
        ),
        ("claud", vec!["did you mean the command `claude`"]),
        ("help", vec!["did you mean `--help`"]),
        ("version", vec!["did you mean `--version`"]),
        ("dangling", vec!["no such directory", "`dangling`"]),
        ("file", vec!["`file` is not a directory", "hint: "]),
        ("file/below", vec!["not a directory"]),
        ("loop", vec!["loop"]),
        ("/", vec!["`/` is the whole machine", "one project"]),
        ("/../", vec!["whole machine"]),
        (&long, vec!["cannot read"]),
        (&longer, vec!["directory"]),
    ] {
        refused(&sandbox.run(&[dir, "--shell"]), 125, &words);
    }
    if sandbox.user().is_some() {
        let closed = closed.to_str().unwrap();
        refused(
            &sandbox.run(&[closed]),
            125,
            &["cannot read", "Permission denied", "hint: "],
        );
        let below = format!("{closed}/below");
        refused(
            &sandbox.run(&[&below]),
            125,
            &["cannot read", "Permission denied"],
        );
    }
    for (name, word) in [
        (&b"by\xfftes"[..], "not UTF-8"),
        (b"car\rriage", "carriage return"),
    ] {
        let dir = sandbox.project().join(OsStr::from_bytes(name));
        fs::create_dir(&dir).unwrap();
        let mut command = sandbox.command(&[]);
        command.arg(&dir);
        refused(&finish(command, b""), 125, &[word, "rename it"]);
        let mut command = sandbox.command(&[]);
        command.current_dir(&dir);
        refused(&finish(command, b""), 125, &[word]);
    }
}

#[test]
fn what_is_shown_cannot_play_with_the_terminal() {
    let sandbox = sandbox();
    for words in [
        &["\u{1b}]0;gone\u{7}nope"][..],
        &["--memory", "\u{1b}[2J4x"],
        &["--volume", "\u{1b}[2J:/x"],
        &["-p", "\u{1b}[2Jx"],
        &["shell", "true"],
    ] {
        let evil = sandbox.make_project("a\u{1b}[2Jb", &[(".hal-9000.toml", "x\u{1b}[2J = 1")]);
        let mut command = sandbox.command(words);
        command.current_dir(&evil);
        let done = finish(command, b"");
        assert!(
            !done.stderr.contains('\u{1b}') && !done.stderr.contains('\u{7}'),
            "{done:#?}"
        );
    }
}

#[test]
fn a_directory_that_is_gone() {
    let sandbox = sandbox();
    let binary = sandbox.binary();
    let script = format!("mkdir gone && cd gone && rmdir ../gone && exec {binary} \"$@\"");
    let run = |words: &[&str]| {
        let words = [&["-c", &script, "sh"], words].concat();
        finish(sandbox.program("/bin/sh", &words), b"")
    };
    refused(&run(&[]), 125, &["current directory", "hint: change to"]);
    refused(&run(&["shell", "true"]), 125, &["current directory"]);
    // What needs no directory goes on, to the engine.
    let project = sandbox.project().to_str().unwrap();
    for (words, status) in [(vec!["sessions"], 3), (vec![project, "--shell"], 125)] {
        let done = run(&words).expect_code(status);
        assert!(done.stderr.contains("no-engine"), "{done:#?}");
    }
    run(&["--version"]).expect_code(0);
}

#[test]
fn no_home_and_strange_directories() {
    let sandbox = sandbox();
    // Relative directories are to be ignored (XDG base directory specification).
    sandbox.write("home/project/conf/hal-9000/config.toml", "broken");
    let strange = ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"];
    let run = |value: Option<&str>| {
        let mut command = sandbox.command(&["shell", "true"]);
        command.env_remove("HOME").env_remove("USER");
        for name in strange {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        finish(command, b"")
    };
    for value in [Some("conf"), Some(""), None] {
        let done = run(value);
        assert_eq!(done.code(), Some(125), "{value:?}: {done:#?}");
        assert!(done.stderr.contains("no-engine"), "{done:#?}");
    }
    assert_eq!(fs::read_dir(sandbox.project()).unwrap().count(), 1);
}
