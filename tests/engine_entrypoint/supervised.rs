//! The command on a terminal with the entrypoint beside it: stops, signals, statuses.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use super::bench::{PROGRAM, Session, docker, wait_for};

#[test]
fn the_supervisor_has_no_privileges_and_the_command_no_blocked_signal() {
    need_engine!();
    // By a program that leaves its mask alone: a shell empties its own.
    let done = Session::new()
        .supervised()
        .run(&["grep", "SigBlk", "/proc/self/status"]);
    assert_eq!(done.ok().out, "SigBlk:\t0000000000000000\r\n");
    let script = "ls -m /proc/self/fd; echo ready; sleep 100; :";
    let session = Session::new().supervised();
    let running = session.detached(&["sh", "-c", script]);
    let name = running.container.1.as_str();
    wait_for(name, "ready");
    let out = docker(["logs", name]).out;
    assert!(out.contains("0, 1, 2, 3\r\n"), "{out}");
    let top = docker(["top", name, "-o", "pid,pgid,tpgid,uid,args"])
        .ok()
        .out;
    let lines: Vec<Vec<&str>> = top
        .lines()
        .skip(1)
        .map(|line| line.split_whitespace().collect())
        .collect();
    // Listed by pid, and pids begin again at their largest: each is found by its program.
    assert_eq!(lines.len(), 4, "{top}");
    let named = |name: &str| {
        let mut found = lines.iter().filter(|line| line[4].ends_with(name));
        found.next().unwrap_or_else(|| panic!("no {name}: {top}"))
    };
    named("docker-init");
    let (supervisor, command, sleep) = (named(PROGRAM), named("sh"), named("sleep"));
    for line in [supervisor, command, sleep] {
        assert_eq!(line[3], "1000", "{top}");
        assert_eq!(
            line[1..3],
            [supervisor[0]; 2],
            "one group, in the foreground: {top}"
        );
    }
    let status = fs::read_to_string(format!("/proc/{}/status", supervisor[0])).unwrap();
    for line in [
        "CapPrm:\t0000000000000000",
        "CapBnd:\t0000000000000000",
        "NoNewPrivs:\t1",
    ] {
        assert!(status.contains(line), "{status}");
    }
}

#[test]
fn a_stopped_command_is_woken() {
    need_engine!();
    // As Claude does on Ctrl-Z; as nobody does; as the kernel does to who is not in the foreground.
    for how in ["TSTP => 0", "STOP => $$", "TTIN => $$"] {
        let script = format!(
            "$| = 1; $SIG{{CONT}} = sub {{ print 'woken ' }};
             for (1..3) {{ kill {how}; select undef, undef, undef, 0.01 }} exit 5"
        );
        let done = Session::new().supervised().run(&["perl", "-e", &script]);
        let (status, out) = (done.status, done.out.as_str());
        assert_eq!((status, out), (5, "woken woken woken "), "{how}: {done:?}");
    }
}

#[test]
fn a_command_that_stops_for_ever_costs_nothing() {
    need_engine!();
    let script = "i=0; while [ $i -lt 40 ]; do kill -STOP $$; i=$((i+1)); done
        set -- $(cat /proc/$PPID/stat); echo $((${14} + ${15}))";
    let start = Instant::now();
    let done = Session::new().supervised().sh(script).ok();
    assert!(
        start.elapsed() >= Duration::from_secs(2),
        "a pause each time"
    );
    let ticks: u32 = done.out.trim().parse().unwrap();
    assert!(ticks < 10, "{ticks} ticks for 40 stops");
}

#[test]
fn signals_from_outside_arrive_once() {
    need_engine!();
    let signals = ["HUP", "INT", "QUIT", "USR1", "USR2", "WINCH", "CONT"];
    let script = format!(
        "for s in {}; do trap \"echo got $s\" $s; done; trap 'echo graceful; exit 7' TERM; echo ready; while :; do sleep 0.05; done",
        signals.join(" ")
    );
    let session = Session::new().supervised();
    let running = session.detached(&["sh", "-c", &script]);
    let name = running.container.1.as_str();
    wait_for(name, "ready");
    for signal in signals {
        docker(["kill", "-s", signal, name]).ok();
        wait_for(name, &format!("got {signal}\r\n"));
    }
    let start = Instant::now();
    docker(["stop", "-t", "60", name]).ok();
    assert!(start.elapsed() < Duration::from_secs(30), "not killed");
    let out = docker(["logs", name]).out;
    for signal in signals {
        assert_eq!(
            out.matches(&format!("got {signal}\r\n")).count(),
            1,
            "{out}"
        );
    }
    let status = docker(["inspect", "-f", "{{.State.ExitCode}}", name])
        .ok()
        .out;
    assert_eq!((status.trim(), out.contains("graceful")), ("7", true));
}

#[test]
fn statuses_pass() {
    need_engine!();
    for (script, status) in [
        ("exit 0", 0),
        ("exit 255", 255),
        ("kill -KILL $$", 137),
        ("kill -SEGV $$", 139),
        ("kill -TERM 0; sleep 100", 143),
    ] {
        let done = Session::new().supervised().sh(script);
        assert_eq!(done.status, status, "{script}: {done:?}");
    }
}

#[test]
fn commands_that_cannot_be_run_are_refused_alike() {
    need_engine!();
    let temp = tempfile::tempdir().unwrap();
    fs::set_permissions(temp.path(), Permissions::from_mode(0o755)).unwrap();
    for (name, content) in [("text", "echo hello\n"), ("loader", "#!/no/such/shell\n")] {
        fs::write(temp.path().join(name), content).unwrap();
        fs::set_permissions(temp.path().join(name), Permissions::from_mode(0o755)).unwrap();
    }
    for (command, status, words) in [
        ("no-such-command", 127, "not in PATH"),
        ("/t/text", 126, "exec format error"),
        ("/t/loader", 126, "interpreter is missing"),
    ] {
        let done = Session::new()
            .supervised()
            .mount(temp.path(), "/t")
            .run(&[command]);
        // On a terminal there is one stream.
        assert_eq!(done.status, status, "{done:?}");
        assert!(
            done.out.contains(words) && done.out.lines().count() == 1,
            "{done:?}"
        );
    }
}

#[test]
fn without_its_supervisor_nothing_lives_on() {
    need_engine!();
    let start = Instant::now();
    let done = Session::new()
        .supervised()
        .sh("kill -KILL $PPID; sleep 100");
    assert_eq!(done.status, 137, "{done:?}");
    assert!(start.elapsed() < Duration::from_secs(60));
}
