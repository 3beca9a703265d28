//! The list: every message once, with what it is called or where it is.

use crate::asides::lines;
use crate::examples::{Shown, shown};
use crate::sites::{Site, sites};
use hal9000::guard::rules;
use std::fmt::Write as _;

/// Everything that is said.
pub(crate) struct List {
    /// Errors of the command, as they are shown.
    pub(crate) shown: Vec<Shown>,
    /// Errors that are made where they happen, as they are written.
    pub(crate) sites: Vec<Site>,
    /// Remarks, causes, and what is said inside: names and texts.
    pub(crate) lines: Vec<(String, String)>,
    /// All other sentences, by their files.
    pub(crate) others: Vec<(String, Vec<String>)>,
}

/// A message, where it is, and whether it is one that begins a report.
pub(crate) struct Said<'a> {
    pub(crate) place: &'a str,
    pub(crate) text: &'a str,
}

impl List {
    pub(crate) fn of_the_program() -> Self {
        let (sites, others) = sites();
        Self {
            shown: shown(),
            sites,
            lines: lines(),
            others,
        }
    }

    /// All of it, piece by piece.
    pub(crate) fn all(&self) -> Vec<Said<'_>> {
        let mut all = Vec::new();
        let mut add = |place, text| all.push(Said { place, text });
        for it in &self.shown {
            add(it.name.as_str(), it.message.as_str());
            let rest = it.causes.iter().chain(&it.hints);
            rest.for_each(|text| add(it.name.as_str(), text));
        }
        for it in &self.sites {
            add(it.file.as_str(), it.message.as_str());
            let rest = it.causes.iter().chain(&it.hints);
            rest.for_each(|text| add(it.file.as_str(), text));
        }
        for (name, text) in &self.lines {
            add(name, text);
        }
        for (file, texts) in &self.others {
            for text in texts {
                add(file.as_str(), text);
            }
        }
        all
    }

    /// As `docs/MESSAGES.txt` has it.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from(HEAD);
        text.push_str("\n# Errors of the command, as they are shown\n");
        for it in &self.shown {
            let _ = write!(text, "\n{}\n  {}\n", it.name, it.message);
            more(&mut text, &it.causes, &it.hints);
        }
        text.push_str("\n# Errors that are made where they happen, `{…}` for what is put in\n");
        for it in &self.sites {
            let _ = write!(text, "\n{}\n  {}\n", it.file, it.message);
            more(&mut text, &it.causes, &it.hints);
        }
        text.push_str("\n# Remarks, causes, and what the entrypoint refuses\n\n");
        for (name, line) in &self.lines {
            let _ = writeln!(text, "{name}\n  {line}");
        }
        text.push_str(
            "\n# Rules of the guard: what is refused, what for; and what to do instead\n\n",
        );
        for rule in rules() {
            let _ = writeln!(text, "{}\n  {}; {}", rule.id, rule.stops, rule.instead);
        }
        text.push_str("\n# All other sentences, by file: answers, steps, and parts of the above\n");
        for (file, texts) in &self.others {
            let _ = write!(text, "\n{file}\n");
            for said in texts {
                let _ = writeln!(text, "  {said}");
            }
        }
        text
    }
}

fn more(text: &mut String, causes: &[String], hints: &[String]) {
    for (word, said) in [("cause", causes), ("hint", hints)] {
        for it in said {
            let _ = writeln!(text, "    {word}: {it}");
        }
    }
}

const HEAD: &str = "\
All that hal-9000 says, in one list, to be read as a whole: each error names its object, the cause and
the way out, and nothing is said twice in different words. Made by scripts/generate; tests/messages
has what is checked of it.
";
