//! Sessions from outside: started in the background, listed, joined, looked at, ended.

use serde_json::Value;

use crate::support::pty::Options;
use crate::support::session::{Bench, Piped};

fn json(bench: &Bench) -> Vec<Value> {
    let text = bench.ok(&["sessions", "--json"]);
    let all: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(all["schema"], 1);
    all["sessions"].as_array().unwrap().clone()
}

#[test]
fn in_the_background() {
    let bench = bench!("in_the_background");
    assert_eq!(bench.run(&["sessions"]).expect_code(0).stdout, "");
    assert_eq!(json(&bench), Vec::<Value>::new());
    let started = bench.run(&["--detach", "shell"]).expect_code(0);
    let name = started.stdout.trim_end().to_owned();
    assert_eq!(started.stdout, format!("{name}\n"));
    assert_eq!(bench.containers(), [name.as_str()]);

    let table = bench.ok(&["sessions"]);
    let row = table.lines().nth(1).unwrap();
    for word in [
        &name,
        bench.sandbox.project().to_str().unwrap(),
        "shell",
        "base",
        "Up",
    ] {
        assert!(row.contains(word), "{word}: {table}");
    }
    assert_eq!(bench.ok(&["ls"]).lines().next(), table.lines().next());
    let all = json(&bench);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["name"], name.as_str());
    assert_eq!(all[0]["running"], true);
    assert_eq!(all[0]["project"], bench.sandbox.project().to_str().unwrap());

    // Once more is the same one; `--new` is another.
    assert_eq!(bench.ok(&["--detach", "shell"]), name);
    let second = bench.ok(&["--detach", "--new", "shell"]);
    assert_eq!(second, format!("{name}-2"));
    assert_eq!(
        bench.ok(&["--detach", "--new", "shell"]),
        format!("{name}-3")
    );
    assert_eq!(json(&bench).len(), 3);
    assert_eq!(bench.ok(&["kill", &second]), second);
    assert_eq!(bench.ok(&["--detach", "--new", "shell"]), second);
    // By the end of its name, by its project where that is one session.
    assert_eq!(
        bench.ok(&["kill", second.strip_prefix("hal-9000-").unwrap()]),
        second
    );
    let ended = bench.ok(&["kill", "--all", "--json"]);
    let ended: Value = serde_json::from_str(&ended).unwrap();
    assert_eq!(ended["ended"].as_array().unwrap().len(), 2);
    assert_eq!(bench.ok(&["kill", "--all"]), "");
    bench.end();
}

#[test]
fn a_name_of_ones_own() {
    let bench = bench!("a_name_of_ones_own");
    let mine = format!("{}-mine", bench.instance.name());
    assert_eq!(bench.ok(&["--name", &mine, "--detach", "shell"]), mine);
    assert_eq!(bench.ok(&["--name", &mine, "--detach", "shell"]), mine);
    let taken = bench
        .run(&["--name", &mine, "shell", "true"])
        .expect_code(125);
    assert!(
        taken.stderr.contains("is taken") && taken.stderr.contains("hint:"),
        "{}",
        taken.stderr
    );
    assert_eq!(bench.ok(&["kill", &mine]), mine);
    bench.end();
}

#[test]
fn a_name_is_free_once_its_session_is_ended() {
    let bench = bench!("a_name_is_free_once_its_session_is_ended");
    let words = ["shell", "sh", "-c", "echo $HAL9000_SESSION; exec cat"];
    let mut names = Vec::new();
    for _ in 0..5 {
        let mut session = Piped::spawn(bench.sandbox.command(&words));
        let name = session.line();
        // The engine removes it by itself (`--rm`), in its own time; nobody waits for that here.
        assert_eq!(bench.ok(&["kill", &name]), name);
        // Its client has the name as long as it lives.
        session.end();
        names.push(name);
    }
    names.dedup();
    assert_eq!(names.len(), 1, "{names:?}");
    bench.end();
}

#[test]
fn what_is_not_there() {
    let bench = bench!("what_is_not_there");
    for words in [
        vec!["kill", "nobody"],
        vec!["attach", "nobody"],
        vec!["logs", "nobody"],
    ] {
        let done = bench.run(&words).expect_code(5);
        assert!(
            done.stderr.contains("no session `nobody`"),
            "{}",
            done.stderr
        );
        assert_eq!(done.stdout, "");
    }
    let here = bench.run(&["attach"]).expect_code(5);
    assert!(
        here.stderr.contains("no session runs in"),
        "{}",
        here.stderr
    );
    // One unknown name ends none.
    let name = bench.ok(&["--detach", "shell"]);
    let done = bench.run(&["kill", &name, "nobody"]).expect_code(5);
    assert!(done.stderr.contains(&name), "{}", done.stderr);
    assert_eq!(bench.containers(), [name.as_str()]);
    let json = bench.run(&["kill", "nobody", "--json"]).expect_code(5);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["error"]["kind"], "no-such-session");
    // The same name twice is one session.
    assert_eq!(bench.ok(&["kill", &name, &name]), name);
    bench.end();
}

