//! What a session is inside: whose files, what mounts, which limits, what name.

use std::fs;
use std::io::Read;
use std::net::TcpStream;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use hal9000::vars;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::session::{Bench, Piped, hex};

fn sh(bench: &Bench, options: &[&str], script: &str) -> String {
    bench.ok(&[options, &["shell", "sh", "-c", script]].concat())
}

/// The first digits of a text's SHA-256.
fn digest(text: &str, digits: usize) -> String {
    hex(&Sha256::digest(text))[..digits].to_owned()
}

#[test]
fn what_is_made_is_the_callers() {
    let bench = bench!("what_is_made_is_the_callers");
    let made =
        "umask 022; touch here /workspace/there; mkdir -p d/e; echo x > d/e/f; ln -s f d/e/l";
    sh(&bench, &[], made);
    let project = bench.sandbox.project();
    let mine = fs::metadata(project).unwrap();
    for name in ["here", "there", "d", "d/e", "d/e/f", "d/e/l"] {
        let found = fs::symlink_metadata(project.join(name)).unwrap();
        assert_eq!(
            (found.uid(), found.gid()),
            (mine.uid(), mine.gid()),
            "{name}"
        );
    }
    let (uid, gid) = (mine.uid(), mine.gid());
    let said = sh(
        &bench,
        &[],
        "id -un; id -u; id -g; id -nG; echo $HOME; pwd; grep ^CapEff /proc/self/status",
    );
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines[..3],
        ["claude", &uid.to_string(), &gid.to_string()],
        "{said}"
    );
    assert!(lines[3].split(' ').any(|group| group == "docker"), "{said}");
    assert_eq!(
        lines[4..6],
        ["/home/claude", project.to_str().unwrap()],
        "{said}"
    );
    assert!(lines[6].ends_with("0000000000000000"), "{said}");
    bench.end();
}

#[test]
fn another_place_to_work() {
    let bench = bench!("another_place_to_work");
    assert_eq!(
        sh(&bench, &["--workdir=workspace"], "pwd; touch x"),
        "/workspace"
    );
    assert!(bench.sandbox.project().join("x").exists());
    let project = bench.sandbox.project().display().to_string();
    let hidden = bench.run(&["--workdir=workspace", "shell", "test", "-e", &project]);
    assert_eq!(hidden.code(), Some(1));
    bench.end();
}

#[test]
fn a_project_that_cannot_be_changed() {
    let bench = bench!("a_project_that_cannot_be_changed");
    let script = "touch here || touch /workspace/there || echo refused";
    assert_eq!(sh(&bench, &["--read-only"], script), "refused");
    assert_eq!(fs::read_dir(bench.sandbox.project()).unwrap().count(), 0);
    bench.end();
}

#[test]
fn docker_inside_or_not() {
    let bench = bench!("docker_inside_or_not");
    let version = bench
        .docker
        .ok(&["version", "--format={{.Server.Version}}"]);
    let ask = "docker version --format '{{.Server.Version}}'";
    assert_eq!(sh(&bench, &[], ask), version);
    let script =
        "test -e /var/run/docker.sock && echo socket; id -nG; docker version >&2 || echo refused";
    let none = sh(&bench, &["--docker=none"], script);
    assert!(
        !none.contains("socket") && !none.contains("docker"),
        "{none}"
    );
    assert!(none.ends_with("refused"), "{none}");
    bench.end();
}

