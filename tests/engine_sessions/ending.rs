//! Why a session ended, said by whoever started it.

use crate::support::nested;

/// A line of the session's end, with these words.
#[track_caller]
fn said(stderr: &str, words: &[&str]) {
    let found = stderr
        .lines()
        .any(|line| words.iter().all(|word| line.contains(word)));
    assert!(found, "{words:?}: {stderr}");
}

#[test]
fn a_limit_that_ended_a_session_is_named_with_its_flag() {
    let bench = bench!("a_limit_that_ended_a_session_is_named_with_its_flag");
    let memory = ["--memory", "48m", "shell", "perl", "-e"];
    let grow = "print qq(begun\\n); $x .= 'a' x (1 << 20) for 1 .. 400";
    let done = bench.sandbox.run(&[&memory[..], &[grow]].concat());
    let done = done.expect_code(137);
    said(
        &done.stderr,
        &["was killed: the session has 48m of memory", "`--memory`"],
    );

    // A part of it, which what ran it survived.
    let script = format!("perl -e \"{grow}\" | tail -n 1; exit 3").replace('$', "\\$");
    let words = ["--memory", "48m", "shell", "sh", "-c", &script];
    let done = bench.sandbox.run(&words).expect_code(3);
    said(
        &done.stderr,
        &["a process of hal-9000-", "48m", "`--memory`"],
    );

    // As programs do that try again, it lives on for a while.
    let many = "while (1) { my $pid = fork; last unless defined $pid; sleep 60, exit unless $pid } sleep 1; exit 4";
    let words = ["--pids-limit", "30", "shell", "perl", "-e", many];
    let done = bench.sandbox.run(&words).expect_code(4);
    if nested::is_around() {
        // its processes are another machine's, as with an engine in a virtual one
        return;
    }
    said(
        &done.stderr,
        &[
            "a process could not be started",
            "can have 30",
            "`--pids-limit`",
        ],
    );
}

#[test]
fn an_end_of_its_own_needs_no_reason() {
    let bench = bench!("an_end_of_its_own_needs_no_reason");
    for (script, status) in [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)] {
        let done = bench.sandbox.run(&["shell", "sh", "-c", script]);
        let said = done.expect_code(status).stderr;
        assert!(!said.contains("warning"), "{script}: {said}");
    }
}
