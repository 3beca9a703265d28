//! What befalls a parent, and what was lost each time: nothing.

use std::fs::{self, File};
use std::time::Instant;

use crate::support::session::Piped;

#[test]
fn a_killed_chroma_is_back_and_the_workers_notice_nothing_else() {
    let house = house!("a_killed_chroma_is_back_and_the_workers_notice_nothing_else");
    house.start();
    let worker = house.worker("w");
    house.write(&worker, "kept");
    let (id, started) = (house.field("{{.Id}}"), house.field("{{.State.StartedAt}}"));
    for _ in 0..2 {
        let pid = house.status()["chroma"]["pid"].clone();
        // As root of the container: ChromaDB is somebody else to everybody but the coordinator.
        let killed = Instant::now();
        house.inside(&house.parent(), &format!("kill -9 {pid}"));
        house.until("ChromaDB is back", || {
            let chroma = house.status()["chroma"].clone();
            chroma["state"] == "ready" && chroma["pid"] != pid
        });
        eprintln!("back after {} ms", killed.elapsed().as_millis());
    }
    assert_eq!(
        (house.field("{{.Id}}"), house.field("{{.State.StartedAt}}")),
        (id, started)
    );
    assert_eq!(house.read(&worker), ["kept"]);
    assert_eq!(house.status()["chroma"]["restarts"], 2);

    // Asked for, the same.
    let restarted = house.run(&["daemon", "restart"]).expect_code(0);
    assert!(
        restarted.stderr.contains("sessions stayed"),
        "{}",
        restarted.stderr
    );
    assert_eq!(house.status()["chroma"]["restarts"], 3);
    assert!(house.reaches(&worker));
    house.end();
}

#[test]
fn a_killed_coordinator_is_back_and_its_workers_are_found_stranded_and_started_again() {
    let house =
        house!("a_killed_coordinator_is_back_and_its_workers_are_found_stranded_and_started_again");
    house.start();
    let worker = house.worker("w");
    house.write(&worker, "kept");
    let id = house.bench.field(&worker, "{{.Id}}");
    let started = house.field("{{.State.StartedAt}}");
    house.kill(&house.parent(), &house.field("{{.State.Pid}}"));
    house.until("the container is back", || {
        house.field("{{.State.StartedAt}}") != started
            && house.status()["chroma"]["state"] == "ready"
    });
    let found = &house.status()["workers"][0];
    assert_eq!(
        (&found["name"], &found["stranded"]),
        (&worker.as_str().into(), &true.into())
    );
    assert!(
        house
            .ok(&["daemon", "status"])
            .contains("restart --workers")
    );
    let found = house.ok(&["doctor"]);
    let lost = format!("have lost their network: {worker}\n");
    assert!(found.contains(&lost), "{found}");
    assert!(house.run(&["daemon", "start"]).stderr.contains(&worker));

    assert_eq!(house.ok(&["daemon", "restart", "--workers"]), worker);
    assert_eq!(house.status()["workers"][0]["stranded"], false);
    assert_eq!(house.read(&worker), ["kept"]);
    // The parent is the same container, so the worker could be, too.
    assert_eq!(house.bench.field(&worker, "{{.Id}}"), id);
    assert_eq!(house.ok(&["daemon", "restart", "--workers"]), "");
    house.end();
}

#[test]
fn a_parent_removed_by_hand_leaves_workers_that_are_made_again() {
    let house = house!("a_parent_removed_by_hand_leaves_workers_that_are_made_again");
    house.start();
    let worker = house.worker("w");
    house.write(&worker, "kept");
    house.bench.sandbox.write("home/w/left", "mine");
    let piped = house.bench.sandbox.make_project("piped", &[]);
    let script = ["shell", "sh", "-c", "echo ready; cat; exit 3"];
    let mut command = house.bench.sandbox.command(&script);
    let said = house.bench.sandbox.root().join("said");
    command
        .current_dir(piped)
        .stderr(File::create(&said).unwrap());
    let mut session = Piped::spawn(command);
    assert_eq!(session.line(), "ready");
    house.bench.docker.ok(&["rm", "--force", &house.parent()]);

    // One that ends now is told what it had lost.
    assert_eq!(session.end().0.code(), Some(3));
    let said = fs::read_to_string(said).unwrap();
    assert!(said.contains("which has ended; `--direct`"), "{said}");
    house.until("the session is gone", || {
        house.bench.containers() == [worker.as_str()]
    });

    // No parent: its workers are told of nonetheless, and a session starts directly.
    let status = house.status();
    assert_eq!(status["running"], false);
    assert_eq!(status["workers"][0]["stranded"], true, "{status}");
    assert!(house.ok(&["--new", "--print"]).contains("--network bridge"));
    let refused = house
        .run(&["daemon", "restart", "--workers"])
        .expect_code(1);
    assert!(
        refused.stderr.contains("daemon start"),
        "{}",
        refused.stderr
    );

    let again = house.run(&["daemon", "start"]).expect_code(0);
    assert!(again.stderr.contains(&worker), "{}", again.stderr);
    assert_eq!(house.ok(&["daemon", "restart", "--workers"]), worker);
    assert_eq!(house.status()["workers"][0]["stranded"], false);
    assert_eq!(house.read(&worker), ["kept"]);
    assert_eq!(house.inside(&worker, "cat left"), "mine");
    assert_eq!(
        house.bench.field(&worker, "{{.HostConfig.PidsLimit}}"),
        "100"
    );
    assert_eq!(house.bench.containers().len(), 2);
    house.end();
}

