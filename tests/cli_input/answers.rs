//! Help, version, and answers that nobody can hear.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Stdio;

use crate::sandbox;
use crate::support::sandbox::{Output, Sandbox, finish};

/// Every path below a directory.
fn tree(root: &Path) -> Vec<String> {
    let mut found = vec![root.display().to_string()];
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        found.extend(tree(&entry.path()));
    }
    found.sort();
    found
}

const QUIET: &[&[&str]] = &[
    &["--version"],
    &["-V"],
    &["--help"],
    &["-h"],
    &["sessions", "--help"],
    &["attach", "--help"],
    &["kill", "--help"],
    &["logs", "--help"],
    &["audit", "--help"],
    &["image", "--help"],
    &["image", "build", "--help"],
    &["completions", "--help"],
    &["completions", "bash"],
    &["shell-init", "zsh", "--alias-claude"],
    &["man"],
    &["man", "config"],
];

#[test]
fn help_and_version_touch_nothing() {
    let sandbox = Sandbox::new();
    let socket = sandbox.root().join("docker.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o777)).unwrap();
    listener.set_nonblocking(true).unwrap();
    sandbox.write("home/.config/hal-9000/config.toml", "broken");
    let before = tree(sandbox.root());
    for words in QUIET {
        let mut command = sandbox.command(words);
        for name in [
            "HOME",
            "PATH",
            "XDG_CONFIG_HOME",
            "XDG_STATE_HOME",
            "XDG_RUNTIME_DIR",
        ] {
            command.env_remove(name);
        }
        command.env("DOCKER_HOST", format!("unix://{}", socket.display()));
        let done = finish(command, b"").expect_code(0);
        assert_eq!(done.stderr, "", "{words:?}");
        assert!(
            !done.stdout.is_empty() && !done.stdout.contains('\u{1b}'),
            "{words:?}"
        );
    }
    let nobody = listener.accept().unwrap_err();
    assert_eq!(nobody.kind(), io::ErrorKind::WouldBlock);
    assert_eq!(tree(sandbox.root()), before);
    assert_eq!(
        sandbox.run(&["--version"]).stdout,
        format!("hal-9000 {}\n", env!("CARGO_PKG_VERSION"))
    );
    let help = sandbox.run(&["--help"]).stdout;
    for word in [
        "sessions", "attach", "kill", "logs", "audit", "image", "--memory", "Example",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
}

/// With standard output at this end.
fn onto(sandbox: &Sandbox, words: &[&str], end: &str) -> Output {
    let script = format!("exec {} \"$@\" {end}", sandbox.binary());
    let words = [&["-c", &script, "sh"], words].concat();
    finish(sandbox.program("/bin/sh", &words), b"")
}

#[test]
fn an_answer_that_cannot_be_given() {
    let sandbox = sandbox();
    for words in [&["--version"][..], &["--help"]] {
        // Closed, it is as /dev/null; full, somebody would miss the answer.
        onto(&sandbox, words, ">&-").expect_code(0);
        onto(&sandbox, words, "<&- >&- 2>&-").expect_code(0);
        let full = onto(&sandbox, words, ">/dev/full").expect_code(1);
        assert!(full.stderr.contains("standard output"), "{full:#?}");
        // A reader that has gone is no failure.
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let mut command = sandbox.command(words);
        let gone = command
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(
            (gone.status.code(), gone.stderr.as_slice()),
            (Some(0), &b""[..])
        );
    }
    // An error without a place to say it is still an error.
    onto(&sandbox, &["--memory", "4x"], "2>&-").expect_code(2);
    onto(&sandbox, &["--memory", "4x"], "2>/dev/full").expect_code(2);
    onto(&sandbox, &["--no-such"], "2>/dev/full").expect_code(2);
    onto(&sandbox, &["sessions", "--json"], "2>/dev/full >/dev/full").expect_code(3);
}

/// Every command that lists or reports answers in one shape, errors included: there is no engine.
#[test]
fn json_is_one_object_with_its_version_whatever_happens() {
    let sandbox = sandbox();
    let commands: &[&[&str]] = &[
        &["sessions"],
        &["kill", "--all"],
        &["image", "list"],
        &["image", "prune"],
        &["claude-version", "list"],
        &["daemon", "start"],
        &["daemon", "stop"],
        &["daemon", "restart"],
        &["daemon", "status"],
        &["pool", "status"],
        &["doctor"],
    ];
    for words in commands {
        let done = sandbox.run(&[words, &["--json"][..]].concat());
        let done = done.expect_code(3);
        let json: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
        assert_eq!(json["schema"], 1, "{words:?} {json}");
        assert_eq!(json["error"]["kind"], "engine-unreachable", "{words:?}");
        assert!(!done.stderr.is_empty(), "{words:?}");
    }
    // No other command takes the flag and says nothing with it.
    let mut found = Vec::new();
    takes_json(&hal9000::cli::tree(), &mut Vec::new(), &mut found);
    // Its answer is lines as they were written, for which no engine is asked.
    assert_eq!(found.iter().filter(|words| *words == "audit").count(), 1);
    // Settings and profiles are shown without an engine.
    found.retain(|words| !["audit", "config show", "profiles list"].contains(&words.as_str()));
    let expected: Vec<String> = commands
        .iter()
        .map(|words| words.iter().filter(|word| !word.starts_with('-')))
        .map(|words| words.copied().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(found, expected);
}

/// The commands that have the flag `--json`, in the order of the help.
fn takes_json(command: &clap::Command, path: &mut Vec<String>, found: &mut Vec<String>) {
    if command
        .get_arguments()
        .any(|it| it.get_long() == Some("json"))
    {
        found.push(path.join(" "));
    }
    for sub in command.get_subcommands() {
        path.push(sub.get_name().to_owned());
        takes_json(sub, path, found);
        path.pop();
    }
}
