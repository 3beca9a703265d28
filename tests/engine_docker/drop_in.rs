//! `hal-9000 docker …` beside the real docker: status, standard output and standard error are the
//! same, but for what the containers of `run` and `create` are meant to have more.

use crate::support::sandbox::{Output, finish};
use crate::support::session::Bench;
use hal9000::dockercli::Flags;
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

const IMAGE: &str = "debian:trixie-slim";

/// Command lines behind `docker`, `$I` for the image and `$P` for the project. `<` begins what they
/// are fed.
const SAME: &[&str] = &[
    "",
    "--help",
    "--version",
    "-v",
    "-- version --format {{.Client.Version}}",
    "version --format {{.Server.Version}}",
    "info --format '{{.ServerVersion}} {{.Driver}}'",
    "help",
    "help run",
    "run --help",
    "create --help",
    "container",
    "container --help",
    "container run --help",
    "container run -v --help",
    "no-such-command",
    "container no-such-command",
    "--no-such-flag",
    "--no-such-flag ps",
    "ps --no-such-flag",
    "-H unix:///nonexistent/docker.sock ps",
    "-H unix:///nonexistent/docker.sock run --rm $I true",
    "-H nonsense ps",
    "--context no-such-context ps",
    "--context no-such-context run $I",
    "--log-level nonsense ps",
    "-l debug version --format {{.Client.Version}}",
    "--config /nonexistent version --format {{.Client.Version}}",
    "--tlsverify --tlscacert /nonexistent ps",
    "context ls",
    "context inspect default",
    "compose version",
    "compose --file /nonexistent up",
    "buildx version",
    "plugin ls",
    "node ls",
    "secret ls",
    "service create --name x $I",
    "images --format {{.ID}} $I",
    "image inspect --format {{.Id}} $I",
    "image inspect no-such-image",
    "history --format {{.ID}} $I",
    "inspect no-such-thing",
    "ps --all --quiet --filter label=no-such-label",
    "volume ls --filter label=no-such-label",
    "network inspect --format {{.Driver}} bridge",
    "volume inspect no-such-volume",
    "volume create --driver no-such-driver x",
    "network create --driver no-such-driver x",
    "rm no-such-container",
    "rmi no-such-image",
    "logs no-such-container",
    "exec no-such-container run $I",
    "stop no-such-container",
    "start no-such-container",
    "wait no-such-container",
    "port no-such-container",
    "top no-such-container",
    "cp no-such-container:/run $P",
    "tag no-such-image x",
    "save no-such-image",
    "load <nonsense",
    "events --since 0 --until 1 --filter container=no-such-container",
    // What makes a container, up to where docker refuses it.
    "run",
    "create",
    "run --rm",
    "run --rm --no-such-flag x $I true",
    "run --rm -z $I true",
    "run --name",
    "run --rm --name a/b $I true",
    "create --name a/b $I true",
    "run --rm --memory nonsense $I true",
    "run --rm --memory 1k $I true",
    "run --rm --cpus -1 $I true",
    "run --rm --memory-swap 1m -m 1g $I true",
    "run --rm -v relative/path:/a $I true",
    "run --rm -v /a:relative $I true",
    "run --rm --mount type=nonsense,target=/a $I true",
    "run --rm -v /tmp:/b -v /srv:/b $I true",
    "run --rm --network no-such-network $I true",
    "run --pull never no-such-image:x true",
    "run -- no-such/Image run",
    "run --rm -it $I true <",
    // And to its end.
    "run --rm $I echo hi",
    "run --rm $I sh -c 'echo out; echo err >&2; exit 3'",
    "run --rm -i $I cat <some words",
    "run --rm $I /no/such/program",
    "run --rm $I /etc",
    "container run --rm --entrypoint /bin/echo $I -v /a:/workspace --user 0",
    "--context default run --rm --init -- $I cat /proc/1/comm",
    "run --rm -w / -u0:0 $I sh -c 'pwd; id'",
    "run --rm --user= --workdir= $I sh -c 'pwd; id'",
    "run --rm -eA='b c' --env=B -h box -u '' $I sh -c 'echo $A $B $HOME $(hostname)'",
    "run --rm -m 64m --cpus .5 --pids-limit 7 $I sh -c 'cat /sys/fs/cgroup/*/memory.limit_in_bytes /sys/fs/cgroup/memory.max'",
    "run --rm --read-only -u '' $I touch /x",
    "run --rm --tmpfs /workspace --tmpfs $P -w / $I ls -d /workspace $P",
    "run --rm -v $P:/workspace -v $P:$P:ro -w /workspace -u 0 $I sh -c 'ls; pwd'",
    "run --rm --mount type=bind,src=$P,dst=/workspace -v$P://$P/ -w $P -u 0 $I ls",
    "run --rm --net none $I ls /sys/class/net",
    "run --rm --cpu-quota 50000 --memory-reservation 5g $I true",
];

