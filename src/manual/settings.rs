//! The page of the settings: hal-9000-config(5), from the table that reads them.

use super::facts::{Section, files};
use super::{Page, SETTINGS};
use crate::config::{KEYS, Key};
use crate::manual::Example;

/// The page.
pub(super) fn page() -> Page {
    let mut example = Section::new("EXAMPLES", "");
    example.examples = vec![Example {
        line: SETTINGS,
        says: "A configuration file:",
    }];
    let facts = vec![
        Section::new("NAME", "hal-9000-config - settings of hal-9000"),
        Section::new(
            "SYNOPSIS",
            "$XDG_CONFIG_HOME/hal-9000/config.toml, .hal-9000.toml",
        ),
        Section::new(
            "DESCRIPTION",
            "Settings are TOML. A flag wins over a variable, that over the project's file, that \
             over your own, that over the built-in value. An unknown key is an error.",
        ),
        Section::new("SETTINGS", "").items(KEYS.iter().map(|key| (key.name, meaning(key)))),
        Section::new(
            "SECRETS",
            "secrets.NAME names a file on this machine, by an absolute path or one below ~/. \
             Its content is the variable NAME in every session, and is in no command line, \
             label or inspect. Not for projects.",
        ),
        Section::new(
            "PROJECTS",
            "A project may bring a .hal-9000.toml. It is somebody else's text: it counts once you \
             have seen and trusted it (--yes trusts it as it is now), and can choose tools and \
             lower limits, nothing else.",
        ),
        files(),
        example,
        Section::new("SEE ALSO", "hal-9000(1)"),
    ];
    Page {
        name: "hal-9000-config".to_owned(),
        section: 5,
        grammar: None,
        facts,
    }
}

fn meaning(key: &Key) -> String {
    let built_in = match key.built_in {
        "" => String::new(),
        value => format!(" [default: {value}]"),
    };
    let flag = key.flag.map(|flag| format!(", flag {flag}"));
    let project = if key.project {
        "A project's file may set it"
    } else {
        "Not for projects"
    };
    format!(
        "{}{built_in}. Variable {}{}. {project}.",
        key.meaning.replace('`', ""),
        key.variable,
        flag.unwrap_or_default(),
    )
}
