//! Started, looked at, stopped.

use crate::support::house::neighbour;
use crate::support::sandbox::finish;
use serde_json::Value;
use std::net::TcpListener;
use std::thread;

#[test]
fn a_parent_is_started_once_looked_at_and_stopped_and_its_volumes_stay() {
    let house = house!("a_parent_is_started_once_looked_at_and_stopped_and_its_volumes_stay");
    let before = house.status();
    assert_eq!(
        (&before["running"], &before["parent"]),
        (&false.into(), &Value::Null)
    );
    house.ok(&["daemon", "stop"]);

    house.start();
    let id = house.field("{{.Id}}");
    let again = house.run(&["daemon", "start"]).expect_code(0);
    assert!(again.stderr.contains("runs already"), "{}", again.stderr);
    assert_eq!(house.field("{{.Id}}"), id);

    let status = house.status();
    assert_eq!(status["chroma"]["state"], "ready");
    assert_eq!(status["parent"]["outdated"], false);
    assert_eq!(status["parent"]["version"], env!("CARGO_PKG_VERSION"));
    assert!(status["memory"].as_u64().unwrap() > 1_000_000);
    assert_eq!(status["workers"], Value::Array(vec![]));
    let text = house.ok(&["daemon", "status"]);
    assert!(
        text.contains("ready") && text.contains(&house.parent()),
        "{text}"
    );

    // What the host sees of it: its own port, on loopback only.
    let port = u16::try_from(status["port"].as_u64().unwrap()).unwrap();
    std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    assert!(
        house
            .field("{{json .HostConfig.PortBindings}}")
            .contains("127.0.0.1")
    );
    assert_eq!(house.field("{{.HostConfig.RestartPolicy.Name}}"), "always");

    house.ok(&["daemon", "stop"]);
    assert_eq!(house.bench.containers(), Vec::<String>::new());
    let volumes = house
        .bench
        .docker
        .ok(&["volume", "ls", "--format={{.Name}}"]);
    let chroma = format!("hal9000-chromadb-{}", house.bench.instance.name());
    assert!(volumes.lines().any(|name| name == chroma), "{volumes}");
    assert!(!house.socket().exists());
    house.end();
}

#[test]
fn two_starts_at_once_end_with_one_parent() {
    let house = house!("two_starts_at_once_end_with_one_parent");
    house.ok(&["image", "build", "parent"]);
    thread::scope(|scope| {
        let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| house.start())).collect();
        for start in starts {
            start.join().unwrap();
        }
    });
    assert_eq!(house.bench.containers(), [house.parent()]);
    assert_eq!(house.status()["chroma"]["state"], "ready");
    house.end();
}

#[test]
fn a_taken_port_gives_another_one_which_is_said() {
    let house = house!("a_taken_port_gives_another_one_which_is_said");
    // One that nothing else in these tests would choose.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let mut start = house.bench.sandbox.command(&["daemon", "start"]);
    start.env(hal9000::vars::PARENT_PORT, &port);
    let started = finish(start, b"").expect_code(0);
    assert!(
        started.stderr.contains(&format!("port {port} is taken")),
        "{}",
        started.stderr
    );
    let found = house.status()["port"].as_u64().unwrap();
    assert!(found > port.parse().unwrap() && started.stderr.contains(&found.to_string()));
    house.end();
}

#[test]
fn a_parent_that_would_be_another_one_today_is_replaced_only_with_consent() {
    let house = house!("a_parent_that_would_be_another_one_today_is_replaced_only_with_consent");
    house.start();
    let worker = house.worker("w");
    house.write(&worker, "kept");
    let id = house.field("{{.Id}}");
    // The same engine, spelt otherwise: another mount, and so another description.
    let otherwise = |words: &[&str]| {
        let mut command = house.bench.sandbox.command(words);
        command.env("DOCKER_HOST", "unix:///run/docker.sock");
        finish(command, b"")
    };
    let status = otherwise(&["daemon", "status", "--json"])
        .expect_code(0)
        .stdout;
    assert!(status.contains("\"outdated\": true"), "{status}");
    let found = otherwise(&["doctor"]).expect_code(0).stdout;
    assert!(found.contains("\nwarning  parent "), "{found}");
    assert!(found.contains("→ `hal-9000 daemon restart`\n"), "{found}");
    let left = otherwise(&["daemon", "start"]).expect_code(0);
    assert!(left.stderr.contains("daemon restart"), "{}", left.stderr);
    let refused = otherwise(&["daemon", "restart"]).expect_code(1);
    assert!(refused.stderr.contains(&worker), "{}", refused.stderr);
    assert_eq!(house.field("{{.Id}}"), id);

    let replaced = otherwise(&["daemon", "restart", "--force"]).expect_code(0);
    assert!(replaced.stderr.contains(&worker), "{}", replaced.stderr);
    assert_ne!(house.field("{{.Id}}"), id);
    assert_eq!(
        otherwise(&["daemon", "restart", "--workers"])
            .expect_code(0)
            .stdout
            .trim(),
        worker
    );
    assert_eq!(house.read(&worker), ["kept"]);
    house.end();
}

