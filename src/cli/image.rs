//! `hal-9000 image …`.

use super::args::Cli;
use super::image_args::{ImageCommand, ImagePrune};
use super::images::{profile, profile_names, workshop};
use super::recipes::{parent, runtime};
use super::{Next, answered, context};
use crate::host::{self, Dirs, Env};
use crate::images::{self, PruneReport, State};
use crate::model::Settings;
use crate::recipe::{self, Recipe};
use crate::ui::{Kind, Progress, Report, Ui, age, similar, table};
use serde::Serialize;

/// Every recipe that this user's sessions could ask for.
fn all_recipes(cli: &Cli, env: &Env, ui: Ui) -> Result<Vec<Recipe>, Report> {
    let settings = &context::settings(cli, env, ui, None)?;
    let mut names = profile_names(&Dirs::of(env));
    names.sort();
    let mut recipes = vec![runtime(settings)?, parent(settings)?];
    for name in names {
        recipes.push(profile(&name, env)?);
    }
    Ok(recipes)
}

/// `hal-9000 image …`
pub(super) fn run(command: &ImageCommand, cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    match command {
        ImageCommand::Build(it) => build(&named(&it.name), it.no_cache, cli, env, ui),
        ImageCommand::Pull(it) => pull(&named(&it.name), cli, env, ui),
        ImageCommand::List(_) => list(cli, env, ui),
        ImageCommand::Prune(it) => prune(it, cli, env, ui),
    }
}

/// What every session needs, where nothing is named.
fn named(names: &[String]) -> Vec<String> {
    match names {
        [] => ["worker", "runtime"].map(str::to_owned).to_vec(),
        names => names.to_vec(),
    }
}

/// The recipes of these names.
fn recipes(names: &[String], settings: &Settings, env: &Env) -> Result<Vec<Recipe>, Report> {
    let recipe = |name: &String| match name.as_str() {
        "worker" => Ok(recipe::worker()),
        "runtime" => runtime(settings),
        "parent" => parent(settings),
        name => profile(name, env).map_err(|report| also_images(report, name)),
    };
    names.iter().map(recipe).collect()
}

/// Have the images of these names, as a registry has them.
fn pull(names: &[String], cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    let settings = &context::settings(cli, env, ui, None)?;
    let recipes = recipes(names, settings, env)?;
    if settings.registry.is_none() {
        let message = "no registry to pull from: `image.registry` is not set";
        return Err(Report::new(Kind::Usage, message)
            .hint("`hal-9000 config set image.registry ghcr.io/acme` names one; without, `hal-9000 image build`"));
    }
    let connection = context::connect(&cli.engine(), env)?;
    context::block_on(async {
        let workshop = workshop(&connection, settings.registry.as_ref(), env, ui);
        let mut progress = Progress::new(ui);
        for recipe in &recipes {
            if images::current(&connection.engine, recipe).await?.is_none() {
                images::pull(&workshop, recipe, &mut progress).await?;
            } else {
                ui.say(&format!("{} is current", recipe.reference));
            }
            if recipe.role == recipe::Role::Runtime {
                images::runtime::ensure(&workshop, recipe, &mut progress).await?;
            }
        }
        Ok(Next::Done)
    })
}

/// Have the images of these names, as they are built here.
pub(super) fn build(
    names: &[String],
    no_cache: bool,
    cli: &Cli,
    env: &Env,
    ui: Ui,
) -> Result<Next, Report> {
    let settings = &context::settings(cli, env, ui, None)?;
    let recipes = recipes(names, settings, env)?;
    let connection = context::connect(&cli.engine(), env)?;
    context::block_on(async {
        let workshop = workshop(&connection, None, env, ui);
        let mut progress = Progress::new(ui);
        for recipe in &recipes {
            if no_cache {
                images::rebuild(&workshop, recipe, &mut progress).await?;
            } else {
                images::ensure(&workshop, recipe, &mut progress).await?;
            }
            if recipe.role == recipe::Role::Runtime {
                images::runtime::ensure(&workshop, recipe, &mut progress).await?;
            }
            ui.step(&format!("{} is current", recipe.reference));
        }
        Ok(Next::Done)
    })
}

