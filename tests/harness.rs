//! The harness works, and can fail.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "these tests test the tests"
)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use support::api::{Api, Kind, Turn};
use support::engine;
use support::engine::{Gate, Instance};
use support::pty::{Options, Pty};
use support::sandbox::{Sandbox, finish};
use support::terminal::Terminal;

/// A short time, for proofs that something does not happen.
const MOMENT: Duration = Duration::from_millis(300);

fn fails(test: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(test)).expect_err("this was to fail");
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

// --- api ---

fn ask(api: &Api, body: &Value) -> String {
    let mut stream = TcpStream::connect(api.url().trim_start_matches("http://")).unwrap();
    let body = body.to_string();
    write!(
        stream,
        "POST /v1/messages?beta=true HTTP/1.1\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn main_request(stream: bool) -> Value {
    let tools = json!([{ "name": "Bash", "input_schema": {} }]);
    json!({ "model": "m", "stream": stream, "tools": tools, "messages": [] })
}

#[test]
fn the_api_streams_the_events_in_order() {
    let api = Api::start("127.0.0.1:0", [Turn::bash("id")]);
    let answer = ask(&api, &main_request(true));
    let events: Vec<_> = answer
        .lines()
        .filter_map(|line| line.strip_prefix("event: "))
        .collect();
    assert_eq!(
        events,
        [
            "message_start",
            "content_block_start",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop"
        ]
    );
    assert!(
        answer.contains("text/event-stream") && answer.contains("\"tool_use\""),
        "{answer}"
    );
}

#[test]
fn the_api_answers_at_once_without_stream() {
    let api = Api::start("127.0.0.1:0", [Turn::text("hello")]);
    let answer = ask(&api, &main_request(false));
    let body: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(body["content"][0]["text"], "hello");
    assert_eq!(body["stop_reason"], "end_turn");
}

#[test]
fn side_requests_take_no_turn() {
    let api = Api::start("127.0.0.1:0", [Turn::text("hello")]);
    let title = json!({ "model": "m", "output_config": { "format": { "type": "json_schema" } } });
    let check = json!({ "model": "m", "system": "You are a security monitor for agents." });
    assert!(ask(&api, &title).contains("title"));
    assert!(ask(&api, &check).contains("<block>no</block>"));
    assert_eq!(
        (
            api.left(),
            api.of(Kind::Side).len(),
            api.of(Kind::Main).len()
        ),
        (1, 2, 0)
    );
    assert!(ask(&api, &main_request(true)).contains("hello"));
    assert_eq!(api.left(), 0);
    assert!(ask(&api, &main_request(true)).contains("the script is over"));
}

#[test]
fn the_api_stops_while_a_client_is_silent() {
    let api = Api::start("127.0.0.1:0", []);
    let address = api.url().trim_start_matches("http://").to_owned();
    let mut silent = TcpStream::connect(&address).unwrap();
    ask(&api, &main_request(true));
    // Whether the port still answers proves nothing: a child that another test has forked but not
    // yet exec'd holds a copy of the listener (260 of 3000 times, measured).
    drop(api);
    assert_eq!(silent.read(&mut [0]).unwrap_or(0), 0, "closed or reset");
}

// --- terminal and pty ---

fn shell(script: &str, options: &Options) -> Pty {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", script]).env("PATH", "/usr/bin:/bin");
    Pty::spawn(&command, options)
}

#[test]
fn a_program_on_the_pty_has_a_terminal_with_a_size_and_a_status() {
    let options = Options {
        rows: 12,
        cols: 34,
        ..Options::default()
    };
    let mut pty = shell("test -t 0 && echo > /dev/tty; stty size; exit 7", &options);
    let status = pty.wait_exit();
    assert!(pty.screen_text().contains("12 34"), "{}", pty.screen_text());
    assert_eq!(status.code(), Some(7));
}

#[test]
fn waiting_fails_with_the_screen_once_the_program_ends() {
    let pty = shell("echo something else", &Options::default());
    let message = fails(|| pty.wait_for_text("a prompt"));
    assert!(message.contains("the program ended"), "{message}");
    assert!(message.contains("something else"), "{message}");
}

#[test]
fn a_resize_arrives() {
    let script = "trap 'stty size' WINCH; echo ready; while :; do read -r _; done";
    let pty = shell(script, &Options::default());
    pty.wait_for_text("ready");
    pty.resize(40, 90);
    pty.wait_for_text("40 90");
}

#[test]
fn keys_reach_the_program() {
    let mut pty = shell(
        "stty raw -echo; echo ready; od -An -tx1 -N2",
        &Options::default(),
    );
    pty.wait_for_text("ready");
    pty.send_ctrl(']');
    pty.send("q");
    pty.wait_exit();
    assert!(pty.screen_text().contains("1d 71"), "{}", pty.screen_text());
}

#[test]
fn a_closed_window_is_a_hangup() {
    let script = "trap 'exit 3' HUP; echo ready; while :; do read -r _ || :; done";
    let mut pty = shell(script, &Options::default());
    pty.wait_for_text("ready");
    pty.hang_up();
    assert_eq!(pty.wait_exit().code(), Some(3));
}

#[test]
fn a_dropped_pty_takes_its_program_along() {
    let pty = shell(
        "trap '' HUP TERM INT; echo ready; exec cat",
        &Options::default(),
    );
    pty.wait_for_text("ready");
    let pid = pty.pid();
    drop(pty);
    assert!(
        rustix::process::test_kill_process(pid).is_err(),
        "{pid:?} lives"
    );
}

#[test]
fn queries_are_answered_as_the_chosen_terminal_would() {
    // Each query and its answer are one round, so that the order of the bytes is certain.
    let script = r"stty raw -echo; printf 'ab\033[6n'; od -An -c -N6;
        printf '\033[?u'; printf '\033[c'; od -An -c -N9; printf 'done'";
    let plain = shell(script, &Options::default());
    plain.wait_for_text("done");
    let text = plain.screen_text().split_whitespace().collect::<String>();
    assert!(
        text.contains("033[1;3R") && text.contains("033[?62;22c"),
        "{text}"
    );
    assert_eq!(
        plain.look(|_, keyboard| keyboard.queries().to_vec()),
        ["CPR", "kitty", "DA1"]
    );

    let kitty = shell(
        script,
        &Options {
            terminal: Terminal::KITTY,
            ..Options::default()
        },
    );
    kitty.wait_for_text("done");
    let text = kitty.screen_text().split_whitespace().collect::<String>();
    assert!(text.contains("033[?0u"), "{text}");

    let mute = shell(
        script,
        &Options {
            terminal: Terminal::MUTE,
            ..Options::default()
        },
    );
    assert!(!mute.wait_within(MOMENT, |screen| screen.contents().contains("done")));
}

#[test]
fn a_kitty_keyboard_encodes_keys_as_it_was_asked_to() {
    let script = r"printf '\033[>5u'; echo on; read -r _; printf '\033[<u'; echo off; read -r _";
    for (terminal, on) in [
        (Terminal::KITTY, &b"\x1b[93;5u"[..]),
        (Terminal::PLAIN, b"\x1d"),
    ] {
        let pty = shell(
            script,
            &Options {
                terminal,
                ..Options::default()
            },
        );
        pty.wait_for_text("on");
        assert_eq!(
            pty.look(|_, keyboard| keyboard.ctrl(']')),
            on,
            "{terminal:?}"
        );
        pty.send("\n");
        pty.wait_for_text("off");
        assert_eq!(pty.look(|_, keyboard| keyboard.ctrl(']')), b"\x1d");
    }
}

#[test]
fn modes_that_were_left_on_are_named() {
    let script = r"printf '\033[?1049h\033[?2004h\033[?1004h\033[?1000h'; echo on; read -r _;
        printf '\033[?1000l\033[?1004l\033[?2004l\033[?1049l'; echo off; read -r _";
    let pty = shell(script, &Options::default());
    pty.wait_for_text("on");
    assert_eq!(
        pty.leftovers(),
        ["alternate screen", "bracketed paste", "mouse", "mode 1004"]
    );
    pty.send("\n");
    pty.wait_for_text("off");
    assert!(pty.leftovers().is_empty(), "{:?}", pty.leftovers());
}

// --- engine ---

#[test]
fn the_gate_knows_its_three_words() {
    assert_eq!(Gate::parse(None), Gate::Auto);
    assert_eq!(Gate::Auto.decide(None), Ok(()));
    assert_eq!(
        Gate::Auto.decide(Some("no socket")),
        Err("no socket".to_owned())
    );
    assert!(Gate::parse(Some("off")).decide(None).is_err());
    assert!(fails(|| drop(Gate::Require.decide(Some("no socket")))).contains("no socket"));
    assert!(fails(|| assert_eq!(Gate::parse(Some("requier")), Gate::Require)).contains("requier"));
}

#[test]
fn an_instance_finds_and_removes_what_it_left() {
    let Some(docker) = engine::required("an_instance_finds_and_removes_what_it_left") else {
        return;
    };
    let (mine, other) = (Instance::new(&docker), Instance::new(&docker));
    assert_ne!(mine.name(), other.name());
    mine.assert_nothing_left();
    docker.ok(&["volume", "create", &mine.label()]);
    docker.ok(&[
        "volume",
        "create",
        &format!("hal9000-state-{}", mine.name()),
    ]);
    docker.ok(&[
        "network",
        "create",
        &mine.label(),
        &format!("net-{}", mine.name()),
    ]);
    assert_eq!(mine.left().len(), 3, "{:?}", mine.left());
    assert!(fails(|| mine.assert_nothing_left()).contains("network net-"));
    other.assert_nothing_left();
    mine.remove_all();
    mine.assert_nothing_left();
}

// --- sandbox ---

#[test]
fn a_sandbox_is_an_ordinary_user_on_a_clean_machine() {
    let sandbox = Sandbox::new().env("EXTRA", "1");
    let output = finish(sandbox.program("/usr/bin/env", &[]), b"").expect_code(0);
    let mut names: Vec<_> = output
        .stdout
        .lines()
        .filter_map(|line| line.split('=').next())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "EXTRA",
            "HAL9000_INSTANCE",
            "HOME",
            "LANG",
            "PATH",
            "TERM",
            "TMPDIR",
            "USER",
            "XDG_CONFIG_HOME",
            "XDG_RUNTIME_DIR",
            "XDG_STATE_HOME"
        ]
    );
    let script =
        "id -u; pwd; touch \"$HOME/a\" \"$XDG_RUNTIME_DIR/b\" c; stat -c %a \"$XDG_RUNTIME_DIR\"";
    let output = finish(sandbox.program("/bin/sh", &["-c", script]), b"").expect_code(0);
    if let Some(user) = sandbox.user() {
        assert!(
            output.stdout.starts_with(&user.uid.to_string()),
            "{output:?}"
        );
    }
    assert!(
        sandbox.normal(&output.stdout).contains("$PROJECT\n"),
        "{output:?}"
    );
    assert!(output.stdout.ends_with("700\n"), "{output:?}");
}

