//! `config`: settings shown, and the user's own file changed.

use super::args::Cli;
use super::config_args::ConfigCommand;
use super::context::{self, Untrusted};
use super::{Next, answered};
use crate::config::{self, FileError, Layers};
use crate::host::{self, Dirs, Env};
use crate::model::{Origin, Setting};
use crate::ui::{Kind, Report, Ui, settings_json, settings_text};
use std::path::Path;

/// Run one of them.
pub(super) fn run(command: &ConfigCommand, cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    match command {
        ConfigCommand::Show(_) => {
            let layers = layers(cli, env, ui)?;
            let rows: Vec<_> = rows(&layers).collect();
            if ui.json {
                return answered(ui.json(settings_json(&rows)));
            }
            answered(ui.answer(&settings_text(&rows, ui.columns())))
        }
        ConfigCommand::Path => {
            let path = Dirs::of(env).user_file();
            answered(ui.answer(&path.display().to_string()))
        }
        ConfigCommand::Get(get) => {
            let key = known(&get.key)?;
            let layers = layers(cli, env, ui)?;
            match layers.value(key) {
                Some(setting) => answered(ui.answer(&setting.value)),
                None => Err(Report::new(Kind::Failed, format!("`{key}` is not set"))
                    .hint(format!("`hal-9000 config set {key} VALUE` sets it"))),
            }
        }
        ConfigCommand::Set(set) => {
            let key = known(&set.key)?;
            self::set(key, &set.value, env)?;
            overridden(key, cli, env, ui)
        }
        ConfigCommand::Unset(unset) => {
            let key = known(&unset.key)?;
            if self::unset(key, env)? {
                return Ok(Next::Done);
            }
            let path = Dirs::of(env).user_file();
            let message = format!("`{key}` is not set in `{}`", path.display());
            Err(Report::new(Kind::Failed, message)
                .hint("`hal-9000 config show` says where each setting comes from"))
        }
    }
}

/// Write one setting into the user's file.
pub(super) fn set(key: &str, value: &str, env: &Env) -> Result<(), Report> {
    let dirs = Dirs::of(env);
    let path = dirs.user_file();
    let before = text(&dirs)?;
    let after = config::set(&before, key, value).map_err(|error| Report::file(&path, error))?;
    usable(&path, &after, env)?;
    write(&dirs, &after)
}

/// Take one setting out of the user's file; false where it is not in it.
pub(super) fn unset(key: &str, env: &Env) -> Result<bool, Report> {
    let dirs = Dirs::of(env);
    let path = dirs.user_file();
    let before = text(&dirs)?;
    let after = config::unset(&before, key).map_err(|error| Report::file(&path, error))?;
    let Some(after) = after else {
        return Ok(false);
    };
    usable(&path, &after, env)?;
    write(&dirs, &after)?;
    Ok(true)
}

/// Every setting, and the files of secrets.
fn rows(layers: &Layers) -> impl Iterator<Item = (String, Option<Setting<String>>)> {
    let keys = config::KEYS.iter();
    let keys = keys.map(|key| (key.name.to_owned(), layers.value(key.name).cloned()));
    let secrets = layers.secrets();
    keys.chain(secrets.map(|(name, file)| (name.to_owned(), Some(file.clone()))))
}

/// What is in force in this directory. Nothing is asked: whoever looks does not start anything.
fn layers(cli: &Cli, env: &Env, ui: Ui) -> Result<Layers, Report> {
    let project = host::find_project(Path::new("."), &env.directory).ok();
    let project = project.as_ref().map(|project| project.directory.path());
    let layers = context::layers(cli, env, ui, project.as_deref(), Untrusted::Left)?;
    // A value that no session would start with is an error here, too.
    layers.settings()?;
    Ok(layers)
}

fn known(key: &str) -> Result<&str, Report> {
    match config::name(key) {
        Ok(()) => Ok(key),
        Err(FileError {
            problem,
            suggestion,
            ..
        }) => {
            let report = Report::new(Kind::Usage, problem);
            Err(match suggestion {
                Some(key) => report.meant(&[key]),
                None => report.hint("`hal-9000 config show` lists all of them"),
            })
        }
    }
}

fn text(dirs: &Dirs) -> Result<String, Report> {
    let found = host::user_file(dirs);
    let found = found.map_err(|error| Report::unreadable(&error))?;
    Ok(found.map(|(_, text)| text).unwrap_or_default())
}

/// Whether sessions could start with that file.
fn usable(path: &Path, text: &str, env: &Env) -> Result<(), Report> {
    let mut layers = Layers::built_in(env.home());
    let entries = config::parse(text).map_err(|error| Report::file(path, error))?;
    layers.user_file(path, entries);
    context::checked(&layers).map(drop)
}

fn write(dirs: &Dirs, text: &str) -> Result<(), Report> {
    host::write_user_file(dirs, text).map_err(|error| {
        let path = dirs.user_file();
        let message = format!("`{}` cannot be written", path.display());
        Report::new(Kind::Failed, message)
            .cause(error)
            .hint("nothing was changed: see who owns the file and its directory")
    })
}

/// Say it where something else has the last word.
pub(super) fn overridden(key: &str, cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    let layers = layers(cli, env, ui)?;
    if let Some(setting) = layers.value(key)
        && !matches!(setting.origin, Origin::UserFile(_) | Origin::BuiltIn)
    {
        ui.warn(&format!(
            "`{key}` is `{}` in this directory all the same: {} comes after your file",
            setting.value, setting.origin
        ));
    }
    Ok(Next::Done)
}
