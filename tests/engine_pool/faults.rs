//! What befalls spares and those who take them.

use crate::kept::Kept;
use serde_json::json;

/// End the coordinator as a crash would, and wait until it is back.
fn crash(kept: &Kept) {
    let house = &kept.house;
    let started = house.field("{{.State.StartedAt}}");
    house.kill(&house.parent(), &house.field("{{.State.Pid}}"));
    house.until("the parent is back", || {
        house.field("{{.State.StartedAt}}") != started
            && house.status()["chroma"]["state"] == "ready"
    });
}

#[test]
fn one_that_is_not_well_is_not_handed_out() {
    let kept = kept!("one_that_is_not_well_is_not_handed_out");
    let (house, docker) = (&kept.house, &kept.house.bench.docker);
    house.start();
    kept.warm();
    let before = kept.until_ready(2);
    let ids: Vec<&String> = before.iter().collect();
    docker.ok(&["pause", ids[0]]);
    let first = kept.claude(&[]);
    let second = kept.claude(&["--new"]);
    let sessions = kept.sessions();
    assert_eq!(sessions.len(), 2);
    assert!(!sessions.contains(ids[0]));
    house.until("the paused one is gone", || {
        !docker.run(&["inspect", ids[0]]).status.success()
    });
    house.ok(&["kill", "--all"]);
    drop((first, second));

    // One that ends by itself is replaced, and takes no other along.
    let some = kept.until_ready(kept.until_ready_any().len().max(2));
    let (ended, others) = some
        .iter()
        .partition::<Vec<_>, _>(|id| Some(*id) == some.first());
    docker.ok(&["kill", ended[0]]);
    house.until("another has come", || {
        let now = kept.spares();
        now.len() >= some.len() && !now.contains(ended[0])
    });
    assert!(others.iter().all(|id| kept.spares().contains(*id)));
    kept.end();
}

#[test]
fn a_coordinator_killed_between_promise_and_taking_loses_nothing() {
    let kept = kept!("a_coordinator_killed_between_promise_and_taking_loses_nothing");
    let (house, docker) = (&kept.house, &kept.house.bench.docker);
    house.start();
    kept.warm();
    kept.until_ready(2);
    let claim = json!({"protocol": 1, "request": "claim", "want": kept.want()});
    let promised = kept.say(&claim);
    let spare = promised["spare"].as_str().unwrap().to_owned();
    let another = kept.say(&claim)["spare"].as_str().unwrap().to_owned();
    assert_ne!(spare, another);
    let id = house.bench.field(&another, "{{.Id}}");
    let taken = "hal-9000-taken";
    docker.ok(&["rename", &another, taken]);
    crash(&kept);

    // What nobody took is gone, and others wait; what was taken is a session that can be helped.
    let ready = kept.until_ready(2);
    assert!(!docker.run(&["inspect", &spare]).status.success());
    assert!(!ready.contains(&id));
    let status = house.status();
    let workers = status["workers"].as_array().unwrap();
    assert_eq!(workers.len(), 1, "{status}");
    assert_eq!(
        (&workers[0]["name"], &workers[0]["stranded"]),
        (&taken.into(), &true.into())
    );
    assert_eq!(house.ok(&["daemon", "restart", "--workers"]), taken);
    assert_eq!(house.status()["workers"][0]["stranded"], false);

    // The start that has taken it is told that its network was lost, so that it can begin again.
    let took = kept.say(&json!({"protocol": 1, "request": "took", "spare": another}));
    assert_eq!(took["answer"], "error", "{took}");

    // Nobody else can take it by the name that it had, and a late one is told.
    assert!(!docker.run(&["rename", &another, "x"]).status.success());
    house.ok(&["kill", taken]);
    kept.end();
}

#[test]
fn a_promise_that_nobody_keeps_lapses() {
    let kept = kept!("a_promise_that_nobody_keeps_lapses");
    let house = &kept.house;
    house.ok(&["pool", "start", "--min", "1", "--max", "1"]);
    kept.warm();
    let before = kept.until_ready(1);
    let claim = json!({"protocol": 1, "request": "claim", "want": kept.want()});
    assert!(kept.say(&claim)["spare"].is_string());
    let none = kept.say(&claim);
    assert_eq!(none["answer"], "no-spare", "{none}");
    let after = {
        house.until("it is replaced", || kept.spares().is_disjoint(&before));
        kept.until_ready(1)
    };
    assert!(after.is_disjoint(&before));
    kept.end();
}

#[test]
fn a_parent_removed_by_hand_leaves_nothing_that_waits_for_ever() {
    let kept = kept!("a_parent_removed_by_hand_leaves_nothing_that_waits_for_ever");
    let (house, docker) = (&kept.house, &kept.house.bench.docker);
    house.start();
    kept.warm();
    let before = kept.until_ready(2);
    docker.ok(&["rm", "--force", &house.parent()]);
    // A start goes on without.
    let pty = kept.claude(&["--verbose"]);
    assert!(kept.sessions().is_disjoint(&before));
    house.ok(&["kill", "--all"]);
    drop(pty);
    assert_eq!(kept.spares(), before);
    house.ok(&["pool", "cleanup"]);
    assert!(kept.spares().is_empty());
    // And a new parent removes what an older one has left.
    house.start();
    kept.until_ready(2);
    docker.ok(&["rm", "--force", &house.parent()]);
    let left = kept.spares();
    house.start();
    house.until("they are other ones", || {
        let now = kept.spares();
        now.len() == 2 && now.is_disjoint(&left)
    });
    kept.end();
}
