//! `man`: a page of the manual, by whatever shows one here.

use super::shell_args::Manual;
use super::{Next, answered};
use crate::host::{self, Env};
use crate::manual::{self, Page};
use crate::ui::{Kind, Report, Ui};

/// Columns where there is no terminal, and at most where there is a wide one.
const COLUMNS: usize = 80;

/// Run it.
pub(super) fn run(asked: &Manual, env: &Env, ui: Ui) -> Result<Next, Report> {
    let page = find(&asked.command)?;
    if env.terminal && host::man(env, &page.roff()) {
        return Ok(Next::Done);
    }
    let columns = match host::terminal_size() {
        [_, columns] if columns > 0 => COLUMNS.min(columns.into()),
        _ => COLUMNS,
    };
    let text = page.text(columns);
    if env.terminal && host::pager(env, &text) {
        return Ok(Next::Done);
    }
    answered(ui.answer(&text))
}

/// The page of these words: `pool start`, `hal-9000-pool-start`, `5 config`.
fn find(words: &[String]) -> Result<Page, Report> {
    let (section, words) = match words.split_first() {
        Some((first, rest)) if !rest.is_empty() => match first.parse::<u8>() {
            Ok(section) => (Some(section), rest),
            Err(_) => (None, words),
        },
        _ => (None, words),
    };
    let name = words.join("-");
    let name = name.strip_prefix("hal-9000").unwrap_or(&name);
    let name = name.trim_start_matches('-');
    let pages = manual::pages(&super::tree());
    let own = |page: &Page| {
        page.name["hal-9000".len()..]
            .trim_start_matches('-')
            .to_owned()
    };
    let names: Vec<String> = pages.iter().map(&own).collect();
    let mut found = pages.into_iter().filter(|page| own(page) == name);
    let asked = |page: &Page| section.is_none_or(|section| section == page.section);
    found.find(asked).ok_or_else(|| {
        let message = format!("the manual has no page `{}`", words.join(" "));
        Report::new(Kind::Usage, message)
            .similar(name, &names)
            .hint("`hal-9000 man` is the first page, and names the others")
    })
}
