//! The docker socket, in every state that it is met in.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};

use super::bench::{CONNECT, SOCKET, Session, own_socket, stat};

#[test]
fn a_socket_of_group_zero() {
    need_engine!();
    let socket = own_socket(0, 0, 0o660);
    let done = Session::new()
        .socket(&socket.path)
        .sh(&format!("id; {CONNECT}; head -1 /etc/group"))
        .ok();
    assert_eq!(
        done.out,
        "uid=1000(claude) gid=1000(claude) groups=1000(claude),0(root)\nconnected\nclaude:x:1000:\n"
    );
    assert_eq!(stat(&socket.path), (0, 0, 0o660));
}

#[test]
fn a_socket_open_to_all_costs_no_group_zero() {
    need_engine!();
    let socket = own_socket(0, 0, 0o666);
    let done = Session::new()
        .socket(&socket.path)
        .sh(&format!("id -G; {CONNECT}"))
        .ok();
    assert_eq!(done.out, "1000\nconnected\n");
}

#[test]
fn sockets_that_cannot_be_used_are_refused_and_left_alone() {
    need_engine!();
    let closed = own_socket(0, 0, 0o600);
    Session::new().socket(&closed.path).run(&["id"]).refused(
        125,
        &["owner 0, group 0, mode 0600", "uid 1000", "--docker=none"],
    );
    assert_eq!(stat(&closed.path), (0, 0, 0o600));
    let no_group = own_socket(0, 998, 0o604);
    Session::new()
        .socket(&no_group.path)
        .run(&["id"])
        .refused(125, &["mode 0604"]);

    let temp = tempfile::tempdir().unwrap();
    // What the engine makes of a source that does not exist.
    let missing = temp.path().join("missing");
    Session::new().socket(&missing).run(&["id"]).refused(
        125,
        &["it is a directory", "remove that directory", "start docker"],
    );
    let file = temp.path().join("file");
    fs::write(&file, "").unwrap();
    Session::new()
        .socket(&file)
        .run(&["id"])
        .refused(125, &["not a socket"]);

    let mut none = Session::new();
    none.socket = Some(SOCKET.to_owned());
    none.run(&["id"])
        .refused(125, &["does not exist", "--docker=none"]);
}

#[test]
fn an_engine_that_went_away_is_a_warning() {
    need_engine!();
    let socket = own_socket(0, 998, 0o660);
    drop(socket.listener);
    let done = Session::new().socket(&socket.path).run(&["true"]).ok();
    assert!(
        done.err.contains("warning") && done.err.contains("nobody listens"),
        "{done:?}"
    );
    assert_eq!(done.err.lines().count(), 1);
}

#[test]
fn a_socket_in_the_users_private_directory() {
    need_engine!();
    let socket = own_socket(1000, 1000, 0o600);
    let directory = socket.path.parent().unwrap();
    // Root without CAP_DAC_OVERRIDE cannot even look; the user can connect.
    chown(directory, Some(1000), Some(1000)).unwrap();
    fs::set_permissions(directory, Permissions::from_mode(0o700)).unwrap();
    let mut session = Session::new().mount(directory, "/guard");
    session.socket = Some("/guard/docker.sock".to_owned());
    assert_eq!(session.run(&["id", "-G"]).ok().out, "1000\n");

    chown(directory, Some(1001), Some(1001)).unwrap();
    session
        .run(&["id"])
        .refused(125, &["uid 1000 with groups [1000]"]);
}
