//! The house as `ARCHITECTURE.md` shows it: its arrows, the size of its rooms, its variables.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests read the sources, and fail by panicking"
)]

use hal9000::ipc;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which module may use which. Everything may use `vars`, which is a list of names.
const ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("recipe", &["model"]),
    ("dockercli", &["model"]),
    ("terminal", &[]),
    ("shell", &[]),
    ("manual", &["config", "host", "model"]),
    ("pool", &["terminal"]),
    ("plan", &["dockercli", "model", "pool", "terminal"]),
    ("guard", &["model"]),
    ("config", &["model", "recipe"]),
    ("host", &["model", "plan", "terminal"]),
    ("engine", &["dockercli", "model"]),
    ("ipc", &["pool"]),
    ("images", &["engine", "recipe"]),
    ("session", &["engine", "model", "plan"]),
    ("daemon", &["dockercli", "engine", "ipc", "model", "pool"]),
    (
        "ui",
        &[
            "config",
            "daemon",
            "dockercli",
            "engine",
            "guard",
            "host",
            "images",
            "ipc",
            "model",
            "plan",
            "pool",
            "session",
        ],
    ),
    (
        "cli",
        &[
            "config",
            "daemon",
            "dockercli",
            "engine",
            "guard",
            "host",
            "images",
            "ipc",
            "manual",
            "model",
            "plan",
            "pool",
            "recipe",
            "session",
            "shell",
            "terminal",
            "ui",
        ],
    ),
    // Not `host`: no path of the host is made up in the parent.
    (
        "coordinator",
        &[
            "dockercli",
            "engine",
            "ipc",
            "model",
            "plan",
            "pool",
            "recipe",
            "terminal",
        ],
    ),
    // Like the coordinator it is told everything; it stands between a session and the engine.
    ("proxy", &["guard", "model"]),
    // Readable alone: the code that runs as root in every container.
    ("entrypoint", &["plan"]),
];

/// Rooms in which nothing may touch the machine, the engine, the clock or a terminal.
const PURE: &[&str] = &[
    "model",
    "terminal",
    "pool",
    "plan",
    "dockercli",
    "recipe",
    "guard",
    "manual",
    "shell",
];

/// Names that are no environment variables of the program: build arguments of our images, and what
/// `build.rs` hands to the compiler.
const BUILD_ARGUMENTS: &[&str] = &[
    "HAL9000_BUILD",
    "HAL9000_CHROMA",
    "HAL9000_CLAUDE",
    "HAL9000_REFERENCE",
    "HAL9000_WORKER",
];

/// By directory: a room of the program, and a file of tests, which is a list.
const LONGEST: &[(&str, usize)] = &[("src", 420), ("tests", 500)];

fn files(directory: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(directory)];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_str().unwrap().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The module that a file of `src` belongs to; `None` for the roots.
fn module(path: &Path) -> Option<String> {
    let inside = path
        .strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
        .unwrap();
    let mut parts = inside.iter();
    let first = parts.next().unwrap().to_str().unwrap().to_owned();
    parts.next().map(|_| first)
}

/// The part of a file that ends up in the program.
fn without_tests(text: &str) -> &str {
    text.split_once("#[cfg(test)]\nmod tests")
        .map_or(text, |(code, _)| code)
}

/// Whether a whole file is tests.
fn is_test(path: &Path) -> bool {
    let text = path.to_str().unwrap();
    text.ends_with("tests.rs") || text.contains("/tests/")
}

fn words_after<'a>(text: &'a str, prefix: &str) -> BTreeSet<&'a str> {
    text.split(prefix)
        .skip(1)
        .map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            &rest[..end.unwrap_or(rest.len())]
        })
        .collect()
}

#[test]
fn arrows_point_down_only() {
    let allowed: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    for path in files("src", ".rs") {
        let Some(module) = module(&path).filter(|_| !is_test(&path)) else {
            continue;
        };
        let text = read(&path);
        let uses = words_after(without_tests(&text), "crate::");
        let known = allowed.get(module.as_str());
        let known = known.unwrap_or_else(|| panic!("`{module}` is not in ARROWS"));
        for used in uses
            .iter()
            .filter(|used| !["vars", module.as_str()].contains(*used))
        {
            let place = path.display();
            assert!(
                known.contains(used),
                "{place}: `{module}` may not use `{used}`"
            );
        }
    }
}

#[test]
fn every_room_is_in_the_picture() {
    let picture = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md"));
    for (module, _) in ARROWS {
        assert!(
            picture.contains(&format!("`{module}`")),
            "ARCHITECTURE.md is silent on `{module}`"
        );
    }
    let lib = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs"));
    for module in words_after(&lib, "pub mod ") {
        let known = module == "vars" || ARROWS.iter().any(|(name, _)| *name == module);
        assert!(known, "`{module}` is not in ARROWS");
    }
}

#[test]
fn pure_rooms_touch_nothing() {
    let forbidden = [
        "std::env::var",
        "std::env::args",
        "std::env::current_dir",
        "std::fs",
        "std::process",
        "SystemTime",
        "Instant",
        "tokio",
        "use nix",
        "println!",
        "eprintln!",
        "tracing",
    ];
    for path in files("src", ".rs") {
        if !module(&path).is_some_and(|module| PURE.contains(&module.as_str())) {
            continue;
        }
        let text = read(&path);
        for word in forbidden {
            let found = without_tests(&text).contains(word) && !is_test(&path);
            assert!(!found, "{}: a pure room uses `{word}`", path.display());
        }
    }
}

