//! What waits, who takes it, and when it goes.

use crate::kept::Kept;
use crate::support::api::Turn;

#[test]
fn a_start_takes_what_waits_and_it_is_a_session_like_any_other() {
    let test = "a_start_takes_what_waits_and_it_is_a_session_like_any_other";
    let script = [Turn::text("All is well."), Turn::text("Still here.")];
    let Some(kept) = Kept::with(test, script) else {
        return;
    };
    let house = &kept.house;
    house.start();
    kept.warm();
    let before = kept.until_ready(2);
    assert_eq!(house.ok(&["sessions"]), "", "what waits is no session");

    let mut pty = kept.claude(&[]);
    let session = kept.sessions();
    assert!(
        session.is_subset(&before) && session.len() == 1,
        "{session:?} {before:?}"
    );
    let id = session.iter().next().unwrap();
    let name = house.bench.field(id, "{{.Name}}");
    let name = name.trim_start_matches('/');
    assert!(name.starts_with("hal-9000-project-"), "{name}");
    assert!(!name.contains('.'), "{name}");
    assert!(house.ok(&["sessions"]).contains(name));
    let status = kept.status();
    assert_eq!(
        (&status["hits"], &status["misses"]),
        (&1.into(), &0.into()),
        "{status}"
    );
    assert_eq!(status["busy"][0], name);

    pty.send("how are you?");
    pty.wait_for_text("how are you?");
    pty.send("\r");
    pty.wait_for_text("All is well.");
    // Left and joined by the same command, as one that was started cold.
    pty.send("\x1e\x1e");
    assert_eq!(pty.wait_exit().code(), Some(0), "{}", pty.screen_text());
    assert!(pty.leftovers().is_empty(), "{:?}", pty.leftovers());
    let mut pty = kept.on(crate::support::terminal::Terminal::PLAIN, &[]);
    pty.wait_for_text("All is well.");
    assert_eq!(kept.sessions(), session);

    // What it is called inside is a name for it, too.
    let inside = house.inside(id, "echo $HAL9000_SESSION");
    assert_ne!(inside.trim(), name);
    assert_eq!(house.ok(&["kill", inside.trim()]), name);
    assert_ne!(pty.wait_exit().code(), Some(0));

    // Others were made in its place, and the parent takes them with it when it goes.
    let after = kept.until_ready(2);
    assert!(!after.contains(id));
    let stopped = house.run(&["daemon", "stop"]).expect_code(0);
    assert!(
        stopped.stderr.contains("stopped"),
        "what waits is not asked about"
    );
    assert_eq!(kept.listed("{{.Names}}"), [""; 0]);
    kept.end();
}

#[test]
fn only_a_plain_claude_on_a_terminal_takes_one() {
    let kept = kept!("only_a_plain_claude_on_a_terminal_takes_one");
    kept.house.start();
    kept.warm();
    let before = kept.until_ready(2);
    let house = &kept.house;
    house.ok(&["shell", "true"]);
    house.run(&["claude", "--version"]).expect_code(0);
    for words in [
        &["--no-pool"][..],
        &["--direct", "--new"],
        &["--new", "--env", "A=b"],
        &["claude", "--continue", "--verbose"],
    ] {
        let pty = kept.on(crate::support::terminal::Terminal::PLAIN, words);
        house.until("it has started", || kept.sessions().len() == 1);
        house.ok(&["kill", "--all"]);
        drop(pty);
    }
    assert_eq!(kept.spares(), before);
    assert_eq!(kept.status()["hits"], 0);
    kept.end();
}

#[test]
fn the_terms_are_the_users() {
    let kept = kept!("the_terms_are_the_users");
    let house = &kept.house;
    let off = house.run(&["pool", "status"]).expect_code(0);
    assert!(off.stderr.contains("pool start"), "{}", off.stderr);
    house
        .run(&["pool", "start", "--min", "6", "--max", "3"])
        .expect_code(2);
    house.run(&["pool", "scale", "2"]).expect_code(1);
    house
        .run(&["pool", "start", "--idle-timeout", "5"])
        .expect_code(2);
    assert_eq!(
        house.bench.containers(),
        [""; 0],
        "bad input starts nothing"
    );

    house.ok(&[
        "pool",
        "start",
        "--min",
        "1",
        "--max",
        "3",
        "--idle-timeout",
        "2h",
    ]);
    let terms = kept.status()["terms"].clone();
    assert_eq!(terms["min"], 1, "{terms}");
    assert_eq!(
        (&terms["max"], &terms["idle_timeout"]),
        (&3.into(), &7200.into())
    );
    kept.warm();
    let one = kept.until_ready(1);
    house.ok(&["pool", "scale", "3"]);
    let three = kept.until_ready(3);
    assert!(three.is_superset(&one));
    let status = house.ok(&["pool", "status"]);
    assert!(
        status.contains("3 ready") && status.contains(" MB"),
        "{status}"
    );
    assert!(house.ok(&["daemon", "status"]).contains("3 ready"));
    let found = house.ok(&["doctor"]);
    assert!(
        found.contains("3 ready, 0 in use") && found.contains("ChromaDB at http://127.0.0.1:"),
        "{found}"
    );

    house.ok(&["pool", "cleanup"]);
    house.until("they are other ones", || kept.spares().is_disjoint(&three));
    kept.until_ready(3);
    house.ok(&["pool", "stop"]);
    kept.until_ready(0);
    // A start goes on without, and what was said last holds for the next parent, too.
    let pty = kept.claude(&["--verbose"]);
    assert!(pty.raw().windows(15).any(|it| it == b"the pool is off"));
    house.ok(&["kill", "--all"]);
    house.ok(&["daemon", "stop"]);
    house.start();
    assert_eq!(kept.status()["terms"]["on"], false);
    house.ok(&["pool", "start"]);
    assert_eq!(kept.status()["terms"]["min"], 3);
    kept.end();
}

#[test]
fn what_would_start_otherwise_is_made_anew() {
    let kept = kept!("what_would_start_otherwise_is_made_anew");
    let house = &kept.house;
    house.ok(&["pool", "start", "--min", "1"]);
    kept.warm();
    let first = kept.until_ready(1);

    // Other limits: the start is cold, and the next one of these limits is not.
    let memory = |id: &str| house.bench.field(id, "{{.HostConfig.Memory}}");
    let pty = kept.claude(&["--memory", "3g", "--verbose"]);
    assert!(pty.raw().windows(18).any(|it| it == b"made for other opt"));
    assert!(kept.sessions().is_disjoint(&first));
    house.until("the next is of the same kind", || {
        let spares = kept.until_ready_any();
        spares.iter().all(|id| memory(id) == "3221225472") && !spares.is_empty()
    });
    let before = kept.spares();
    let second = kept.claude(&["--memory", "3g", "--new"]);
    assert_eq!(kept.sessions().intersection(&before).count(), 1);
    house.ok(&["kill", "--all"]);
    drop((pty, second));

    // Another project, used later, comes first.
    let dir = house.bench.sandbox.make_project("second", &[]);
    let mut pty = kept.on(
        crate::support::terminal::Terminal::PLAIN,
        &["pool", "warm", &dir.to_string_lossy()],
    );
    assert_eq!(pty.wait_exit().code(), Some(0), "{}", pty.screen_text());
    let label = "{{index .Config.Labels \"hal9000.project\"}}";
    let second = |id: &String| house.bench.field(id, label).ends_with("second");
    assert!(kept.until_ready_any().iter().any(second));
    kept.end();
}