const LANES: usize = 4;

/// What differs, and is meant to.
const DIFFERENT: &[(&str, &str)] = &[
    ("run --rm $I pwd", "works in the project"),
    ("run --rm $I id -u", "is the caller, not the image's user"),
    ("run --rm $I ls -d /workspace", "has the project"),
    ("run --rm $I ls -d $P", "has the project at its own path"),
    ("run --rm $I cat /etc/shadow", "is not root"),
    (
        "run --rm $I sh -c 'cat /sys/fs/cgroup/pids/pids.max || cat /sys/fs/cgroup/pids.max'",
        "is limited",
    ),
];

/// The words, and what they are fed.
fn words(line: &str, project: &str) -> (Vec<String>, Vec<u8>) {
    let line = line.replace("$I", IMAGE).replace("$P", project);
    let (line, input) = line.split_once('<').unwrap_or((&line, ""));
    (shell_words::split(line).unwrap(), input.as_bytes().to_vec())
}

/// The same command line of docker and of ours.
fn both(bench: &Bench, line: &str) -> [Output; 2] {
    let project = bench.sandbox.project().to_str().unwrap();
    let (words, input) = words(line, project);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let docker = bench.sandbox.root().join("bin/docker");
    let real = bench.sandbox.program(docker.to_str().unwrap(), &words);
    let ours = bench.sandbox.command(&[&["docker"], &words[..]].concat());
    [finish(real, &input), finish(ours, &input)]
}

/// Status, standard output, standard error; ids of containers that were never run are their own.
fn told(output: &Output) -> (Option<i32>, String, String) {
    let id = |word: &str| word.len() == 64 && word.bytes().all(|it| it.is_ascii_hexdigit());
    let blank = |text: &str| {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric());
        words
            .filter(|word| id(word))
            .fold(text.to_owned(), |text, word| text.replace(word, "ID"))
    };
    (output.code(), blank(&output.stdout), blank(&output.stderr))
}

#[test]
fn docker_is_docker() {
    let Some(bench) = Bench::new("docker_is_docker") else {
        return;
    };
    bench.sandbox.write("home/project/file", "content");
    assert!(SAME.len() >= 60);
    // Side by side: each waits for the engine most of its time.
    std::thread::scope(|scope| {
        for lane in 0..LANES {
            let lines = SAME.iter().skip(lane).step_by(LANES);
            let bench = &bench;
            scope.spawn(move || {
                for line in lines {
                    let [real, ours] = both(bench, line);
                    assert_eq!(told(&ours), told(&real), "docker {line}");
                }
            });
        }
    });
    assert_eq!(bench.containers(), Vec::<String>::new());
}

#[test]
fn what_differs_is_meant_to() {
    let Some(bench) = Bench::new("what_differs_is_meant_to") else {
        return;
    };
    bench.sandbox.write("home/project/file", "content");
    for (line, why) in DIFFERENT {
        let [real, ours] = both(&bench, line);
        assert_ne!(told(&ours), told(&real), "docker {line}: {why}");
    }
    bench.end();
}

