//! From a session's start to what is left of it.

use crate::support::engine::Instance;
use std::fs;

#[test]
fn docker_works_inside_and_the_host_is_out_of_reach() {
    let sessions = guarded!("docker_works_inside_and_the_host_is_out_of_reach");
    let project = sessions.house.bench.sandbox.project();
    fs::write(project.join("file"), "of the project").unwrap();
    let foreign = Instance::new(&sessions.house.bench.docker);
    let other = format!("foreign-{}", foreign.name());
    let label = foreign.label();
    let words = [
        "run",
        "--detach",
        "--name",
        &other,
        &label,
        "debian:trixie-slim",
        "sleep",
        "600",
    ];
    sessions.house.bench.docker.ok(&words);

    // As on the host, whichever way the session has the project.
    let said = sessions.said(
        &[],
        "id -nG; docker ps --all --quiet | wc -l; docker run --rm -v \"$PWD\":/x $I cat /x/file; echo
         docker run --rm -v /workspace:/x -w /x $I sh -c 'cat file; echo more > made'; echo
         echo one > own; docker run --rm -v ./own:/f $I sh -c 'cat /f; echo two > /f'; cat own
         docker run -d --name $N $I sleep 600 > /dev/null; docker network create $N > /dev/null
         docker volume create $N; docker ps --format '{{.Names}}'; cat made",
    );
    let name = sessions.name();
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].split(' ').any(|group| group == "docker"), "{said}");
    let expected = [
        "0",
        "of the project",
        "of the project",
        "one",
        "two",
        &name,
        &name,
        "more",
    ];
    assert_eq!(lines[1..], expected);

    // Its end is theirs, and nobody else's; what was decided is still told.
    let session = sessions.session();
    sessions.until_over(&session);
    for kind in ["container", "network", "volume"] {
        assert_eq!(sessions.there(kind), [""; 0], "{kind}");
    }
    let audit = fs::read_to_string(sessions.state(&session).join("audit.jsonl")).unwrap();
    assert!(
        audit.contains(&format!("\"session\":\"{session}\"")),
        "{audit}"
    );

    for (script, words) in [
        ("docker run --rm -v /etc:/x $I true", "HAL-G-MOUNT-OUTSIDE"),
        ("docker run --rm --privileged $I true", "HAL-G-PRIVILEGED"),
        (&format!("docker exec {other} true"), "No such container"),
        (&format!("docker rm {other}"), "No such container"),
        // Where the socket is mounted for others, nothing else can be put.
        (
            "ln -sf / /run/hal9000/docker/docker.sock",
            "Read-only file system",
        ),
        (
            "rm /run/hal9000/docker/docker.sock",
            "Read-only file system",
        ),
    ] {
        let output = sessions.script(&[], script);
        assert_ne!(output.code(), Some(0), "{script}");
        assert!(output.stderr.contains(words), "{script}: {}", output.stderr);
    }
    // A container of the session's that has the socket has the guard's.
    let nested = "docker run --rm -v /var/run/docker.sock:/var/run/docker.sock \
         -v /opt/hal9000/bin/docker:/bin/docker $I true";
    let output = sessions.script(&[], nested);
    assert!(
        output.stderr.contains("HAL-G-MOUNT-OUTSIDE"),
        "{}",
        output.stderr
    );
    let ask = "docker run --rm -v /var/run/docker.sock:/s $I perl -MIO::Socket::UNIX -e \
         '$s = IO::Socket::UNIX->new(\"/s\"); print $s \"GET /containers/json?all=1 HTTP/1.0\\r\\nHost: x\\r\\n\\r\\n\"; print <$s>'";
    let said = sessions.said(&[], ask);
    assert!(said.contains("200 OK") && !said.contains(&other), "{said}");
    sessions.until_over(&session);
    foreign.remove_all();
    sessions.end();
}

#[test]
fn what_is_kept_is_the_next_sessions() {
    let mut sessions = guarded!("what_is_kept_is_the_next_sessions");
    let sandbox = sessions.house.bench.sandbox;
    sessions.house.bench.sandbox = sandbox.env("HAL9000_DOCKER_ON_EXIT", "keep");
    let name = sessions.name();
    let session = sessions.session();
    sessions.said(
        &[],
        "docker volume create $N; docker run -d --restart always --name $N -v $N:/v $I sleep 600",
    );
    sessions.until_over(&session);
    assert_eq!(sessions.there("container"), [name.as_str()]);
    let policy = "{{.HostConfig.RestartPolicy.Name}}";
    assert_eq!(sessions.house.bench.field(&name, policy), "no");

    let said = sessions.said(
        &[],
        "docker ps --format '{{.Names}}'; docker rm -f $N; docker volume rm $N",
    );
    assert_eq!(said.lines().collect::<Vec<_>>(), [&name; 3]);
    sessions.until_over(&session);
    assert_eq!(sessions.there("volume"), [""; 0]);
    sessions.end();
}

