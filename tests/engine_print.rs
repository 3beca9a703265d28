//! `--print` and `--explain`: what they show is what is run, all of it, and showing changes nothing.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests start programs, and fail by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use hal9000::dockercli::CreateRequest;
use hal9000::engine::{Containers as _, Docker as Api};
use hal9000::model::EngineKind;
use hal9000::vars;
use serde_json::Value;
use support::inspect;
use support::pty::Options;
use support::sandbox::finish;
use support::session::{Bench, Piped};

/// A session that says that it runs, and ends with its input.
const SESSION: &[&str] = &["shell", "sh", "-c", "printf 'ready: %s\\n' \"$PWD\"; cat"];

/// Names of projects that a shell, docker's CSV or docker's volumes could trip over.
/// A guarded docker is not in what is printed: a guard is started with its session.
fn bench(test: &str) -> Option<Bench> {
    let mut bench = Bench::new(test)?;
    bench.sandbox = bench.sandbox.env(vars::DOCKER, "host");
    Some(bench)
}

const NASTY: &[&str] = &[
    "plain",
    "it's \"here\" $HOME `id` \\n \\",
    "a,b=c,readonly co:lon",
    "new\nline  ",
    "-rf *",
    "ünïcödé €",
];

/// The only container of the instance once it runs, then its end.
fn look(bench: &Bench, command: Command, place: &Path) -> Value {
    let mut session = Piped::spawn(command);
    // A path with a line break in it takes several lines.
    let mut said = session.line();
    for _ in place.to_str().unwrap().matches('\n') {
        said = format!("{said}\n{}", session.line());
    }
    let expected = format!("ready: {}", place.display());
    assert_eq!(said, expected.trim_end());
    let names = bench.containers();
    let found = inspect::container(&bench.docker, &names[0]);
    assert_eq!(names.len(), 1);
    let (status, _) = session.end();
    assert!(status.success());
    found
}

