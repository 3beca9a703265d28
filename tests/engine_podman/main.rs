//! What works on Podman: the table of docs/ENGINES.md, row by row. A row that says no is tried as
//! well, and has to fail still.
//!
//! Podman is started by `scripts/matrix podman-4.3 podman-5.4`; elsewhere only the table is read.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "tests start programs and read files, and fail by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

mod inside;
mod outside;
mod terminals;

use hal9000::vars;
use support::engine::{skipped, told};
use support::house::House;
use support::sandbox::finish;

/// A row of the table.
struct Row {
    /// As it is called there.
    name: &'static str,
    how: How,
    /// Whether it works on each of [`RELEASES`].
    works: [bool; 2],
    /// What is said where it does not.
    says: &'static str,
}

impl Row {
    const fn saying(self, says: &'static str) -> Self {
        Self { says, ..self }
    }
}

/// How it is tried.
enum How {
    /// By a script with `hal-9000` in it, which succeeds where it works.
    Outside(&'static str),
    /// By one in a session that has the engine's own socket.
    Inside(&'static str),
    /// On a terminal.
    Seen(fn(&House) -> bool),
}

/// Names that scripts/matrix gives them, and the columns of the table.
const RELEASES: [&str; 2] = ["podman-4.3", "podman-5.4"];

/// It works on both, on none, or on the newer one.
const YES: [bool; 2] = [true, true];
const NO: [bool; 2] = [false, false];
const NEWER: [bool; 2] = [false, true];

const fn outside(name: &'static str, works: [bool; 2], script: &'static str) -> Row {
    Row {
        name,
        how: How::Outside(script),
        works,
        says: "",
    }
}

const fn inside(name: &'static str, works: [bool; 2], script: &'static str) -> Row {
    Row {
        name,
        how: How::Inside(script),
        works,
        says: "",
    }
}

const fn seen(name: &'static str, works: [bool; 2], look: fn(&House) -> bool) -> Row {
    Row {
        name,
        how: How::Seen(look),
        works,
        says: "",
    }
}

fn rows() -> impl Iterator<Item = &'static Row> {
    let all = [outside::ROWS, terminals::ROWS, inside::ROWS];
    all.into_iter().flatten()
}

/// Whether it works, and what was said.
fn tried(row: &Row, house: &House) -> (bool, String) {
    let sandbox = &house.bench.sandbox;
    let (script, begin) = match row.how {
        How::Seen(look) => return (look(house), String::new()),
        How::Outside(script) => (script, vec!["/bin/sh", "-euc"]),
        How::Inside(script) => {
            let binary = &["hal-9000", "--docker=host", "shell", "sh", "-euc"];
            (script, [&["/usr/bin/env"], &binary[..]].concat())
        }
    };
    let words = [&begin[1..], &[script]].concat();
    let output = finish(sandbox.program(begin[0], &words), b"");
    let said = format!("{}{}", output.stdout, output.stderr);
    (output.status.success(), said)
}

/// Each row has a sandbox and an instance of its own; what a session left on the engine is removed.
fn wrong(row: &Row, column: usize) -> Option<String> {
    let house = House::new(row.name)?;
    let (works, said) = tried(row, &house);
    let sessions = house.run(&["kill", "--all"]);
    let parent = house.run(&["daemon", "stop", "--force"]);
    told(&format!(
        "{} {}",
        if works { "yes" } else { "no " },
        row.name
    ));
    let ended = sessions.status.success() && (parent.status.success() || !row.works[column]);
    let expected = works == row.works[column] && (works || said.contains(row.says));
    match (expected, ended) {
        (true, true) => None,
        (true, false) => Some(format!(
            "{}: is not ended: {sessions:?} {parent:?}",
            row.name
        )),
        (false, _) => Some(format!("{}: works: {works}: {said}", row.name)),
    }
}

#[test]
fn the_table_is_what_is_so() {
    let around = std::env::var(vars::TEST_MATRIX).unwrap_or_default();
    let column = RELEASES.iter().position(|name| around.starts_with(name));
    let Some(column) = column else {
        skipped(
            "the_table_is_what_is_so",
            "scripts/matrix starts Podman for it",
        );
        return;
    };
    let wrong: Vec<String> = rows().filter_map(|row| wrong(row, column)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_document_has_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/ENGINES.md");
    let text = std::fs::read_to_string(path).unwrap();
    let written: Vec<&str> = (text.lines())
        .skip_while(|line| *line != "| what | Podman 4.3 | Podman 5.4 |")
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .collect();
    let word = |works| if works { "yes" } else { "no" };
    let rows = rows().map(|row| {
        let [older, newer] = row.works.map(word);
        format!("| {} | {older} | {newer} |", row.name)
    });
    let rows: Vec<String> = rows.collect();
    assert_eq!(written, rows, "docs/ENGINES.md has:\n{}", rows.join("\n"));
}