#[test]
fn a_session_left_running_keeps_its_docker() {
    let sessions = guarded!("a_session_left_running_keeps_its_docker");
    let session = sessions.house.ok(&["--detach", "shell"]);
    let name = sessions.name();
    let made = sessions.docker(&session, &["create", "--name", &name, "debian:trixie-slim"]);
    made.unwrap();
    let names = sessions.docker(&session, &["ps", "--all", "--format={{.Names}}"]);
    assert_eq!(names, Ok(name.clone()));
    assert_eq!(sessions.house.ok(&["kill", &session]), session);
    sessions.until_over(&session);
    assert_eq!(sessions.there("container"), [""; 0]);
    sessions.end();
}

/// As a container on a machine of its own could: to a service by its name.
#[test]
fn a_session_joins_networks_of_its_own_and_no_others() {
    let sessions = guarded!("a_session_joins_networks_of_its_own_and_no_others");
    let foreign = Instance::new(&sessions.house.bench.docker);
    let other = format!("foreign-{}", foreign.name());
    let docker = &sessions.house.bench.docker;
    docker.ok(&["network", "create", &foreign.label(), &other]);
    let script = format!(
        "docker network create $N >/dev/null && docker run --detach --init --name $N-db --network $N $I sleep 600 >/dev/null
         docker network connect $N $(hostname) && getent hosts $N-db | wc -l
         docker network inspect --format '{{{{len .Containers}}}}' $N
         docker network disconnect $N $(hostname) && getent hosts $N-db | wc -l
         docker network connect {other} $(hostname); docker inspect --type container $(hostname) >/dev/null
         docker rm --force $N-db >/dev/null; docker network rm $N >/dev/null"
    );
    let output = sessions.script(&[], &script);
    let output = output.expect_code(0);
    assert_eq!(output.stdout, "1\n1\n0\n");
    assert!(
        output
            .stderr
            .contains(&format!("network {other} not found"))
    );
    assert!(
        output.stderr.contains("No such container"),
        "{}",
        output.stderr
    );
    sessions.end();
}

#[test]
fn sessions_of_a_project_share_images_and_nothing_else() {
    let sessions = guarded!("sessions_of_a_project_share_images_and_nothing_else");
    let build = "printf 'FROM %s\\nLABEL of=%s\\n' $I $HAL9000_SESSION | docker build -q -t $N - > /dev/null && docker image inspect --format '{{.Config.Labels.of}}' $N";
    let one = sessions.house.ok(&["--detach", "shell"]);
    let name = sessions.name();
    sessions
        .docker(&one, &["create", "--name", &name, "debian:trixie-slim"])
        .unwrap();
    let other = format!("{one}-2");
    let script = format!("docker ps --all --quiet | wc -l; {build}");
    assert_eq!(sessions.said(&["--new"], &script), format!("0\n{other}"));
    // The name is the project's: built again by another of its sessions, tomorrow too.
    sessions.until_over(&other);
    assert_eq!(sessions.said(&["--new"], build), other);
    sessions.docker(&one, &["image", "rm", &name]).unwrap();
    assert_eq!(sessions.there("image"), [""; 0]);
    sessions.house.ok(&["kill", &one]);
    sessions.until_over(&one);
    sessions.until_over(&other);
    sessions.end();
}

#[test]
fn a_name_that_a_registry_could_answer_for_ends_with_the_session() {
    let sessions = guarded!("a_name_that_a_registry_could_answer_for_ends_with_the_session");
    let session = sessions.session();
    let build = "for name in $N $N/of-somebody; do
             echo FROM $I | docker build -q -t $name - > /dev/null && docker image inspect --format '{{.Id}}' $name
         done";
    let said = sessions.said(&[], build);
    let ids: Vec<&str> = said.lines().collect();
    assert_eq!(ids.len(), 2, "{said}");
    sessions.until_over(&session);
    assert_eq!(sessions.there("image"), [sessions.name()]);
    sessions.end();
}

#[test]
fn a_project_that_cannot_be_changed_cannot_be_changed_by_docker() {
    let sessions = guarded!("a_project_that_cannot_be_changed_cannot_be_changed_by_docker");
    let project = sessions.house.bench.sandbox.project();
    fs::create_dir(project.join("src")).unwrap();
    for mount in ["$PWD:/x", "$PWD/src:/x", "$PWD:/x:rw"] {
        let touch = format!("docker run --rm -v {mount} $I touch /x/made");
        let output = sessions.script(&["--read-only"], &touch);
        assert!(
            output.stderr.contains("Read-only file system"),
            "{}",
            output.stderr
        );
    }
    let missing = sessions.script(&["--read-only"], "docker run --rm -v $PWD/new:/x $I true");
    assert_ne!(missing.code(), Some(0));
    assert!(!project.join("new").exists());
    sessions.until_over(&sessions.session());
    sessions.end();
}
