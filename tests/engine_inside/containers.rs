//! docker in a session: builds, runs, copies, terminals, logs, volumes, networks.

use crate::inside::{BASE, Inside};

#[test]
fn the_tools_are_there_and_the_user_may_use_them() {
    let Some(inside) = Inside::new("the_tools_are_there_and_the_user_may_use_them") else {
        return;
    };
    let told = inside.ok(
        "id --user; id --name --user; id --name --groups; pwd
         docker version --format 'server {{.Server.Version}}'
         docker compose version --short; docker-compose version --short
         docker buildx version; docker context ls --quiet; ls -l /var/run/docker.sock >/dev/null
         for tool in git ssh curl jq rg ps less file make patch python3 unzip xz nano tree lsof zip; do
             command -v $tool >/dev/null || echo missing: $tool; done",
    );
    if let Some(user) = inside.sandbox.user() {
        assert!(
            told.starts_with(&format!("{}\nclaude\n", user.uid)),
            "{told}"
        );
    }
    let groups = told.lines().nth(2).unwrap();
    assert!(groups.split(' ').any(|group| group == "docker"), "{told}");
    let project = inside.sandbox.project().to_string_lossy();
    assert_eq!(told.lines().nth(3), Some(&*project), "{told}");
    let server = inside
        .docker
        .ok(&["version", "--format=server {{.Server.Version}}"]);
    assert!(told.contains(&server), "{told}");
    assert!(told.contains("github.com/docker/buildx"), "{told}");
    assert!(!told.contains("missing"), "{told}");
    inside.assert_tidy();
}

#[test]
fn both_builders_build_and_their_images_run_on_the_project() {
    let dockerfile = format!(
        "FROM {BASE}\nARG GREETING\nCOPY src/word.txt /word.txt\n\
         RUN echo \"$GREETING $(cat /word.txt)\" > /made\nWORKDIR /app\nCMD [\"cat\", \"/made\"]\n"
    );
    let files = [
        ("Dockerfile", dockerfile.as_str()),
        ("src/word.txt", "world\n"),
        (".dockerignore", "big\n"),
    ];
    let test = "both_builders_build_and_their_images_run_on_the_project";
    let Some(inside) = Inside::new(test) else {
        return;
    };
    let inside = inside.project("with space", &files);
    let told = inside.ok(
        r#"
        build="--quiet $LABEL"
        DOCKER_BUILDKIT=0 docker build $build --tag $T:classic --build-arg GREETING=classic . >/dev/null
        DOCKER_BUILDKIT=1 docker build $build --tag $T:kit --build-arg GREETING=kit . >/dev/null
        docker build $build --tag $T:plain --build-arg GREETING=plain . >/dev/null
        docker buildx build $build --load --tag $T:x --build-arg GREETING=buildx "$PWD" >/dev/null
        for tag in classic kit plain x; do docker run --rm $LABEL $T:$tag; done
        echo from the project > input
        docker run --rm $LABEL -v "$PWD":/app $T:kit cat input src/word.txt
        docker run --rm $LABEL -v "$PWD":/app --user "$(id -u):$(id -g)" $T:kit \
            sh -c 'mkdir out && tr a-z A-Z < input > out/result'
        docker run --rm $LABEL -v "$PWD"/out:/there:ro $T:classic cat /there/result
        docker rmi $T:classic $T:kit $T:plain $T:x >/dev/null"#,
    );
    let expected = "classic world\nkit world\nplain world\nbuildx world\n\
                    from the project\nworld\nFROM THE PROJECT\n";
    assert_eq!(told, expected);
    assert_eq!(inside.own_file("input"), "from the project\n");
    assert_eq!(inside.own_file("out/result"), "FROM THE PROJECT\n");
    inside.assert_tidy();
}

/// Where it is asked for: the guard does not tell the engine's id.
#[test]
fn the_engines_own_socket_is_the_engine_itself() {
    let Some(inside) = Inside::new("the_engines_own_socket_is_the_engine_itself") else {
        return;
    };
    let script = "docker info --format '{{.ID}}'; docker run --rm $LABEL @BASE@ echo ran";
    let script = script.replace("@BASE@", BASE);
    let id = inside.docker.ok(&["info", "--format={{.ID}}"]);
    let host = inside.script_with(&["--docker=host"], &script);
    assert_eq!(host.expect_code(0).stdout, format!("{id}\nran\n"));
    let guarded = inside.ok(&script);
    assert!(
        guarded.ends_with("ran\n") && !guarded.contains(&id),
        "{guarded}"
    );
    inside.assert_tidy();
}

