//! `doctor`: every precondition, looked at on this machine. What cannot be looked at is left out, and
//! what is in its way is said; nothing is made or changed.

use super::args::Cli;
use super::context::{self, Untrusted};
use super::{Next, answered, doctor_engine, images, terminal};
use crate::config::Layers;
use crate::host::{self, Dirs, Endpoint, EndpointError, Env, Preflight, Selection};
use crate::model::{Machine, Settings};
use crate::plan;
use crate::plan::checkup::{
    Access, Address, Certificates, Checkup, Disk, Health, Host, LoginShell, Terminal, Trouble,
    checkup,
};
use crate::shell::{Presence, Shell, presence, setup};
use crate::ui::{Face, Kind, Report, Ui, checkup_json, checkup_text};
use crate::vars;
use std::path::Path;

/// `hal-9000 doctor`, and `hal-9000 --verify [DIR]`.
pub(super) fn run(cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    let options = cli.engine();
    let selection = Selection {
        host: options.host.clone(),
        context: options.context.clone(),
    };
    let found = host::resolve(&selection, env);
    if let Err(error @ EndpointError::Conflict) = found {
        return Err(error.into());
    }
    let asked = cli.dir.as_deref().unwrap_or(Path::new("."));
    let project = host::find_project(asked, &env.directory);
    let here = project.as_ref().ok();
    let names = here.map(|project| project.names.clone());
    let directory = here.map(|project| project.directory.path());
    let (settings, file) = settings(cli, env, ui, directory.as_deref())?;
    let socket = found.as_ref().ok().map(|endpoint| endpoint.socket.clone());
    let proxies = images::proxies(env).into_iter().collect();
    let mut seen = Checkup {
        file,
        client: tried(host::find_docker(env).map(|path| path.display().to_string())),
        address: tried(found.clone().map(|endpoint| address(&endpoint, env))),
        engine: None,
        host: host::look(env),
        project: tried(project.map(|it| host::look_at_project(it.directory.as_str(), env))),
        certificates: certificates(&settings, env),
        proxies: host::proxies(proxies, socket.as_deref(), env),
        shell: shell(env),
        terminal: self::terminal(&settings, env),
        settings,
    };
    let connected = found.map_err(Report::from).and_then(|endpoint| {
        let address = host::check(&endpoint, env);
        if let (Err(problem @ Preflight::NoPermission { .. }), Ok(seen)) =
            (&address, &mut seen.address)
        {
            seen.access = Access::Refused(trouble(problem.clone().into()));
        }
        context::connection(endpoint, &address?, &selection)
    });
    let failed = match connected {
        Ok(connection) => {
            let names = names.unwrap_or_default();
            let engine = doctor_engine::ask(&connection, &seen.settings, &names, env);
            let failed = engine.as_ref().err().cloned();
            if let Ok(engine) = &engine {
                seen.host.engine = engine_disk(&engine.machine, &seen.host);
            }
            seen.engine = Some(engine.map_err(trouble));
            failed
        }
        Err(report) => {
            // Said already of the address, or of the permission.
            if matches!(&seen.address, Ok(it) if !matches!(it.access, Access::Refused(_))) {
                seen.engine = Some(Err(trouble(report.clone())));
            }
            Some(report)
        }
    };
    say(&seen, failed, ui)
}

fn say(seen: &Checkup, failed: Option<Report>, ui: Ui) -> Result<Next, Report> {
    let findings = checkup(seen);
    let failures = findings.iter().filter(|it| it.health == Health::Failure);
    let failures: Vec<&str> = failures.map(|it| it.about).collect();
    let failed = failed.or_else(|| {
        let message = format!("not in order here: {}", failures.join(", "));
        (!failures.is_empty()).then(|| Report::new(Kind::Failed, message))
    });
    if ui.json {
        let mut answer = checkup_json(&findings);
        let error = failed.as_ref().map(Report::to_json);
        if let (Some(mut error), Some(fields)) = (error, answer.as_object_mut()) {
            fields.insert("error".to_owned(), error["error"].take());
        }
        answered(ui.json(answer))?;
    } else {
        let [_, columns] = host::terminal_size();
        let columns = (columns > 0).then_some(columns);
        answered(ui.answer(&checkup_text(&findings, columns)))?;
    }
    let Some(failed) = failed else {
        return Ok(Next::Done);
    };
    // Its reasons are in the answer, and so are the ways out.
    let brief = Report::new(failed.kind, failed.message)
        .hint("what `doctor` says of each failure has the way out with it, after the arrow");
    Ui { json: false, ..ui }.report(&brief);
    Ok(Next::Ended(brief.exit(Face::Management)))
}

