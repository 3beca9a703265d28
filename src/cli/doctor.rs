//! `doctor`: every precondition, looked at on this machine.

use super::args::Cli;
use super::parent::Place;
use super::{Next, context, images};
use crate::host::{self, Env};
use crate::model::Settings;
use crate::plan::{self, Finding, Health, checkup};
use crate::shell::{Presence, Shell, presence, setup};
use crate::ui::{Kind, Report, Ui, checkup_json, checkup_text};
use crate::vars;
use std::path::Path;

/// Run it.
pub(super) fn run(cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    let settings = context::settings(cli, env, ui, None)?;
    let connection = context::connect(&cli.engine(), env)?;
    let findings = context::block_on(async {
        let mut machine = connection.engine.about().await?;
        machine.virtual_machine = connection.endpoint.in_virtual_machine();
        let docker = settings.docker.clone();
        let docker = plan::docker_here(docker, machine.kind, machine.virtual_machine);
        let mut findings = checkup(&machine, &docker);
        findings.push(images(&connection, &settings, env).await?);
        findings.push(parent(&connection, &settings, env).await);
        findings.extend(shell(env));
        Ok(findings)
    })?;
    let answer = if ui.json {
        ui.json(checkup_json(&findings))
    } else {
        ui.answer(&checkup_text(&findings))
    };
    let failures = findings.iter().filter(|it| it.health == Health::Failure);
    match failures.count() {
        0 => super::answered(answer),
        count => Err(Report::new(
            Kind::Failed,
            format!("{count} of this does not work"),
        )),
    }
}

/// What a session of this directory is made from.
async fn images(
    connection: &context::Connection,
    settings: &Settings,
    env: &Env,
) -> Result<Finding, Report> {
    let names = host::find_project(Path::new("."), &env.directory).map(|project| project.names);
    let wanted = images::of_session(settings, &names.unwrap_or_default(), env)?;
    let image = &wanted.image.reference;
    let claude = &settings.claude_version.value;
    Ok(match wanted.ready(&connection.engine).await? {
        Some(_) => Finding::well("images", format!("{image} and Claude {claude} are here")),
        None => Finding::warning(
            "images",
            format!("{image} or Claude {claude} is not here: the first session makes it"),
            "`hal-9000 image build` makes it now",
        ),
    })
}

async fn parent(connection: &context::Connection, settings: &Settings, env: &Env) -> Finding {
    let about = "parent";
    match Place::find(connection, settings, env).await {
        Ok(place) if place.is_well().await => Finding::well(about, format!("{} runs", place.name)),
        Ok(_) => Finding::well(
            about,
            "does not run: sessions start without it, and none waits (`hal-9000 daemon start`)",
        ),
        Err(report) => {
            Finding::warning(about, report.message, "`hal-9000 daemon status` says more")
        }
    }
}

/// Whether the shell that the user sits at completes words; nothing where it is one that we have
/// nothing for.
fn shell(env: &Env) -> Option<Finding> {
    let about = "shell";
    let found = presence(env.get(vars::SHELL), host::parent_process());
    if let Presence::Here(shell) | Presence::Above(shell) = found {
        let says = format!("{} completes hal-9000's words", shell.name());
        return Some(Finding::well(about, says));
    }
    let login = Path::new(env.get("SHELL")?).file_name()?.to_str()?;
    let shell = Shell::ALL.into_iter().find(|shell| shell.name() == login)?;
    let (file, line) = setup(shell);
    let says = format!("{login} does not complete hal-9000's words");
    let remedy = format!("add to {file}: `{line}`");
    Some(Finding::warning(about, says, remedy))
}
