//! Who the command is: ids, groups, names, and what it can never become.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use super::bench::{
    CONNECT, IMAGE, Object, PING, SOCKET, Session, docker, image, own_socket, stat, unique,
};

#[test]
fn the_user_is_the_hosts_and_docker_works() {
    need_engine!();
    let before = stat(Path::new(SOCKET));
    let gid = before.1;
    let done = Session::new()
        .ids(1234, 2345)
        .socket(SOCKET)
        .sh(&format!("id; {PING}"))
        .ok();
    let id = done.out.lines().next().unwrap();
    assert_eq!(
        id,
        format!("uid=1234(claude) gid=2345(claude) groups=2345(claude),{gid}(docker)")
    );
    assert!(done.out.contains("200 OK"), "{done:?}");
    assert_eq!(done.err, "");
    assert_eq!(stat(Path::new(SOCKET)), before);
}

#[test]
fn nothing_of_root_remains() {
    need_engine!();
    let done = Session::new()
        .socket(SOCKET)
        .sh("cat /proc/self/status")
        .ok();
    let fields: Vec<String> = done.out.lines().map(|l| l.replace('\t', " ")).collect();
    let gid = stat(Path::new(SOCKET)).1;
    for field in [
        "Uid: 1000 1000 1000 1000",
        "Gid: 1000 1000 1000 1000",
        "CapInh: 0000000000000000",
        "CapPrm: 0000000000000000",
        "CapEff: 0000000000000000",
        "CapBnd: 0000000000000000",
        "CapAmb: 0000000000000000",
        "NoNewPrivs: 1",
        "SigBlk: 0000000000000000",
        "SigIgn: 0000000000000000",
    ] {
        assert!(fields.iter().any(|f| f == field), "{field} in {fields:?}");
    }
    let groups = fields.iter().find(|f| f.starts_with("Groups:")).unwrap();
    assert_eq!(groups.trim(), format!("Groups: {gid}"));
}

#[test]
fn a_setuid_root_program_gains_nothing() {
    need_engine!();
    let image = image("cp /usr/bin/grep /usr/bin/suid-grep && chmod 4755 /usr/bin/suid-grep");
    let done = Session::new()
        .image(&image.1)
        .sh("suid-grep -E 'Uid|CapEff' /proc/self/status; su -c id; echo")
        .ok();
    assert!(
        done.out.contains("Uid:\t1000\t1000\t1000\t1000"),
        "{done:?}"
    );
    assert!(done.out.contains("CapEff:\t0000000000000000"), "{done:?}");
    assert!(!done.out.contains("uid=0"), "{done:?}");
}

#[test]
fn a_session_of_roots_has_no_capabilities() {
    need_engine!();
    let done = Session::new()
        .ids(0, 0)
        .sh("id; grep -E 'Cap|Groups' /proc/self/status; echo $HOME; touch ~/x")
        .ok();
    assert!(
        done.out
            .starts_with("uid=0(claude) gid=0(root) groups=0(root)\n"),
        "{done:?}"
    );
    assert_eq!(done.out.matches("0000000000000000").count(), 5, "{done:?}");
    assert!(done.out.ends_with("/home/claude\n"), "{done:?}");
}

#[test]
fn without_setpcap_it_goes_on_and_says_so() {
    need_engine!();
    let session = Session::new().caps(&["CHOWN", "SETUID", "SETGID"]);
    let done = session.sh("grep -E 'CapPrm|NoNew' /proc/self/status").ok();
    assert_eq!(done.out, "CapPrm:\t0000000000000000\nNoNewPrivs:\t1\n");
    assert!(done.err.contains("SETPCAP is missing"), "{done:?}");
    for (caps, words) in [
        (["CHOWN", "SETUID"], "--cap-add SETGID"),
        (["CHOWN", "SETGID"], "--cap-add SETUID"),
        (["SETUID", "SETGID"], "--cap-add CHOWN"),
    ] {
        Session::new()
            .caps(&caps)
            .run(&["id"])
            .refused(125, &[words]);
    }
}

