//! Sessions whose clients are killed: those that nobody could join any more end, all others stay.

use crate::support::session::Piped;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

/// In a process group of its own: the command, and docker's client, which is its child.
fn group(mut command: Command) -> Command {
    command.process_group(0);
    command
}

fn pid(id: u32) -> Pid {
    Pid::from_raw(id.cast_signed()).unwrap()
}

#[test]
fn a_worker_on_pipes_ends_with_its_client_and_all_others_stay() {
    let house = house!("a_worker_on_pipes_ends_with_its_client_and_all_others_stay");
    house.start();
    let background = house.worker("w");
    let script = "echo ready; exec sleep inf";
    // Names are the engine's, which others use as well.
    let named = |what: &str| format!("{}-{what}", house.bench.instance.name());
    let (on_terminal, on_pipes) = (named("terminal"), named("pipes"));
    let shell = ["--new", "--name", &on_terminal, "shell", "sh", "-c", script];
    let terminal = house.bench.sandbox.pty(&shell);
    terminal.wait_for_text("ready");
    // It does not read, and writes no more: nothing tells it that nobody is there.
    let words = ["--new", "--name", &on_pipes, "shell", "sh", "-c", script];
    let mut pipes = Piped::spawn(group(house.bench.sandbox.command(&words)));
    assert_eq!(pipes.line(), "ready");
    let all = |house: &crate::support::house::House| {
        let mut all = house.bench.containers();
        all.retain(|name| *name != house.parent());
        all
    };
    let mut expected = [&background, &on_pipes, &on_terminal];
    expected.sort_unstable();
    assert_eq!(all(&house).iter().collect::<Vec<_>>(), expected);

    // SIGKILL for the command and docker's client, on the terminal and on the pipes.
    drop(terminal);
    kill_process_group(pid(pipes.id()), Signal::KILL).unwrap();
    drop(pipes);
    house.until("the one on pipes is gone", || {
        !all(&house).contains(&on_pipes)
    });
    let log = house.ok(&["daemon", "logs", "coordinator"]);
    let ended: Vec<&str> = log.lines().filter(|it| it.contains("is ended")).collect();
    assert!(ended.len() == 1 && ended[0].contains(&on_pipes), "{log}");
    for stays in [&background, &on_terminal] {
        assert_eq!(house.bench.field(stays, "{{.State.Running}}"), "true");
    }
    house.end();
}

#[test]
fn a_command_that_reads_ends_by_itself_when_its_client_is_killed() {
    let house = house!("a_command_that_reads_ends_by_itself_when_its_client_is_killed");
    // Without a parent: the engine closes its input, and removes it when it has ended.
    let script = "echo ready; exec cat";
    let mut session = Piped::spawn(group(
        (house.bench.sandbox).command(&["--direct", "shell", "sh", "-c", script]),
    ));
    assert_eq!(session.line(), "ready");
    kill_process_group(pid(session.id()), Signal::KILL).unwrap();
    house.until("it is gone", || house.bench.containers().is_empty());
    house.end();
}

#[test]
fn a_worker_on_pipes_has_its_client_while_either_process_lives() {
    let house = house!("a_worker_on_pipes_has_its_client_while_either_process_lives");
    house.start();
    let script = "echo ready; while read -r line; do echo \"got $line\"; done";
    let mut command = house.bench.sandbox.command(&["shell", "sh", "-c", script]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut ours = command.spawn().unwrap();
    let mut input = ours.stdin.take().unwrap();
    let mut lines = BufReader::new(ours.stdout.take().unwrap()).lines();
    let mut line = || lines.next().map(|line| line.unwrap());
    assert_eq!(line().unwrap(), "ready");
    // docker's client goes on without us, and so does the session.
    kill_process(pid(ours.id()), Signal::KILL).unwrap();
    ours.wait().unwrap();
    for word in ["one", "two"] {
        writeln!(input, "{word}").unwrap();
        assert_eq!(line().unwrap(), format!("got {word}"));
        // Whatever the coordinator would do it has done when it has looked at its workers.
        assert_eq!(house.status()["workers"][0]["running"], true);
    }
    drop(input);
    assert_eq!(line(), None);
    house.until("it is gone", || {
        house.bench.containers() == [house.parent()]
    });
    let log = house.ok(&["daemon", "logs", "coordinator"]);
    assert!(!log.contains("is ended"), "{log}");
    house.end();
}
