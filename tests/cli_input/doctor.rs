//! `doctor` where there is no engine, or none that this user may use: what it finds all the same.

use std::fs;
use std::io::{BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::sync::mpsc;
use std::thread;

use crate::sandbox;
use crate::support::http;
use crate::support::pty::Options;
use crate::support::sandbox::{Output, Sandbox};

/// The health and the text of a finding, as programs read them.
#[track_caller]
fn found(done: &Output, about: &str) -> (String, String) {
    let json: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    let findings = json["findings"].as_array().unwrap();
    let found = findings.iter().find(|it| it["about"] == about);
    let found = found.unwrap_or_else(|| panic!("nothing of {about}: {json:#}"));
    let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
    (
        text("health"),
        format!("{}\n{}", text("says"), text("remedy")),
    )
}

#[track_caller]
fn failure(done: &Output, about: &str, words: &[&str]) {
    let (health, text) = found(done, about);
    assert_eq!(health, "failure", "{done:#?}");
    for word in words {
        assert!(text.contains(word), "{word:?} is not in {text}");
    }
}

fn doctor(sandbox: &Sandbox) -> Output {
    sandbox.run(&["doctor", "--json"]).expect_code(3)
}

#[test]
fn a_session_elsewhere_is_verified() {
    let sandbox = sandbox();
    let shop = sandbox.make_project("shop", &[]);
    let done = sandbox
        .run(&["--verify", shop.to_str().unwrap()])
        .expect_code(3);
    let project = done
        .stdout
        .lines()
        .find(|line| line.starts_with("ok       project "));
    let path = shop.to_str().unwrap();
    assert!(project.is_some_and(|line| line.contains(path)), "{done:#?}");
    let done = sandbox.run(&["--verify", "/nowhere"]).expect_code(3);
    assert!(done.stdout.contains("\nfailure  project "), "{done:#?}");
    for words in [&["--verify", "--print"][..], &["--verify", "sessions"]] {
        sandbox.run(words).expect_code(2);
    }
}

#[test]
fn without_an_engine_the_rest_is_found() {
    let sandbox = sandbox();
    let before = fs::read_dir(sandbox.home()).unwrap().count();
    let done = sandbox.run(&["doctor"]).expect_code(3);
    assert!(done.stdout.contains("\nfailure  engine "), "{done:#?}");
    assert!(
        done.stdout.contains("no-engine` does not exist"),
        "{done:#?}"
    );
    assert!(done.stderr.contains("error: no docker engine"), "{done:#?}");
    for about in ["socket", "context", "proxy", "project", "terminal"] {
        let line = format!("\nok       {about} ");
        assert!(done.stdout.contains(&line), "{about}: {done:#?}");
    }
    // How these are is this machine's own.
    for about in ["state", "certificates"] {
        assert!(
            done.stdout.contains(&format!(" {about} ")),
            "{about}: {done:#?}"
        );
    }
    // A pipe has no width: each finding is one line, for grep.
    for line in done.stdout.lines() {
        let begins = ["ok ", "warning ", "failure ", "         → "];
        assert!(begins.iter().any(|it| line.starts_with(it)), "{line:?}");
    }
    assert_eq!(fs::read_dir(sandbox.home()).unwrap().count(), before);
    assert!(!sandbox.home().join(".local/state/hal-9000").exists());
}

#[test]
fn each_way_of_having_no_engine_is_named_where_it_is() {
    let sandbox = Sandbox::new().env("DOCKER_CONTEXT", "nowhere");
    failure(
        &doctor(&sandbox),
        "engine",
        &["`nowhere`", "docker context ls"],
    );
    let sandbox = Sandbox::new().env("DOCKER_HOST", "tcp://box:2375");
    failure(
        &doctor(&sandbox),
        "engine",
        &["tcp://box:2375", "--host unix://"],
    );
    // What is typed wrong is refused as everywhere.
    let sandbox = Sandbox::new();
    let both = ["doctor", "--host", "unix:///x", "--context", "y"];
    let done = sandbox.run(&both).expect_code(2);
    assert_eq!(done.stdout, "");

    let socket = sandbox.root().join("docker.sock");
    drop(UnixListener::bind(&socket).unwrap());
    let address = format!("unix://{}", socket.display());
    let stale = Sandbox::new().env("DOCKER_HOST", &address);
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o666)).unwrap();
    failure(
        &doctor(&stale),
        "engine",
        &["is not running", "systemctl start docker"],
    );

    if sandbox.user().is_some() {
        fs::set_permissions(&socket, fs::Permissions::from_mode(0o600)).unwrap();
        let done = doctor(&stale);
        failure(&done, "permission", &["no permission", "mode 0600"]);
        let json: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
        assert_eq!(json["error"]["kind"], "engine-unreachable");
        // Said once, where it is.
        assert!(!done.stdout.contains("\"about\": \"engine\""), "{done:#?}");
    }
}

