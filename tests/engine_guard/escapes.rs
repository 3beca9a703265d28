//! Ways out of a session, each real: on the raw socket it works, through the guard it is refused, and
//! nothing that changes anything reaches the engine.

use crate::guarded::Guarded;

/// What is foreign to the session, made on the raw socket.
const FOREIGN: &str = "docker run -d --name $F --label hal9000.test=foreign -v $F:/v $I sh -c 'echo theirs > /v/f; echo said; sleep 600' \
    && docker network create $F && docker tag $I $F:1";

/// A script that works on the raw socket, and what the guard's answer has. Scripts remove what they
/// made there.
const ESCAPES: &[(&str, &str)] = &[
    (
        "docker create --name $N --privileged $I && docker rm $N",
        "HAL-G-PRIVILEGED",
    ),
    (
        "docker run --rm -v $O:/o $I cat /o/secret",
        "HAL-G-MOUNT-OUTSIDE",
    ),
    (
        "docker run --rm -v $P/../outside:/o $I cat /o/secret",
        "HAL-G-MOUNT-OUTSIDE",
    ),
    (
        "docker run --rm -v $P/link:/o $I cat /o/secret",
        "HAL-G-MOUNT-BENEATH",
    ),
    (
        "docker run --rm -v $P/link/made:/o $I true",
        "HAL-G-MOUNT-BENEATH",
    ),
    (
        "docker run --rm -v $P/src/file:/o $I cat /o",
        "HAL-G-MOUNT-BENEATH",
    ),
    (
        "docker run --rm --mount type=bind,source=$O,target=/o $I cat /o/secret",
        "HAL-G-MOUNT-OUTSIDE",
    ),
    (
        "docker run --rm --mount type=bind,source=$P/link,target=/o $I cat /o/secret",
        "HAL-G-MOUNT-BENEATH",
    ),
    (
        "docker create --name $N --mount type=bind,source=$P,target=/o,bind-propagation=rslave $I && docker rm $N",
        "HAL-G-MOUNT-PROPAGATION",
    ),
    (
        "docker run --rm --mount type=volume,target=/o,volume-driver=local,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=$O $I cat /o/secret",
        "HAL-G-MOUNT-DRIVER",
    ),
    (
        "docker volume create -o type=none -o o=bind -o device=$O $N && docker run --rm -v $N:/o $I cat /o/secret && docker volume rm $N",
        "HAL-G-VOLUME-OPTION",
    ),
    (
        "docker volume create -o type=overlay -o device=overlay -o o=lowerdir=/usr:$O $N && docker volume rm $N",
        "HAL-G-VOLUME-OPTION",
    ),
    (
        "docker volume create -o type=nfs -o o=addr=127.0.0.1 -o device=:/ $N && docker volume rm $N",
        "HAL-G-VOLUME-OPTION",
    ),
    ("docker run --rm --pid host $I true", "HAL-G-"),
    ("docker run --rm --ipc host $I true", "HAL-G-"),
    ("docker run --rm --uts host $I true", "HAL-G-"),
    ("docker run --rm --network host $I true", "HAL-G-"),
    ("docker run --rm --userns host $I true", "HAL-G-"),
    (
        "docker create --name $N --cgroupns host $I && docker rm $N",
        "HAL-G-",
    ),
    (
        "docker run --rm --pid container:$F $I true",
        "No such container",
    ),
    (
        "docker create --name $N --ipc container:$F $I && docker rm $N",
        "No such container",
    ),
    (
        "docker run --rm --network container:$F $I true",
        "No such container",
    ),
    ("docker run --rm --network $F $I true", "network"),
    (
        "docker run --rm --volumes-from $F $I cat /v/f",
        "No such container",
    ),
    ("docker run --rm -v $F:/v $I cat /v/f", "HAL-G-FOREIGN"),
    ("docker run --rm --link $F:x $I true", "No such container"),
    (
        "docker run --rm --device /dev/null:/dev/x $I true",
        "HAL-G-",
    ),
    (
        "docker run --rm --device-cgroup-rule 'b *:* rwm' $I true",
        "HAL-G-",
    ),
    (
        "docker run --rm --device-read-bps /dev/vda:1mb $I true",
        "HAL-G-",
    ),
    (
        "docker create --name $N --cap-add SYS_ADMIN $I && docker rm $N",
        "HAL-G-",
    ),
    (
        "docker create --name $N --cap-add ALL $I && docker rm $N",
        "HAL-G-",
    ),
    (
        "docker create --name $N --cap-add cap_sys_ptrace --cap-add SYS_MODULE $I && docker rm $N",
        "HAL-G-",
    ),
    (
        "docker run --rm --security-opt seccomp=unconfined $I true",
        "HAL-G-",
    ),
    (
        "docker run --rm --security-opt apparmor=unconfined $I true",
        "HAL-G-",
    ),
    (
        "docker run --rm --security-opt label=disable $I true",
        "HAL-G-",
    ),
    (
        "docker create --name $N --cgroup-parent /elsewhere $I && docker rm $N",
        "HAL-G-",
    ),
    (
        "docker create --name $N --log-driver syslog --log-opt syslog-address=udp://127.0.0.1:9 $I && docker rm $N",
        "HAL-G-",
    ),
    (
        "docker create --name $N --log-driver fluentd $I && docker rm $N",
        "HAL-G-",
    ),
    ("docker exec $F true", "No such container"),
    ("docker cp $F:/v/f - >/dev/null", "No such container"),
    ("echo x > f && docker cp f $F:/tmp/f", "No such container"),
    (
        "docker inspect --type container $F >/dev/null",
        "No such container",
    ),
    ("docker logs $F | grep said", "No such container"),
    ("docker top $F >/dev/null", "No such container"),
    ("docker diff $F >/dev/null", "No such container"),
    ("docker export $F >/dev/null", "No such container"),
    (
        "docker commit $F $N:1 && docker rmi $N:1",
        "No such container",
    ),
    ("docker pause $F && docker unpause $F", "No such container"),
    ("docker update --cpu-shares 100 $F", "No such container"),
    (
        "docker rename $F $F-x && docker rename $F-x $F",
        "No such container",
    ),
    ("docker kill -s CONT $F", "No such container"),
    ("docker restart -t 0 $F", "No such container"),
    (
        "docker inspect $(docker -H unix:///var/run/docker.sock inspect --format '{{.Id}}' $F) >/dev/null",
        "No such",
    ),
    ("docker volume inspect $F >/dev/null", "no such volume"),
    ("docker network inspect $F >/dev/null", "not found"),
    (
        "docker network disconnect $F $F; docker network connect $F $F && docker network disconnect $F $F",
        "not found",
    ),
    ("docker tag $I $F:1", "HAL-G-IMAGE-OVERWRITE"),
    (
        "printf 'FROM %s\\nLABEL a=b\\n' $I | docker build -q -t $F:1 -",
        "HAL-G-IMAGE-OVERWRITE",
    ),
    (
        "docker rmi $F:1 && docker tag $I $F:1",
        "HAL-G-IMAGE-DELETE",
    ),
    ("docker save $I | docker load", "HAL-G-IMAGE-LOAD"),
    (
        "printf 'FROM %s\\n' $I | docker build -q --network host -",
        "HAL-G-",
    ),
    (
        "printf 'FROM %s\\n' $I | docker build -q --cgroup-parent /x -",
        "HAL-G-BUILD-CGROUP",
    ),
    (
        "docker run -d --name $N $I sleep 60; docker exec --privileged $N true 2>e; cat e >&2; docker rm -f $N; ! grep -q HAL e",
        "HAL-G-EXEC-PRIVILEGED",
    ),
    ("docker plugin ls", "HAL-G-PLUGIN"),
    (
        "docker network create -o com.docker.network.bridge.name=$(echo b$$) $N && docker network rm $N",
        "HAL-G-",
    ),
];