#[test]
fn an_ended_session_is_looked_at_and_replaced() {
    let bench = bench!("an_ended_session_is_looked_at_and_replaced");
    let script = "echo out; echo err >&2; exit 3";
    let name = bench.ok(&["--detach", "shell", "sh", "-c", script]);
    bench.docker.ok(&["wait", &name]);
    let logs = bench.ok(&["logs", &name]);
    assert!(logs.contains("out") && logs.contains("err"), "{logs}");
    assert_eq!(bench.ok(&["logs", "--follow", &name]), logs);
    let listed = json(&bench);
    assert_eq!((&listed[0]["running"], listed.len()), (&false.into(), 1));
    let status = listed[0]["status"].as_str().unwrap();
    assert!(status.contains("Exited (3)"), "{status}");
    let gone = bench.run(&["attach", &name]).expect_code(5);
    assert!(
        gone.stderr.contains("has ended") && gone.stderr.contains("logs"),
        "{}",
        gone.stderr
    );
    let before = bench.field(&name, "{{.Id}}");
    assert_eq!(bench.ok(&["--detach", "shell", "sh", "-c", "cat"]), name);
    assert_ne!(bench.field(&name, "{{.Id}}"), before);
    assert_eq!(bench.ok(&["kill", &name]), name);
    // In the foreground, too.
    let name = bench.ok(&["--detach", "shell", "true"]);
    bench.docker.ok(&["wait", &name]);
    assert_eq!(bench.ok(&["shell", "echo", "hi"]), "hi");
    bench.end();
}

#[test]
fn ending_gives_time_to_end() {
    let bench = bench!("ending_gives_time_to_end");
    let script = "trap 'echo last words > ended; exit 0' TERM; echo ready > began; while :; do sleep 0.1; done";
    let name = bench.ok(&["--detach", "shell", "bash", "-c", script]);
    let began = bench.sandbox.project().join("began");
    let begun = std::time::Instant::now();
    while std::fs::read_to_string(&began).ok().as_deref() != Some("ready\n") {
        assert!(begun.elapsed() < crate::support::PATIENCE);
        std::thread::yield_now();
    }
    assert_eq!(bench.ok(&["kill", &name]), name);
    let said = std::fs::read_to_string(bench.sandbox.project().join("ended")).unwrap();
    assert_eq!(said, "last words\n");
    bench.end();
}

/// The engine's clock is ours: it is on this machine.
fn now() -> String {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap();
    format!("{}.{:09}", since.as_secs(), since.subsec_nanos())
}

#[test]
fn a_shell_is_hung_up() {
    let bench = bench!("a_shell_is_hung_up");
    let since = now();
    // A shell that ignores SIGTERM, as an interactive one does, and is killed after ten seconds.
    let name = bench.ok(&["--detach", "shell"]);
    let mut pty = bench.sandbox.pty(&["shell"]);
    pty.send("echo at ho''me\n");
    pty.wait_for_text("at home");
    assert_eq!(bench.ok(&["kill", &name]), name);
    let filter = format!("--filter=container={name}");
    let died = bench.docker.ok(&[
        "events",
        "--since",
        &since,
        "--until",
        &now(),
        &filter,
        "--filter=event=die",
        "--format={{.Actor.Attributes.exitCode}}",
    ]);
    assert_eq!(died, "129");
    assert_eq!(pty.wait_exit().code(), Some(129));
    bench.end();
}

#[test]
fn a_second_start_joins() {
    let bench = bench!("a_second_start_joins");
    let mut first = bench.sandbox.pty(&["shell"]);
    first.send("MARK=mar''ked; echo $MARK\n");
    first.wait_for_text("marked");
    let name = bench.containers().remove(0);
    let second = bench.sandbox.pty(&["shell"]);
    second.wait_for_text(&format!("joined {name}"));
    second.send("echo again-$MARK\n");
    second.wait_for_text("again-marked");
    // Both see it, and there is one.
    first.wait_for_text("again-marked");
    assert_eq!(bench.containers(), [name.as_str()]);
    // Claude is another thing to run: it is not joined, and neither is a command.
    let other = bench.ok(&["--print", "--detach"]);
    assert!(other.contains(&format!("--name {name}-2")), "{other}");
    assert_eq!(bench.ok(&["shell", "echo", "beside"]), "beside");
    // Without a terminal nobody could see what was joined.
    assert_eq!(
        bench
            .sandbox
            .feed(&["shell"], b"echo piped $0\n")
            .expect_code(0)
            .stdout,
        "piped bash\n"
    );
    first.send("exit 4\n");
    assert_eq!(first.wait_exit().code(), Some(4));
    bench.end();
}

#[test]
fn joined_by_name_and_by_place() {
    let bench = bench!("joined_by_name_and_by_place");
    let name = bench.ok(&["--detach", "shell"]);
    for words in [vec!["attach"], vec!["attach", &name]] {
        let pty = bench.sandbox.pty(&words);
        pty.wait_for_text(&format!("joined {name}"));
        pty.send("echo he''re\n");
        pty.wait_for_text("here");
    }
    // The client was killed, the session was not.
    assert_eq!(bench.containers(), [name.as_str()]);
    let mut pty = bench
        .sandbox
        .pty_with(&bench.sandbox.binary(), &["shell"], &Options::default());
    pty.wait_for_text(&format!("joined {name}"));
    pty.send("exit 6\n");
    assert_eq!(pty.wait_exit().code(), Some(6));
    assert_eq!(bench.ok(&["kill", &name]), name);
    bench.end();
}

#[test]
fn joining_needs_a_terminal() {
    let bench = bench!("joining_needs_a_terminal");
    let name = bench.ok(&["--detach", "shell"]);
    let done = bench.run(&["attach", &name]).expect_code(1);
    assert_eq!(done.stdout, "");
    assert!(
        done.stderr.contains("terminal") && done.stderr.contains("hint:"),
        "{}",
        done.stderr
    );
    assert_eq!(bench.field(&name, "{{.State.Running}}"), "true");
    bench.ok(&["kill", &name]);
    bench.end();
}
