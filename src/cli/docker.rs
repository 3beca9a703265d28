//! `hal-9000 docker …`: docker, in whose containers the project is.

use super::args::Cli;
use super::context::{self, Untrusted};
use super::{Next, show, words};
use crate::dockercli::{self, Flag, Flags, Given, Making, Unread};
use crate::engine::{Containers, Docker};
use crate::host::{self, Endpoint, EndpointError, Env, FoundProject, Selection};
use crate::model::{Field, ProjectDir};
use crate::plan::{DropIn, Reasons, cpus_here, drop_in, drop_in_user};
use crate::ui::{self, Report, Ui};
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

/// How long docker's own help is waited for.
const HELP: Duration = Duration::from_secs(5);

/// Run it: these are docker's words.
pub(super) fn run(typed: &[OsString], cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    let program = host::find_docker(env)?;
    let options = cli.engine();
    let selection = Selection {
        host: options.host,
        context: options.context,
    };
    let client: Vec<OsString> = selection
        .client_options()
        .into_iter()
        .map(Into::into)
        .collect();
    // Read as text, handed on as bytes.
    let text: Vec<String> = typed
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let mut at = 0;
    let (mut flags, mut reasons) = (Vec::new(), Reasons::default());
    if let Some(making) = dockercli::making(&text)
        && let Some(given) = given(&text, &making, &program)
    {
        at = making.at;
        (flags, reasons) = gained(&given, &engine(selection, &making.client), cli, env, ui)?;
    }
    let (before, after) = typed.split_at_checked(at).unwrap_or((typed, &[]));
    if cli.session.print.is_some() || cli.session.explain {
        let front = Flag {
            field: Field::Client,
            words: words::as_text(&[&client, before].concat())?,
        };
        let rest = Flag {
            field: Field::Image,
            words: words::as_text(after)?,
        };
        let all = [vec![front], flags, vec![rest]].concat();
        let program = program.to_string_lossy();
        return show::typed(ui, cli.session.print, &program, &all, &reasons);
    }
    let gained = flags.into_iter().flat_map(|flag| flag.words);
    let gained: Vec<OsString> = gained.map(Into::into).collect();
    Ok(Next::Exec {
        program,
        arguments: [client.as_slice(), before, &gained, after].concat(),
    })
}

/// The options of the container; none where docker itself would refuse them, or prints its help.
fn given(text: &[String], making: &Making, program: &Path) -> Option<Given> {
    let words = text.get(making.at..)?;
    match dockercli::given(words, &Flags::of_run()) {
        Ok(given) => Some(given),
        Err(Unread::NoImage) => None,
        Err(Unread::Unknown(_)) => {
            let help = ["run", "--help"].map(str::to_owned);
            let help = host::ask(program, &help, HELP)?;
            dockercli::given(words, &Flags::of_run().and(Flags::of_help(&help))).ok()
        }
    }
}

/// The engine that docker would ask: what was typed last holds.
fn engine(selection: Selection, client: &Given) -> (Selection, Option<String>) {
    let typed = |name| client.value(name).map(str::to_owned);
    let (host, context) = (typed("host"), typed("context"));
    let typed_here = host.is_some() || context.is_some();
    let selection = if typed_here {
        Selection { host, context }
    } else {
        selection
    };
    (selection, typed("config"))
}

fn gained(
    given: &Given,
    (selection, config): &(Selection, Option<String>),
    cli: &Cli,
    env: &Env,
    ui: Ui,
) -> Result<(Vec<Flag>, Reasons), Report> {
    let mut env = env.clone();
    if let Some(config) = config {
        env.variables
            .insert("DOCKER_CONFIG".to_owned(), config.clone());
    }
    let env = &env;
    let caller = env.caller();
    let project = project(selection, env, ui);
    let directory = project.as_ref().map(|(project, _)| &project.directory);
    let path = directory.map(ProjectDir::path);
    let layers = context::layers(cli, env, ui, path.as_deref(), Untrusted::Ignored)?;
    // What sessions alone need is not looked at.
    let mut settings = layers.settings()?;
    settings.cpus = cpus_here(settings.cpus, host::processors());
    let user = project
        .as_ref()
        .and_then(|(project, rootless)| drop_in_user(caller.identity, project.owner, *rootless));
    let found = DropIn {
        given,
        settings: &settings,
        project: directory,
        user,
        caller: &caller.name,
        instance: &context::instance(env)?,
    };
    Ok(drop_in(&found))
}

/// The project here, and whether the engine that sees it is rootless; nothing where there is none to
/// be mounted, which is said.
fn project(selection: &Selection, env: &Env, ui: Ui) -> Option<(FoundProject, bool)> {
    let project = host::find_project(Path::new("."), &env.directory).map_err(Report::from);
    let endpoint = match host::resolve(selection, env) {
        Ok(endpoint) => Ok(Some(endpoint)),
        Err(error @ EndpointError::Remote { .. }) => Err(error.into()),
        // docker will say what is wrong with it.
        Err(_) => Ok(None),
    };
    match (project, endpoint) {
        (Ok(project), Ok(_)) if is_home(&project.directory, env) => {
            ui.warn(&ui::without_workspace(ui::HOME_IS_NO_WORKSPACE));
            None
        }
        (Ok(project), Ok(endpoint)) => {
            let rootless = endpoint.is_some_and(|it| rootless(&it).unwrap_or_default());
            Some((project, rootless))
        }
        (Err(why), _) | (_, Err(why)) => {
            ui.warn(&ui::without_workspace(&why.message));
            None
        }
    }
}

fn is_home(project: &ProjectDir, env: &Env) -> bool {
    let home = env.home().and_then(|home| home.canonicalize().ok());
    home == Some(project.path())
}

/// Whether an engine is rootless, where it answers.
fn rootless(endpoint: &Endpoint) -> Option<bool> {
    // The default socket belongs to one that is not: asking would only cost time.
    if endpoint.is_default() {
        return Some(false);
    }
    let address = host::answers(endpoint)?;
    let engine = Docker::connect(&address.socket, address.api, address.kind).ok()?;
    context::block_on(async { Ok(engine.rootless().await?) }).ok()
}
