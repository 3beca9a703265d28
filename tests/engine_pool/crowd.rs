//! Many at once.

use crate::kept::Kept;
use std::collections::BTreeSet;

#[test]
fn fifty_starts_at_once_and_five_that_wait() {
    let Some(kept) = Kept::alone("fifty_starts_at_once_and_five_that_wait") else {
        return;
    };
    let house = &kept.house;
    house.ok(&["pool", "start", "--min", "5", "--max", "5"]);
    kept.warm();
    let waiting = kept.until_ready(5);
    let ptys: Vec<_> = (0..50)
        .map(|_| kept.on(crate::support::terminal::Terminal::PLAIN, &["--new"]))
        .collect();
    for pty in &ptys {
        pty.wait_for_text("? for shortcuts");
    }
    let sessions = kept.sessions();
    assert_eq!(sessions.len(), 50, "each is a session of its own");
    // On a machine that is busy with fifty, a start may give up waiting for what it was promised.
    let taken = sessions.intersection(&waiting).count();
    assert!(taken > 0);
    let names: BTreeSet<String> = kept.listed("{{.Names}}").into_iter().collect();
    assert_eq!(names.len(), kept.listed("{{.Names}}").len());
    let status = kept.status();
    let (hits, misses) = (
        status["hits"].as_u64().unwrap(),
        status["misses"].as_u64().unwrap(),
    );
    assert!(hits + misses <= 50, "{status}");
    eprintln!("{taken} of the five that waited were taken, {hits} starts were warm");
    assert!(hits >= taken as u64, "{status}");
    let after = kept.until_ready(5);
    assert!(after.is_disjoint(&sessions));
    house.ok(&["kill", "--all"]);
    drop(ptys);
    kept.until_ready(5);
    kept.end();
}
