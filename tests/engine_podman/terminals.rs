//! What needs a terminal.

use super::support::claude_home;
use super::support::house::House;
use super::support::pty::Pty;
use super::{Row, YES, seen};
use serde_json::Value;
use std::time::Duration;

pub(super) const ROWS: &[Row] = &[
    seen(
        "on a terminal: left with Ctrl-6 twice, joined again, ended with its status",
        YES,
        left_and_joined,
    ),
    seen(
        "the warm pool: Claude waits at its prompt, and is taken",
        YES,
        warm,
    ),
];

const TIME: Duration = Duration::from_secs(40);

fn shows(pty: &Pty, text: &str) -> bool {
    pty.wait_within(TIME, |screen| screen.contents().contains(text))
}

fn left_and_joined(house: &House) -> bool {
    let sandbox = &house.bench.sandbox;
    let mut first = sandbox.pty(&["shell"]);
    first.send("MARK=mar''ked; echo $MARK\n");
    let begun = shows(&first, "marked");
    first.send("\x1e\x1e");
    let left = first.wait_exit().code() == Some(0);
    let mut again = sandbox.pty(&["shell"]);
    let joined = shows(&again, "joined");
    again.send("echo again-$MARK\n");
    let same = shows(&again, "again-marked");
    again.send("exit 4\n");
    begun && left && joined && same && again.wait_exit().code() == Some(4)
}

fn warm(house: &House) -> bool {
    let sandbox = &house.bench.sandbox;
    let seed = sandbox.make_dir("home/project/seed");
    // Nobody answers there: its prompt is all that is asked of Claude.
    claude_home::seed_with_api(&seed, &[sandbox.project()], "http://127.0.0.1:9");
    sandbox.give_all(&seed);
    let copy = "cp seed/.claude.json seed/settings.json ~/.claude/ && rm -r seed";
    sandbox.run(&["shell", "sh", "-c", copy]).expect_code(0);
    house.start();
    let mut warmed = sandbox.pty(&["pool", "warm"]);
    let asked = warmed.wait_exit().code() == Some(0);
    let pool = || {
        let text = house.ok(&["pool", "status", "--json"]);
        serde_json::from_str::<Value>(&text).unwrap()["pool"].clone()
    };
    house.until("Claude waits", || {
        let spares = pool()["spares"].as_array().cloned().unwrap_or_default();
        !spares.is_empty() && spares.iter().all(|spare| spare["state"] == "ready")
    });
    let claude = sandbox.pty(&[]);
    asked && shows(&claude, "? for shortcuts") && pool()["hits"] == 1
}
