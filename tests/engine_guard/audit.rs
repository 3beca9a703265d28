//! What a guard decided can be read, as it happens and afterwards, and has no secret in it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::symlink;
use std::process::{Command, Output, Stdio};

use hal9000::vars;

use crate::guarded::Guarded;

/// From this size on a guard begins a new file.
const LARGEST: usize = 10 * 1024 * 1024;

/// What must be nowhere.
const SECRET: &str = "hunter2-does-not-belong-here";

/// `hal-9000 audit …` where the guard's state is the one of its session.
fn audit(guarded: &Guarded, words: &[&str]) -> Command {
    let guards = guarded.path("xdg").join("hal-9000/guard-audited");
    if !guards.exists() {
        fs::create_dir_all(&guards).unwrap();
        symlink(guarded.path("state"), guards.join(guarded.instance.name())).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_hal-9000"));
    command.arg("audit").args(words);
    command
        .env("XDG_STATE_HOME", guarded.path("xdg"))
        .env(vars::INSTANCE, "audited");
    command
}

fn output(mut command: Command) -> (Option<i32>, String) {
    let Output { status, stdout, .. } = command.output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap())
}

/// A request with a secret wherever one can be.
fn ask(guarded: &Guarded, request: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    let text = format!(
        "{request} HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n{headers}\r\n{body}"
    );
    guarded.bytes(true, text.as_bytes())
}

#[test]
fn decisions_are_read_back_without_secrets() {
    let Some(mut guarded) = Guarded::new("decisions_are_read_back_without_secrets") else {
        return;
    };
    let session = guarded.instance.name().to_owned();
    let secret = SECRET;
    let script = "docker create --name $N -e TOKEN=$S --label x=$S $I sh -c \"echo $S\" >/dev/null
        printf 'FROM %s\\nARG TOKEN\\n' $I | docker build -q --build-arg TOKEN=$S --label y=$S - >/dev/null
        docker run --rm --privileged -e TOKEN=$S $I true 2>/dev/null; docker rm $N >/dev/null"
        .replace("$S", secret);
    guarded.script(true, "audited", &script);
    let auth = format!("X-Registry-Auth: {secret}\r\nAuthorization: {secret}\r\n");
    ask(&guarded, "POST /v1.41/images/nope:1/push", &auth, "");
    let body = format!("{{\"username\":\"u\",\"password\":\"{secret}\",\"odd\":\"{secret}\"}}");
    ask(&guarded, "POST /v1.41/auth", &auth, &body);
    let changes = format!("POST /v1.41/commit?container=x&changes=ENV%20A={secret}");
    ask(&guarded, &changes, "", "");
    ask(
        &guarded,
        &format!("POST /v1.41/nope?token={secret}"),
        &auth,
        "",
    );

    let (status, text) = output(audit(&guarded, &[&session]));
    assert_eq!(status, Some(0));
    for (outcome, path, rest) in [
        (
            "rewritten",
            "/containers/create",
            "changed Labels (HAL-G-LABEL)",
        ),
        (
            "refused",
            "/containers/create",
            "HAL-G-PRIVILEGED: HostConfig.Privileged",
        ),
        ("allowed", "/build", ""),
        ("refused", "/nope", "HAL-G-ROUTE"),
        ("refused", "/auth", "HAL-G-JSON-UNKNOWN: odd"),
        ("allowed", "/images/nope:1/push", ""),
    ] {
        let found = text.lines().any(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            words[2] == session
                && words[3] == outcome
                && words[5].ends_with(path)
                && line.contains(rest)
        });
        assert!(found, "{outcome} {path} {rest} is not in\n{text}");
    }
    let (_, lines) = output(audit(&guarded, &["--json"]));
    let kept = fs::read_to_string(guarded.path("state/audit.jsonl")).unwrap();
    assert_eq!(lines, kept);
    for written in [&text, &lines] {
        assert!(!written.contains(secret), "{written}");
    }

    // A new file is begun where the old one is full, under the eyes of whoever follows.
    let filler = kept.lines().next().unwrap();
    let many = format!("{filler}\n").repeat(LARGEST / filler.len() + 1);
    fs::write(guarded.path("state/audit.jsonl"), &many).unwrap();
    guarded.restart();
    let mut command = audit(&guarded, &[&session, "-f", "--json"]);
    let mut following = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(following.stdout.take().unwrap()).lines();
    for _ in 0..many.lines().count() {
        assert_eq!(lines.next().unwrap().unwrap(), filler);
    }
    for number in 0..3 {
        ask(&guarded, &format!("POST /v1.41/new-{number}"), "", "");
        let line = lines.next().unwrap().unwrap();
        assert!(
            line.contains(&format!("\"path\":\"/v1.41/new-{number}\"")),
            "{line}"
        );
    }
    let old = fs::metadata(guarded.path("state/audit.jsonl.old")).unwrap();
    assert_eq!(old.len(), many.len() as u64);
    drop(lines);
    assert_eq!(following.wait().unwrap().code(), Some(0));
}
