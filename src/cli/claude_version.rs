//! `claude-version`: which release of Claude new sessions run.

use super::args::Cli;
use super::profile_args::ClaudeCommand;
use super::recipes::runtime;
use super::{Next, answered, config, context, images, recipes};
use crate::engine::Images;
use crate::host::Env;
use crate::images as use_cases;
use crate::model::{Origin, Setting, Settings};
use crate::recipe::{self, ClaudeVersion, PINNED_CLAUDE};
use crate::ui::{Progress, Report, Ui, table};
use std::collections::BTreeSet;

/// A way out of every release that there is not.
const NEWEST: &str = "`hal-9000 claude-version latest` uses the newest";

/// The setting.
const KEY: &str = "claude.version";

/// Run one of them; without one, say what is in force.
pub(super) fn run(
    command: Option<&ClaudeCommand>,
    cli: &Cli,
    env: &Env,
    ui: Ui,
) -> Result<Next, Report> {
    let settings = context::settings(cli, env, ui, None)?;
    match command {
        None => {
            let version = &settings.claude_version;
            ui.say(&format!(
                "{}; `hal-9000 claude-version latest` uses the newest",
                version.origin
            ));
            answered(ui.answer(&version.value))
        }
        Some(ClaudeCommand::List(_)) => list(&settings, cli, env, ui),
        Some(ClaudeCommand::Use(wanted)) => {
            let version: ClaudeVersion = wanted.version.parse()?;
            take(version.as_str(), settings, cli, env, ui)
        }
        Some(ClaudeCommand::Latest(_)) => {
            let connection = context::connect(&cli.engine(), env)?;
            let newest = context::block_on(async {
                let workshop = images::workshop(&connection, settings.registry.as_ref(), env, ui);
                let recipe = recipes::newest(&settings)?;
                ui.step("asking the registry for its newest release of Claude");
                Ok(use_cases::newest_claude(&workshop, &recipe, &mut ()).await?)
            })?;
            take(newest.as_str(), settings, cli, env, ui)
        }
    }
}

/// Have a release here, and new sessions run it. It is made before it is chosen: one that there is
/// not is chosen by nobody.
fn take(
    version: &str,
    mut settings: Settings,
    cli: &Cli,
    env: &Env,
    ui: Ui,
) -> Result<Next, Report> {
    settings.claude_version = Setting {
        value: version.to_owned(),
        origin: Origin::Flag("claude-version".to_owned()),
    };
    let recipe = runtime(&settings)?;
    let connection = context::connect(&cli.engine(), env)?;
    context::block_on(async {
        let workshop = images::workshop(&connection, settings.registry.as_ref(), env, ui);
        let mut progress = Progress::new(ui);
        let made = use_cases::runtime::ensure(&workshop, &recipe, &mut progress).await;
        made.map_err(|error| Report::from(error).hint(NEWEST))
    })?;
    // The one that comes with hal-9000 is not written down: a new hal-9000 brings a new one.
    if version == PINNED_CLAUDE {
        config::unset(KEY, env)?;
    } else {
        config::set(KEY, version, env)?;
    }
    ui.say(&format!("new sessions run Claude {version}"));
    config::overridden(KEY, cli, env, ui)
}

fn list(settings: &Settings, cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    let connection = context::connect(&cli.engine(), env)?;
    let prefix = format!("hal9000/runtime:{}-", recipe::VERSION);
    let found =
        context::block_on(async { Ok(connection.engine.images(recipe::keys::ROLE).await?) })?;
    let tags = found.into_iter().flat_map(|image| image.tags);
    let here: BTreeSet<String> = tags
        .filter_map(|tag| tag.strip_prefix(&prefix).map(str::to_owned))
        .collect();
    let in_force = &settings.claude_version.value;
    let mut all = here.clone();
    all.extend([in_force.clone(), PINNED_CLAUDE.to_owned()]);
    let mut rows = vec![
        ["CLAUDE", "USED", "HERE", "FROM"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let mut versions = Vec::new();
    for version in all.into_iter().rev() {
        let (used, built) = (version == *in_force, here.contains(&version));
        let origin = if used {
            settings.claude_version.origin.to_string()
        } else if version == PINNED_CLAUDE {
            Origin::BuiltIn.to_string()
        } else {
            String::new()
        };
        versions.push(serde_json::json!({
            "version": version,
            "used": used,
            "here": built,
            "built_in": version == PINNED_CLAUDE,
        }));
        let word = |is, word: &str| if is { word } else { "" }.to_owned();
        rows.push(vec![
            version,
            word(used, "used"),
            word(built, "here"),
            origin,
        ]);
    }
    if ui.json {
        return answered(ui.json(serde_json::json!({ "versions": versions })));
    }
    answered(ui.answer(&table(&rows, ui.columns())))
}
