//! Programs that show a long text on the terminal.
#![expect(
    clippy::disallowed_methods,
    reason = "this is where programs are started that show texts"
)]

use super::Env;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

/// Have man(1) show a page. Whether it did: there may be none, or one that reads no page from its
/// standard input.
pub fn man(env: &Env, page: &str) -> bool {
    let Some(man) = found(env, "man") else {
        return false;
    };
    let shown = feed(
        Command::new(man).args(["-l", "-"]).stderr(Stdio::null()),
        page,
    );
    // 3: a program that man-db starts has failed, as each does whose reader leaves early (man(1)).
    shown.is_some_and(|status| matches!(status.code(), Some(0 | 3)))
}

/// Have the user's pager show a text, or less(1). Whether it did.
pub fn pager(env: &Env, text: &str) -> bool {
    let words = shell_words::split(env.get("PAGER").unwrap_or("less")).unwrap_or_default();
    let Some((program, arguments)) = words.split_first() else {
        return false;
    };
    let Some(program) = found(env, program) else {
        return false;
    };
    feed(Command::new(program).args(arguments), text).is_some_and(|status| status.success())
}

fn found(env: &Env, program: &str) -> Option<PathBuf> {
    let here = env.directory.clone().unwrap_or_default();
    which::which_in(program, env.get("PATH"), here).ok()
}

fn feed(command: &mut Command, text: &str) -> Option<ExitStatus> {
    let mut child = command.stdin(Stdio::piped()).spawn().ok()?;
    if let Some(mut input) = child.stdin.take() {
        // A reader that leaves early has seen enough.
        let _ = input.write_all(text.as_bytes());
    }
    child.wait().ok()
}
