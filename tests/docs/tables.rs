//! Tables and headings that repeat what the code has.

use std::fs;
use std::path::{Path, PathBuf};

use hal9000::config::KEYS;

use crate::support::markdown;

/// All sources, as one text in which strings that are written over several lines are one line.
fn sources() -> String {
    let mut text = String::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(place) = open.pop() {
        let mut found: Vec<PathBuf> = fs::read_dir(&place)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        found.sort();
        for path in found {
            if path.is_dir() {
                open.push(path);
            } else {
                let lines = fs::read_to_string(&path).unwrap();
                let lines: Vec<&str> = lines.lines().map(str::trim).collect();
                text.push_str(&lines.join("\n").replace("\\\n", ""));
            }
        }
    }
    text
}

/// Whoever searches for a message that they read finds the heading that is about it.
#[test]
fn every_trouble_is_a_message_of_the_program() {
    let sources = sources();
    let page = markdown::read("docs/TROUBLESHOOTING.md");
    let headings = page.lines().filter_map(|line| line.strip_prefix("### `"));
    let headings: Vec<&str> = headings.map(|line| line.trim_end_matches('`')).collect();
    assert!(headings.len() > 10);
    for heading in headings {
        assert!(sources.contains(heading), "no message has `{heading}`");
    }
}

#[test]
fn every_setting_is_told_as_it_is() {
    let page = markdown::read("docs/CONFIGURATION.md");
    let rows: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    let expected = KEYS.iter().map(|key| {
        let mark = if key.project { " ⁺" } else { "" };
        let flag = key
            .flag
            .map(|flag| format!(", `{flag}`"))
            .unwrap_or_default();
        let built_in = match key.built_in {
            "" => "—".to_owned(),
            value => format!("`{value}`"),
        };
        format!(
            "| `{}`{mark} | `{}`{flag} | {built_in} | {} |",
            key.name, key.variable, key.meaning
        )
    });
    let expected: Vec<String> = expected.collect();
    assert_eq!(
        rows,
        expected,
        "docs/CONFIGURATION.md should have:\n{}",
        expected.join("\n")
    );
}
