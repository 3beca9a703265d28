//! `profiles`: which toolchains there are, what they are made of, and which one this project gets.

use super::args::Cli;
use super::profile_args::ProfilesCommand;
use super::{Next, answered, context, image, images};
use crate::host::{self, Dirs, Env};
use crate::model::Settings;
use crate::recipe;
use crate::ui::{Report, Ui, table};
use std::path::Path;

/// Run one of them.
pub(super) fn run(command: &ProfilesCommand, cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    match command {
        ProfilesCommand::List(_) => list(cli, env, ui),
        ProfilesCommand::Show(show) => {
            let recipe = images::profile(&show.name, env)?;
            answered(ui.answer(recipe.dockerfile.trim_end()))
        }
        ProfilesCommand::Build(build) => {
            let names = if build.name.is_empty() {
                here(cli, env, ui)?.into_iter().collect()
            } else {
                build.name.clone()
            };
            // What is no profile is refused before anything is built, `runtime` too.
            for name in &names {
                images::profile(name, env)?;
            }
            image::build(&names, build.no_cache, cli, env, ui)
        }
    }
}

/// The profile of a session of this directory; none where that has an image of its own.
fn here(cli: &Cli, env: &Env, ui: Ui) -> Result<Option<String>, Report> {
    let project = host::find_project(Path::new("."), &env.directory).ok();
    let path = project.as_ref().map(|project| project.directory.path());
    let layers = context::layers(cli, env, ui, path.as_deref(), context::Untrusted::Left)?;
    let settings: Settings = layers.settings()?;
    let names = project.map(|project| project.names).unwrap_or_default();
    Ok(images::of_session(&settings, &names, env)?.image.profile)
}

fn list(cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    let dirs = Dirs::of(env);
    let own = host::user_profiles(&dirs);
    let here = here(cli, env, ui)?;
    let heading = ["PROFILE", "HERE", "FOR", "FROM"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    let mut profiles = Vec::new();
    for name in images::profile_names(&dirs) {
        let file = dirs.config.join("profiles").join(&name).join("Dockerfile");
        let file = own.contains(&name).then(|| file.display().to_string());
        let markers = recipe::markers(&name);
        let is_here = here.as_deref() == Some(name.as_str());
        rows.push(vec![
            name.clone(),
            if is_here { "here" } else { "" }.to_owned(),
            markers.join(", "),
            file.clone().unwrap_or_else(|| "built in".to_owned()),
        ]);
        profiles.push(serde_json::json!({
            "name": name,
            "here": is_here,
            "files": markers,
            "dockerfile": file,
        }));
    }
    if ui.json {
        return answered(ui.json(serde_json::json!({ "profiles": profiles })));
    }
    answered(ui.answer(&table(&rows, ui.columns())))
}
