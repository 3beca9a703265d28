//! Through the parent, and from the pool.

use crate::support::api::Api;
use crate::support::claude_home;
use crate::support::pty::Options;

#[test]
fn a_worker_has_a_guarded_docker() {
    let sessions = guarded!("a_worker_has_a_guarded_docker");
    sessions.house.start();
    let session = sessions.session();
    let said = sessions.said(
        &["--via-parent"],
        "docker run --rm -v $PWD:/x $I ls -d /x; docker ps --all --quiet | wc -l",
    );
    assert_eq!(said, "/x\n0");
    sessions.until_over(&session);
    sessions.house.ok(&["daemon", "stop"]);
    sessions.end();
}

#[test]
fn a_session_from_the_pool_has_its_docker_when_it_is_taken() {
    let sessions = guarded!("a_session_from_the_pool_has_its_docker_when_it_is_taken");
    let sandbox = &sessions.house.bench.sandbox;
    let api = Api::start(sessions.house.bench.docker.bridge(), []);
    let seed = sandbox.make_dir("home/project/seed");
    claude_home::seed_with_api(&seed, &[sandbox.project()], &api.url());
    sandbox.give_all(&seed);
    let copy = "cp seed/.claude.json seed/settings.json ~/.claude/ && rm -r seed";
    sandbox.run(&["shell", "sh", "-c", copy]).expect_code(0);
    let session = sessions.session();
    sessions.until_over(&session);
    sessions.house.start();
    let on_terminal = |words: &[&str]| {
        let options = Options::default();
        sandbox.pty_with(&sandbox.binary(), words, &options)
    };
    let mut warm = on_terminal(&["pool", "warm"]);
    assert_eq!(warm.wait_exit().code(), Some(0), "{}", warm.screen_text());
    // One that waits has no guard: nobody is there yet who could use docker.
    assert_eq!(sessions.process(&session), None);

    let claude = on_terminal(&["-v"]);
    claude.wait_for_text("? for shortcuts");
    let hits = || {
        let status: serde_json::Value =
            serde_json::from_str(&sessions.house.ok(&["pool", "status", "--json"])).unwrap();
        status["pool"]["hits"].as_u64().unwrap()
    };
    sessions
        .house
        .until("it came from the pool", || hits() == 1);
    sessions.house.until("docker answers", || {
        sessions.docker(&session, &["ps"]).is_ok()
    });
    let name = sessions.name();
    sessions
        .docker(&session, &["create", "--name", &name, "debian:trixie-slim"])
        .unwrap();
    sessions.house.ok(&["kill", &session]);
    sessions.until_over(&session);
    drop(claude);
    assert_eq!(sessions.there("container"), [""; 0]);
    sessions.house.ok(&["daemon", "stop", "--force"]);
    sessions.end();
}