#[test]
fn a_file_is_a_room_with_one_purpose() {
    for (directory, longest) in LONGEST {
        for path in files(directory, ".rs") {
            let lines = read(&path).lines().count();
            let place = path.display();
            assert!(lines <= *longest, "{place} has {lines} lines: divide it");
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert!(
                !["util", "utils", "common", "helpers", "misc"].contains(&name),
                "{place}"
            );
            assert!(
                read(&path).starts_with("//!") || name.ends_with("tests"),
                "{place} says not what it is for"
            );
        }
    }
}

#[test]
fn every_variable_is_declared_once() {
    let declared: BTreeSet<&str> = hal9000::vars::ALL
        .iter()
        .map(|variable| variable.name)
        .collect();
    assert_eq!(declared.len(), hal9000::vars::ALL.len());
    let places = [
        ("src", ".rs"),
        ("tests", ".rs"),
        ("scripts", ""),
        (".ci", ""),
    ];
    let mut used = BTreeSet::new();
    for (directory, ending) in places {
        for path in files(directory, ending) {
            let text = read(&path);
            for rest in words_after(&text, "HAL9000_") {
                let name = format!("HAL9000_{rest}");
                let known = rest.is_empty()
                    || declared.contains(name.as_str())
                    || BUILD_ARGUMENTS.contains(&name.as_str());
                assert!(known, "{}: {name} is not in src/vars.rs", path.display());
                used.insert(name);
            }
        }
    }
    for name in declared {
        assert!(
            name == "HAL9000" || used.contains(name),
            "nothing uses {name}"
        );
    }
}

#[test]
fn variables_are_named_through_their_constants() {
    for path in files("src", ".rs") {
        if path.ends_with("vars.rs") {
            continue;
        }
        let text = read(&path);
        for name in words_after(without_tests(&text), "\"HAL9000_") {
            let name = format!("HAL9000_{name}");
            let place = path.display();
            assert!(
                BUILD_ARGUMENTS.contains(&name.as_str()),
                "{place}: use vars for {name}"
            );
        }
    }
}

/// The kinds of every message, and the names of their fields, in JSON's spelling.
fn messages(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap();
    let lines = text.lines().map(str::trim);
    let kebab = |name: &str| {
        let mut kebab = String::new();
        for letter in name.chars() {
            if letter.is_uppercase() && !kebab.is_empty() {
                kebab.push('-');
            }
            kebab.extend(letter.to_lowercase());
        }
        kebab
    };
    let mut public = false;
    let mut found = Vec::new();
    for line in lines {
        if line.starts_with("pub enum ") || line.starts_with("pub struct ") {
            public = true;
        } else if line.starts_with("struct ") || line.contains("fn ") {
            public = false;
        }
        let name: String = line
            .trim_start_matches("pub ")
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let rest = line.trim_start_matches("pub ").get(name.len()..);
        let variant = name.starts_with(char::is_uppercase)
            && rest.is_some_and(|rest| rest.starts_with([',', '(']) || rest == " {");
        let field = rest.is_some_and(|rest| rest.starts_with(": ")) && line.ends_with(',');
        if public && variant {
            found.push(kebab(&name));
        } else if public && field {
            found.push(name);
        }
    }
    found
}

#[test]
fn every_message_is_in_the_protocols_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = read(&root.join("docs/protocol.md"));
    let messages = messages(&read(&root.join("src/ipc/message.rs")));
    for known in [
        "wait-ready",
        "seconds",
        "error",
        "kind",
        "unknown",
        "stranded",
    ] {
        assert!(messages.iter().any(|it| it == known), "{messages:?}");
    }
    for message in messages {
        let named = page.contains(&format!("`{message}`"));
        assert!(named, "docs/protocol.md is silent on `{message}`");
    }
    for number in [
        format!("(now {})", ipc::PROTOCOL),
        format!("at most {} bytes", ipc::LONGEST),
        format!("from {} on", ipc::HOLDS),
    ] {
        assert!(page.contains(&number), "docs/protocol.md: {number}");
    }
}

/// Words between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn the_security_page_says_what_is_so() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = read(&root.join("docs/SECURITY.md"));
    let (_, rules) = page.split_once("rules, `HAL-G-` before each").unwrap();
    let (rules, _) = rules.split_once("\n\n").unwrap();
    let column = |row: &str| row.trim_matches('|').rsplit('|').next().unwrap().to_owned();
    let named: Vec<String> = rules.lines().skip(2).map(column).collect();
    let named: BTreeSet<&str> = named
        .iter()
        .flat_map(|row| row.split_whitespace())
        .collect();
    let known = hal9000::guard::rules().map(|rule| rule.id.trim_start_matches("HAL-G-"));
    let known: BTreeSet<&str> = known.collect();
    assert_eq!(
        named, known,
        "docs/SECURITY.md names other rules than there are"
    );
    let (_, claims) = page.split_once("| claim | test |").unwrap();
    let (claims, _) = claims.split_once("\n\n").unwrap();
    let mut sources = String::new();
    for path in [files("src", ".rs"), files("tests", ".rs")].concat() {
        sources.push_str(&read(&path));
    }
    let tests: Vec<&str> = quoted(claims).filter(|word| !word.contains('/')).collect();
    assert!(tests.len() > 10, "{tests:?}");
    for test in tests {
        let found = match test.strip_suffix('*') {
            Some(beginning) => sources.contains(&format!("fn {beginning}")),
            None => sources.contains(&format!("fn {test}(")),
        };
        assert!(
            found,
            "docs/SECURITY.md names the test {test}, which is not there"
        );
    }
}
