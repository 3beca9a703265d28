//! The command: its arguments, environment, descriptors, signals, and why it may not start.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};

use super::bench::{PROGRAM, SOCKET, Session, docker, unique, wait_for};

#[test]
fn commands_that_cannot_be_run() {
    need_engine!();
    let temp = tempfile::tempdir().unwrap();
    fs::set_permissions(temp.path(), Permissions::from_mode(0o755)).unwrap();
    for (name, content, mode) in [
        ("text", "echo hello\n", 0o755),
        ("plain", "#!/bin/sh\n", 0o644),
        ("loader", "#!/no/such/shell\n", 0o755),
        ("script", "#!/bin/sh\necho \"$0\"\n", 0o755),
    ] {
        fs::write(temp.path().join(name), content).unwrap();
        fs::set_permissions(temp.path().join(name), Permissions::from_mode(mode)).unwrap();
    }
    let session = || Session::new().mount(temp.path(), "/t");
    session()
        .run(&["no-such-command"])
        .refused(127, &["no-such-command", "not in PATH"]);
    session()
        .run(&["/no/such/file"])
        .refused(127, &["/no/such/file", "no such file"]);
    session().run(&["/etc"]).refused(126, &["directory"]);
    session()
        .run(&["/t/plain"])
        .refused(126, &["permission denied"]);
    session()
        .run(&["/t/text"])
        .refused(126, &["exec format error"]);
    session()
        .run(&["/t/loader"])
        .refused(126, &["interpreter is missing"]);
    session()
        .docker(["-e", "PATH=/t"])
        .run(&["plain"])
        .refused(126, &["/t/plain"]);
    let found = session()
        .docker(["-e", "PATH=/none:/t", "-w", "/t"])
        .run(&["script"])
        .ok();
    assert_eq!(found.out, "/t/script\n");
    let status = session().sh("exit 42").status;
    assert_eq!(status, 42, "the command's own status");
}

#[test]
fn arguments_survive_as_bytes() {
    need_engine!();
    // Not through docker: its API is JSON, and Go replaces what is not UTF-8.
    let done = Session::new()
        .through_a_shell(
            "a=$(printf 'a\\377b')",
            r#"sh -c 'printf "%s|" "$@" | od -An -tx1' x "$a" "" "--" "two words""#,
        )
        .ok();
    let bytes: String = done.out.split_ascii_whitespace().collect();
    assert_eq!(bytes, "61ff627c7c2d2d7c74776f20776f7264737c");
}

#[test]
fn descriptors_and_signals_are_reset() {
    need_engine!();
    let done = Session::new()
        .through_a_shell(
            "exec 5</etc/passwd 9</etc/group; trap '' HUP INT PIPE USR1 TSTP",
            "sh -c 'ls -m /proc/self/fd; grep SigIgn /proc/self/status'",
        )
        .ok();
    // 3 is the directory's own.
    assert_eq!(
        done.out, "0, 1, 2, 3\nSigIgn:\t0000000000000000\n",
        "{done:?}"
    );
}

#[test]
fn the_standard_streams_can_be_opened_by_name() {
    need_engine!();
    let pipes = Session::new().sh("echo out > /dev/stdout; echo err > /dev/stderr");
    assert_eq!((pipes.out.as_str(), pipes.err.as_str()), ("out\n", "err\n"));
    let terminal = Session::new()
        .docker(["-t"])
        .sh("echo out > /dev/stdout; stat -c '%U %G' $(tty); stat -c %U /dev/null");
    assert_eq!(
        terminal.out, "out\r\nclaude tty\r\nroot\r\n",
        "{terminal:?}"
    );
}

#[test]
fn the_environment_of_the_user() {
    need_engine!();
    let done = Session::new()
        .docker(["-e", "HOME=/root", "-e", "KEPT=yes"])
        .sh("echo $HOME $USER $LOGNAME $SHELL $KEPT $PATH; umask; readlink ~/.docker/cli-plugins/*; \
             stat -c '%u %g' ~ ~/.docker")
        .ok();
    assert_eq!(
        done.out,
        "/home/claude claude claude /bin/bash yes \
         /opt/hal9000/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n0022\n\
         /opt/hal9000/lib/docker/cli-plugins/docker-compose\n1000 1000\n1000 1000\n"
    );
}

#[test]
fn secrets_become_variables_and_are_read_as_the_user() {
    need_engine!();
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("API_KEY");
    fs::write(&file, "s3cr=t value\n").unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o400)).unwrap();
    chown(&file, Some(1000), Some(1000)).unwrap();
    fs::set_permissions(temp.path(), Permissions::from_mode(0o755)).unwrap();
    let session = || Session::new().mount(temp.path(), "/run/hal9000/secrets");
    let done = session().sh("printf '[%s]' \"$API_KEY\"").ok();
    assert_eq!(done.out, "[s3cr=t value]");

    // Root could read this one; the user cannot.
    chown(&file, Some(0), Some(0)).unwrap();
    session()
        .run(&["env"])
        .refused(125, &["API_KEY", "uid 1000", "readable"]);
    fs::rename(&file, temp.path().join("api-key")).unwrap();
    session().run(&["env"]).refused(125, &["api-key", "rename"]);
}

#[test]
fn only_the_init_and_the_command_are_left_and_signals_arrive() {
    need_engine!();
    let script = "trap 'echo graceful; exit 7' TERM; echo ready; while :; do sleep 0.1; done";
    let session = Session::new().socket(SOCKET);
    let running = session.detached(&["sh", "-c", script]);
    let name = running.container.1.as_str();
    wait_for(name, "ready");
    let top = docker(["top", name, "-o", "pid,uid,args"]).ok().out;
    let lines: Vec<String> = top
        .lines()
        .skip(1)
        .map(|line| {
            line.split_whitespace()
                .skip(1)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    // Listed by pid, and pids begin again at their largest.
    let init = |line: &&String| line.contains("docker-init");
    let (init, rest): (Vec<_>, Vec<_>) = lines.iter().partition(init);
    assert_eq!(init.len(), 1, "{top}");
    assert!(
        rest.iter().any(|line| line.starts_with("1000 sh -c")),
        "{top}"
    );
    for line in rest {
        assert!(
            line.starts_with("1000 ") && !line.contains(PROGRAM),
            "{top}"
        );
    }
    docker(["stop", "-t", "5", name]).ok();
    let status = docker(["inspect", "-f", "{{.State.ExitCode}}", name])
        .ok()
        .out;
    assert_eq!(status.trim(), "7");
}

#[test]
fn outside_a_container_it_refuses() {
    need_engine!();
    // Told from the mark that the engine leaves: the machine that runs the tests may have one too.
    Session::new()
        .through_a_shell("rm /.dockerenv", "id")
        .refused(125, &["no container", "start a session"]);
}

#[test]
fn arguments_of_another_version_are_refused() {
    need_engine!();
    let session = Session::new();
    let name = unique("args");
    let how = ["--rm", "--name", name.as_str()];
    let args = ["entrypoint", "--colour=red", "--", "true"].map(str::to_owned);
    session
        .start(&how, PROGRAM, &args)
        .refused(125, &["--colour=red", "same version"]);
}
