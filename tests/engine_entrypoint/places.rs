//! Directories: the root, the home, the state volume, the project.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;

use super::bench::{PING, PROGRAM, SOCKET, Session, docker, stat, volume, wait_for};

#[test]
fn a_read_only_root_leaves_numbers() {
    need_engine!();
    let gid = stat(Path::new(SOCKET)).1;
    let volume = volume();
    let done = Session::new()
        .socket(SOCKET)
        .mount(&volume.1, "/home/claude/.claude")
        .docker(["--read-only"])
        .sh(&format!(
            "id -u; id -G; {PING}; touch ~/.claude/works && echo kept"
        ))
        .ok();
    assert!(
        done.out.starts_with(&format!("1000\n1000 {gid}\n")),
        "{done:?}"
    );
    assert!(
        done.out.contains("200 OK") && done.out.ends_with("kept\n"),
        "{done:?}"
    );
    for line in done.err.lines() {
        assert!(
            line.starts_with("hal-9000: warning: docker plugins"),
            "{done:?}"
        );
    }
}

#[test]
fn a_working_directory_closed_to_the_user() {
    need_engine!();
    let temp = tempfile::tempdir().unwrap();
    fs::set_permissions(temp.path(), Permissions::from_mode(0o700)).unwrap();
    let session = || {
        Session::new()
            .mount(temp.path(), "/closed")
            .docker(["-w", "/closed"])
    };
    session()
        .run(&["id"])
        .refused(125, &["/closed", "uid 1000", "--workdir=workspace"]);
    chown(temp.path(), Some(1000), Some(1000)).unwrap();
    // Closed to root without capabilities, open to the user: a private project.
    let done = session().sh("pwd; stat -c %u .").ok();
    assert_eq!(done.out, "/closed\n1000\n");
}

#[test]
fn the_second_start_of_a_container() {
    need_engine!();
    let session = Session::new().socket(SOCKET);
    let running = session.detached(&["sh", "-c", "id; md5sum /etc/passwd /etc/group"]);
    let name = running.container.1.as_str();
    docker(["wait", name]).ok();
    let first = docker(["logs", name]).ok().out;
    docker(["restart", name]).ok();
    docker(["wait", name]).ok();
    let both = docker(["logs", name]).ok();
    assert!(first.contains("uid=1000(claude)"), "{first}");
    assert_eq!(both.out, first.repeat(2), "{}", both.err);
    assert_eq!(both.err, "");
}

#[test]
fn a_volume_of_another_uid_is_given_over_and_the_project_is_not() {
    need_engine!();
    let volume = volume();
    let project = tempfile::tempdir().unwrap();
    fs::set_permissions(project.path(), Permissions::from_mode(0o755)).unwrap();
    fs::write(project.path().join("file"), "").unwrap();
    let session = |uid| {
        Session::new()
            .ids(uid, uid)
            .mount(&volume.1, "/home/claude/.claude")
            .mount(project.path(), "/home/claude/.claude/project")
    };
    let made = "cd ~/.claude && mkdir -p -m 700 a/b && chmod 700 a . && echo x > a/b/f \
                && ln -s /etc/passwd l && ln -s /home/claude/.claude/project d && mkfifo p && chmod 600 a/b/f";
    session(1000).sh(made).ok();
    let list = "cd ~/.claude && find . -printf '%U:%G %m %p\\n' | sort -k3; cat a/b/f; stat -c %u /etc/passwd";
    let done = session(1001).sh(list).ok();
    assert_eq!(
        done.out,
        "1001:1001 700 .\n1001:1001 700 ./a\n1001:1001 700 ./a/b\n1001:1001 600 ./a/b/f\n\
         1001:1001 777 ./d\n1001:1001 777 ./l\n1001:1001 644 ./p\n\
         0:0 755 ./project\n0:0 644 ./project/file\nx\n0\n"
    );
    assert_eq!(done.err, "");
    assert_eq!(stat(project.path()).0, 0);
    assert_eq!(stat(&project.path().join("file")).0, 0);
}

#[test]
fn a_home_that_is_a_mount_is_not_given_away() {
    need_engine!();
    let project = tempfile::tempdir().unwrap();
    let before = stat(project.path());
    let session = Session::new().mount(project.path(), "/home/claude");
    let done = session.run(&["true"]).ok();
    assert!(done.err.contains("home /home/claude"), "{done:?}");
    assert_eq!(stat(project.path()), before);
}

#[test]
fn a_home_that_cannot_be_made_is_a_warning() {
    need_engine!();
    let session = Session::new().docker(["--read-only"]);
    let done = session.sh("id; echo $HOME").ok();
    assert_eq!(done.out, "uid=1000 gid=1000 groups=1000\n/home/claude\n");
    assert!(
        done.err.contains("home /home/claude: cannot be made"),
        "{done:?}"
    );
}

#[test]
fn later_programs_of_the_container_are_the_same_user() {
    need_engine!();
    let session = Session::new().socket(SOCKET);
    let running = session.detached(&["sh", "-c", "echo ready; exec sleep 60"]);
    let name = running.container.1.as_str();
    wait_for(name, "ready");
    let gid = stat(Path::new(SOCKET)).1;
    let expected = format!("uid=1000(claude) gid=1000(claude) groups=1000(claude),{gid}(docker)\n");
    // The engine resolves names in the container's own files, which have ours in front.
    let by_name = docker(["exec", "-u", "claude", name, "id"]).ok();
    assert_eq!(by_name.out, expected);
    let mut through_us = vec!["exec".to_owned(), name.to_owned(), PROGRAM.to_owned()];
    through_us.extend(session.entrypoint_args());
    through_us.push("id".to_owned());
    assert_eq!(docker(through_us).ok().out, expected);
}
