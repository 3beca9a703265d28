//! What befalls a parent with its engine: each test has one of its own.

use crate::support::house::House;
use crate::support::nested::{End, Suite};
use crate::support::sandbox::finish;
use hal9000::recipe::{self, Arch, ClaudeVersion};
use serde_json::Value;

#[test]
fn docker_20_10_that_is_killed_or_stopped_has_its_parent_back() {
    let mut house = house!(
        "docker_20_10_that_is_killed_or_stopped_has_its_parent_back",
        Suite::Bookworm
    );
    ends_and_begins(&mut house);
    house.end();
}

#[test]
fn docker_26_1_that_is_killed_or_stopped_has_its_parent_back() {
    let mut house = house!(
        "docker_26_1_that_is_killed_or_stopped_has_its_parent_back",
        Suite::Trixie
    );
    ends_and_begins(&mut house);
    house.end();
}

fn ends_and_begins(house: &mut House) {
    let arch = Arch::of_this_executable().unwrap();
    let (worker, parent) = (recipe::worker(), recipe::parent(arch, None));
    let runtime = recipe::runtime(&ClaudeVersion::default(), arch, None);
    house.engine().load(&[&worker, &parent, &runtime]);
    house.start();
    let id = house.field("{{.Id}}");
    // One that ends when it is told to: an engine waits ten seconds for a shell.
    let session = |house: &House| house.ok(&["--new", "--detach", "shell", "sleep", "inf"]);
    let mut lost = session(house);
    house.write(&lost, "kept");
    for how in [End::Killed, End::Asked] {
        let started = house.field("{{.State.StartedAt}}");
        house.engine().end(how);
        // No engine, and so no answer: said as such, by the status that is for it.
        let silent = house.run(&["daemon", "status"]).expect_code(3);
        assert!(silent.stderr.contains("docker"), "{}", silent.stderr);
        house.engine().begin();
        house.until("the parent is back, without anybody's help", || {
            house.field("{{.State.StartedAt}}") != started
                && house.status()["chroma"]["state"] == "ready"
        });
        assert_eq!(house.field("{{.Id}}"), id, "{how:?}");
        // What ran through it was ended by the engine: it is there, and said as it is.
        let status = house.status();
        let found = &status["workers"][0];
        assert_eq!(found["name"], lost, "{how:?} {status}");
        assert_eq!(found["running"], false, "{how:?} {status}");
        assert_eq!(found["stranded"], false, "{how:?} {status}");
        assert!(house.ok(&["daemon", "status"]).contains("has ended"));
        house.ok(&["kill", &lost]);

        let next = session(house);
        assert!(house.reaches(&next), "{how:?}");
        assert_eq!(house.read(&next), ["kept"], "{how:?}");
        lost = next;
    }
}

#[test]
fn a_missing_image_is_built_and_where_it_cannot_be_that_is_said_and_nothing_is_left() {
    let mut house = house!(
        "a_missing_image_is_built_and_where_it_cannot_be_that_is_said_and_nothing_is_left",
        Suite::Trixie
    );
    let arch = Arch::of_this_executable().unwrap();
    let chroma = recipe::chroma(arch, None);
    // Nothing to build from, then nothing to be downloaded: this engine has no network.
    for (base, told) in [
        (&[][..], ["FROM debian:trixie-slim", "scripts/base-image"]),
        (
            &[recipe::BASE_IMAGE],
            ["in the step `RUN apt-get", "is online"],
        ),
    ] {
        if !base.is_empty() {
            house.engine().copy(base);
        }
        let failed = house.run(&["daemon", "start"]).expect_code(1);
        let what = format!("cannot build the image `{}`", chroma.reference);
        for part in [&*what, "cause: ", "hint: ", told[0], told[1]] {
            assert!(failed.stderr.contains(part), "{part}: {}", failed.stderr);
        }
        assert_eq!(house.bench.containers(), Vec::<String>::new());
        assert_eq!(house.bench.docker.ok(&["ps", "--all", "--quiet"]), "");
        assert_eq!(house.bench.docker.ok(&["volume", "ls", "--quiet"]), "");
        // The builder keeps what was done, for the next try, and `image prune` clears it away.
        house.ok(&["image", "prune"]);
        let tags = ["image", "ls", "--format={{.Repository}}:{{.Tag}}"];
        assert_eq!(house.bench.docker.ok(&tags), base.join("\n"));
        assert_eq!(house.status()["running"], false);
    }

    house.engine().load(&[&chroma]);
    let started = house.run(&["daemon", "start"]).expect_code(0);
    let parent = recipe::parent(arch, None).reference;
    let building = format!("building {parent}");
    assert!(started.stderr.contains(&building), "{}", started.stderr);
    assert!(started.stderr.contains("is ready"), "{}", started.stderr);
    let status = house.status();
    assert_eq!(status["chroma"]["state"], "ready", "{status}");
    assert_eq!(status["parent"]["outdated"], false, "{status}");
    house.end();
}

