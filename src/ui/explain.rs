//! `--explain`: every group of words of the docker command, why it is there, and who decided it.

use super::wrap::wrap;
use crate::dockercli::Flag;
use crate::plan::Reasons;

/// One paragraph a flag, in the order of the command line. The flags are words of a shell, which are
/// not broken on a terminal of so many columns.
pub fn explain(flags: &[Flag], reasons: &Reasons, terminal: Option<usize>) -> String {
    let mut text = String::new();
    for flag in flags.iter().filter(|flag| !flag.words.is_empty()) {
        text.push_str(&shell_words::join(&flag.words));
        text.push('\n');
        if let Some(reason) = reasons.get(&flag.field) {
            let why = format!("    {} [{}]\n", reason.why, reason.origin);
            text.push_str(&wrap(&why, terminal.unwrap_or(usize::MAX)));
        }
    }
    text
}
