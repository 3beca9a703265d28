//! The manual: pages that man(1) and others can read, and that are found.

use std::fs;
use std::process::Command;

use hal9000::{cli, config, manual};

use crate::help::commands;
use crate::shells::required;
use crate::support::pty::Options;
use crate::support::sandbox::Sandbox;

fn pages() -> Vec<manual::Page> {
    manual::pages(&cli::tree())
}

#[test]
fn mandoc_has_nothing_to_say() {
    let Some(mandoc) = required("mandoc_has_nothing_to_say", "mandoc") else {
        return;
    };
    let sandbox = Sandbox::new();
    for page in pages() {
        let path = sandbox.write(&page.file_name(), &page.roff());
        let lint = ["-Tlint", "-W", "warning"];
        let done = Command::new(&mandoc).args(lint).arg(path).output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(done.status.success() && said.is_empty(), "{said}");
    }
    // It would say something.
    let path = sandbox.write("bad.1", ".SH NAME\n.br\n.br\n");
    let done = Command::new(mandoc)
        .args(["-Tlint", "-W", "warning"])
        .arg(path)
        .output();
    assert!(!done.unwrap().status.success());
}

#[test]
fn every_command_has_a_page_with_all_its_parts() {
    let pages = pages();
    assert_eq!(pages.len(), commands().len() + 1);
    for page in &pages {
        let roff = page.roff();
        let title = format!(
            ".TH {} {} {} ",
            page.name.to_uppercase(),
            page.section,
            manual::DATE
        );
        assert!(roff.starts_with(".ie") && roff.contains(&title), "{roff}");
        // Whoever reads it has no preconv(1), maybe.
        assert!(roff.is_ascii(), "{}", page.name);
        let mut parts = vec!["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "SEE ALSO"];
        if page.section == 1 {
            parts.push("EXIT STATUS");
        }
        for part in parts {
            let heading = [format!(".SH {part}"), format!(".SH \"{part}\"")];
            let lines = roff
                .lines()
                .filter(|line| heading.iter().any(|it| it == line));
            assert_eq!(lines.count(), 1, "{}: {part}", page.name);
        }
        let (_, others) = roff.split_once("SEE ALSO\"").unwrap();
        for other in others.replace('\\', "").split([',', '\n']).map(str::trim) {
            let known = pages
                .iter()
                .any(|page| other == format!("{}({})", page.name, page.section));
            assert!(known || other.is_empty() || other == "docker(1)", "{other}");
        }
    }
}

#[test]
fn the_date_is_the_releases() {
    let date = manual::DATE.split('-').map(str::len).collect::<Vec<_>>();
    assert_eq!(date, [4, 2, 2]);
    let path = format!("{}/CHANGELOG.md", env!("CARGO_MANIFEST_DIR"));
    let changes = fs::read_to_string(path).unwrap();
    let heading = format!("## [{}] - ", env!("CARGO_PKG_VERSION"));
    // There is none before the release.
    let released = changes.lines().find_map(|line| line.strip_prefix(&heading));
    assert!(
        released.is_none_or(|date| date == manual::DATE),
        "DATE in src/manual/mod.rs is not {released:?}"
    );
}

#[test]
fn the_example_of_a_configuration_is_one() {
    let settings = config::parse(manual::SETTINGS).unwrap();
    assert!(settings.len() > 4);
}

#[test]
fn a_page_is_text_where_there_is_no_terminal() {
    let sandbox = Sandbox::new();
    for (words, said) in [
        (&["man"][..], "hal-9000-pool(1)"),
        (&["man", "pool", "start"], "hal-9000 pool start --min 1"),
        (
            &["man", "hal-9000-pool-start"],
            "hal-9000 pool start --min 1",
        ),
        (&["man", "config"], "hal-9000 config set"),
        (&["man", "5", "config"], "limits.memory"),
    ] {
        let done = sandbox.run(words).expect_code(0);
        assert!(done.stdout.contains(said), "{words:?}: {}", done.stdout);
        assert!(!done.stdout.contains('\u{1b}') && !done.stdout.contains("\n."));
        assert_eq!(done.stderr, "");
    }
    let done = sandbox.run(&["man", "pol"]).expect_code(2);
    assert!(done.stderr.contains("did you mean `pool`?"), "{done:?}");
    sandbox.run(&["man", "5", "audit"]).expect_code(2);
}

#[test]
fn man_shows_a_page_on_a_terminal() {
    if required("man_shows_a_page_on_a_terminal", "man").is_none() {
        return;
    }
    let sandbox = Sandbox::new().env("MANPAGER", "cat");
    let mut pty = sandbox.pty(&["man", "attach"]);
    assert!(pty.wait_exit().success());
    assert!(
        pty.screen_text().contains("HAL-9000-ATTACH(1)"),
        "{}",
        pty.screen_text()
    );
}

#[test]
fn a_pager_shows_a_page_where_there_is_no_man() {
    // Without a pager, too.
    for pager in ["/usr/bin/tail -n 500", "/nonexistent"] {
        let sandbox = Sandbox::new()
            .env("PATH", "/nonexistent")
            .env("PAGER", pager);
        let options = Options {
            cols: 60,
            rows: 400,
            ..Options::default()
        };
        let mut pty = sandbox.pty_with(&sandbox.binary(), &["man", "audit"], &options);
        assert!(pty.wait_exit().success());
        let screen = pty.screen_text();
        assert!(screen.contains("Usage: hal-9000 audit"), "{screen}");
        let written = String::from_utf8_lossy(&pty.raw()).into_owned();
        for line in written.lines() {
            assert!(line.chars().count() <= 60, "{line}");
        }
    }
}
