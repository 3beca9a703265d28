//! What is said where it happens: each `Report::new` with what is added to it, and all other
//! sentences, file by file.

use crate::sources::{Token, closing, sources};
use std::collections::BTreeSet;

/// A failure as it is written in the sources, with `{…}` where the program puts a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Site {
    pub(crate) file: String,
    pub(crate) message: String,
    pub(crate) causes: Vec<String>,
    pub(crate) hints: Vec<String>,
}

/// Rooms whose texts are no messages, and why. All that is in others is in the list.
const NO_MESSAGES: &[(&str, &str)] = &[
    ("dockercli/", "docker's words"),
    ("manual/", "the manual, which is in man/"),
    ("recipe/builtin.rs", "Dockerfiles"),
    ("recipe/download.rs", "Dockerfiles"),
    (
        "recipe/runtime.rs",
        "Dockerfiles, but for one refusal, which is among those that are shown",
    ),
    ("shell/", "scripts of shells, which are in completions/"),
    (
        "guard/rule/",
        "the rules, which are in the list by their names",
    ),
    ("vars.rs", "the manual"),
    ("cli/help.rs", "help"),
    (
        "cli/mistyped.rs",
        "what the grammar refuses, which is among the errors that are shown",
    ),
    (
        "ui/hints.rs",
        "ways out, which are among the errors that are shown",
    ),
    (
        "ui/report.rs",
        "ways out, which are among the errors that are shown",
    ),
    ("config/keys.rs", "the manual"),
    ("host/dirs.rs", "the manual"),
    ("model/exit.rs", "the manual"),
    ("plan/environment.rs", "reasons, which `--explain` shows"),
    ("plan/mounts.rs", "reasons, which `--explain` shows"),
    ("plan/network.rs", "reasons, which `--explain` shows"),
    ("plan/terminal.rs", "reasons, which `--explain` shows"),
];

/// A text of so many words is a sentence, or a part of one.
const WORDS: usize = 3;

/// All failures that are made where they happen, and the other sentences with their files.
pub(crate) fn sites() -> (Vec<Site>, Vec<(String, Vec<String>)>) {
    let mut sites = Vec::new();
    let mut others = Vec::new();
    for (file, tokens) in sources() {
        let silent = NO_MESSAGES.iter().any(|(room, _)| file.starts_with(room));
        if silent {
            continue;
        }
        // `ui` makes the errors that are shown.
        let (found, used) = if file.starts_with("ui/") {
            Default::default()
        } else {
            reports(&file, &tokens)
        };
        sites.extend(found);
        let other = |(at, token): (usize, &Token)| match token {
            Token::Text(text) if !used.contains(&at) && is_sentence(text) => Some(text.clone()),
            _ => None,
        };
        let said: Vec<String> = tokens.iter().enumerate().filter_map(other).collect();
        if !said.is_empty() {
            others.push((file, said));
        }
    }
    (sites, others)
}

fn is_sentence(text: &str) -> bool {
    let words = text
        .split(' ')
        .filter(|it| it.chars().any(char::is_alphabetic));
    words.count() >= WORDS && !text.contains("\\r\\n") && !text.starts_with("\\n")
}

/// Each `Report::new`, with the causes and hints up to the next one or the next function; and which
/// texts are in them.
fn reports(file: &str, tokens: &[Token]) -> (Vec<Site>, BTreeSet<usize>) {
    let mut used = BTreeSet::new();
    let mut sites: Vec<Site> = Vec::new();
    let mut open = false;
    for at in 0..tokens.len() {
        let here = |words: &[&str]| {
            let found = tokens.get(at..at + words.len());
            found.is_some_and(|found| found.iter().zip(words).all(|(it, word)| it.is(word)))
        };
        if here(&["fn"]) {
            open = false;
        }
        if here(&["Report", ":", ":", "new", "("]) {
            let end = closing(tokens, at + 4);
            let texts = texts_of(tokens, at + 5, end, &mut used);
            open = true;
            sites.push(Site {
                file: file.to_owned(),
                message: texts,
                ..Site::default()
            });
        }
        let Some(site) = sites.last_mut().filter(|_| open) else {
            continue;
        };
        for (name, cause) in [
            ("cause", true),
            ("hint", false),
            ("similar", false),
            ("meant", false),
            ("there_are", false),
        ] {
            if here(&[".", name, "("]) {
                let end = closing(tokens, at + 2);
                let said = match name {
                    "similar" | "meant" => "did you mean `{}`?".to_owned(),
                    "there_are" => "there are: {}".to_owned(),
                    _ => texts_of(tokens, at + 3, end, &mut used),
                };
                if cause {
                    &mut site.causes
                } else {
                    &mut site.hints
                }
                .push(said);
            }
        }
    }
    (sites, used)
}

/// What is said between these places: the texts there, or those of the variable that is named there;
/// `{name}` where it is somebody else's words.
fn texts_of(tokens: &[Token], from: usize, to: usize, used: &mut BTreeSet<usize>) -> String {
    let texts = |from: usize, to: usize, used: &mut BTreeSet<usize>| {
        let mut found = Vec::new();
        for (at, token) in tokens.iter().enumerate().take(to).skip(from) {
            if let Token::Text(text) = token {
                used.insert(at);
                // What only joins others says nothing.
                if text.contains(char::is_alphabetic) || text.contains('{') {
                    found.push(text.clone());
                }
            }
        }
        found.join(" | ")
    };
    let said = texts(from, to, used);
    if !said.is_empty() {
        return said;
    }
    let words = tokens[from..to].iter().filter_map(|token| match token {
        Token::Word(word) if word != "Kind" && word.starts_with(char::is_lowercase) => Some(word),
        _ => None,
    });
    let words: Vec<&String> = words
        .filter(|word| *word != "crate" && *word != "ui")
        .collect();
    let Some(name) = words.first() else {
        return String::new();
    };
    let is_let =
        |at: usize| tokens[at].is("let") && tokens[at + 1].is(name) && tokens[at + 2].is("=");
    let Some(start) = (0..from).rev().find(|at| is_let(*at)) else {
        return format!("{{{name}}}");
    };
    let mut end = start;
    while !tokens[end].is(";") {
        end = match &tokens[end] {
            token if ["(", "{", "["].iter().any(|it| token.is(it)) => closing(tokens, end) + 1,
            _ => end + 1,
        };
    }
    let said = texts(start, end, used);
    if said.is_empty() {
        format!("{{{name}}}")
    } else {
        said
    }
}
