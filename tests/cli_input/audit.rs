//! `audit`: what was decided, of sessions that are over and without an engine.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use hal9000::vars;

use crate::support::sandbox::Sandbox;
use crate::{refused, sandbox};

/// A line of an audit.
fn line(time: &str, session: &str, path: &str) -> String {
    format!(
        "{{\"time\":\"2026-01-02T03:04:{time}Z\",\"session\":\"{session}\",\"method\":\"POST\",\
         \"path\":\"{path}\",\"outcome\":\"refused\",\"rule\":\"HAL-G-ROUTE\",\"field\":\"x\"}}\n"
    )
}

const STATE: &str = "home/.local/state/hal-9000/guard-other";

/// Two sessions that are over.
fn with_audits() -> Sandbox {
    let sandbox = sandbox().env(vars::INSTANCE, "other").env("TZ", "UTC");
    sandbox.write(
        &format!("{STATE}/hal-9000-shop/audit.jsonl.old"),
        &line("01", "hal-9000-shop", "/a"),
    );
    let shop =
        line("03", "hal-9000-shop", "/c") + &line("04", "hal-9000-shop", "/d\\u001b[2J\u{9b}");
    sandbox.write(&format!("{STATE}/hal-9000-shop/audit.jsonl"), &shop);
    sandbox.write(&format!("{STATE}/b/audit.jsonl"), &line("02", "b", "/b"));
    sandbox.write(&format!("{STATE}/begun/owned.jsonl"), "");
    sandbox
}

#[test]
fn what_is_asked_of_an_audit_is_understood_or_refused() {
    let sandbox = with_audits();
    for (words, status, said) in [
        (
            &["audit", "nope"][..],
            5,
            &[
                "no session `nope` with an audit",
                "there are: b, hal-9000-shop",
            ][..],
        ),
        (&["audit", ""], 5, &["no session"]),
        (&["audit", ".."], 5, &["no session"]),
        (&["audit", "begun"], 5, &["no session"]),
        (&["audit", "\u{1b}[2J"], 5, &["\\u{1b}"]),
        (&["audit", "--rules", "b"], 2, &["--rules"]),
        (&["audit", "--rules", "-f"], 2, &["--rules"]),
        (&["audit", "--nope"], 2, &["--nope"]),
        (&["audit", "a", "b"], 2, &["takes no further word"]),
        (&["--new", "audit"], 2, &["--new"]),
    ] {
        let done = sandbox.run(words);
        refused(&done, status, said);
        assert!(!done.stderr.contains('\u{1b}'), "{done:#?}");
    }
    let other = sandbox.env(vars::INSTANCE, "third");
    let done = other.run(&["audit"]).expect_code(0);
    assert!(
        done.stderr.contains("no audit") && done.stdout.is_empty(),
        "{done:#?}"
    );
    refused(&other.run(&["audit", "b"]), 5, &["--docker=host"]);
}

#[test]
fn all_sessions_are_shown_by_time() {
    let sandbox = with_audits();
    let done = sandbox.run(&["audit"]).expect_code(0);
    let lines: Vec<&str> = done.stdout.lines().collect();
    assert_eq!(
        lines,
        [
            "2026-01-02 03:04:01  hal-9000-shop  refused    POST   /a  HAL-G-ROUTE: x",
            "2026-01-02 03:04:02  b              refused    POST   /b  HAL-G-ROUTE: x",
            "2026-01-02 03:04:03  hal-9000-shop  refused    POST   /c  HAL-G-ROUTE: x",
            "2026-01-02 03:04:04  hal-9000-shop  refused    POST   /d\\u{1b}[2J\\u{9b}  HAL-G-ROUTE: x",
        ]
    );
    for name in ["shop", "hal-9000-shop"] {
        let done = sandbox.run(&["audit", name]).expect_code(0);
        assert_eq!(done.stdout.lines().count(), 3, "{done:#?}");
    }
    let done = sandbox.run(&["audit", "b", "--json"]).expect_code(0);
    assert_eq!(done.stdout, line("02", "b", "/b"));
    // Of engines other than the usual one.
    for (session, engine) in [("c", "one"), ("c", "two"), ("d", "one")] {
        let place = format!("{STATE}/{session}@{engine}/audit.jsonl");
        sandbox.write(&place, &line("05", session, engine));
    }
    for (session, engine) in [("c@one", "one"), ("c@two", "two"), ("d", "one")] {
        let done = sandbox.run(&["audit", session, "--json"]).expect_code(0);
        assert_eq!(done.stdout, line("05", &session[..1], engine));
    }
    refused(&sandbox.run(&["audit", "c"]), 1, &["c@one, c@two"]);
    let local = sandbox.env("TZ", "XYZ-1");
    let done = local.run(&["audit", "b"]).expect_code(0);
    assert!(
        done.stdout.starts_with("2026-01-02 04:04:02  b  "),
        "{done:#?}"
    );
}

#[test]
fn rules_are_shown_to_people_and_programs() {
    let sandbox = sandbox();
    let done = sandbox.run(&["audit", "--rules"]).expect_code(0);
    assert!(done.stdout.contains("\n  HAL-G-PRIVILEGED\n"), "{done:#?}");
    let done = sandbox.run(&["audit", "--rules", "--json"]).expect_code(0);
    let answer: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    let rules = answer["rules"].as_array().unwrap();
    assert_eq!(rules.len(), hal9000::guard::rules().count());
    for field in ["id", "area", "stops", "instead"] {
        assert!(rules.iter().all(|rule| rule[field].is_string()), "{field}");
    }
}

/// `-f` shows what comes, of sessions that begin, too, and ends when nobody reads.
#[test]
fn an_audit_is_followed_until_nobody_reads() {
    let sandbox = with_audits();
    let mut command = sandbox.command(&["audit", "-f", "--json"]);
    let mut following = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(following.stdout.take().unwrap()).lines();
    let mut said = || lines.next().unwrap().unwrap() + "\n";
    for _ in 0..4 {
        said();
    }
    let new = line("05", "new", "/e");
    sandbox.write(&format!("{STATE}/new/audit.jsonl"), &new);
    assert_eq!(said(), new);
    // a new file is begun
    let old = sandbox.root().join(format!("{STATE}/b/audit.jsonl.old"));
    std::fs::rename(sandbox.root().join(format!("{STATE}/b/audit.jsonl")), old).unwrap();
    let new = line("06", "b", "/f");
    sandbox.write(&format!("{STATE}/b/audit.jsonl"), &new);
    assert_eq!(said(), new);
    drop(lines);
    assert_eq!(following.wait().unwrap().code(), Some(0));
    let mut errors = String::new();
    following
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut errors)
        .unwrap();
    assert_eq!(errors, "");
}