#[test]
fn variables() {
    let mut bench = bench!("variables");
    bench.sandbox = bench
        .sandbox
        .env("HERE", "from\nhere = \"x\"")
        .env("ANTHROPIC_API_KEY", "sk-secret")
        .env("TZ", "Europe/Berlin");
    let args = [
        "-e",
        "GIVEN=a=b 'c'",
        "-e",
        "HERE",
        "--env=EMPTY=",
        "-e",
        "NOWHERE",
    ];
    let script = "printf '%s|' \"$GIVEN\" \"$HERE\" \"${EMPTY-unset}\" \"${NOWHERE-unset}\"; env";
    let done = bench
        .run(&[&args[..], &["shell", "sh", "-c", script]].concat())
        .expect_code(0);
    assert!(
        done.stdout
            .starts_with("a=b 'c'|from\nhere = \"x\"||unset|"),
        "{done:#?}"
    );
    assert!(
        done.stderr.contains("NOWHERE is not set here"),
        "{}",
        done.stderr
    );
    assert!(
        done.stderr.contains("ANTHROPIC_API_KEY is not handed on"),
        "{}",
        done.stderr
    );
    assert!(!done.stdout.contains("sk-secret"));
    let project = bench.sandbox.project().display();
    for line in [
        format!("{}=1", vars::MARKER),
        format!("{}=/workspace", vars::WORKSPACE),
        format!("{}={project}", vars::PROJECT),
        format!(
            "{}=hal-9000-project-{}",
            vars::SESSION,
            digest(&project.to_string(), 8)
        ),
        "CLAUDE_CONFIG_DIR=/home/claude/.claude".to_owned(),
        "TZ=Europe/Berlin".to_owned(),
        "TERM=xterm-256color".to_owned(),
    ] {
        assert!(
            done.stdout.lines().any(|found| found == line),
            "{line}: {}",
            done.stdout
        );
    }
    // A secret is read from a file, and is in no description of the container.
    let key = bench.sandbox.write("home/key", "sk-secret\n");
    let config = format!("[secrets]\nANTHROPIC_API_KEY = {key:?}\n");
    bench
        .sandbox
        .write("home/.config/hal-9000/config.toml", &config);
    let mut session = Piped::spawn(bench.sandbox.command(&[
        "shell",
        "sh",
        "-c",
        "echo \"$ANTHROPIC_API_KEY\"; cat",
    ]));
    assert_eq!(session.line(), "sk-secret");
    let name = bench.containers().remove(0);
    assert!(!bench.docker.ok(&["inspect", &name]).contains("sk-secret"));
    assert!(session.end().0.success());
    bench.end();
}

#[test]
fn volumes() {
    let bench = bench!("volumes");
    bench.sandbox.write("home/project/data dir/f", "bound");
    let named = format!("{}-data:/var/tmp/data", bench.instance.name());
    let options = ["-v", "./data dir:/bound:ro", "--volume", &named];
    let script = "cat /bound/f; touch /bound/x 2>/dev/null || echo ' ro'; ls -d /var/tmp/data";
    assert_eq!(sh(&bench, &options, script), "bound ro\n/var/tmp/data");
    for taken in [
        "/workspace",
        "/workspace/",
        "//workspace/.",
        "/opt/hal9000",
        "/opt/hal9000/bin",
        "/var/run/docker.sock",
        "/home/claude/.claude",
    ] {
        let volume = format!(".:{taken}");
        let done = bench.run(&["-v", &volume, "shell", "true"]).expect_code(2);
        assert!(done.stderr.contains(taken), "{}", done.stderr);
    }
    bench.end();
}

#[test]
fn a_published_port_is_reachable() {
    let bench = bench!("a_published_port_is_reachable");
    let server = "$s = IO::Socket::INET->new(Listen => 1, LocalPort => 8000) or die; $|=1; \
                  print \"ready\\n\"; $c = $s->accept; print $c \"hello\"; close $c";
    let words = [
        "--publish",
        "127.0.0.1::8000",
        "shell",
        "perl",
        "-MIO::Socket::INET",
        "-e",
        server,
    ];
    let mut session = Piped::spawn(bench.sandbox.command(&words));
    assert_eq!(session.line(), "ready");
    let name = bench.containers().remove(0);
    let address = bench.docker.ok(&["port", &name, "8000/tcp"]);
    let mut said = String::new();
    TcpStream::connect(address)
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert_eq!(said, "hello");
    assert!(session.end().0.success());
    // A port that is taken: nothing is started, and nothing is left.
    let holder = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let publish = format!("{}:80", holder.local_addr().unwrap());
    for how in ["--quiet", "--detach"] {
        let done = bench
            .run(&[how, "--publish", &publish, "shell", "true"])
            .expect_code(125);
        assert!(done.stderr.contains("in use"), "{}", done.stderr);
        assert_eq!(bench.containers(), Vec::<String>::new());
    }
    for network in ["none", "host"] {
        let done = bench.run(&["--publish", "80", "--network", network, "shell", "true"]);
        assert!(done.expect_code(2).stderr.contains("cannot be published"));
    }
    bench.end();
}

