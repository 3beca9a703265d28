//! `--explain`: every group of words of the docker command, why it is there, and who decided it.

use crate::dockercli::Flag;
use crate::plan::Reasons;

/// One paragraph a flag, in the order of the command line.
pub fn explain(flags: &[Flag], reasons: &Reasons) -> String {
    let mut text = String::new();
    for flag in flags.iter().filter(|flag| !flag.words.is_empty()) {
        text.push_str(&shell_words::join(&flag.words));
        text.push('\n');
        if let Some(reason) = reasons.get(&flag.field) {
            text.push_str(&format!("    {} [{}]\n", reason.why, reason.origin));
        }
    }
    text
}