#[test]
fn where_there_is_no_project_it_is_said() {
    let Some(bench) = Bench::new("where_there_is_no_project_it_is_said") else {
        return;
    };
    let home = bench.sandbox.home();
    for (place, why) in [
        (Path::new("/"), "is the whole machine"),
        (&home, "home directory"),
    ] {
        let words = [
            "docker",
            "run",
            "--rm",
            IMAGE,
            "sh",
            "-c",
            "pwd; id -u; ls /workspace",
        ];
        let mut command = bench.sandbox.command(&words);
        command.current_dir(place);
        let done = finish(command, b"");
        assert!(done.stdout.starts_with("/\n"), "{done:?}");
        assert!(
            done.stderr.contains("no workspace in this container") && done.stderr.contains(why),
            "{done:?}"
        );
        assert!(done.stderr.contains("/workspace"), "{done:?}");
        let mut command = bench.sandbox.command(&[&["-q"], &words[..]].concat());
        command.current_dir(place);
        let done = finish(command, b"");
        assert!(!done.stderr.contains("no workspace"), "{done:?}");
    }
    // An engine elsewhere has another machine's files.
    let done = bench.run(&["docker", "-H", "tcp://127.0.0.1:1", "run", IMAGE, "true"]);
    assert!(
        done.stderr.contains("no workspace") && done.stderr.contains("tcp://127.0.0.1:1"),
        "{done:?}"
    );
    assert_eq!(done.code(), Some(125), "{done:?}");
    bench.end();
}

/// Everything that can be given and does not contradict, at once.
const FLAGS: &[&str] = &[
    "--add-host=a:1.2.3.4",
    "--attach",
    "stdout",
    "--cap-add",
    "NET_ADMIN",
    "--cap-drop=CHOWN",
    "--dns=1.1.1.1",
    "-e",
    "A=b c",
    "--env=C=",
    "--expose=80",
    "--group-add=7",
    "--health-cmd=true",
    "--hostname=box",
    "-it",
    "--label=hal9000.instance=mine",
    "-lx=y",
    "--log-driver=json-file",
    "--mount",
    "type=tmpfs,target=/t",
    "--network=none",
    "--oom-score-adj=5",
    "-p127.0.0.1::80",
    "--pid=host",
    "--pull=missing",
    "--restart=no",
    "--security-opt=no-new-privileges",
    "--shm-size=8m",
    "--stop-signal=INT",
    "--stop-timeout=3",
    "--sysctl=net.ipv4.ip_forward=0",
    "--tmpfs=/u:size=1m",
    "--ulimit=nofile=9",
    "-v/tmp:/v:ro",
    "--tmpfs",
    "/w",
    "--entrypoint=sh",
];

/// What a container is, in both: only what is meant to be there is more.
#[test]
fn nothing_that_was_typed_is_lost() {
    let Some(bench) = Bench::new("nothing_that_was_typed_is_lost") else {
        return;
    };
    let made = |front: &[&str], name: &str| -> Value {
        let name = format!("{}-{name}", bench.instance.name());
        let label = bench.instance.label();
        let words = [
            &["create", "--name", &name, &label][..],
            FLAGS,
            &[IMAGE, "-c", "true", "--user", "x"],
        ]
        .concat();
        let done = if front.is_empty() {
            let docker = bench.sandbox.root().join("bin/docker");
            finish(bench.sandbox.program(docker.to_str().unwrap(), &words), b"")
        } else {
            bench.run(&[front, &words].concat())
        };
        done.expect_code(0);
        let found: Value = serde_json::from_str(&bench.docker.ok(&["inspect", &name])).unwrap();
        bench.docker.ok(&["rm", &name]);
        found[0].clone()
    };
    let (real, ours) = (made(&[], "real"), made(&["docker"], "ours"));
    let project = bench.sandbox.project().to_str().unwrap();
    let user = bench
        .sandbox
        .user()
        .map(|user| format!("{}:{}", user.uid, user.gid));
    let mut expected = json!({"Config": real["Config"], "HostConfig": real["HostConfig"]});
    let config = &mut expected["Config"];
    config["WorkingDir"] = json!(project);
    if let Some(user) = user {
        config["User"] = json!(user);
    }
    // What the user says of itself holds.
    assert_eq!(config["Labels"]["hal9000.instance"], "mine");
    let caller = &ours["Config"]["Labels"]["hal9000.user"];
    assert_eq!(caller.as_str().map(str::len), Some(8));
    config["Labels"]["hal9000.user"] = caller.clone();
    config["Labels"]["hal9000.project"] = json!(project);
    let host = &mut expected["HostConfig"];
    host["Memory"] = json!(4_u64 << 30);
    // The engine makes it from the memory, where the kernel counts swap.
    host["MemorySwap"] = ours["HostConfig"]["MemorySwap"].clone();
    host["NanoCpus"] = json!(2_000_000_000);
    host["PidsLimit"] = json!(100);
    let mounts = host["Mounts"].as_array_mut().unwrap();
    for target in [project, "/workspace"] {
        mounts.insert(
            0,
            json!({"Type": "bind", "Source": project, "Target": target}),
        );
    }
    for part in ["Config", "HostConfig"] {
        let (found, expected) = (&ours[part], expected[part].as_object().unwrap());
        assert_eq!(found.as_object().unwrap().len(), expected.len());
        for (key, value) in expected {
            let (mut found, mut value) = (found[key].clone(), value.clone());
            if key == "Env" {
                // The engine has them in no order.
                for list in [&mut found, &mut value] {
                    list.as_array_mut().unwrap().sort_by_key(Value::to_string);
                }
            }
            assert_eq!(found, value, "{key}");
        }
    }
    bench.end();
}

