//! A command line as text that can be pasted into a shell.

use super::Flag;

/// `docker run` with one group of words a line, joined by backslashes: it can be read, and pasted.
pub fn shell_lines(program: &str, flags: &[Flag]) -> String {
    let mut lines = Vec::new();
    for flag in flags.iter().filter(|flag| !flag.words.is_empty()) {
        lines.push(shell_words::join(&flag.words));
    }
    format!("{} {}", shell_words::quote(program), lines.join(" \\\n  "))
}
