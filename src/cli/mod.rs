//! The command line: what can be typed, and the wiring from it to the use-cases.

mod args;
mod audit;
mod audit_args;
mod candidates;
mod claude_version;
mod client;
mod complete;
mod config;
mod config_args;
mod context;
mod daemon;
mod daemon_args;
mod docker;
mod doctor;
mod doctor_engine;
mod ending;
mod guard;
mod help;
mod image;
mod image_args;
mod images;
mod manage;
mod manual;
mod mistyped;
mod parent;
mod pool;
mod pool_args;
mod profile_args;
mod profiles;
mod recipes;
mod request;
mod shell_args;
mod shell_init;
mod show;
mod start;
mod terminal;
mod warm;
mod words;

use crate::host::{self, Env};
use crate::model::Exit;
use crate::shell::{self, Shell};
use crate::ui::{Face, Report, Ui};
use clap::{CommandFactory, FromArgMatches};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// The clap tree, from which help, completions and the manual are made.
pub fn tree() -> clap::Command {
    help::with_examples(args::Cli::command())
}

/// The same for whoever types: its first help is one screen.
fn command() -> clap::Command {
    let tree = tree();
    let overview = help::overview(&tree);
    tree.override_help(overview)
}

/// What is offered at a cursor: these are the words up to it, the program's name first.
pub fn offered(tree: clap::Command, words: &[&str], env: &Env) -> String {
    complete::offered(tree, words, env)
}

/// The files that are generated from the tree and committed: their paths in the repository, and
/// their text.
pub fn generated() -> Vec<(String, String)> {
    let tree = tree();
    let completions = Shell::ALL.map(|shell| {
        let path = format!("completions/{}", shell::file_name(shell));
        (path, shell::completions(shell, &tree))
    });
    let pages = crate::manual::pages(&tree).into_iter();
    let pages = pages.map(|page| (format!("man/{}", page.file_name()), page.roff()));
    completions.into_iter().chain(pages).collect()
}

/// What is left to do once everything was decided.
#[derive(Debug)]
enum Next {
    /// Nothing.
    Done,
    /// Nothing: everything was said, and this is how it ended.
    Ended(Exit),
    /// Connect the docker client to a session, and see what became of the session.
    Connect(client::Connect),
    /// Become the docker client.
    Exec {
        /// The client.
        program: PathBuf,
        /// Its arguments.
        arguments: Vec<OsString>,
    },
}

/// Run the command line of `env`.
pub fn run(env: &Env) -> ExitCode {
    if env.args.get(1).is_some_and(|word| word == complete::FACE) {
        return complete::run(args::Cli::command(), env);
    }
    let typed = words::settle_v(&env.args);
    let matches = match command().try_get_matches_from(&typed) {
        Ok(matches) => matches,
        Err(error) => {
            return said_by_clap(&error, &typed, env);
        }
    };
    let mut cli = match args::Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => {
            return said_by_clap(&error, &typed, env);
        }
    };
    words::restore_separator(&mut cli, &typed);
    let ui = ui(&cli, env);
    let face = cli.face();
    let result = match &cli.command {
        None | Some(args::Command::Claude(_) | args::Command::Shell(_)) => {
            if cli.session.verify {
                doctor::run(&cli, env, ui)
            } else {
                start::run(&cli, env, ui)
            }
        }
        Some(_) => words::no_session_options(&cli).and_then(|()| manage::run(&cli, env, ui)),
    };
    match result {
        Ok(Next::Done) => ExitCode::SUCCESS,
        Ok(Next::Ended(exit)) => ExitCode::from(exit.code()),
        Ok(Next::Connect(connect)) => {
            let status = client::connect(&connect, ui);
            if connect.pooled {
                pool::warm_again(&cli, env, ui);
            }
            ExitCode::from(status)
        }
        Ok(Next::Exec { program, arguments }) => {
            let error = host::exec(&program, &arguments);
            let report = Report::cannot_run(&program, &error);
            ui.report(&report);
            ExitCode::from(report.exit(Face::Session).code())
        }
        Err(report) => {
            ui.report(&report);
            ExitCode::from(report.exit(face).code())
        }
    }
}

/// Help and version in clap's words, on standard output where somebody waits for them; why a line
/// cannot be understood in ours.
fn said_by_clap(error: &clap::Error, typed: &[OsString], env: &Env) -> ExitCode {
    if let Some(report) = mistyped::report(error, &tree(), typed) {
        // What was asked for is not known; a word that asks for JSON is.
        let own = typed.iter().take_while(|word| !words::hands_on(word));
        let json = own.into_iter().any(|word| word == "--json");
        plain_ui(env, json).report(&report);
        return ExitCode::from(report.exit(Face::Management).code());
    }
    let printed = error.print();
    if !error.use_stderr()
        && let Err(report) = answered(printed)
    {
        Ui::plain().report(&report);
        return ExitCode::from(report.exit(Face::Management).code());
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn plain_ui(env: &Env, json: bool) -> Ui {
    Ui {
        terminal: env.stderr_terminal,
        color: env.stderr_terminal && env.get("NO_COLOR").is_none(),
        json,
        ..Ui::plain()
    }
}

fn ui(cli: &args::Cli, env: &Env) -> Ui {
    let output = cli.output();
    Ui {
        quiet: output.quiet,
        verbose: output.verbose,
        ..plain_ui(env, cli.json())
    }
}

/// Answer on standard output; a reader that has gone away is no failure.
fn answered(result: std::io::Result<()>) -> Result<Next, Report> {
    match result {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let message = "cannot write to standard output";
            Err(Report::new(crate::ui::Kind::Failed, message)
                .cause(error)
                .hint("see where the output goes: the disk may be full, or the file closed"))
        }
        _ => Ok(Next::Done),
    }
}
