//! What the user's terminal answers: remembered, or asked for a session of Claude.

use super::args::{Cli, Command};
use crate::host::{self, Asked, Dirs, Env};
use crate::plan::{self, Request, What};
use crate::terminal::Answers;
use crate::ui::Ui;

/// The answers of this terminal; it is asked where that is worth it and was not done of late. To be
/// called before anything else runs that could use the terminal.
pub(super) fn answers(cli: &Cli, request: &Request, env: &Env, ui: Ui) -> Option<Answers> {
    let dirs = Dirs::of(env);
    let kind = plan::terminal_kind(&env.variables);
    let known = host::known_terminal(&dirs, &kind);
    let now = host::now();
    let fresh = known.as_ref().is_some_and(|known| known.is_fresh(now));
    let known = known.and_then(|known| known.answers);
    if fresh || !worth_asking(cli, request, env) {
        return known;
    }
    let Some(questions) = plan::terminal_questions(&env.variables) else {
        return known;
    };
    let answers = match host::ask_terminal(&questions) {
        Asked::Answered(answers) => Some(answers),
        Asked::Mute => None,
        Asked::Not => return known,
    };
    ui.step(match answers {
        Some(_) => "the terminal was asked what it can do",
        None => "the terminal was asked what it can do, and did not answer",
    });
    if let Err(error) = host::note_terminal(&dirs, env, (&kind, now), answers.as_ref()) {
        ui.step(&format!("its answers cannot be remembered: {error}"));
    }
    answers.or(known)
}

/// What this terminal has answered before.
pub(super) fn known_answers(env: &Env) -> Option<Answers> {
    let kind = plan::terminal_kind(&env.variables);
    host::known_terminal(&Dirs::of(env), &kind)?.answers
}

/// Whether Claude is about to run on this terminal, or to wait for it.
fn worth_asking(cli: &Cli, request: &Request, env: &Env) -> bool {
    let starts = matches!(
        cli.command,
        None | Some(Command::Claude(_) | Command::Pool(_))
    );
    let dry = cli.session.print.is_some() || cli.session.explain;
    let waits = match &request.what {
        What::Claude(words) => !words.iter().any(|word| word == "-p" || word == "--print"),
        What::Shell(_) => false,
    };
    starts && waits && env.terminal && !request.detach && !dry
}