#[test]
fn files_are_copied_into_containers_and_out_of_them() {
    let test = "files_are_copied_into_containers_and_out_of_them";
    let Some(inside) = Inside::new(test) else {
        return;
    };
    let inside = inside.project("copies", &[("in/a", "one"), ("in/deep/b", "two")]);
    let script = r"
        docker create --name $T-box $LABEL @BASE@ sh -c 'cp -r /given /back' >/dev/null
        docker cp --quiet in $T-box:/given
        docker start --attach $T-box
        docker cp --quiet $T-box:/back out
        docker cp $T-box:/back/a - | tar --extract --to-stdout
        docker rm $T-box >/dev/null";
    assert_eq!(inside.ok(&script.replace("@BASE@", BASE)), "one");
    assert_eq!(inside.own_file("out/a"), "one");
    assert_eq!(inside.own_file("out/deep/b"), "two");
    inside.assert_tidy();
}

#[test]
fn volumes_keep_and_networks_connect() {
    let Some(inside) = Inside::new("volumes_keep_and_networks_connect") else {
        return;
    };
    let script = r#"
        docker volume create $LABEL $T-data >/dev/null
        docker network create $LABEL $T-net >/dev/null
        docker run --rm $LABEL -v $T-data:/data @BASE@ sh -c 'echo kept > /data/file'
        docker run --rm $LABEL -v $T-data:/data:ro @BASE@ cat /data/file
        docker run --detach --init --name $T-one $LABEL --network $T-net @BASE@ sleep 600 >/dev/null
        docker run --rm $LABEL --network $T-net @BASE@ getent hosts $T-one > found
        grep --quiet "^$(docker inspect -f "{{(index .NetworkSettings.Networks \"$T-net\").IPAddress}}" $T-one) " found
        # The session joins it, too: it is a container like any other.
        docker network connect $T-net "$(hostname)"
        getent hosts $T-one | cut -d' ' -f1 | diff - <(cut -d' ' -f1 found)
        docker network disconnect $T-net "$(hostname)"
        docker rm --force $T-one >/dev/null
        docker network rm $T-net >/dev/null
        docker volume rm $T-data >/dev/null"#;
    assert_eq!(inside.ok(&script.replace("@BASE@", BASE)), "kept\n");
    inside.assert_tidy();
}

#[test]
fn followed_logs_end_with_their_container() {
    let Some(inside) = Inside::new("followed_logs_end_with_their_container") else {
        return;
    };
    // The container waits for a file in the project, which is made once its first line was read.
    let script = r#"
        docker run --detach --name $T-job $LABEL -v "$PWD":/app @BASE@ \
            bash -c 'mkfifo -m 666 /app/go; echo first; read word < /app/go; echo $word' >/dev/null
        docker logs --follow $T-job | while read -r line; do
            echo "log: $line"
            if [ "$line" = first ]; then echo last > go; fi
        done
        docker inspect --format '{{.State.Status}}' $T-job
        docker rm $T-job >/dev/null"#;
    let told = inside.ok(&script.replace("@BASE@", BASE));
    assert_eq!(told, "log: first\nlog: last\nexited\n");
    inside.assert_tidy();
}

#[test]
fn a_terminal_reaches_into_a_container_of_the_session() {
    let test = "a_terminal_reaches_into_a_container_of_the_session";
    let Some(inside) = Inside::new(test) else {
        return;
    };
    let script = r"
        docker run --detach --init --name $T-box $LABEL @BASE@ sleep 600 >/dev/null
        docker exec -it $T-box bash --norc || echo status $?
        docker rm --force $T-box >/dev/null"
        .replace("@BASE@", BASE);
    let words = inside.words(&[], &script);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut pty = inside.sandbox.pty(&words);
    pty.wait_for_text("#");
    // docker gives a terminal its size once the program runs.
    pty.send("until [ \"$(stty size)\" = '30 100' ]; do :; done; echo si''zed\r");
    pty.wait_for_text("sized");
    pty.resize(40, 90);
    pty.send("until [ \"$(stty size)\" = '40 90' ]; do :; done; echo re''sized\r");
    pty.wait_for_text("resized");
    // Ctrl-C is for the program in the container, which is the innermost of three terminals.
    pty.send("sh -c 'echo st\"\"arted; exec cat'\r");
    pty.wait_for_text("started");
    pty.send_ctrl('c');
    pty.wait_for_text("^C");
    pty.send("exit 7\r");
    pty.wait_for_text("status 7");
    assert!(pty.wait_exit().success(), "{}", pty.screen_text());
    inside.assert_tidy();
}