#[test]
fn a_name_that_another_build_takes_over_is_no_matter() {
    let mut house = house!(
        "a_name_that_another_build_takes_over_is_no_matter",
        Suite::Trixie
    );
    let parent = recipe::parent(Arch::of_this_executable().unwrap(), None);
    let chroma = &parent.parents[0];
    house.engine().load(&[&parent, chroma]);
    house.start();
    let (id, image) = (house.field("{{.Id}}"), house.field("{{.Image}}"));

    // What another build of hal-9000 does that is used on the same engine.
    let docker = &house.bench.docker;
    let made = docker.ok(&["create", &chroma.reference, "true"]);
    let other = format!("--change=LABEL {}=other", recipe::keys::INPUTS);
    let taken = docker.ok(&["commit", &other, &made, &parent.reference]);
    docker.ok(&["rm", &made]);
    assert_ne!(taken, image);
    assert_eq!(house.status()["parent"]["outdated"], false);
    let restarted = house.run(&["daemon", "restart"]).expect_code(0);
    assert!(
        restarted.stderr.contains("sessions stayed"),
        "{}",
        restarted.stderr
    );
    assert_eq!(house.field("{{.Id}}"), id);

    // Nothing is built again, and the name stays with whoever has it.
    house.ok(&["daemon", "stop"]);
    let started = house.run(&["daemon", "start"]).expect_code(0);
    assert!(!started.stderr.contains("building"), "{}", started.stderr);
    assert_eq!(house.field("{{.Image}}"), image);
    house.end();
}

/// The same user, the same instance, the same directory of sockets, and two engines.
#[test]
fn parents_of_two_engines_are_never_taken_for_each_other() {
    let mut house = house!(
        "parents_of_two_engines_are_never_taken_for_each_other",
        Suite::Trixie
    );
    let arch = Arch::of_this_executable().unwrap();
    let runtime = recipe::runtime(&ClaudeVersion::default(), arch, None);
    let (worker, parent) = (recipe::worker(), recipe::parent(arch, None));
    house.engine().load(&[&worker, &parent, &runtime]);
    let outside = |words: &[&str]| {
        let mut command = house.bench.sandbox.command(words);
        match std::env::var("DOCKER_HOST") {
            Ok(host) => command.env("DOCKER_HOST", host),
            Err(_) => command.env_remove("DOCKER_HOST"),
        };
        finish(command, b"").expect_code(0).stdout
    };
    let status = || -> Value {
        let text = outside(&["daemon", "status", "--json"]);
        serde_json::from_str(&text).unwrap()
    };
    // The one that is started last would have the socket.
    outside(&["daemon", "start"]);
    assert_eq!(house.status()["running"], false);
    house.start();
    let session = house.ok(&["--detach", "shell", "sleep", "inf"]);
    let workers = house.status()["workers"].clone();
    assert_eq!(workers[0]["name"], session, "{workers}");
    assert_eq!(status()["workers"], Value::Array(Vec::new()));

    outside(&["daemon", "restart"]);
    let restarts = |status: &Value| status["chroma"]["restarts"].clone();
    assert_eq!(
        (restarts(&status()), restarts(&house.status())),
        (1.into(), 0.into())
    );
    // Nor does one that goes take the other's socket with it.
    outside(&["daemon", "stop"]);
    assert!(house.socket().exists());
    assert_eq!(house.status()["chroma"]["state"], "ready");
    assert!(
        house
            .ok(&["--new", "--print"])
            .contains("--network container:")
    );
    house.end();
}
