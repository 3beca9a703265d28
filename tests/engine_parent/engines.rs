//! What befalls a parent with its engine: each test has one of its own.

use crate::house::House;
use crate::support::nested::{End, Suite};
use hal9000::recipe::{self, Arch, ClaudeVersion};

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
