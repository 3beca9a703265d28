//! What is killed comes back, or is ended properly.

use crate::guarded::Sessions;
use crate::support::nested::{End, Suite};
use crate::support::session::Piped;
use rustix::process::{Pid, Signal, kill_process};
use std::fs::{self, File};

pub(crate) fn kill(sessions: &Sessions, session: &str) {
    let pid = sessions.process(session).unwrap();
    let pid = Pid::from_raw(pid.parse().unwrap()).unwrap();
    kill_process(pid, Signal::KILL).unwrap();
    sessions
        .house
        .until("it is gone", || sessions.process(session).is_none());
}

#[test]
fn a_guard_that_was_killed_comes_back_with_what_it_knew() {
    let sessions = guarded!("a_guard_that_was_killed_comes_back_with_what_it_knew");
    let session = sessions.house.ok(&["--detach", "shell"]);
    let name = sessions.name();
    sessions
        .docker(&session, &["create", "--name", &name, "debian:trixie-slim"])
        .unwrap();
    kill(&sessions, &session);
    let gone = sessions.docker(&session, &["ps"]).unwrap_err();
    assert!(gone.contains("Cannot connect"), "{gone}");

    // Whoever comes to the session finds it well.
    assert_eq!(sessions.house.ok(&["--detach", "shell"]), session);
    let names = sessions.docker(&session, &["ps", "--all", "--format={{.Names}}"]);
    assert_eq!(names, Ok(name));
    sessions.house.ok(&["kill", &session]);
    sessions.until_over(&session);
    assert_eq!(sessions.there("container"), [""; 0]);
    sessions.end();
}

#[test]
fn what_a_session_without_its_guard_has_left_is_removed_by_the_next_start() {
    let sessions =
        guarded!("what_a_session_without_its_guard_has_left_is_removed_by_the_next_start");
    let session = sessions.house.ok(&["--detach", "shell"]);
    let name = sessions.name();
    std::fs::create_dir(sessions.house.bench.sandbox.project().join("data")).unwrap();
    let project = sessions.house.bench.sandbox.project().join("data");
    let mount = format!(
        "--volume={}:/data",
        project.canonicalize().unwrap().display()
    );
    let run = [
        "run",
        "--detach",
        "--name",
        &name,
        &mount,
        "debian:trixie-slim",
        "sleep",
        "600",
    ];
    sessions.docker(&session, &run).unwrap();
    kill(&sessions, &session);
    sessions.house.ok(&["kill", &session]);
    assert_eq!(sessions.there("container"), [name.as_str()]);
    let other = sessions.house.bench.sandbox.make_project("other", &[]);
    let other = sessions
        .house
        .ok(&["--detach", "--shell", &other.to_string_lossy()]);
    sessions.until_over(&session);
    assert_eq!(sessions.there("container"), [""; 0]);
    sessions.house.ok(&["kill", &other]);
    sessions.until_over(&other);
    sessions.end();
}

#[test]
fn an_engine_that_is_killed_ends_sessions_and_their_guards() {
    let test = "an_engine_that_is_killed_ends_sessions_and_their_guards";
    let Some(mut sessions) = Sessions::apart(test, Suite::Trixie) else {
        return;
    };
    let name = sessions.name();
    let session = sessions.house.ok(&["--detach", "shell"]);
    let run = ["run", "--detach", "--restart=always", "--name", &name];
    let run = [&run[..], &["debian:trixie-slim", "sleep", "600"]].concat();
    sessions.docker(&session, &run).unwrap();
    // Somebody is connected to another one.
    let said = sessions.house.bench.sandbox.root().join("said");
    let words = ["--new", "shell", "sh", "-c", "echo $HAL9000_SESSION; cat"];
    let mut command = sessions.house.bench.sandbox.command(&words);
    command.stderr(File::create(&said).unwrap());
    let mut piped = Piped::spawn(command);
    let other = piped.line();
    sessions.house.engine().end(End::Killed);
    assert_ne!(piped.end().0.code(), Some(0));
    let said = fs::read_to_string(said).unwrap();
    let line = format!("the docker engine ended, or cannot be reached, while `{other}` ran");
    assert!(said.contains(&line), "{said}");
    sessions.house.engine().begin();
    sessions.until_over(&other);
    sessions.house.until("what it made is removed", || {
        sessions.there("container").is_empty() && sessions.process(&session).is_none()
    });
    // The session is there, ended; started in its place, one has docker again.
    assert_eq!(sessions.house.ok(&["--detach", "shell"]), session);
    assert_eq!(
        sessions.docker(&session, &["ps", "--all", "--quiet"]),
        Ok(String::new())
    );
    sessions.house.ok(&["kill", &session]);
    sessions.until_over(&session);
    sessions.end();
}

#[test]
fn a_guard_that_cannot_work_is_no_session() {
    let sessions = guarded!("a_guard_that_cannot_work_is_no_session");
    sessions.said(&[], "true");
    let session = sessions.session();
    sessions.until_over(&session);
    let journal = sessions.state(&session).join("owned.jsonl");
    std::fs::remove_file(&journal).unwrap();
    std::fs::create_dir(&journal).unwrap();
    sessions
        .house
        .bench
        .sandbox
        .give_all(&sessions.house.bench.sandbox.home().join(".local"));
    let output = sessions.script(&[], "true").expect_code(125);
    for words in ["cannot be guarded", "owned.jsonl", "--docker=none"] {
        assert!(output.stderr.contains(words), "{words}: {}", output.stderr);
    }
    sessions.end();
}
