//! The manual: a page for every command, and one for the settings.
//!
//! Grammar and help come from the clap tree; what is said beside them (exit statuses, variables,
//! files, examples) from the tables that the code itself uses, or that a test holds to it.

mod examples;
mod facts;
mod render;
mod settings;

pub use examples::{Example, SETTINGS, examples};

use clap::Command;
use facts::Section;

/// The day of the release that the pages describe: none of them changes with the day on which it is
/// made. The changelog has the same for a release.
pub const DATE: &str = "2026-11-23";

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its name: `hal-9000-pool-start`.
    pub name: String,
    /// The section of the manual: 1 for commands, 5 for files.
    pub section: u8,
    grammar: Option<Command>,
    facts: Vec<Section>,
}

/// Every page: the commands of this tree, each before those below it, and the settings.
pub fn pages(tree: &Command) -> Vec<Page> {
    let mut tree = tree
        .clone()
        .override_usage("hal-9000 [OPTIONS] [DIR]\nhal-9000 [OPTIONS] COMMAND ...");
    tree.build();
    // `-h` and `--help` say the same here.
    let tree = tree.mut_arg("help", |help| help.help("Print help").long_help(None));
    let mut pages = Vec::new();
    commands(&tree, &mut Vec::new(), &mut pages);
    pages.push(settings::page());
    pages
}

fn commands(command: &Command, path: &mut Vec<String>, pages: &mut Vec<Page>) {
    pages.push(Page {
        name: page_name(path),
        section: 1,
        facts: facts::of_command(command, path),
        grammar: Some(command.clone()),
    });
    for below in visible(command) {
        path.push(below.get_name().to_owned());
        commands(below, path, pages);
        path.pop();
    }
}

fn visible(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|it| !it.is_hide_set())
}

fn page_name(path: &[String]) -> String {
    [&["hal-9000".to_owned()], path].concat().join("-")
}
