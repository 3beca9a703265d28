//! Bytes, statuses and signals between the caller and the command.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::thread;

use sha2::{Digest, Sha256};

use crate::support::session::{Piped, hex};

#[test]
fn the_commands_status_is_ours() {
    let bench = bench!("the_commands_status_is_ours");
    for (words, status) in [
        (vec!["true"], 0),
        (vec!["sh", "-c", "exit 7"], 7),
        (vec!["sh", "-c", "exit 125"], 125),
        (vec!["sh", "-c", "exit 255"], 255),
        (vec!["/etc/passwd"], 126),
        (vec!["/etc"], 126),
        (vec!["no-such-command"], 127),
        (vec!["/no/such/command"], 127),
        (vec!["sh", "-c", "kill -KILL $$"], 137),
        (vec!["sh", "-c", "kill -TERM $$"], 143),
    ] {
        let done = bench.run(&[&["--quiet", "shell"], words.as_slice()].concat());
        assert_eq!(done.code(), Some(status), "{words:?}: {done:#?}");
        assert_eq!(done.stdout, "");
        assert_eq!(bench.containers(), Vec::<String>::new(), "{words:?}");
        let ours = [126, 127].contains(&status);
        assert_eq!(
            done.stderr.starts_with("hal-9000: "),
            ours,
            "{words:?}: {done:#?}"
        );
    }
    bench.end();
}

#[test]
fn claudes_own_words_status_and_output() {
    let bench = bench!("claudes_own_words_status_and_output");
    let version = bench.ok(&["claude", "--version"]);
    assert!(version.contains("Claude Code"), "{version}");
    let wrong = bench.run(&["claude", "--no-such-flag-of-claude"]);
    assert_eq!(wrong.code(), Some(1), "{wrong:#?}");
    assert!(wrong.stderr.contains("unknown option"), "{wrong:#?}");
    bench.end();
}

#[test]
fn every_byte_comes_back() {
    let bench = bench!("every_byte_comes_back");
    let all: Vec<u8> = (0..=255).collect();
    let (out, status) = through(bench.sandbox.command(&["shell", "cat"]), all.clone());
    assert_eq!((out, status), (all, Some(0)));
    // Nothing in, nothing out, and an end.
    let (out, status) = through(bench.sandbox.command(&["shell", "cat"]), Vec::new());
    assert_eq!((out, status), (Vec::new(), Some(0)));
    bench.end();
}

#[test]
fn fifty_megabytes_come_back() {
    let bench = bench!("fifty_megabytes_come_back");
    let mut state = 9000_u64;
    let mut bytes = Vec::with_capacity(50 << 20);
    while bytes.len() < 50 << 20 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        bytes.extend(state.to_le_bytes());
    }
    let expected = Sha256::digest(&bytes);
    let length = bytes.len();
    let (out, status) = through(bench.sandbox.command(&["shell", "cat"]), bytes.clone());
    assert_eq!((out.len(), status), (length, Some(0)));
    assert_eq!(Sha256::digest(&out), expected);
    let (sum, _) = through(bench.sandbox.command(&["shell", "sha256sum"]), bytes);
    let hex = hex(&expected);
    assert!(String::from_utf8(sum).unwrap().starts_with(&hex));
    bench.end();
}

/// What the command answers to these bytes.
fn through(mut command: Command, bytes: Vec<u8>) -> (Vec<u8>, Option<i32>) {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = thread::spawn(move || input.write_all(&bytes).unwrap());
    let mut out = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut out).unwrap();
    writer.join().unwrap();
    (out, child.wait().unwrap().code())
}

#[test]
fn errors_keep_their_own_stream() {
    let bench = bench!("errors_keep_their_own_stream");
    let done = bench
        .run(&["-q", "shell", "sh", "-c", "echo out; echo err >&2"])
        .expect_code(0);
    assert_eq!(
        (done.stdout.as_str(), done.stderr.as_str()),
        ("out\n", "err\n")
    );
    bench.end();
}

#[test]
fn a_pipe_is_no_terminal() {
    let bench = bench!("a_pipe_is_no_terminal");
    let script = "for n in 0 1 2; do [ -t $n ] && echo $n; done; [ -t 0 ]";
    assert_eq!(
        bench
            .run(&["shell", "sh", "-c", script])
            .expect_code(1)
            .stdout,
        ""
    );
    bench.end();
}

#[test]
fn a_command_that_does_not_read_does_not_hold_up_its_input() {
    let bench = bench!("a_command_that_does_not_read_does_not_hold_up_its_input");
    bench
        .sandbox
        .feed(&["shell", "true"], &vec![b'x'; 4 << 20])
        .expect_code(0);
    bench.end();
}

#[test]
fn killed_from_outside() {
    let bench = bench!("killed_from_outside");
    for (signal, status) in [("KILL", 137), ("TERM", 143)] {
        let command =
            bench
                .sandbox
                .command(&["shell", "perl", "-e", "$|=1; print \"ready\\n\"; sleep"]);
        let mut session = Piped::spawn(command);
        assert_eq!(session.line(), "ready");
        let name = bench.containers().remove(0);
        bench.docker.ok(&["kill", "--signal", signal, &name]);
        let (ended, rest) = session.end();
        assert_eq!((ended.code(), rest.as_str()), (Some(status), ""));
        assert_eq!(bench.containers(), Vec::<String>::new());
    }
    bench.end();
}

#[test]
fn a_signal_to_us_reaches_the_command() {
    let bench = bench!("a_signal_to_us_reaches_the_command");
    let script = "trap 'echo got it; exit 9' TERM; echo ready; while :; do read -r _; done";
    let mut session = Piped::spawn(bench.sandbox.command(&["shell", "bash", "-c", script]));
    assert_eq!(session.line(), "ready");
    let pid = rustix::process::Pid::from_raw(session.id().cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(session.line(), "got it");
    let (ended, _) = session.end();
    assert_eq!(ended.code(), Some(9));
    bench.end();
}

/// `hal-9000 shell yes | head -1`: docker's client ends on the broken pipe, and the session, which
/// nobody could ever join, must not go on without it.
#[test]
fn a_reader_that_goes_away_ends_the_session() {
    let bench = bench!("a_reader_that_goes_away_ends_the_session");
    let mut child = bench
        .sandbox
        .command(&["--quiet", "shell", "yes"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = [0; 2];
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut line).unwrap();
    assert_eq!(&line, b"y\n");
    drop(out);
    assert!(!child.wait().unwrap().success());
    assert_eq!(bench.containers(), Vec::<String>::new());
    bench.end();
}