#[test]
fn settings_that_cannot_be_used_do_not_end_it() {
    let sandbox = sandbox();
    let file = "home/.config/hal-9000/config.toml";
    sandbox.write(file, "[limits]\nmemry = \"4g\"\n");
    failure(&doctor(&sandbox), "settings", &["memry", "did you mean"]);
    sandbox.write(file, "ca_bundle = \"/nonexistent/ca.pem\"\n");
    let done = doctor(&sandbox);
    assert_eq!(found(&done, "settings").0, "ok");
    failure(
        &done,
        "certificates",
        &["`/nonexistent/ca.pem`", "No such file"],
    );
    let pem = sandbox.write("home/ca.pem", "not a certificate");
    sandbox.write(file, &format!("ca_bundle = \"{}\"\n", pem.display()));
    failure(&doctor(&sandbox), "certificates", &["no certificate in it"]);
    sandbox.write(file, "[secrets]\nKEY = \"/nonexistent/key\"\n");
    failure(
        &doctor(&sandbox),
        "settings",
        &["secret `KEY`", "/nonexistent/key"],
    );
}

#[test]
fn on_sixty_columns_it_can_be_read() {
    let sandbox = sandbox().env("SHELL", "/bin/bash");
    let options = Options {
        rows: 60,
        cols: 60,
        ..Options::default()
    };
    let mut pty = sandbox.pty_with(&sandbox.binary(), &["doctor"], &options);
    assert_eq!(pty.wait_exit().code(), Some(3));
    let raw = pty.raw();
    let text = String::from_utf8_lossy(&raw);
    let (answer, _) = text.split_once("hal-9000: ").unwrap();
    assert!(
        answer.contains("xterm-256color, 60 columns, 60"),
        "{answer}"
    );
    let words = answer.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("→ add to ~/.bashrc: `eval \"$(hal-9000 shell-init bash)\"`"),
        "{words}"
    );
    for line in answer.lines() {
        // A path or a command is not broken, so that it can be copied.
        let text = line.trim_end().rsplit("  ").next().unwrap();
        let text = text.trim_start_matches("→ ");
        let whole = !text.contains(' ') || text.starts_with('`');
        assert!(line.chars().count() <= 60 || whole, "{line:?}");
        assert!(!line.contains('\u{1b}'), "{line:?}");
    }
}

/// A small rootless engine whose machine lets it limit nothing, as far as one is asked about itself.
const INFO: &str = r#"{
    "Name": "elsewhere", "OperatingSystem": "Alpine Linux", "Driver": "vfs",
    "CgroupVersion": "2", "CgroupDriver": "none", "MemoryLimit": false, "PidsLimit": false,
    "CpuCfsQuota": false, "NCPU": 4, "MemTotal": 8000000000, "DockerRootDir": "/var/lib/docker",
    "SecurityOptions": ["name=seccomp,profile=builtin", "name=rootless"]
}"#;