#[track_caller]
fn same(started: &Value, printed: &Value) {
    let found = inspect::differences(("the start", started), ("what was printed", printed));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_printed_line_is_the_session() {
    let Some(mut bench) = bench("the_printed_line_is_the_session") else {
        return;
    };
    let options = [
        "-e",
        "A=b 'c'\n$d",
        "-e",
        "HERE",
        "--read-only",
        "--memory",
        "1g",
    ];
    bench.sandbox = bench.sandbox.env("HERE", "from here");
    for name in NASTY {
        let project = bench.sandbox.make_project(name, &[]);
        bench.sandbox = bench.sandbox.dir(&project);
        let started = look(
            &bench,
            bench.sandbox.command(&[&options, SESSION].concat()),
            &project,
        );
        let text = bench.ok(&[&options[..], &["--print"], SESSION].concat());
        let pasted = bench.sandbox.program("/bin/sh", &["-c", &text]);
        same(&started, &look(&bench, pasted, &project));
        let json = bench.ok(&[&options[..], &["--print=json"], SESSION].concat());
        let json: Value = serde_json::from_str(&json).unwrap();
        let argv: Vec<&str> = json["argv"]
            .as_array()
            .unwrap()
            .iter()
            .map(|w| w.as_str().unwrap())
            .collect();
        let run = bench.sandbox.program(argv[0], &argv[1..]);
        same(&started, &look(&bench, run, &project));
    }
    bench.end();
}

#[test]
fn one_word_a_line() {
    let Some(bench) = bench("one_word_a_line") else {
        return;
    };
    let text = bench.ok(&["--print=argv", "-e", "A=b c", "shell", "echo", "d e"]);
    let json = bench.ok(&["--print=json", "-e", "A=b c", "shell", "echo", "d e"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(json["argv"], serde_json::json!(lines));
    assert!(
        lines[0].ends_with("/docker") && lines.ends_with(&["--", "echo", "d e"]),
        "{text}"
    );
    // A word with a line break in it cannot be told from two.
    let broken = bench
        .run(&["--print=argv", "shell", "echo", "d\ne"])
        .expect_code(2);
    assert!(broken.stderr.contains("--print=json"), "{}", broken.stderr);
    bench.end();
}

#[test]
fn the_printed_body_is_the_session() {
    let Some(bench) = bench("the_printed_body_is_the_session") else {
        return;
    };
    let started = look(
        &bench,
        bench.sandbox.command(SESSION),
        bench.sandbox.project(),
    );
    let json = bench.ok(&[&["--print=json"], SESSION].concat());
    let json: Value = serde_json::from_str(&json).unwrap();
    let request = CreateRequest {
        name: json["create"]["name"].as_str().unwrap().to_owned(),
        body: serde_json::from_value(json["create"]["body"].clone()).unwrap(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let api = Api::connect(Path::new("/var/run/docker.sock"), 41, EngineKind::Docker).unwrap();
        api.create(&request).await.unwrap();
    });
    let mut client = bench
        .docker
        .command(&["start", "--attach", "--interactive", &request.name]);
    client.env("DOCKER_HOST", "unix:///var/run/docker.sock");
    same(&started, &look(&bench, client, bench.sandbox.project()));
    bench.end();
}

#[test]
fn on_a_terminal_the_line_has_a_terminal() {
    let Some(bench) = bench("on_a_terminal_the_line_has_a_terminal") else {
        return;
    };
    // Standard error is the same terminal; it is kept apart in a file.
    let script = format!("{} --print shell 2>said", bench.sandbox.binary());
    let mut pty = bench
        .sandbox
        .pty_with("/bin/sh", &["-c", &script], &Options::default());
    assert!(pty.wait_exit().success());
    let text = String::from_utf8(pty.raw()).unwrap().replace("\r\n", "\n");
    for words in ["--interactive --tty", "--detach-keys", "--sig-proxy=false"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let name = |found: &Value| found["Config"]["Env"].to_string();
    let inside = |program: &str, args: &[&str]| {
        let mut pty = bench.sandbox.pty_with(program, args, &Options::default());
        pty.send("echo rea''dy\n");
        pty.wait_for_text("ready");
        let names = bench.containers();
        let found = inspect::container(&bench.docker, &names[0]);
        pty.send("exit 3\n");
        assert_eq!(pty.wait_exit().code(), Some(3));
        found
    };
    let started = inside(&bench.sandbox.binary(), &["shell"]);
    let pasted = inside("/bin/sh", &["-c", &text]);
    assert!(name(&started).contains(vars::SESSION));
    same(&started, &pasted);
    bench.end();
}

/// What is explained: the words of a flag, and what is said about it.
fn explained(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("    "), found.last_mut()) {
            (Some(why), Some((_, said))) => said.push_str(why),
            _ => found.push((line.to_owned(), String::new())),
        }
    }
    found
}

/// Nothing is left out, and everything has a reason and an origin.
fn complete(all: &[(String, String)], json: &str) {
    let argv: Vec<String> = serde_json::from_str::<Value>(json).unwrap()["argv"]
        .as_array()
        .unwrap()
        .iter()
        .skip(1)
        .map(|word| word.as_str().unwrap().to_owned())
        .collect();
    let words: Vec<String> = all
        .iter()
        .flat_map(|(flag, _)| shell_words::split(flag).unwrap())
        .collect();
    assert_eq!(words, argv);
    for (flag, said) in all {
        let (why, origin) = said.split_once(" [").unwrap_or_default();
        assert!(
            why.len() > 5 && origin.len() > 5 && said.ends_with(']'),
            "{flag}: {said:?}"
        );
    }
}

#[test]
fn every_flag_has_a_reason_and_an_origin() {
    let Some(mut bench) = bench("every_flag_has_a_reason_and_an_origin") else {
        return;
    };
    let secret = bench.sandbox.write("home/key", "s3cret");
    let bundle = bench.sandbox.write("home/ca.pem", "pem");
    let user = format!(
        "ca_bundle = {bundle:?}\ndetach_keys = \"ctrl-x\"\n[limits]\nmemory = \"3g\"\ncpus = 3\n\
         [secrets]\nAPI_KEY = {secret:?}\n"
    );
    let user = bench
        .sandbox
        .write("home/.config/hal-9000/config.toml", &user);
    let project = bench.sandbox.write(
        "home/project/.hal-9000.toml",
        "workdir = \"host\"\n[limits]\ncpus = 1\n",
    );
    bench.sandbox = bench
        .sandbox
        .env(vars::PIDS_LIMIT, "333")
        .env(vars::PROFILE, "base")
        .env("COLORTERM", "24bit")
        .env("VTE_VERSION", "7600")
        .env("WT_SESSION", "a-b")
        .env("TMUX_PANE", "%1")
        .env("NO_COLOR", "yes")
        .env("TZ", "Europe/Berlin");
    let options = [
        "--yes",
        "--detach",
        "--docker=host",
        "-e",
        "A=b",
        "-e",
        "TERM",
        "-v",
        "data:/data",
        "--publish",
        "127.0.0.1::80",
        "--network",
        "bridge",
        "--name",
        "mine-1",
        "--read-only",
        "-H",
        "unix:///var/run/docker.sock",
    ];
    let text = bench.ok(&[&options[..], &["--explain", "shell"]].concat());
    let json = bench.ok(&[&options[..], &["--print=json", "shell"]].concat());
    let all = explained(&text);
    complete(&all, &json);
    let by_flag: BTreeMap<&str, &str> = all.iter().map(|(f, s)| (f.as_str(), s.as_str())).collect();
    let (user, project) = (user.display(), project.display());
    for (flag, origin) in [
        ("--memory", format!("[user file {user}:4]")),
        ("--cpus", format!("[project file {project}:3]")),
        ("--pids-limit", format!("[variable {}]", vars::PIDS_LIMIT)),
        ("hal9000/worker:", format!("[variable {}]", vars::PROFILE)),
        ("--init", "[built in]".to_owned()),
        ("--host", "[flag --host]".to_owned()),
        ("--name", "[flag --name]".to_owned()),
        ("--network", "[flag --network]".to_owned()),
        ("--publish", "[flag --publish]".to_owned()),
        ("--volume", "[flag --volume]".to_owned()),
        ("--detach", "[flag --detach]".to_owned()),
        ("--env 'A=b'", "[flag --env]".to_owned()),
        ("--env TERM", "[flag --env]".to_owned()),
        ("--env 'TZ=", "[variable TZ]".to_owned()),
        ("--env 'COLORTERM=", "[variable COLORTERM]".to_owned()),
        (
            "--env 'VTE_VERSION=7600'",
            "[variable VTE_VERSION]".to_owned(),
        ),
        ("--env 'WT_SESSION=1'", "[variable WT_SESSION]".to_owned()),
        ("--env 'NO_COLOR=yes'", "[variable NO_COLOR]".to_owned()),
        ("--env 'SSL_CERT_FILE=", format!("[user file {user}:1]")),
        (
            "--mount 'type=bind,source=/var/run/docker.sock",
            "[flag --docker]".to_owned(),
        ),
        (
            &format!("--mount 'type=bind,source={}", secret.display()),
            format!("[user file {user}:7]"),
        ),
        (
            &format!(
                "--mount 'type=bind,source={},target=/workspace",
                bench.sandbox.project().display()
            ),
            "[flag --read-only]".to_owned(),
        ),
        ("--workdir", format!("[project file {project}:1]")),
    ] {
        let found = by_flag.iter().find(|(words, _)| words.starts_with(flag));
        let (_, said) = found.unwrap_or_else(|| panic!("{flag} is not in {text}"));
        assert!(said.ends_with(&origin), "{flag}: {said}, not {origin}");
    }
    assert!(!text.contains("s3cret") && !json.contains("s3cret"));
    bench.end();
}

#[test]
fn on_a_terminal_the_keys_are_explained() {
    let Some(mut bench) = bench("on_a_terminal_the_keys_are_explained") else {
        return;
    };
    bench.sandbox = bench
        .sandbox
        .env(vars::DETACH_KEYS, "ctrl-x,q")
        .env("TERM", "");
    let options = Options {
        cols: 200,
        rows: 200,
        ..Options::default()
    };
    let mut pty = bench.sandbox.pty_with(
        &bench.sandbox.binary(),
        &["--explain", "--no-limits"],
        &options,
    );
    assert!(pty.wait_exit().success());
    let all = explained(&pty.screen_text());
    let said = |flag: &str| {
        let found = all.iter().find(|(words, _)| words.starts_with(flag));
        found.map(|(_, said)| said.clone()).unwrap_or_default()
    };
    assert!(said("--detach-keys").ends_with(&format!("[variable {}]", vars::DETACH_KEYS)));
    assert!(said("'--sig-proxy=false'").ends_with("[built in]"));
    assert!(said("--rm").ends_with("[built in]"));
    assert!(said("--interactive --tty").contains("[found: "));
    // A value of ours in place of one that is not set here.
    assert!(
        said("--env 'TERM=xterm-256color'").ends_with("[built in]"),
        "{all:?}"
    );
    assert_eq!(said("--memory"), "");
    bench.end();
}

/// Every file below a directory.
fn files(root: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(root).unwrap().flatten() {
        found.push(entry.path().display().to_string());
        if entry.path().is_dir() {
            files(&entry.path(), found);
        }
    }
    found.sort();
}

#[test]
fn showing_changes_nothing() {
    let Some(mut bench) = bench("showing_changes_nothing") else {
        return;
    };
    let version = "9.87.654";
    bench.sandbox = bench.sandbox.env(vars::CLAUDE_VERSION, version);
    let own = format!("nope{}", bench.instance.name());
    let dockerfile = format!("home/.config/hal-9000/profiles/{own}/Dockerfile");
    bench
        .sandbox
        .write(&dockerfile, "FROM scratch\nCOPY Dockerfile /\n");
    let (mut before, mut after) = (Vec::new(), Vec::new());
    files(bench.sandbox.root(), &mut before);
    for profile in ["base", &own] {
        for how in ["--print", "--print=json", "--print=argv", "--explain"] {
            let done = bench.run(&[how, "-p", profile, "-d"]).expect_code(0);
            assert!(
                done.stderr.contains("hal-9000 image build"),
                "{}",
                done.stderr
            );
            assert!(done.stdout.contains(version) && done.stdout.contains(profile));
        }
    }
    files(bench.sandbox.root(), &mut after);
    assert_eq!(before, after);
    assert_eq!(bench.instance.left(), Vec::<String>::new());
    let everything = [
        bench.docker.ok(&["images", "--all"]),
        bench.docker.ok(&["volume", "ls"]),
        bench.docker.ok(&["ps", "--all"]),
    ];
    for list in everything {
        assert!(!list.contains(version) && !list.contains(&own), "{list}");
    }
    bench.end();
}

#[test]
fn of_a_running_session_the_way_back_is_shown() {
    let Some(bench) = bench("of_a_running_session_the_way_back_is_shown") else {
        return;
    };
    let name = bench.ok(&["--detach", "shell"]);
    let text = bench.ok(&["--print", "--detach", "shell"]);
    assert!(text.contains(" attach ") && text.ends_with(&name), "{text}");
    let json = bench.ok(&["--print=json", "--detach", "shell"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        json["argv"].as_array().unwrap().last().unwrap(),
        name.as_str()
    );
    let explained = bench.ok(&["--explain", "--detach", "shell"]);
    assert!(explained.contains("runs"), "{explained}");
    let other = bench.ok(&["--print", "--detach", "--new", "shell"]);
    assert!(other.contains(&format!("--name {name}-2")), "{other}");
    bench.ok(&["kill", &name]);
    bench.end();
}

#[test]
fn the_printed_line_needs_nothing_of_ours() {
    let Some(bench) = bench("the_printed_line_needs_nothing_of_ours") else {
        return;
    };
    let text = bench.ok(&["--print", "shell", "id", "-un"]);
    // Another directory, no configuration, nothing but a shell.
    let mut command = bench.sandbox.program("/bin/sh", &["-c", &text]);
    command.env_clear().current_dir("/");
    assert_eq!(finish(command, b"").expect_code(0).stdout, "claude\n");
    bench.end();
}
