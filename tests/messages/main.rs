//! All messages of the program in one list, `docs/MESSAGES.txt`, and what holds for each of them.
//!
//! The list is made from the code: of every kind of error an example is made and shown as it is on a
//! terminal (`examples.rs`; a new kind does not compile without one), and what is said where it happens
//! is read from the sources (`sites.rs`). `scripts/generate` writes it again;
//! `cargo test --test messages -- --nocapture` prints it.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests read files, and fail by panicking"
)]

#[macro_use]
mod every;
mod asides;
mod examples;
mod exceptions;
mod list;
mod sites;
mod sources;

use exceptions::{ALIKE, LETTERS, NO_WAY_OUT, THINGS};
use hal9000::vars;
use list::List;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn the_list_is_what_the_program_says() {
    let text = List::of_the_program().text();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/MESSAGES.txt");
    if std::env::var(vars::TEST_GENERATE).is_ok_and(|value| value == "write") {
        fs::write(&path, &text).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let (new, old): (BTreeSet<&str>, BTreeSet<&str>) =
        (text.lines().collect(), committed.lines().collect());
    assert!(
        text == committed,
        "docs/MESSAGES.txt is stale: run `scripts/generate`, and read what is new as who meets it \
         would: does it name the object, the cause and the way out?\nnew: {:#?}\ngone: {:#?}",
        new.difference(&old).collect::<Vec<_>>(),
        old.difference(&new).collect::<Vec<_>>(),
    );
    println!("{text}");
}

#[test]
fn every_error_has_examples() {
    let list = List::of_the_program();
    let names = list.shown.iter().map(|it| &it.name);
    let names = names.chain(list.lines.iter().map(|(name, _)| name));
    let known: BTreeSet<&str> = names.filter_map(|name| name.split("::").next()).collect();
    for (file, text) in sources::texts() {
        let reports = text.split("impl From<").skip(1).filter_map(|rest| {
            let (name, rest) = rest.split_once('>')?;
            rest.starts_with(" for Report").then_some(name)
        });
        let derived = text.split("thiserror::Error").skip(1).filter_map(|rest| {
            let after = rest
                .split("\npub enum ")
                .nth(1)
                .map(|it| (rest.find("\npub enum "), it));
            let strukt = rest
                .split("\npub struct ")
                .nth(1)
                .map(|it| (rest.find("\npub struct "), it));
            let nearest = [after, strukt]
                .into_iter()
                .flatten()
                .min_by_key(|(at, _)| *at)?;
            nearest.1.split(|c: char| !c.is_alphanumeric()).next()
        });
        for name in reports.chain(derived) {
            assert!(
                known.contains(name) || exceptions::ELSEWHERE.iter().any(|(it, _)| *it == name),
                "src/{file}: make an example of each `{name}` in tests/messages/examples.rs"
            );
        }
    }
}

/// Nothing is wrong; or all of it at once.
#[track_caller]
fn none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n\n"));
}

/// Where an error is, its message, and its ways out.
fn errors(list: &List) -> impl Iterator<Item = (&str, &str, &[String])> {
    let shown = list.shown.iter();
    let shown = shown.map(|it| (it.name.as_str(), it.message.as_str(), it.hints.as_slice()));
    let sites = list.sites.iter();
    shown.chain(sites.map(|it| (it.file.as_str(), it.message.as_str(), it.hints.as_slice())))
}

#[test]
fn every_error_has_a_way_out() {
    let list = List::of_the_program();
    let mut used = BTreeSet::new();
    let mut problems = Vec::new();
    for (place, message, hints) in errors(&list) {
        if !hints.is_empty() {
            continue;
        }
        match NO_WAY_OUT.iter().find(|(it, _)| message.contains(it)) {
            Some((it, _)) => drop(used.insert(*it)),
            None => problems.push(format!(
                "{place}: add the way out to {message:?} with `.hint(…)`, or the reason why it needs none \
                 to NO_WAY_OUT in tests/messages/exceptions.rs"
            )),
        }
    }
    // In one line, as the entrypoint says them: what, why, and the way out.
    let refusals = list.lines.iter();
    for (name, line) in refusals.filter(|(name, _)| name.starts_with("Refusal::")) {
        if !line.contains("; ") {
            problems.push(format!("{name}: {line:?} has no way out behind a `;`"));
        }
    }
    let unused = NO_WAY_OUT.iter().filter(|(it, _)| !used.contains(it));
    problems.extend(unused.map(|(it, _)| format!("NO_WAY_OUT has {it:?}, which nothing needs")));
    none(&problems);
}

