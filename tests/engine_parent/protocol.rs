//! The coordinator's socket, and those who talk nonsense to it.

use crate::support::sandbox::finish;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::time::Duration;

const HELLO: &str = r#"{"protocol":1,"request":"hello"}"#;

fn connect(path: &Path) -> UnixStream {
    let stream = UnixStream::connect(path).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream
}

fn say(stream: &mut UnixStream, line: &str) -> Value {
    stream.write_all(format!("{line}\n").as_bytes()).unwrap();
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).unwrap();
    serde_json::from_str(&answer).unwrap()
}

#[test]
fn nonsense_of_every_kind_harms_nobody() {
    let house = house!("nonsense_of_every_kind_harms_nobody");
    house.start();
    let socket = house.socket();
    let directory = socket.parent().unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&socket), mode(directory)), (0o600, 0o700));

    let mut stream = connect(&socket);
    for (line, expected) in [
        (HELLO, "hello"),
        ("nonsense", "error"),
        (r#"{"protocol":1,"request":"dance"}"#, "error"),
        (r#"{"protocol":99,"request":"hello"}"#, "error"),
        (HELLO, "hello"),
    ] {
        assert_eq!(say(&mut stream, line)["answer"], expected, "{line}");
    }

    // Oversized, on one connection; silent and half-said on others; gone before the answer.
    let mut endless = connect(&socket);
    let _ = endless.write_all(&vec![b'x'; 1 << 20]);
    let mut half = connect(&socket);
    half.write_all(b"{\"protocol\"").unwrap();
    let silent: Vec<UnixStream> = (0..20).map(|_| connect(&socket)).collect();
    for _ in 0..50 {
        let mut gone = connect(&socket);
        let _ = gone.write_all(br#"{"protocol":1,"request":"wait-ready","seconds":600}"#);
    }
    assert_eq!(say(&mut connect(&socket), HELLO)["answer"], "hello");
    // The half-said one is hung up on.
    let mut rest = Vec::new();
    half.read_to_end(&mut rest).unwrap();
    assert!(rest.is_empty());
    drop(silent);
    assert_eq!(house.status()["chroma"]["restarts"], 0);
    house.end();
}

#[test]
fn the_same_is_said_through_docker_exec() {
    let house = house!("the_same_is_said_through_docker_exec");
    house.start();
    let parent = house.parent();
    let pipe = ["exec", "-i", &parent, "hal-9000", "coordinator", "pipe"];
    let mut child = house.bench.docker.command(&pipe);
    child
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped());
    let mut child = child.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for _ in 0..2 {
        writeln!(input, "{HELLO}").unwrap();
        let line: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        assert_eq!(line["answer"], "hello", "{line}");
    }
    drop(input);
    assert!(child.wait().unwrap().success());

    // Where another login of the same user looks for the socket elsewhere, that is the way.
    let elsewhere = house.bench.sandbox.make_dir("elsewhere");
    std::fs::set_permissions(&elsewhere, std::fs::Permissions::from_mode(0o700)).unwrap();
    for words in [&["daemon", "status", "--json"][..], &["daemon", "start"]] {
        let mut command = house.bench.sandbox.command(words);
        command.env("XDG_RUNTIME_DIR", &elsewhere);
        let told = finish(command, b"").expect_code(0);
        if words.contains(&"--json") {
            let status: Value = serde_json::from_str(&told.stdout).unwrap();
            assert_eq!(status["chroma"]["state"], "ready", "{status}");
            assert_eq!(status["parent"]["outdated"], false, "{status}");
        }
    }
    house.end();
}

#[test]
fn another_user_is_turned_away() {
    let house = house!("another_user_is_turned_away");
    house.start();
    let open = "import socket,sys\ns = socket.socket(socket.AF_UNIX)\n\
                s.connect('/run/hal9000-coordinator.sock')";
    let parent = house.parent();
    let words = ["exec", "--user=990:990", &parent, "python3", "-c", open];
    assert!(!house.bench.docker.run(&words).status.success());
    house.end();
}

#[test]
fn an_older_coordinator_is_recognised() {
    let house = house!("an_older_coordinator_is_recognised");
    house.start();
    // It is replaced by one that speaks another protocol.
    let socket = house.socket();
    let bound = socket.with_extension("old");
    let listener = UnixListener::bind(&bound).unwrap();
    std::fs::set_permissions(&bound, std::fs::Permissions::from_mode(0o666)).unwrap();
    std::fs::rename(&bound, &socket).unwrap();
    let serving = std::thread::spawn(move || {
        for stream in listener.incoming().take(3) {
            let mut stream = stream.unwrap();
            let mut line = String::new();
            let _ = BufReader::new(stream.try_clone().unwrap()).read_line(&mut line);
            let old = "{\"protocol\":0,\"version\":\"0.0.1\",\"reply\":\"what?\"}\n";
            let _ = stream.write_all(old.as_bytes());
        }
    });
    let started = house.run(&["daemon", "start"]).expect_code(1);
    assert!(
        started.stderr.contains("version 0.0.1"),
        "{}",
        started.stderr
    );
    assert!(started.stderr.contains("daemon stop"), "{}", started.stderr);
    let status = house.status();
    assert_eq!(status["parent"]["version"], "0.0.1");
    assert!(status["parent"]["problem"].is_string(), "{status}");
    // And no session goes through it.
    assert!(house.ok(&["--print"]).contains("--network bridge"));
    serving.join().unwrap();
    house.ok(&["daemon", "stop"]);
    house.start();
    assert_eq!(house.status()["chroma"]["state"], "ready");
    house.end();
}
