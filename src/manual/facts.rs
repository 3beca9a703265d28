//! What a command's page says beside its grammar.

use super::{Example, examples, page_name, visible};
use crate::host;
use crate::model::Exit;
use crate::vars::{self, Side};
use clap::Command;

/// A part of a page.
#[derive(Debug, Clone)]
pub(super) struct Section {
    /// Its heading.
    pub(super) title: &'static str,
    /// What comes first in it.
    pub(super) lead: String,
    /// Words, and what each means.
    pub(super) items: Vec<(String, String)>,
    /// Lines to type.
    pub(super) examples: Vec<Example>,
}

impl Section {
    pub(super) fn new(title: &'static str, lead: &str) -> Self {
        Self {
            title,
            lead: lead.to_owned(),
            items: Vec::new(),
            examples: Vec::new(),
        }
    }

    pub(super) fn items<A: Into<String>, B: Into<String>>(
        mut self,
        items: impl IntoIterator<Item = (A, B)>,
    ) -> Self {
        let items = items
            .into_iter()
            .map(|(word, says)| (word.into(), says.into()));
        self.items.extend(items);
        self
    }
}

/// Variables of others that we read.
const OTHERS: &[(&str, &str)] = &[
    (
        "DOCKER_HOST",
        "The engine's address, as docker's own client reads it.",
    ),
    ("DOCKER_CONTEXT", "The docker context, likewise."),
    (
        "DOCKER_CONFIG",
        "The directory of docker's settings and contexts.",
    ),
    ("NO_COLOR", "Without colours, even on a terminal."),
    (
        "PAGER",
        "What shows a page of the manual where there is no man(1).",
    ),
];

/// The sections of the page of the command at `path`.
pub(super) fn of_command(command: &Command, path: &[String]) -> Vec<Section> {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    let session = matches!(names.as_slice(), [] | ["claude" | "shell"]);
    let engine = command.get_arguments().any(|arg| arg.get_id() == "host");
    let mut sections = vec![if names == ["docker"] {
        // It becomes docker.
        let own = "Docker's own. Where there is no docker, or a setting is wrong:";
        Section::new("EXIT STATUS", own).items(ours(Exit::of_sessions))
    } else {
        exit_status(session)
    }];
    if session {
        sections.push(variables());
        sections.push(inside());
        sections.push(files());
    } else if engine {
        sections.push(engine_variables());
    }
    let mut section = Section::new("EXAMPLES", "");
    section.examples = examples(&names);
    sections.push(section);
    sections.push(see_also(command, path));
    sections
}

fn ours(of: fn(Exit) -> bool) -> impl Iterator<Item = (String, &'static str)> {
    let all = Exit::ALL.into_iter().filter(move |exit| of(*exit));
    all.map(|exit| (exit.code().to_string(), exit.meaning()))
}

fn exit_status(session: bool) -> Section {
    if !session {
        return Section::new("EXIT STATUS", "").items(ours(Exit::of_management));
    }
    let own =
        "That of the command in the session, once it has started: as docker's own. Otherwise:";
    Section::new("EXIT STATUS", own)
        .items(ours(Exit::of_sessions))
        .items([
            ("126", "The command in the container is not executable"),
            ("127", "The command in the container is not found"),
        ])
}

fn variable(variable: &vars::Variable) -> (String, String) {
    (variable.name.to_owned(), variable.meaning.trim().to_owned())
}

fn variables() -> Section {
    let ours = vars::ALL.iter().filter(|it| it.side == Side::Host);
    let lead = "A flag wins over a variable, and a variable over a file.";
    Section::new("ENVIRONMENT", lead)
        .items(ours.map(variable))
        .items(OTHERS.iter().copied())
}

fn engine_variables() -> Section {
    let ours = vars::ALL.iter().filter(|it| it.name == vars::INSTANCE);
    let engine = OTHERS
        .iter()
        .filter(|(name, _)| name.starts_with("DOCKER_"));
    Section::new("ENVIRONMENT", "Further ones are in hal-9000(1).")
        .items(ours.map(variable))
        .items(engine.copied())
}

fn inside() -> Section {
    let ours = vars::ALL.iter().filter(|it| it.side == Side::Session);
    Section::new("INSIDE A SESSION", "Programs there find these variables.")
        .items(ours.map(variable))
}

pub(super) fn files() -> Section {
    let lead = "Where XDG_CONFIG_HOME is unset it is ~/.config; XDG_STATE_HOME, ~/.local/state; \
                XDG_RUNTIME_DIR/hal-9000, /tmp/hal-9000-UID.";
    Section::new("FILES", lead).items(host::FILES.iter().map(|file| (file.path, file.meaning)))
}

fn see_also(command: &Command, path: &[String]) -> Section {
    let mut pages: Vec<String> = Vec::new();
    if let Some((_, above)) = path.split_last() {
        pages.push(page_name(above) + "(1)");
    }
    let below = visible(command).map(|below| [path, &[below.get_name().to_owned()]].concat());
    pages.extend(below.map(|path| page_name(&path) + "(1)"));
    pages.push("hal-9000-config(5)".to_owned());
    pages.push("docker(1)".to_owned());
    Section::new("SEE ALSO", &pages.join(", "))
}
