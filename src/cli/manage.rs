//! `sessions`, `attach`, `kill`, `logs`: what is done with sessions that are there.

use super::args::{Attach, Cli, Command, Kill, Logs};
use super::client::{Arrival, Connect};
use super::{Next, answered, context, guard, image, terminal};
use crate::dockercli;
use crate::engine::Docker;
use crate::host::{self, Env};
use crate::plan::{self, CLAUDE};
use crate::session::{self, FindError, Owner, Session};
use crate::shell;
use crate::ui::{Kind, Report, Ui, age, start_line, table};
use std::path::Path;

/// Run one of them.
pub(super) fn run(cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    match &cli.command {
        Some(Command::Sessions(_)) => sessions(cli, env, ui),
        Some(Command::Attach(attach)) => self::attach(attach, cli, env, ui),
        Some(Command::Kill(kill)) => self::kill(kill, cli, env, ui),
        Some(Command::Logs(logs)) => self::logs(logs, cli, env),
        Some(Command::Audit(audit)) => super::audit::run(audit, cli, env, ui),
        Some(Command::Daemon(daemon)) => super::daemon::run(&daemon.command, cli, env, ui),
        Some(Command::Pool(pool)) => super::pool::run(&pool.command, cli, env, ui),
        Some(Command::Config(config)) => super::config::run(&config.command, cli, env, ui),
        Some(Command::Doctor(_)) => super::doctor::run(cli, env, ui),
        Some(Command::Docker(docker)) => super::docker::run(&docker.words, cli, env, ui),
        Some(Command::Image(image)) => image::run(&image.command, cli, env, ui),
        Some(Command::Profiles(it)) => super::profiles::run(&it.command, cli, env, ui),
        Some(Command::ClaudeVersion(it)) => {
            super::claude_version::run(it.command.as_ref(), cli, env, ui)
        }
        Some(Command::Man(it)) => super::manual::run(it, env, ui),
        Some(Command::ShellInit(it)) => super::shell_init::run(it, env, ui),
        Some(Command::Completions(it)) => {
            answered(ui.answer(&shell::completions(it.shell, &super::tree())))
        }
        None | Some(Command::Claude(_) | Command::Shell(_)) => Ok(Next::Done),
    }
}

