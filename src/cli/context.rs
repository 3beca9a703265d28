//! What every command needs: settings, the engine, whose sessions.

use super::args::{Cli, EngineOptions};
use crate::config::{self, Layers};
use crate::engine::Docker;
use crate::host::{self, Dirs, Endpoint, EngineAddress, Env, Selection};
use crate::model::{EngineKind, Instance, Setting, Settings};
use crate::session::Owner;
use crate::ui::{Kind, Report, Ui};
use crate::vars;
use std::path::{Path, PathBuf};

/// A connection to the engine, and how it was found.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) engine: Docker,
    pub(super) kind: EngineKind,
    pub(super) endpoint: Endpoint,
    pub(super) client_options: Vec<String>,
}

/// Find the engine and see that it answers.
pub(super) fn connect(options: &EngineOptions, env: &Env) -> Result<Connection, Report> {
    let selection = Selection {
        host: options.host.clone(),
        context: options.context.clone(),
    };
    let endpoint = host::resolve(&selection, env)?;
    let address = host::check(&endpoint, env)?;
    connection(endpoint, &address, &selection)
}

/// A connection to an engine that has answered.
pub(super) fn connection(
    endpoint: Endpoint,
    address: &EngineAddress,
    selection: &Selection,
) -> Result<Connection, Report> {
    Ok(Connection {
        engine: Docker::connect(&address.socket, address.api, address.kind)?,
        kind: address.kind,
        endpoint,
        client_options: selection.client_options(),
    })
}

/// How many processors an engine has, where that is this machine's number.
pub(super) fn processors(endpoint: &Endpoint) -> Option<u32> {
    host::processors().filter(|_| !endpoint.in_virtual_machine())
}

/// The instance that the environment names.
pub(super) fn instance(env: &Env) -> Result<Instance, Report> {
    match env.get(vars::INSTANCE) {
        Some(name) => Ok(name.parse()?),
        None => Ok(Instance::default()),
    }
}

/// Whose sessions this process works on.
pub(super) fn owner(env: &Env) -> Result<Owner, Report> {
    Ok(Owner::new(&env.caller().name, &instance(env)?))
}

/// What becomes of a project's file that the user has not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Untrusted {
    /// It is trusted by this very command.
    Taken,
    /// The user is asked, where somebody can answer.
    Asked,
    /// It is left out.
    Left,
    /// The same, and one that cannot be read at all is no failure either.
    Ignored,
}

/// The settings in force. `project` is the directory whose file counts, once trusted.
pub(super) fn settings(
    cli: &Cli,
    env: &Env,
    ui: Ui,
    project: Option<&Path>,
) -> Result<Settings, Report> {
    let untrusted = if cli.session.yes {
        Untrusted::Taken
    } else {
        Untrusted::Asked
    };
    checked(&layers(cli, env, ui, project, untrusted)?)
}

/// The settings in force, as they were written.
pub(super) fn layers(
    cli: &Cli,
    env: &Env,
    ui: Ui,
    project: Option<&Path>,
    untrusted: Untrusted,
) -> Result<Layers, Report> {
    let dirs = Dirs::of(env);
    let mut layers = Layers::built_in(env.home());
    if let Some((path, text)) =
        host::user_file(&dirs).map_err(|error| Report::unreadable(&error))?
    {
        let entries = config::parse(&text).map_err(|error| Report::file(&path, error))?;
        layers.user_file(&path, entries);
    }
    if let Some(project) = project {
        match project_file(&mut layers, env, ui, project, untrusted) {
            Err(report) if untrusted == Untrusted::Ignored => ui.warn(&report.message),
            done => done?,
        }
    }
    layers.variables(&env.variables);
    let session = &cli.session;
    layers.flag("profile", session.profile.as_deref());
    layers.flag("image.name", session.image.as_deref());
    layers.flag("limits.memory", session.memory.as_deref());
    layers.flag("limits.cpus", session.cpus.as_deref());
    layers.flag("limits.pids", session.pids_limit.as_deref());
    layers.flag("docker.mode", session.docker.as_deref());
    layers.flag("workdir", session.workdir.as_deref());
    Ok(layers)
}

/// The settings, once it is seen that a session could start with them.
pub(super) fn checked(layers: &Layers) -> Result<Settings, Report> {
    let settings = layers.settings()?;
    if let Some(report) = unreadable_secret(&settings) {
        return Err(report);
    }
    if let Some(bundle) = &settings.ca_bundle {
        readable("`ca_bundle`", &bundle.value, &bundle.origin.to_string())?;
    }
    Ok(settings)
}

/// Why the file of a secret cannot be read, where that is so.
pub(super) fn unreadable_secret(settings: &Settings) -> Option<Report> {
    let secrets = settings.secrets.iter();
    let read = |(name, file): (&String, &Setting<PathBuf>)| {
        let what = format!("the secret `{name}`");
        readable(&what, &file.value, &file.origin.to_string()).err()
    };
    secrets.map(read).find_map(|problem| problem)
}

/// See that a file that a setting names can be read.
pub(super) fn readable(what: &str, path: &Path, origin: &str) -> Result<(), Report> {
    let problem = match host::readable_file(path) {
        Ok(()) => return Ok(()),
        Err(error) => error,
    };
    let message = format!("{what} names `{}`: {problem}", path.display());
    Err(Report::new(Kind::Usage, message)
        .cause(format!("set by {origin}"))
        .hint("name an absolute path (or one below `~/`) of a file that you can read"))
}

/// A project's own file is somebody else's text: it counts once the user has seen and trusted it.
fn project_file(
    layers: &mut Layers,
    env: &Env,
    ui: Ui,
    project: &Path,
    untrusted: Untrusted,
) -> Result<(), Report> {
    let dirs = Dirs::of(env);
    let found = host::project_file(&dirs, project);
    let Some(found) = found.map_err(|error| Report::unreadable(&error))? else {
        return Ok(());
    };
    let entries = config::parse(&found.text).map_err(|error| Report::file(&found.path, error))?;
    let path = found.path.display();
    let mut trusted = found.trusted || untrusted == Untrusted::Taken;
    let asked = untrusted == Untrusted::Asked && env.terminal && env.stderr_terminal;
    if !trusted && asked {
        ui.say(&format!("`{path}` wants to set:"));
        for entry in &entries {
            ui.say(&format!("  {} = {}", entry.key, entry.value.escape_debug()));
        }
        trusted = ui.ask("Trust this file, as it is now?");
    }
    if !trusted {
        ui.warn(&format!(
            "`{path}` is not trusted and was ignored; `--yes` trusts it as it is now"
        ));
        return Ok(());
    }
    layers.project_file(&found.path, entries)?;
    if !found.trusted
        && let Err(error) = found.remember(&dirs, env)
    {
        ui.warn(&format!(
            "cannot remember that `{path}` is trusted: {error}"
        ));
    }
    Ok(())
}

/// A runtime for the engine's API: one thread, for as long as the command needs it.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, Report>>) -> Result<T, Report> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| {
        Report::new(Kind::Failed, "cannot wait for the docker engine")
            .cause(error)
            .hint("`ulimit -a` shows how many files and processes you can have")
    })?;
    runtime.block_on(work)
}