/// Answer as an engine that has nothing, until nobody asks; what was asked goes to `asked`.
fn serve(listener: &UnixListener, asked: &mpsc::Sender<String>, info: &'static str) {
    for stream in listener.incoming().flatten() {
        let asked = asked.clone();
        thread::spawn(move || {
            let mut to = stream.try_clone().unwrap();
            let mut from = BufReader::new(stream);
            while let Ok(Some(request)) = http::read(&mut from, &mut to) {
                let path = request
                    .path
                    .rsplit_once("/v1.41")
                    .map_or(&*request.path, |it| it.1);
                let (status, body) = match path {
                    "/_ping" => (200, ""),
                    "/info" => (200, info),
                    "/version" => (200, r#"{"Version": "20.10.0", "ApiVersion": "1.41"}"#),
                    path if path.contains("/json?") => (200, "[]"),
                    _ => (404, r#"{"message": "nothing of that name"}"#),
                };
                let _ = asked.send(format!("{} {path}", request.method));
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 {status} X\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\n\
                     Content-Length: {length}\r\n\r\n{body}"
                );
                if to.write_all(answer.as_bytes()).is_err() {
                    return;
                }
            }
        });
    }
}

#[test]
fn an_engine_is_only_asked_and_what_it_lacks_is_named() {
    let sandbox = Sandbox::new();
    let socket = sandbox.root().join("engine.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o666)).unwrap();
    let (asked, requests) = mpsc::channel();
    thread::spawn(move || serve(&listener, &asked, INFO));
    let sandbox = sandbox
        .env("DOCKER_HOST", &format!("unix://{}", socket.display()))
        .env("HTTPS_PROXY", "http://ann:secret@127.0.0.1:3128");
    let done = sandbox.run(&["doctor", "--json"]).expect_code(0);
    let warning = |about: &str, words: &[&str]| {
        let (health, text) = found(&done, about);
        assert_eq!(health, "warning", "{text}");
        for word in words {
            assert!(text.contains(word), "{word:?} is not in {text}");
        }
    };
    warning("limits", &["memory, cpu, pids", "cgroup 2", "Delegate="]);
    warning("permission", &["everybody", "sudo chmod 660"]);
    warning("images", &["hal9000/worker", "`hal-9000 image build`"]);
    warning(
        "runtime",
        &["there is no volume hal9000-runtime-", "Claude "],
    );
    warning("proxy", &["HTTPS_PROXY", "docker0"]);
    assert!(!done.stdout.contains("secret"), "{done:#?}");
    assert_eq!(found(&done, "parent").0, "ok");
    // Its directory is not this machine's, though there is one of that name.
    assert!(found(&done, "disk").1.contains("not on this machine"));
    let engine = found(&done, "engine").1;
    assert!(engine.contains("Alpine Linux, storage vfs") && engine.contains("rootless"));

    // Each thing is asked for once, and nothing is made: a coordinator that could not be reached
    // otherwise would be asked in its container.
    let mut requests: Vec<String> = requests.try_iter().collect();
    let asks = |it: &String| it.starts_with("GET ") || it == "HEAD /_ping" || it.ends_with("/exec");
    assert!(requests.iter().all(asks), "{requests:#?}");
    let count = requests.len();
    requests.sort();
    requests.dedup();
    assert!(
        count <= requests.len() + 1 && count < 12,
        "{count}: {requests:#?}"
    );
    assert!(!sandbox.home().join(".local/state/hal-9000").exists());

    let one = r#"{"NCPU": 1, "MemTotal": 8000000000}"#;
    let other = sandbox.root().join("other.sock");
    let listener = UnixListener::bind(&other).unwrap();
    fs::set_permissions(&other, fs::Permissions::from_mode(0o666)).unwrap();
    let (asked, _requests) = mpsc::channel();
    thread::spawn(move || serve(&listener, &asked, one));
    let host = format!("unix://{}", other.display());
    let done = sandbox
        .run(&["doctor", "--json", "--host", &host])
        .expect_code(1);
    failure(&done, "limits", &["`hal-9000 config set limits.cpus 1`"]);
    let json: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(json["error"]["kind"], "failed");
    assert!(done.stderr.contains("limits"), "{done:#?}");
    assert_eq!(
        found(&done, "context").1.trim(),
        "none: --host names the address"
    );
}