#[test]
fn a_volume_that_chroma_cannot_read_is_said_and_the_parent_stays() {
    let house = house!("a_volume_that_chroma_cannot_read_is_said_and_the_parent_stays");
    house.start();
    house.ok(&["daemon", "stop"]);
    let volume = format!("hal9000-chromadb-{}", house.bench.instance.name());
    let mount = format!("{volume}:/data");
    let script = "cp /data/chroma.sqlite3 /data/kept && echo nonsense > /data/chroma.sqlite3";
    let label = house.bench.instance.label();
    let run = |script: &str| {
        let words = [
            "run",
            "--rm",
            &label,
            "-v",
            &mount,
            "debian:trixie-slim",
            "sh",
            "-c",
            script,
        ];
        house.bench.docker.ok(&words);
    };
    run(script);
    let failed = house.run(&["daemon", "start"]).expect_code(1);
    assert!(
        failed.stderr.contains("ChromaDB does not start"),
        "{}",
        failed.stderr
    );
    assert!(failed.stderr.contains("cause: "), "{}", failed.stderr);
    let status = house.status();
    assert_eq!(status["chroma"]["state"], "failed", "{status}");
    // Not through a parent that is not well, unless somebody insists.
    assert!(house.ok(&["--print"]).contains("--network bridge"));

    run("cp /data/kept /data/chroma.sqlite3 && chown 990:990 /data/chroma.sqlite3");
    house.ok(&["daemon", "restart"]);
    assert_eq!(house.status()["chroma"]["state"], "ready");
    house.end();
}

#[test]
fn a_volume_of_a_newer_chroma_is_not_touched() {
    let house = house!("a_volume_of_a_newer_chroma_is_not_touched");
    house.start();
    house.ok(&["daemon", "stop"]);
    let volume = format!("hal9000-chromadb-{}:/data", house.bench.instance.name());
    let label = house.bench.instance.label();
    let run = |script: &str| {
        let image = "debian:trixie-slim";
        let words = [
            "run", "--rm", &label, "-v", &volume, image, "sh", "-c", script,
        ];
        house.bench.docker.ok(&words)
    };
    let sums = "cd /data && sha256sum chroma.sqlite3 .hal9000-written-by";
    run("echo 99.1.0 > /data/.hal9000-written-by");
    let before = run(sums);
    let failed = house.run(&["daemon", "start"]).expect_code(1);
    assert!(
        failed.stderr.contains("written by ChromaDB 99.1.0"),
        "{}",
        failed.stderr
    );
    assert_eq!(run(sums), before);
    run("echo 0.1.0 > /data/.hal9000-written-by");
    house.ok(&["daemon", "restart"]);
    assert_eq!(house.status()["chroma"]["state"], "ready");
    assert_eq!(
        run("cat /data/.hal9000-written-by"),
        hal9000::recipe::CHROMA_VERSION
    );
    house.end();
}

#[test]
fn orphans_are_reaped() {
    let house = house!("orphans_are_reaped");
    house.start();
    let parent = house.parent();
    house.inside(&parent, "for n in 1 2 3 4 5; do (sleep 0.05 &) ; done");
    house.until("no zombie and no sleep is left", || {
        let states = house.inside(&parent, "cat /proc/[0-9]*/stat");
        !states.contains("(sleep)") && !states.contains(") Z ")
    });
    assert_eq!(house.status()["chroma"]["restarts"], 0);
    house.end();
}
