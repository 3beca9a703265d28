//! Every fenced block is of a kind that something holds to the program.

use std::path::{Path, PathBuf};

use hal9000::config::{self, Layers};

use crate::lines;
use crate::support::engine::told;
use crate::support::markdown::{Block, blocks, pages, read};

/// How many blocks may say that they cannot be run here.
const MOST: usize = 2;

/// What holds a block to the program, or what is wrong with it.
fn check(block: &Block) -> Result<(), String> {
    match block.language.as_str() {
        // Typed by tests/engine_docs.
        "console" => first_is_typed(block),
        "sh" => block.lines.iter().try_for_each(|line| lines::check(line)),
        "toml" => settings(block),
        "mermaid" => drawing(block),
        // In the project of the pictures, as that file.
        _ if block.note("file").is_some() => Ok(()),
        other => Err(format!("nothing checks a block of `{other}`")),
    }
}

fn first_is_typed(block: &Block) -> Result<(), String> {
    let first = block.lines.first().map_or("", String::as_str);
    let typed = first.starts_with("ann@box:") && first.contains("$ ");
    typed
        .then_some(())
        .ok_or_else(|| format!("`{first}` has no prompt like `ann@box:~/shop$ `"))
}

/// Settings are read as the program reads them.
fn settings(block: &Block) -> Result<(), String> {
    let text = block.text();
    let entries = config::parse(&text).map_err(|error| format!("{error:?}"))?;
    let mut layers = Layers::built_in(Some(PathBuf::from("/home/ann")));
    if block.note("file").is_some() {
        let path = Path::new("/home/ann/shop/.hal-9000.toml");
        let taken = layers.project_file(path, entries);
        taken.map_err(|error| format!("{error:?}"))?;
    } else {
        layers.user_file(Path::new("/home/ann/config.toml"), entries);
    }
    let settings = layers.settings();
    settings.map(drop).map_err(|error| format!("{error:?}"))
}

/// Nobody draws here: a picture of a known kind, whose brackets and blocks are closed.
fn drawing(block: &Block) -> Result<(), String> {
    let text = block.text();
    let kind = text.split_whitespace().next().unwrap_or_default();
    if !["flowchart", "sequenceDiagram", "stateDiagram-v2"].contains(&kind) {
        return Err(format!("`{kind}` is no kind of picture that is used here"));
    }
    for (open, close) in [("[", "]"), ("(", ")"), ("subgraph ", "end\n")] {
        let (opened, closed) = (text.matches(open).count(), text.matches(close).count());
        if opened != closed {
            return Err(format!("{opened} `{open}` and {closed} `{}`", close.trim()));
        }
    }
    Ok(())
}

#[test]
fn every_block_is_held_to_the_program() {
    let (mut wrong, mut not_run) = (Vec::new(), 0);
    for block in pages().iter().flat_map(|page| blocks(page)) {
        if let Some(why) = block.note("not run") {
            not_run += 1;
            told(&format!("NOT RUN: {}: {why}", block.place()));
        } else if let Err(why) = check(&block) {
            wrong.push(format!("{}: {why}", block.place()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        not_run <= MOST,
        "{not_run} blocks are not run, {MOST} may be: write them so that they can"
    );
}

#[test]
fn what_is_wrong_with_a_block_is_seen() {
    let block = |language: &str, text: &str| {
        let made = Block::new(language, text);
        check(&made).expect_err(text)
    };
    for (language, text, says) in [
        ("", "hal-9000", "nothing checks"),
        ("yaml", "a: b", "nothing checks"),
        ("console", "$ hal-9000", "no prompt"),
        ("toml", "profil = \"node\"", "profil"),
        ("toml", "[limits]\nmemory = \"much\"", "much"),
        ("mermaid", "flowchart LR\n  a[one --> b", "1 `[`"),
        ("mermaid", "poem\n", "no kind"),
        ("sh", "hal-9000 --profle node", "--profle"),
        ("sh", "hal-9000 | hal-9000 config gt x", "gt"),
        ("sh", "scripts/nothing", "scripts/nothing"),
        ("sh", "eval \"$(hal-9000 shell-init tcsh)\"", "tcsh"),
        ("sh", "cargo test --test nothing", "nothing"),
        ("sh", "frobnicate", "frobnicate"),
    ] {
        let said = block(language, text);
        assert!(said.contains(says), "{text}: {said}");
    }
}

/// What is named in a sentence can be typed, too.
#[test]
fn every_command_in_the_text_is_understood() {
    let mut wrong = Vec::new();
    for page in pages() {
        for (line, span) in crate::support::markdown::spans(&page) {
            if span.starts_with("hal-9000 ") || span.starts_with("scripts/") {
                let command = span.split('…').next().unwrap_or_default();
                if let Err(why) = lines::check_named(command) {
                    wrong.push(format!("{page}:{line}: {why}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Files and headings that are linked to are there.
#[test]
fn no_link_leads_nowhere() {
    let mut wrong = Vec::new();
    for page in pages()
        .iter()
        .map(String::as_str)
        .chain(["ARCHITECTURE.md"])
    {
        let text = read(page);
        for part in text.split("](").skip(1) {
            let target = part.split(')').next().unwrap_or_default();
            if target.contains("://") {
                continue;
            }
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let below = Path::new(page).parent().unwrap();
            let path = match file {
                "" => PathBuf::from(page),
                file => below.join(file),
            };
            let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(&path);
            let there = full.exists()
                && (heading.is_empty() || headings(&path).iter().any(|it| it == heading));
            if !there {
                wrong.push(format!("{page}: {target}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// As GitHub names them.
fn headings(page: &Path) -> Vec<String> {
    let text = read(page.to_str().unwrap());
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchor = |line: &str| {
        let line = line.trim_start_matches('#').trim().to_lowercase();
        let kept = line
            .chars()
            .filter(|it| it.is_alphanumeric() || " -_".contains(*it));
        kept.map(|it| if it == ' ' { '-' } else { it }).collect()
    };
    headings.map(anchor).collect()
}

#[test]
fn the_front_page_is_short() {
    let lines = read("README.md").lines().count();
    assert!(lines <= 200, "README.md has {lines} lines");
}