#[test]
fn a_sandbox_feeds_stdin_and_tells_the_status() {
    let sandbox = Sandbox::new();
    let much = vec![b'x'; 1 << 20];
    let output = finish(
        sandbox.program("/bin/sh", &["-c", "wc -c; echo no >&2; exit 9"]),
        &much,
    );
    assert_eq!(output.stdout.trim(), "1048576");
    assert_eq!((output.stderr.as_str(), output.code()), ("no\n", Some(9)));
    assert!(fails(|| drop(output.expect_code(0))).contains("no\\n"));
}

#[test]
fn a_sandbox_runs_the_binary_and_a_terminal() {
    let sandbox = Sandbox::new();
    sandbox.run(&["--version"]).expect_code(0);
    sandbox.pty(&["--version"]).wait_exit();
    let project = sandbox.make_project("a b", &[("src/main.rs", "fn main() {}\n")]);
    let sandbox = sandbox.dir(&project);
    let mut pty = sandbox.pty_with(
        "/bin/sh",
        &["-c", "find .; test -O . -a -w /dev/tty"],
        &Options::default(),
    );
    assert!(pty.wait_exit().success(), "{}", pty.screen_text());
    assert!(pty.screen_text().contains("./src/main.rs"));
}

#[test]
fn a_sandbox_user_may_use_the_engine() {
    let Some(docker) = engine::required("a_sandbox_user_may_use_the_engine") else {
        return;
    };
    let instance = Instance::new(&docker);
    let sandbox = Sandbox::new().instance(&instance);
    let script = "docker version --format '{{.Server.Version}}'; echo $HAL9000_INSTANCE";
    let output = finish(sandbox.program("/bin/sh", &["-c", script]), b"").expect_code(0);
    assert!(
        sandbox.normal(&output.stdout).ends_with("$INSTANCE\n"),
        "{output:?}"
    );
}
