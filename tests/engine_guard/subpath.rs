//! Paths beneath the project on an engine that mounts a path in a volume (API 1.45).

use crate::guarded::Guarded;
use crate::support::nested::Suite;

/// A script, and what it prints on both sockets.
const SCRIPTS: &[(&str, &str, &str)] = &[
    (
        "directory",
        "docker run --rm -v $P/src:/s $I cat /s/file",
        "inside",
    ),
    (
        "read-only",
        "docker run --rm -v $P/src:/s:ro $I touch /s/x 2>&1 | grep -o 'Read-only file system'",
        "Read-only file system\n",
    ),
    (
        "file",
        "docker run --rm -v $P/src/file:/new $I sh -c 'cat /new; echo more > /new'; cat $P/src/file; printf inside > $P/src/file",
        "insidemore\n",
    ),
    (
        "mount",
        "docker run --rm --mount type=bind,source=$P/src/file,target=/new,readonly $I cat /new",
        "inside",
    ),
    (
        "made",
        "docker run --rm -v $P/m-$N/n:/m $I touch /m/x; ls $P/m-$N/n",
        "x\n",
    ),
    (
        // the content of an image is not copied into the project
        "copy",
        "mkdir $P/c-$N; docker run --rm -v $P/c-$N:/var/cache $I true; ls $P/c-$N",
        "",
    ),
    (
        "restart",
        "docker create --name $N -v $P/src:/s $I cat /s/file >/dev/null; docker start -a $N; docker start -a $N; docker rm $N >/dev/null",
        "insideinside",
    ),
    (
        "from",
        "docker create --name $N -v $P/src:/s $I true >/dev/null; docker run --name $N-2 --volumes-from $N $I ls /s
        docker inspect --format '{{range .Mounts}}{{.Type}} {{.Source}} {{.Destination}}{{end}}' $N-2 | sed s,$P,/workspace,
        docker rm $N $N-2 >/dev/null",
        "file\nbind /workspace/src /s\n",
    ),
    (
        // what is not in use can be pruned
        "pruned",
        "docker run --rm -v $P/src:/s $I cat /s/file; docker -H $RAW volume prune --all --force >/dev/null; docker run --rm -v $P/src:/s $I cat /s/file",
        "insideinside",
    ),
    (
        "inspect",
        "docker create --name $N -v $P/src:/s -v $P/src/file:/f:ro $I true >/dev/null
        docker inspect --format '{{range .Mounts}}{{.Type}} {{.Source}} {{.Destination}} {{.RW}};{{end}}' $N | tr ';' '\\n' | sed s,$P,/workspace, | sort -u
        docker ps -a --format '{{.Mounts}}' --filter name=$N --no-trunc | tr , '\\n' | sed s,$P,/workspace, | sort; docker rm $N >/dev/null",
        "\nbind /workspace/src /s true\nbind /workspace/src/file /f false\n/workspace/src\n/workspace/src/file\n",
    ),
    (
        // a client that speaks a version in which there is no path in a volume
        "older",
        "DOCKER_API_VERSION=1.41 docker run --rm -v $P/src:/s $I ls /s",
        "file\n",
    ),
];

#[test]
fn paths_beneath_the_project_are_mounted_by_the_engine() {
    let test = "paths_beneath_the_project_are_mounted_by_the_engine";
    let Some(mut guarded) = Guarded::on(test, Some(Suite::Trixie)) else {
        return;
    };
    let mut wrong = Vec::new();
    for (name, script, expected) in SCRIPTS {
        for side in [false, true] {
            let output = guarded.script(side, &format!("{name}-{side}"), script);
            if output.stdout != expected.as_bytes() {
                wrong.push(format!("{name} (guarded {side}): {output:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    // no descriptor is needed: containers outlive the guard, and its volumes are known again
    let make = "docker create --name $N -v $P/src:/s $I cat /s/file >/dev/null";
    assert!(guarded.script(true, "kept", make).status.success());
    guarded.restart();
    let output = guarded.script(
        true,
        "kept",
        "docker start -a $N && docker inspect --format '{{range .Mounts}}{{.Source}}{{end}}' $N && docker rm $N",
    );
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.starts_with("inside/workspace/src\n"), "{output:?}");
    // and nothing of it is the session's to use in another way
    let volumes = "docker volume ls --quiet --filter name=guard";
    let names = guarded.script(false, "volumes", volumes).stdout;
    let names = String::from_utf8_lossy(&names).into_owned();
    assert!(names.contains("-at-"), "{names}");
    assert!(guarded.script(true, "volumes", volumes).stdout.is_empty());
    for name in names.lines() {
        let mount = format!("docker run --rm -v {name}:/m $I true");
        let output = guarded.script(true, "volumes", &mount);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("HAL-G-FOREIGN"), "{said}");
    }
    guarded.restart();
    assert!(guarded.script(false, "volumes", volumes).stdout.is_empty());
}