/// The same in the words of an error.
pub(super) fn trouble(report: Report) -> Trouble {
    let says: Vec<String> = [vec![report.message], report.causes].concat();
    Trouble {
        says: says.join("; "),
        remedies: report.hints,
    }
}

fn tried<T>(result: Result<T, impl Into<Report>>) -> Result<T, Trouble> {
    result.map_err(|error| trouble(error.into()))
}

/// The settings in force here, and the file that they are from. Where they cannot be understood,
/// those that are built in have to do.
fn settings(
    cli: &Cli,
    env: &Env,
    ui: Ui,
    project: Option<&Path>,
) -> Result<(Settings, Result<Option<String>, Trouble>), Report> {
    let layers = context::layers(cli, env, ui, project, Untrusted::Left);
    match layers.and_then(|layers| Ok(layers.settings()?)) {
        Ok(settings) => {
            let file = Dirs::of(env).user_file();
            let file = file.exists().then(|| file.display().to_string());
            let file = match context::unreadable_secret(&settings) {
                Some(report) => Err(trouble(report)),
                None => Ok(file),
            };
            Ok((settings, file))
        }
        Err(report) => {
            let built_in = Layers::built_in(env.home()).settings()?;
            Ok((built_in, Err(trouble(report))))
        }
    }
}

fn address(endpoint: &Endpoint, env: &Env) -> Address {
    let (context, _) = host::current_context(env);
    Address {
        socket: endpoint.socket.display().to_string(),
        said_by: endpoint.said_by.clone(),
        product: endpoint.product(),
        context: (context != "default" && !context.is_empty()).then_some(context),
        access: host::access(&endpoint.socket, env),
    }
}

/// Where the engine keeps images, if it runs on this very machine: a directory of that name may be
/// here as well where it does not.
fn engine_disk(machine: &Machine, host: &Host) -> Option<Disk> {
    let here = !machine.virtual_machine && !machine.root.is_empty() && machine.name == host.name;
    here.then(|| host::disk(Path::new(&machine.root)))?
}

fn certificates(settings: &Settings, env: &Env) -> Certificates {
    let Some(bundle) = &settings.ca_bundle else {
        return host::certificates(None, env);
    };
    let found = host::certificates(Some(&bundle.value), env);
    match context::readable("`ca_bundle`", &bundle.value, &bundle.origin.to_string()) {
        Ok(()) => found,
        Err(report) => found.unreadable(trouble(report)),
    }
}

/// The shell that the user sits at; nothing where it is one that we have nothing for.
fn shell(env: &Env) -> Option<LoginShell> {
    let found = presence(env.get(vars::SHELL), host::parent_process());
    if let Presence::Here(shell) | Presence::Above(shell) = found {
        return Some(LoginShell {
            name: shell.name().to_owned(),
            lacks: None,
        });
    }
    let login = Path::new(env.get("SHELL")?).file_name()?.to_str()?;
    let shell = Shell::ALL.into_iter().find(|shell| shell.name() == login)?;
    let (file, line) = setup(shell);
    Some(LoginShell {
        name: login.to_owned(),
        lacks: Some((file.to_owned(), line.to_owned())),
    })
}

fn terminal(settings: &Settings, env: &Env) -> Terminal {
    let answers = terminal::known_answers(env);
    let keys = plan::detach_keys(settings, true, &env.variables, answers.as_ref());
    let [rows, columns] = host::terminal_size();
    let term = env.get("TERM");
    Terminal {
        here: env.terminal,
        term: term.map(str::to_owned),
        size: (columns, rows),
        colors: match (env.get("NO_COLOR"), env.get("COLORTERM")) {
            (Some(_), _) => "no colours (`NO_COLOR`)",
            (None, Some("truecolor" | "24bit")) => "all colours",
            _ if term.is_some_and(|term| term.contains("256color")) => "256 colours",
            _ => "few colours, by its name",
        },
        keys: keys.spoken(),
    }
}