/// What can be built and is no profile may have been meant, too.
fn also_images(mut report: Report, name: &str) -> Report {
    if let Some(near) = similar(name, ["worker", "runtime", "parent"]) {
        report.hints.insert(0, format!("did you mean `{near}`?"));
    }
    report
}

/// One row of `image list`; its fields are the JSON's.
#[derive(Debug, Serialize)]
struct Row {
    reference: String,
    role: String,
    state: &'static str,
    bytes: u64,
    created: i64,
}

fn list(cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    let recipes = all_recipes(cli, env, ui)?;
    let connection = context::connect(&cli.engine(), env)?;
    let found = context::block_on(async { Ok(images::list(&connection.engine, &recipes).await?) })?;
    let rows = found.into_iter().map(|image| Row {
        state: match image.state {
            State::Current => "current",
            State::Missing => "not built",
            State::Outdated => "outdated",
            State::Leftover => "leftover",
            State::Unknown => "unknown",
        },
        reference: image.reference,
        role: image.role,
        bytes: image.size,
        created: image.created,
    });
    let rows: Vec<Row> = rows.collect();
    if ui.json {
        return answered(ui.json(serde_json::json!({ "images": rows })));
    }
    let mut lines = vec![
        ["IMAGE", "FOR", "STATE", "SIZE", "AGE"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for row in rows {
        let there = row.created > 0;
        lines.push(vec![
            short(row.reference),
            row.role,
            row.state.to_owned(),
            if there {
                format!("{} MB", row.bytes / 1_000_000)
            } else {
                String::new()
            },
            if there {
                age(host::now() - row.created)
            } else {
                String::new()
            },
        ]);
    }
    answered(ui.answer(&table(&lines, ui.columns())))
}

/// An image without a name by as much of its id as docker shows.
fn short(mut reference: String) -> String {
    if reference.starts_with("sha256:") {
        reference.truncate("sha256:".len() + 12);
    }
    reference
}

fn prune(asked: &ImagePrune, cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    if asked.all && !asked.yes {
        if !(env.terminal && env.stderr_terminal) {
            let message = "`--all` removes what everybody's sessions start from";
            return Err(Report::new(Kind::Usage, message)
                .cause("there is no terminal here to ask at")
                .hint("`--yes` says that it is meant"));
        }
        if !ui.ask("Remove all images and runtime volumes of hal-9000 that no container uses, everybody's?") {
            ui.say("nothing is removed");
            return Ok(Next::Done);
        }
    }
    let current = (!asked.all)
        .then(|| all_recipes(cli, env, ui))
        .transpose()?;
    let connection = context::connect(&cli.engine(), env)?;
    let (engine, label) = (&connection.engine, recipe::keys::ROLE);
    let report: PruneReport = context::block_on(async {
        Ok(match &current {
            Some(current) => images::prune(engine, current, label).await?,
            None => images::prune_all(engine, label).await?,
        })
    })?;
    for kept in &report.kept {
        ui.say(&format!(
            "kept the {} {}: {}",
            kept.kind, kept.name, kept.reason
        ));
    }
    if ui.json {
        let removed: Vec<_> = report
            .removed
            .iter()
            .map(|it| serde_json::json!({ "kind": it.kind, "name": it.name, "bytes": it.bytes }))
            .collect();
        let json = serde_json::json!({ "removed": removed, "bytes": report.bytes() });
        return answered(ui.json(json));
    }
    let mut text = String::new();
    for removed in &report.removed {
        text.push_str(&format!("{} {}\n", removed.kind, removed.name));
    }
    ui.say(&format!("{} MB freed", report.bytes() / 1_000_000));
    answered(ui.answer(&text))
}
