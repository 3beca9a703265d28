//! What goes on for long: a terminal through the guard, and streams that break off.

use crate::guarded::{BASE, Guarded};
use crate::support::PATIENCE;
use crate::support::pty::{Options, Pty};
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::time::{Duration, Instant};

fn docker(guarded: &Guarded, words: &[&str]) -> Pty {
    let mut command = Command::new(guarded.docker.client());
    command.args(words).env("TERM", "xterm");
    command.env("DOCKER_HOST", guarded.address(true));
    command.env("DOCKER_CONFIG", guarded.path("config"));
    Pty::spawn(&command, &Options::default())
}

#[test]
fn a_terminal_is_as_without_a_guard() {
    let Some(guarded) = Guarded::new("a_terminal_is_as_without_a_guard") else {
        return;
    };
    let name = guarded.name("terminal");
    let run = ["run", "-it", "--name", &name, BASE, "bash", "--norc"];
    let mut pty = docker(&guarded, &run);
    pty.wait_for_text("# ");
    pty.send("until [ \"$(stty size)\" = '30 100' ]; do :; done; echo 'as large'' as it is'\r");
    pty.wait_for_text("as large as it is");
    pty.send("until [ \"$(stty size)\" = '20 70' ]; do :; done; echo 'it fol''lows'\r");
    pty.resize(20, 70);
    // docker's client misses a change before it listens for them, a moment after the start.
    let follows = |screen: &vt100::Screen| screen.contents().contains("it follows");
    let tries = (0..60).find(|_| {
        let done = pty.wait_within(Duration::from_secs(1), follows);
        if !done {
            pty.resize(20, 71);
            pty.resize(20, 70);
        }
        done
    });
    assert!(tries.is_some(), "{}", pty.screen_text());
    pty.send("sh -c 'echo wait\"\"ing; exec sleep 1000'\r");
    pty.wait_for_text("waiting");
    pty.send_ctrl('c');
    pty.send("echo status $?, left=$((1+1))\r");
    pty.wait_for_text("status 130, left=2");
    // Left, and come back to.
    pty.send_ctrl('p');
    pty.send_ctrl('q');
    assert_eq!(pty.wait_exit().code(), Some(0), "{}", pty.screen_text());
    let mut pty = docker(&guarded, &["attach", &name]);
    pty.send("echo 'here ag''ain'\r");
    pty.wait_for_text("here again");
    let mut exec = docker(
        &guarded,
        &["exec", "-it", &name, "bash", "-c", "tty; exit 5"],
    );
    exec.wait_for_text("/dev/pts/");
    assert_eq!(exec.wait_exit().code(), Some(5));
    pty.send("exit 7\r");
    assert_eq!(pty.wait_exit().code(), Some(7), "{}", pty.screen_text());
    assert!(
        guarded
            .script(true, "terminal", "docker rm $N")
            .status
            .success()
    );
}

#[test]
fn streams_that_break_off_leave_nothing_open() {
    let Some(guarded) = Guarded::new("streams_that_break_off_leave_nothing_open") else {
        return;
    };
    let run = "docker run -d --name $N $I sh -c 'while :; do echo said; sleep 0.1; done'";
    assert!(guarded.script(true, "broken", run).status.success());
    let name = guarded.name("broken");
    let before = guarded.descriptors();
    let kinds = [
        format!("GET /v1.41/containers/{name}/logs?follow=1&stdout=1"),
        "GET /v1.41/events".to_owned(),
        format!("GET /v1.41/containers/{name}/stats"),
        format!("POST /v1.41/containers/{name}/wait"),
        format!("POST /v1.41/containers/{name}/attach?stream=1&stdin=1&stdout=1"),
    ];
    let most = (0..40)
        .map(|_| {
            let streams: Vec<UnixStream> = kinds.iter().map(|kind| open(&guarded, kind)).collect();
            let now = guarded.descriptors();
            drop(streams);
            now
        })
        .max();
    assert!(most > Some(before), "{most:?}");
    let began = Instant::now();
    while guarded.descriptors() > before {
        let (late, now) = (began.elapsed() > PATIENCE, guarded.descriptors());
        assert!(
            !late,
            "{now} descriptors after 200 streams, {before} before"
        );
        std::thread::yield_now();
    }
    assert!(
        guarded
            .script(true, "broken", "docker rm -f $N")
            .status
            .success()
    );
}

/// Begin a stream; of those that say something, the first of it is read.
fn open(guarded: &Guarded, request: &str) -> UnixStream {
    let mut stream = UnixStream::connect(guarded.socket(true)).unwrap();
    let upgrade = if request.contains("attach") {
        "Connection: Upgrade\r\nUpgrade: tcp\r\n"
    } else {
        ""
    };
    let text = format!("{request} HTTP/1.1\r\nHost: x\r\n{upgrade}\r\n");
    stream.write_all(text.as_bytes()).unwrap();
    // Nobody answers a wait before its end, nor an engine on which nothing happens.
    if !request.contains("/wait") && !request.contains("/events") {
        assert!(stream.read(&mut [0; 64]).unwrap() > 0);
    }
    stream
}