/// A flag that takes a value here and none there would hide the image.
#[test]
fn the_options_are_those_of_the_client_here() {
    let Some(bench) = Bench::new("the_options_are_those_of_the_client_here") else {
        return;
    };
    let known = Flags::of_run();
    for command in ["run", "create"] {
        let told = Flags::of_help(&bench.docker.ok(&[command, "--help"]));
        assert!(told.names().count() > 50);
        for name in told.names() {
            let here = known.takes_value(name);
            assert!(here.is_none() || here == told.takes_value(name), "--{name}");
        }
        for letter in 'A'..='z' {
            let (here, there) = (known.long_of(letter), told.long_of(letter));
            assert!(there.is_none() || here == there, "-{letter}");
        }
    }
}

#[test]
fn words_that_are_no_text_are_handed_on() {
    let Some(bench) = Bench::new("words_that_are_no_text_are_handed_on") else {
        return;
    };
    let word = OsStr::from_bytes(b"no-\xff");
    let docker = bench.sandbox.root().join("bin/docker");
    let docker = docker.to_str().unwrap();
    for front in [&["inspect"][..], &["run", "--rm", IMAGE, "printf"]] {
        let mut real = bench.sandbox.program(docker, front);
        real.arg(word);
        let mut ours = bench.sandbox.command(&[&["docker"], front].concat());
        ours.arg(word);
        let (real, ours) = (finish(real, b""), finish(ours, b""));
        assert_eq!(told(&ours), told(&real));
    }
}

#[test]
fn what_would_be_run_is_shown() {
    let Some(bench) = Bench::new("what_would_be_run_is_shown") else {
        return;
    };
    let shown = bench.ok(&["--print=argv", "docker", "-D", "run", "-u0", IMAGE, "ls"]);
    let words: Vec<&str> = shown.lines().collect();
    assert_eq!(words.get(1..3), Some(&["-D", "run"][..]));
    assert!(words.ends_with(&["-u0", IMAGE, "ls"]), "{shown}");
    assert!(
        shown.contains("--workdir") && !shown.contains("--user"),
        "{shown}"
    );
    let said = bench.ok(&["--explain", "docker", "run", IMAGE]);
    assert!(
        said.contains("--memory 4g\n    it cannot starve the machine [built in]"),
        "{said}"
    );
    assert!(
        said.contains("target=/workspace'\n    the project ["),
        "{said}"
    );
    let said = bench.ok(&["--print", "docker", "ps", "-a"]);
    assert!(said.ends_with("bin/docker ps -a"), "{said}");
    bench.run(&["--new", "docker", "ps"]).expect_code(2);
    bench.end();
}
