//! Engines that are not there, not for us, or not what they should be.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::thread;

use crate::support::engine;
use crate::support::sandbox::Sandbox;
use crate::support::user::User;

/// What a start and a listing say: their own statuses, the same words, a way out.
#[track_caller]
fn refused(sandbox: &Sandbox, options: &[&str], words: &[&str]) {
    for (command, status) in [
        (vec!["shell", "true"], 125),
        (vec!["sessions"], 3),
        (vec!["kill", "x"], 3),
    ] {
        let done = sandbox.run(&[options, &command].concat());
        assert_eq!(done.code(), Some(status), "{command:?}: {done:#?}");
        assert_eq!(done.stdout, "");
        assert!(done.stderr.starts_with("hal-9000: error: "), "{done:#?}");
        for word in words.iter().chain(&["hint:"]) {
            assert!(done.stderr.contains(word), "{word}: {}", done.stderr);
        }
    }
    let json = sandbox
        .run(&[options, &["sessions", "--json"]].concat())
        .expect_code(3);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["error"]["kind"], "engine-unreachable");
}

fn at(sandbox: Sandbox, socket: &Path) -> Sandbox {
    let address = format!("unix://{}", socket.display());
    sandbox.env("DOCKER_HOST", &address)
}

#[test]
fn nothing_is_there() {
    let sandbox = Sandbox::new();
    let socket = sandbox.root().join("docker.sock");
    let sandbox = at(sandbox, &socket);
    let path = socket.to_str().unwrap();
    refused(&sandbox, &[], &[path, "does not exist", "DOCKER_HOST"]);
    let flag = format!("unix://{path}");
    let other = Sandbox::new();
    refused(&other, &["-H", &flag], &[path, "does not exist", "--host"]);
    // Another place of the same user's is found and named.
    let found = other.root().join("run/docker.sock");
    let _listening = UnixListener::bind(&found).unwrap();
    fs::set_permissions(&found, fs::Permissions::from_mode(0o777)).unwrap();
    refused(
        &other,
        &["-H", &flag],
        &[&format!("export DOCKER_HOST=unix://{}", found.display())],
    );
}

#[test]
fn nobody_listens() {
    let sandbox = Sandbox::new();
    let socket = sandbox.root().join("docker.sock");
    drop(UnixListener::bind(&socket).unwrap());
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o777)).unwrap();
    refused(
        &at(sandbox, &socket),
        &[],
        &["not running", "start", "DOCKER_HOST"],
    );
}

#[test]
fn something_else_is_there() {
    let sandbox = Sandbox::new();
    let directory = sandbox.make_dir("docker.sock");
    let sandbox = at(sandbox, &directory);
    refused(&sandbox, &[], &["not a socket", "a directory", "rmdir"]);
    let file = sandbox.write("file.sock", "");
    let sandbox = at(sandbox, &file);
    refused(&sandbox, &[], &["not a socket", "remove"]);
    let below = file.join("docker.sock");
    refused(&at(sandbox, &below), &[], &[below.to_str().unwrap()]);
}

#[test]
fn no_permission() {
    let Some(docker) = engine::required("no_permission") else {
        return;
    };
    let sandbox = Sandbox::new();
    let Some(user) = sandbox.user().cloned() else {
        return engine::skipped("no_permission", "the tests do not run as root");
    };
    drop(docker);
    let outside = Sandbox::with_user(Some(User {
        groups: Vec::new(),
        ..user
    }));
    refused(
        &outside,
        &[],
        &["no permission", "uid 4242", "usermod -aG", "log in"],
    );
    // A socket in a directory that cannot be entered.
    let closed = outside.make_dir("closed");
    let socket = closed.join("docker.sock");
    let _listening = UnixListener::bind(&socket).unwrap();
    std::os::unix::fs::chown(&closed, Some(0), Some(0)).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    refused(
        &at(outside, &socket),
        &[],
        &["no permission", "cannot enter"],
    );
}

#[test]
fn a_context_that_is_not_there_or_not_here() {
    let sandbox = Sandbox::new();
    refused(
        &sandbox,
        &["--context", "nope"],
        &["`nope`", "not found", "docker context ls"],
    );
    let sandbox = sandbox.env("DOCKER_CONTEXT", "nope");
    refused(&sandbox, &[], &["`nope`", "DOCKER_CONTEXT"]);
    sandbox.write("home/.docker/config.json", "{\"currentContext\": \"gone\"}");
    let sandbox = sandbox.env("DOCKER_CONTEXT", "");
    refused(&sandbox, &[], &["`gone`", "config.json"]);
    for address in [
        "tcp://example.com:2375",
        "ssh://user@example.com",
        "npipe:////./pipe/x",
        "nonsense",
    ] {
        refused(&sandbox, &["-H", address], &[address, "--host"]);
    }
    let both = sandbox
        .run(&["-H", "unix:///x", "--context", "y", "sessions"])
        .expect_code(2);
    assert!(both.stderr.contains("together"), "{}", both.stderr);
}

/// Something that listens and answers every question with this.
fn answering(sandbox: &Sandbox, answer: &'static [u8]) -> PathBuf {
    let socket = sandbox.root().join("docker.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o777)).unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer);
        }
    });
    socket
}

#[test]
fn an_engine_of_long_ago() {
    let sandbox = Sandbox::new();
    let answer = b"HTTP/1.1 200 OK\r\nApi-Version: 1.40\r\nContent-Length: 0\r\n\r\n";
    let socket = answering(&sandbox, answer);
    refused(
        &at(sandbox, &socket),
        &[],
        &["too old", "1.40", "1.41", "20.10"],
    );
}

#[test]
fn something_that_is_no_engine() {
    for answer in [
        &b""[..],
        b"220 mail.example.com ESMTP\r\n",
        b"HTTP/1.1 500 Internal Server Error\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nApi-Version: \xff\xfe\r\n\r\n",
    ] {
        let sandbox = Sandbox::new();
        let socket = answering(&sandbox, answer);
        refused(
            &at(sandbox, &socket),
            &[],
            &[socket.to_str().unwrap(), "docker version"],
        );
    }
}

#[test]
fn an_engine_that_fails_after_its_first_answer() {
    let sandbox = Sandbox::new();
    let answer = b"HTTP/1.1 500 x\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\n\
                   Content-Length: 21\r\nConnection: close\r\n\r\n{\"message\":\"burning\"}";
    let socket = answering(&sandbox, answer);
    let sandbox = at(sandbox, &socket);
    for (words, status) in [(vec!["shell", "true"], 125), (vec!["sessions"], 1)] {
        let done = sandbox.run(&words).expect_code(status);
        assert!(done.stderr.contains("burning"), "{}", done.stderr);
    }
}

#[test]
fn without_dockers_client() {
    let Some(docker) = engine::required("without_dockers_client") else {
        return;
    };
    let instance = engine::Instance::new(&docker);
    let sandbox = Sandbox::new()
        .instance(&instance)
        .env("PATH", "/nonexistent");
    let done = sandbox.run(&["shell", "true"]).expect_code(125);
    assert!(
        done.stderr.contains("no `docker` command") && done.stderr.contains("install"),
        "{}",
        done.stderr
    );
    // What needs no terminal needs no client.
    sandbox.run(&["sessions"]).expect_code(0);
    sandbox.run(&["kill", "--all"]).expect_code(0);
    assert_eq!(instance.left(), Vec::<String>::new());
}