#[test]
fn no_network() {
    let bench = bench!("no_network");
    assert_eq!(sh(&bench, &["--network=none"], "ls /sys/class/net"), "lo");
    let unknown = bench
        .run(&["--network=no-such-net", "shell", "true"])
        .expect_code(125);
    assert!(unknown.stderr.contains("no-such-net"), "{}", unknown.stderr);
    bench.end();
}

#[test]
fn limits_labels_and_name_are_the_contracts() {
    let bench = bench!("limits_labels_and_name_are_the_contracts");
    let look = |options: &[&str]| {
        let words = [options, &["--detach", "--new", "shell"]].concat();
        let name = bench.ok(&words);
        let found = bench.field(&name, "{{json .}}");
        bench.ok(&["kill", &name]);
        (name, serde_json::from_str::<Value>(&found).unwrap())
    };
    let limits = |found: &Value| {
        let host = &found["HostConfig"];
        ["Memory", "NanoCpus", "PidsLimit"].map(|name| host[name].as_i64().unwrap_or_default())
    };
    let (name, found) = look(&[]);
    assert_eq!(limits(&found), [4 << 30, 2_000_000_000, 100]);
    let (_, other) = look(&["--memory=512m", "--cpus=0.5", "--pids-limit=64"]);
    assert_eq!(limits(&other), [512 << 20, 500_000_000, 64]);
    let (_, none) = look(&["--no-limits"]);
    assert_eq!(limits(&none), [0, 0, 0]);

    let project = bench.sandbox.project().display().to_string();
    assert_eq!(name, format!("hal-9000-project-{}", digest(&project, 8)));
    let labels = &found["Config"]["Labels"];
    for (key, value) in [
        ("session", "true"),
        ("role", "session"),
        ("project", &project),
        ("profile", "base"),
        ("user", &digest("tester", 8)),
        ("instance", bench.instance.name()),
        ("schema", "1"),
    ] {
        assert_eq!(labels[format!("hal9000.{key}")], value, "{key}");
    }
    let spec = |found: &Value| found["Config"]["Labels"]["hal9000.spec"].to_string();
    assert!(spec(&found).len() >= 8 && spec(&found) != spec(&other));
    let host = &found["HostConfig"];
    assert_eq!(host["CapDrop"], serde_json::json!(["ALL"]));
    assert_eq!(
        host["SecurityOpt"],
        serde_json::json!(["no-new-privileges"])
    );
    assert_eq!(
        (&host["Init"], &host["Privileged"]),
        (&true.into(), &false.into())
    );
    bench.end();
}

#[test]
fn a_name_for_every_directory() {
    let mut bench = bench!("a_name_for_every_directory");
    let long = "x".repeat(200);
    for (name, slug) in [
        ("my.shop (v2)", "my-shop--v2-"),
        ("ünï", "--n--"),
        ("-", "-"),
        ("a_b-c", "a_b-c"),
        (&long, &long),
    ] {
        let project = bench.sandbox.make_project(name, &[]);
        bench.sandbox = bench.sandbox.dir(&project);
        let said = sh(&bench, &[], &format!("echo ${}; pwd", vars::SESSION));
        let path = project.display().to_string();
        // One `-` a letter, whatever its bytes.
        let slug = slug.replace("--n--", "-n-");
        let expected = format!("hal-9000-{slug}-{}\n{path}", digest(&path, 8));
        assert_eq!(said, expected);
    }
    // One name however it is reached.
    let link = bench.sandbox.root().join("link");
    std::os::unix::fs::symlink(bench.sandbox.project(), &link).unwrap();
    let through = bench.ok(&[link.to_str().unwrap(), "--print", "--detach"]);
    assert!(through.contains(&format!("source={}", bench.sandbox.project().display())));
    assert!(!through.contains("/link"), "{through}");
    assert!(Path::new(&link).exists());
    bench.end();
}