fn sessions(cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    let owner = context::owner(env)?;
    let connection = context::connect(&cli.engine(), env)?;
    let found = context::block_on(async { Ok(session::list(&connection.engine, &owner).await?) })?;
    if ui.json {
        return answered(ui.json(serde_json::json!({ "sessions": found })));
    }
    if found.is_empty() {
        ui.say("no sessions");
        return Ok(Next::Done);
    }
    let heading = ["NAME", "PROJECT", "RUNS", "PROFILE", "AGE", "STATE"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    for session in found {
        rows.push(vec![
            session.name,
            session.project.escape_debug().to_string(),
            session.command,
            if session.profile.is_empty() {
                session.image
            } else {
                session.profile
            },
            age(host::now() - session.created),
            session.status,
        ]);
    }
    answered(ui.answer(&table(&rows, ui.columns())))
}

fn attach(attach: &Attach, cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    let settings = context::settings(cli, env, ui, None)?;
    let owner = context::owner(env)?;
    let program = host::find_docker(env)?;
    let connection = context::connect(&cli.engine(), env)?;
    let engine = &connection.engine;
    let found = context::block_on(async {
        match &attach.name {
            Some(name) => Ok(session::find(engine, &owner, name).await?),
            None => here(engine, &owner, env).await,
        }
    })?;
    if !found.running {
        let message = format!("the session `{}` has ended: {}", found.name, found.status);
        return Err(Report::new(Kind::NoSession, message).hint(format!(
            "`hal-9000 logs {}` shows what it wrote",
            found.name
        )));
    }
    if !env.terminal && context::block_on(has_terminal(engine, &found))? {
        let message = format!(
            "the session `{}` has a terminal, and here is none",
            found.name
        );
        return Err(Report::new(Kind::Failed, message).hint(format!(
            "join it on a terminal; `hal-9000 logs {}` shows what it wrote",
            found.name
        )));
    }
    guard::start_lost(env, ui);
    // What else runs there may be Claude, with words of its own.
    let claude = found.command != "shell";
    let answers = terminal::known_answers(env);
    let keys = plan::detach_keys(&settings, claude, &env.variables, answers.as_ref());
    ui.say(&start_line(&found.name, true, &keys));
    let arguments = dockercli::attach(&connection.client_options, &keys, &found.name);
    if !env.terminal {
        return Ok(Next::Exec {
            program,
            arguments: arguments.into_iter().map(Into::into).collect(),
        });
    }
    Ok(Next::Connect(Connect {
        program,
        arguments,
        reservation: None,
        lease: None,
        guard: None,
        name: found.name,
        engine: connection.engine,
        removes: false,
        terminal: true,
        arrival: if found.command == CLAUDE {
            Arrival::Again
        } else {
            Arrival::Late
        },
        pooled: false,
    }))
}

/// Whether a session's command has a terminal.
async fn has_terminal(engine: &Docker, session: &Session) -> Result<bool, Report> {
    let found = engine.inspect(&session.id).await?;
    let config = found.and_then(|found| found.config);
    Ok(config.and_then(|config| config.tty) == Some(true))
}

/// The only running session of this directory.
async fn here(engine: &Docker, owner: &Owner, env: &Env) -> Result<Session, Report> {
    let project = host::find_project(Path::new("."), &env.directory)?;
    let all = session::list(engine, owner).await?;
    let is_here = |s: &&Session| s.project == project.directory.as_str() && s.running;
    let mut here = all.iter().filter(is_here);
    match (here.next(), here.next()) {
        (Some(only), None) => Ok(only.clone()),
        (None, _) => {
            let message = format!("no session runs in `{}`", project.directory.as_str());
            Err(Report::new(Kind::NoSession, message)
                .hint("`hal-9000` starts one; `hal-9000 sessions` lists all"))
        }
        (Some(_), Some(_)) => {
            let message = format!("several sessions run in `{}`", project.directory.as_str());
            let names: Vec<&str> = all
                .iter()
                .filter(is_here)
                .map(|it| it.name.as_str())
                .collect();
            Err(Report::new(Kind::Failed, message)
                .there_are(&names)
                .hint("name the one that you mean: `hal-9000 attach NAME`"))
        }
    }
}

fn kill(kill: &Kill, cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    let owner = context::owner(env)?;
    let connection = context::connect(&cli.engine(), env)?;
    let engine = &connection.engine;
    let (ended, errors) = context::block_on(async {
        let mut targets: Vec<Session> = Vec::new();
        if kill.all {
            targets = session::list(engine, &owner).await?;
        }
        // All names are looked up before anything is ended.
        for name in &kill.name {
            let found = session::find(engine, &owner, name).await?;
            if !targets.iter().any(|target| target.id == found.id) {
                targets.push(found);
            }
        }
        Ok(session::end(engine, &targets).await)
    })?;
    let answer = if ui.json {
        ui.json(serde_json::json!({ "ended": ended }))
    } else {
        ui.answer(&ended.join("\n"))
    };
    match errors.into_iter().next() {
        Some(error) => Err(error.into()),
        None => answered(answer),
    }
}

fn logs(logs: &Logs, cli: &Cli, env: &Env) -> Result<Next, Report> {
    let owner = context::owner(env)?;
    let program = host::find_docker(env)?;
    let connection = context::connect(&cli.engine(), env)?;
    let found: Result<Session, FindError> = context::block_on(async {
        Ok(session::find(&connection.engine, &owner, &logs.name).await)
    })?;
    let mut arguments = connection.client_options.clone();
    arguments.push("logs".to_owned());
    if logs.follow {
        arguments.push("--follow".to_owned());
    }
    arguments.push(found?.name);
    Ok(Next::Exec {
        program,
        arguments: arguments.into_iter().map(Into::into).collect(),
    })
}