#[test]
fn every_error_names_its_object() {
    let list = List::of_the_program();
    let mut problems = Vec::new();
    for (place, message, _) in errors(&list) {
        // What passes other words on is among those that are shown.
        let passed = message.starts_with('{') && message.ends_with('}');
        if !passed && !message.contains('`') && !THINGS.iter().any(|it| message.contains(it)) {
            problems.push(format!(
                "{place}: put the name of what {message:?} is about between backticks, or add how it is \
                 called to THINGS in tests/messages/exceptions.rs"
            ));
        }
    }
    none(&problems);
}

/// The words of a message, without what is put in.
fn words(text: &str) -> Vec<String> {
    let mut plain = String::new();
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            c if depth == 0 => plain.extend(c.to_lowercase()),
            _ => {}
        }
    }
    let words = plain.split(|c: char| !c.is_alphanumeric() && !"-_".contains(c));
    let words = words.filter(|it| !it.is_empty());
    words.map(str::to_owned).collect()
}

/// How much of both is the same, in hundredths.
fn alike(one: &[String], other: &[String]) -> usize {
    let mut rest: Vec<&String> = other.iter().collect();
    let mut same = 0;
    for word in one {
        if let Some(at) = rest.iter().position(|it| *it == word) {
            rest.swap_remove(at);
            same += 1;
        }
    }
    200 * same / (one.len() + other.len()).max(1)
}

#[test]
fn nothing_is_said_twice_in_different_words() {
    /// From here on one is the other with another word.
    const ALIKE_FROM: usize = 75;
    /// Shorter ones are alike by chance.
    const SHORTEST: usize = 6;
    let list = List::of_the_program();
    let mut seen: Vec<(&str, &str, Vec<String>)> = Vec::new();
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    // As it is written; examples are the same with other names in it.
    let written = list.all().into_iter().filter(|it| it.place.contains(".rs"));
    for said in written {
        let words = words(said.text);
        if words.len() < SHORTEST || seen.iter().any(|(_, text, _)| *text == said.text) {
            continue;
        }
        for (place, text, other) in &seen {
            // One is the other, with more said.
            let (one, two) = (words.join(" "), other.join(" "));
            let same = one.contains(&two) || two.contains(&one);
            if same || alike(&words, other) < ALIKE_FROM {
                continue;
            }
            let both = |one, two| text.contains(one) && said.text.contains(two);
            let found = ALIKE
                .iter()
                .position(|(one, two, _)| both(*one, *two) || both(*two, *one));
            match found {
                Some(at) => drop(used.insert(at)),
                None => problems.push(format!(
                    "{place}: {text:?}\n{}: {:?}\nIs it the same? Then say it once, in one function. If \
                     it is not, say why in ALIKE of tests/messages/exceptions.rs",
                    said.place, said.text,
                )),
            }
        }
        seen.push((said.place, said.text, words));
    }
    let unused = ALIKE
        .iter()
        .enumerate()
        .filter(|(at, _)| !used.contains(at));
    problems.extend(unused.map(|(_, it)| format!("ALIKE has {it:?}, which nothing needs")));
    none(&problems);
}

#[test]
fn messages_are_plain_words() {
    let list = List::of_the_program();
    let mut problems = Vec::new();
    for said in list.all() {
        let (place, text) = (said.place, said.text);
        if text.contains(['\u{1b}', '\t']) || text.contains("\\x1b") || text.contains("\\u{1b}") {
            problems.push(format!("{place}: {text:?} speaks to the terminal"));
        }
        // What is between backticks, in brackets or put in is somebody's name.
        let plain = text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
        let plain: String = plain
            .split('{')
            .filter_map(|it| it.split('}').next_back())
            .collect();
        if plain.contains('!') {
            problems.push(format!("{place}: {text:?} shouts"));
        }
        let names = plain.split_whitespace().filter(|it| !it.contains('/'));
        for word in names.flat_map(|it| it.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
        {
            let letters = word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase());
            if letters && !LETTERS.contains(&word) {
                problems.push(format!(
                    "{place}: {word} in {text:?} is an abbreviation: write it out, put it between backticks \
                     if it is a name, or add it to LETTERS in tests/messages/exceptions.rs if everybody \
                     knows it"
                ));
            }
        }
    }
    none(&problems);
}