#[test]
fn instances_do_not_see_each_other_and_a_strangers_container_is_left_alone() {
    let house = house!("instances_do_not_see_each_other_and_a_strangers_container_is_left_alone");
    house.start();
    let (other, instance) = neighbour(&house);
    let status = other.run(&["daemon", "status", "--json"]).expect_code(0);
    assert!(
        status.stdout.contains("\"running\": false"),
        "{}",
        status.stdout
    );
    other.run(&["daemon", "stop", "--force"]).expect_code(0);
    assert_eq!(house.status()["chroma"]["state"], "ready");

    let label = instance.label();
    let name = format!("hal9000-parent-{}", instance.name());
    let image = "debian:trixie-slim";
    let words = [
        "run", "-d", "--name", &name, &label, "--init", image, "sleep", "inf",
    ];
    house.bench.docker.ok(&words);
    let found = other.run(&["doctor"]).expect_code(1).stdout;
    assert!(found.contains("\nfailure  parent "), "{found}");
    for words in [
        &["daemon", "start"][..],
        &["daemon", "stop", "--force"],
        &["daemon", "status"],
    ] {
        let refused = other.run(words).expect_code(1);
        assert!(
            refused.stderr.contains("is not this user's parent"),
            "{}",
            refused.stderr
        );
    }
    // A session that could do without goes on without.
    let direct = other.run(&["--print"]).expect_code(0);
    assert!(
        direct.stdout.contains("--network bridge"),
        "{}",
        direct.stdout
    );
    house.bench.docker.ok(&["rm", "--force", &name]);
    house.end();
}

#[test]
fn every_line_of_the_log_is_json_and_says_whose_it_is() {
    let house = house!("every_line_of_the_log_is_json_and_says_whose_it_is");
    house.run(&["daemon", "logs"]).expect_code(1);
    house.start();
    for (words, services) in [
        (&["daemon", "logs"][..], &["chroma", "coordinator"][..]),
        (&["daemon", "logs", "chroma"], &["chroma"]),
        (&["daemon", "logs", "coordinator"], &["coordinator"]),
    ] {
        let text = house.ok(words);
        assert!(!text.is_empty());
        for line in text.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            assert!(
                services.contains(&line["service"].as_str().unwrap()),
                "{line}"
            );
            assert!(
                line["time_ms"].is_u64() && line["level"].is_string(),
                "{line}"
            );
        }
    }
    house.end();
}

#[test]
fn chroma_is_nobody_and_the_image_is_small() {
    let house = house!("chroma_is_nobody_and_the_image_is_small");
    house.start();
    let format = "--format={{.Size}}";
    let image = house.field("{{.Image}}");
    let size = house.bench.docker.ok(&["image", "inspect", format, &image]);
    assert!(size.parse::<u64>().unwrap() <= 300_000_000, "{size}");
    let pid = house.status()["chroma"]["pid"].to_string();
    let parent = house.parent();
    let status = house.inside(&parent, &format!("cat /proc/{pid}/status"));
    let line = |name: &str| {
        let mut lines = status.lines().filter_map(|line| line.strip_prefix(name));
        lines.next().unwrap().split_whitespace().collect::<Vec<_>>()
    };
    assert_eq!(line("Uid:"), ["990"; 4]);
    assert_eq!(line("Gid:"), ["990"; 4]);
    assert_eq!(line("Groups:"), Vec::<&str>::new());
    for set in ["CapPrm:", "CapEff:", "CapAmb:"] {
        assert_eq!(line(set), ["0000000000000000"], "{set}");
    }
    assert_eq!(line("NoNewPrivs:"), ["1"]);
    // The socket is there, and is not for it.
    let open = "import socket; socket.socket(socket.AF_UNIX).connect('/var/run/docker.sock')";
    let words = ["exec", "--user=990:990", &parent, "python3", "-c", open];
    let refused = house.bench.docker.run(&words);
    assert!(!refused.status.success());
    house.end();
}

#[test]
fn what_was_done_is_told_to_programs_as_well() {
    let house = house!("what_was_done_is_told_to_programs_as_well");
    let told = |words: &[&str]| -> Value {
        let text = house.ok(&[&["daemon"], words, &["--json"]].concat());
        let json: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["schema"], 1, "{json}");
        json
    };
    let none = Value::Array(Vec::new());
    assert_eq!(told(&["stop"])["stopped"], false);
    let started = told(&["start"]);
    assert_eq!(
        (&started["started"], &started["outdated"]),
        (&true.into(), &false.into())
    );
    let status = told(&["status"]);
    assert_eq!(status["port"], started["port"]);
    assert_eq!(told(&["start"])["started"], false);
    let restarted = told(&["restart"]);
    assert_eq!(
        (&restarted["restarted"], &restarted["workers"]),
        (&"services".into(), &none)
    );
    assert_eq!(told(&["restart", "--workers"])["workers"], none);
    let worker = house.worker("w");
    let stopped = told(&["stop", "--force"]);
    assert_eq!(stopped["stopped"], true);
    assert_eq!(stopped["workers"][0], worker);
    house.end();
}