#[test]
fn names_that_the_image_has_already() {
    need_engine!();
    let image = image(
        "echo 'node:x:1000:1000::/home/node:/bin/sh' >> /etc/passwd \
         && printf 'node:x:1000:\\nping:x:4321:\\ndocker:x:77:\\n' >> /etc/group \
         && cp /etc/passwd /srv && chmod 664 /etc/passwd",
    );
    let socket = own_socket(0, 4321, 0o660);
    let script = format!(
        "id; {CONNECT}; id -u node; whoami; getent group ping; tail -n +2 /etc/passwd | cmp - /srv/passwd; \
         stat -c '%a %u' /etc/passwd /etc/group; ls /etc | grep -c hal-9000"
    );
    let done = Session::new()
        .image(&image.1)
        .socket(&socket.path)
        .sh(&script);
    assert_eq!(
        done.out,
        "uid=1000(claude) gid=1000(node) groups=1000(node),4321(docker)\nconnected\n1000\nclaude\n\
         ping:x:4321:\n664 0\n644 0\n0\n",
        "{}",
        done.err
    );
}

#[test]
fn started_as_another_user_it_changes_nothing() {
    need_engine!();
    let gid = stat(Path::new(SOCKET)).1.to_string();
    let done = Session::new()
        .socket(SOCKET)
        .docker(["--user", "1000:1000", "--group-add", &gid])
        .sh(&format!(
            "id -u; id -G; echo $PATH; ls -d /home/claude; grep claude /etc/passwd; {PING}"
        ))
        .ok();
    let expected = format!("1000\n1000 {gid}\n/opt/hal9000/bin:");
    assert!(
        done.out.starts_with(&expected) && done.out.contains("200 OK"),
        "{done:?}"
    );
    assert!(!done.out.contains("claude"), "{done:?}");

    Session::new()
        .socket(SOCKET)
        .docker(["--user", "1000:1000"])
        .run(&["id"])
        .refused(
            125,
            &["uid 1000 with groups [1000]", "group", "--docker=none"],
        );
}

#[test]
fn an_image_with_one_static_program_and_nothing_else() {
    need_engine!();
    // ldconfig is the static program that every Debian has.
    let source = unique("source");
    docker(["create", "--name", &source, IMAGE, "true"]).ok();
    let source = Object(&["rm", "-f"], source);
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("root");
    fs::create_dir(&root).unwrap();
    let from = format!("{}:/usr/sbin/ldconfig", source.1);
    docker(["cp", &from, root.join("ldconfig").to_str().unwrap()]).ok();
    let tar = temp.path().join("image.tar");
    let packed = Command::new("tar")
        .arg("-cf")
        .arg(&tar)
        .arg("-C")
        .arg(&root)
        .arg(".")
        .status();
    assert!(packed.unwrap().success());
    let image = Object(&["image", "rm", "-f"], unique("image"));
    docker(["import", tar.to_str().unwrap(), &image.1]).ok();

    let session = Session::new().image(&image.1).socket(SOCKET);
    let running = session.detached(&["/ldconfig", "--version"]);
    let name = running.container.1.as_str();
    let status = docker(["wait", name]).ok().out;
    let logs = docker(["logs", name]).ok();
    assert_eq!(status.trim(), "0", "{logs:?}");
    assert!(logs.out.starts_with("ldconfig"), "{logs:?}");
    let export = temp.path().join("export.tar");
    docker(["export", "-o", export.to_str().unwrap(), name]).ok();
    let unpacked = Command::new("tar")
        .arg("-xf")
        .arg(&export)
        .arg("-C")
        .arg(temp.path())
        .args(["etc/passwd", "etc/group"])
        .status();
    assert!(unpacked.unwrap().success());
    let etc = temp.path().join("etc");
    let gid = stat(Path::new(SOCKET)).1;
    for (file, content) in [
        (
            "passwd",
            "claude:x:1000:1000:Claude Code:/home/claude:/bin/sh\n".to_owned(),
        ),
        ("group", format!("docker:x:{gid}:claude\nclaude:x:1000:\n")),
    ] {
        let to = etc.join(file);
        assert_eq!(fs::read_to_string(&to).unwrap(), content);
        assert_eq!(fs::metadata(&to).unwrap().mode() & 0o777, 0o644);
    }
}

#[test]
fn account_files_that_are_mounted_are_not_edited() {
    need_engine!();
    let temp = tempfile::tempdir().unwrap();
    let passwd = temp.path().join("passwd");
    fs::write(&passwd, "root:x:0:0::/root:/bin/sh\n").unwrap();
    let done = Session::new()
        .mount(&passwd, "/etc/passwd")
        .run(&["id", "-u"])
        .ok();
    assert_eq!(done.out, "1000\n");
    assert!(done.err.contains("/etc/passwd: a mount"), "{done:?}");
    assert_eq!(
        fs::read_to_string(&passwd).unwrap(),
        "root:x:0:0::/root:/bin/sh\n"
    );
}