#[test]
fn ways_out_are_closed() {
    let Some(guarded) = Guarded::new("ways_out_are_closed") else {
        return;
    };
    let made = guarded.script(false, "foreign", FOREIGN);
    assert!(made.status.success(), "{made:?}");
    let mut wrong = Vec::new();
    for (script, answer) in ESCAPES {
        let raw = guarded.script(false, "raw", script);
        if !raw.status.success() {
            wrong.push(format!(
                "{script}\n  is no attempt: {}",
                String::from_utf8_lossy(&raw.stderr)
            ));
        }
        guarded.sent();
        let through = guarded.script(true, "escape", script);
        let said = String::from_utf8_lossy(&through.stderr);
        if through.status.success() || !said.contains(answer) {
            wrong.push(format!("{script}\n  passed: {through:?}"));
        }
        let sent = guarded.sent();
        // one needs a container of the session's first
        let changes = sent
            .iter()
            .filter(|line| !line.starts_with("GET") && !line.starts_with("HEAD"));
        if changes.count() > 0 && !script.starts_with("docker run -d") {
            wrong.push(format!("{script}\n  reached the engine: {sent:?}"));
        }
    }
    let name = guarded.name("foreign");
    let _ = guarded.docker.run(&["rmi", &format!("{name}:1")]);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_socket_in_a_container_is_the_guards() {
    let Some(guarded) = Guarded::new("the_socket_in_a_container_is_the_guards") else {
        return;
    };
    // which has no docker client; the socket's inode tells
    let inode = "docker run --rm -v /var/run/docker.sock:/var/run/docker.sock $I stat -c %i /var/run/docker.sock";
    let output = guarded.script(true, "socket", inode);
    let inside = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let of = |side| {
        use std::os::unix::fs::MetadataExt as _;
        std::fs::metadata(guarded.socket(side))
            .unwrap()
            .ino()
            .to_string()
    };
    assert_eq!(inside, of(true), "{output:?}");
    assert_ne!(inside, of(false));
}

#[test]
fn what_is_foreign_is_not_listed() {
    let Some(guarded) = Guarded::new("what_is_foreign_is_not_listed") else {
        return;
    };
    let made = guarded.script(false, "foreign", FOREIGN);
    assert!(made.status.success(), "{made:?}");
    let list = "docker ps -a; docker volume ls; docker network ls; docker system df -v | sed -n '/Containers space/,$p'; docker info
        docker events --since 60m --until $(date +%s) --filter type=container --filter type=volume --filter type=network";
    let name = guarded.name("foreign");
    let [raw, through] = [false, true].map(|side| {
        let output = guarded.script(side, "list", list);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stdout)
            .matches(&name)
            .count()
    });
    let _ = guarded.docker.run(&["rmi", &format!("{name}:1")]);
    assert!(raw >= 4, "{raw}");
    assert_eq!(through, 0);
}
