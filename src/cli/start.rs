//! Starting a session, or joining the one that runs: from the words of the command line to the
//! docker client that takes over.

use super::args::{Cli, Command, PullWhen};
use super::client::Connect;
use super::parent::Place;
use super::{Next, answered, context, images, show, words};
use crate::dockercli;
use crate::engine::{Containers, Docker};
use crate::host::{self, Dirs, Env, FoundProject};
use crate::model::{
    ContainerName, ContainerSpec, DetachKeys, DockerMode, Invalid, Settings, UserVolume,
};
use crate::plan::{self, CLAUDE, Decision, Existing, Facts, Note, Plan, Request, Via, What};
use crate::session::{self, Owner};
use crate::ui::{self, Kind, Report, Ui};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Run `hal-9000 [DIR]`, `hal-9000 claude …`, `hal-9000 shell …`.
pub(super) fn run(cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    let asked = cli.dir.as_deref().unwrap_or(Path::new("."));
    let project = host::find_project(asked, &env.directory)?;
    let request = request(cli, env)?;
    let settings = context::settings(cli, env, ui, Some(&project.directory.path()))?;
    let wanted = images::of_session(&settings, &project.names, env)?;
    let owner = context::owner(env)?;
    let program = host::find_docker(env)?;
    let connection = context::connect(&cli.engine(), env)?;
    let dry = cli.session.print.is_some() || cli.session.explain;

    let starter = Starter {
        cli,
        env,
        ui,
        request,
        settings,
        project,
        program,
        connection,
        owner,
    };
    context::block_on(async {
        let facts = starter.facts(&wanted).await?;
        let (ready, existing) =
            tokio::join!(wanted.ready(&starter.connection.engine), starter.existing(),);
        let (ready, existing) = (ready?, existing?);
        if dry {
            if !ready {
                ui.say("images or the runtime volume are not built yet: `hal-9000 image build`");
            }
            return starter.show(&facts, &existing);
        }
        // What cannot be started is refused before anything is built, and what only has to be
        // joined needs nothing built.
        if let (Decision::Start { name, .. }, _) = starter.decide(&existing, |_| false)? {
            starter.plan(&facts, name)?;
            if !ready {
                wanted
                    .prepare(&starter.connection, &starter.program, cli.session.pull, ui)
                    .await?;
            } else if cli.session.pull == PullWhen::Always {
                wanted.pull(&starter.connection, &starter.program, ui)?;
            }
        }
        starter.hand_over(&facts, existing).await
    })
}

struct Starter<'a> {
    cli: &'a Cli,
    env: &'a Env,
    ui: Ui,
    request: Request,
    settings: Settings,
    project: FoundProject,
    program: PathBuf,
    connection: context::Connection,
    owner: Owner,
}

impl Starter<'_> {
    async fn facts(&self, wanted: &images::Wanted) -> Result<Facts, Report> {
        let endpoint = &self.connection.endpoint;
        // The default socket belongs to a rootful engine: asking would only cost time.
        let rootless = !endpoint.is_default() && self.engine().rootless().await?;
        Ok(Facts {
            project: self.project.directory.clone(),
            project_owner: self.project.owner,
            caller: self.env.caller(),
            instance: context::instance(self.env)?,
            client: self.connection.client_options.clone(),
            socket: endpoint.socket_for_mounts(),
            rootless,
            image: wanted.image.clone(),
            runtime_volume: wanted.runtime_volume(),
            parent: self.parent(rootless).await?,
        })
    }

    /// The parent to start through.
    async fn parent(&self, rootless: bool) -> Result<Option<ContainerName>, Report> {
        if !self.request.may_use_parent() {
            return Ok(None);
        }
        let dry = self.cli.session.print.is_some() || self.cli.session.explain;
        let place = Place::new(&self.connection, &self.settings, self.env, rootless);
        match self.request.via {
            Via::Parent => {
                let place = place?;
                // Its ports are refused before anything is started for it.
                if !dry && self.request.publish.is_empty() {
                    place.start(self.env, self.ui).await?;
                }
                Ok(Some(place.name))
            }
            // What stands in the way of a parent is no reason to start nothing.
            _ => match place {
                Ok(place) => Ok(place.is_well().await.then_some(place.name)),
                Err(_) => Ok(None),
            },
        }
    }

    fn engine(&self) -> &Docker {
        &self.connection.engine
    }

    async fn existing(&self) -> Result<Vec<Existing>, Report> {
        let base = self.project.directory.session_name();
        let name = self.request.name.as_ref().unwrap_or(&base);
        let project = &self.project.directory;
        Ok(session::existing(self.engine(), &self.owner, project, name.as_str()).await?)
    }

    fn decide(
        &self,
        existing: &[Existing],
        reserved: impl FnMut(&ContainerName) -> bool,
    ) -> Result<(Decision, Vec<Note>), Report> {
        let base = self.project.directory.session_name();
        let terminal = self.env.terminal;
        match plan::decide(&self.request, &base, terminal, existing, reserved) {
            (Decision::NameTaken(name), _) => Err(Report::new(
                Kind::Failed,
                format!("the name `{name}` is taken"),
            )
            .cause("by a container that is not an ended session of this project")
            .hint("choose another `--name`; hal-9000 does not touch what is not its own")),
            decided => Ok(decided),
        }
    }

    fn plan(&self, facts: &Facts, name: ContainerName) -> Result<Plan, Report> {
        Ok(plan::plan(&self.request, &self.settings, facts, name)?)
    }

    /// `--print`, `--explain`.
    fn show(&self, facts: &Facts, existing: &[Existing]) -> Result<Next, Report> {
        let (decision, notes) = self.decide(existing, |_| false)?;
        let form = self.cli.session.print;
        let program = self.program.to_string_lossy();
        match decision {
            Decision::Start { name, .. } => {
                let plan = self.plan(facts, name)?;
                self.say(&notes, &plan);
                show::start(self.ui, form, &program, &plan)
            }
            Decision::Join(name) => show::join(self.ui, form, &program, self.attach_words(&name)),
            Decision::NameTaken(_) => unreachable!("refused before"),
        }
    }

    /// Decide, with the name reserved until the docker client has made the container.
    async fn hand_over(&self, facts: &Facts, mut existing: Vec<Existing>) -> Result<Next, Report> {
        let dirs = Dirs::of(self.env);
        loop {
            let mut reservation = None;
            let (decision, notes) = self.decide(&existing, |name| {
                match host::reserve(&dirs, self.env, name) {
                    Ok(Some(own)) => {
                        reservation = Some(own);
                        false
                    }
                    Ok(None) => true,
                    Err(error) => {
                        // The engine still refuses a second container of that name.
                        self.ui
                            .step(&format!("cannot reserve the name {name}: {error}"));
                        false
                    }
                }
            })?;
            let (name, replace) = match decision {
                Decision::Start { name, replace } => (name, replace),
                Decision::Join(name) => return self.join(&name),
                Decision::NameTaken(_) => unreachable!("refused before"),
            };
            // Between the look and the reservation another start may have come and gone.
            let again = self.existing().await?;
            if again != existing {
                existing = again;
                continue;
            }
            if replace {
                self.engine().remove(name.as_str(), false).await?;
            }
            return self.start(facts, name, reservation, &notes).await;
        }
    }

    async fn start(
        &self,
        facts: &Facts,
        name: ContainerName,
        reservation: Option<host::Reservation>,
        notes: &[Note],
    ) -> Result<Next, Report> {
        let plan = self.plan(facts, name)?;
        self.say(notes, &plan);
        let dirs = Dirs::of(self.env);
        let docker = self.settings.docker.value;
        if docker == DockerMode::Host && host::say_once("docker-is-root", &dirs, self.env) {
            self.ui.warn(ui::DOCKER_IS_ROOT);
        }
        let flags = dockercli::run(&plan.run);
        let spec = &plan.run.spec;
        if let Some(keys) = &plan.run.detach_keys {
            self.ui
                .say(&ui::start_line(spec.name.as_str(), false, keys));
        }
        let arguments: Vec<String> = flags.into_iter().flat_map(|flag| flag.words).collect();
        if !spec.attached {
            return self.start_detached(spec, &arguments).await;
        }
        let terminal = plan.run.detach_keys.is_some();
        // One on a terminal can be joined again, and is nobody's in particular.
        let lease = if terminal || facts.parent.is_none() {
            None
        } else {
            let place = Place::new(&self.connection, &self.settings, self.env, facts.rootless);
            place.ok().and_then(|place| place.hold(spec.name.as_str()))
        };
        Ok(Next::Connect(Connect {
            reservation,
            lease,
            terminal,
            ..self.connect(spec.name.as_str(), arguments)
        }))
    }

    fn connect(&self, name: &str, arguments: Vec<String>) -> Connect {
        Connect {
            program: self.program.clone(),
            arguments,
            reservation: None,
            lease: None,
            name: name.to_owned(),
            engine: self.connection.engine.clone(),
            terminal: true,
            redraw: false,
        }
    }

    /// In the background: docker's own answer is an id, ours is the name.
    async fn start_detached(
        &self,
        spec: &ContainerSpec,
        arguments: &[String],
    ) -> Result<Next, Report> {
        let name = spec.name.as_str();
        let failed = |why: String| {
            Report::new(Kind::Failed, format!("cannot start the session `{name}`")).cause(why)
        };
        let status = host::run(&self.program, arguments, self.ui.verbose)
            .map_err(|error| failed(format!("{}: {error}", self.program.display())))?;
        if !status.success() {
            session::discard_unstarted(self.engine(), spec).await?;
            return Err(failed("docker's words are above".to_owned()));
        }
        answered(self.ui.answer(name))
    }

    fn join(&self, name: &str) -> Result<Next, Report> {
        if self.request.detach {
            self.ui.say(&format!("{name} runs already"));
            return answered(self.ui.answer(name));
        }
        self.ui
            .say(&ui::start_line(name, true, &self.detach_keys()));
        Ok(Next::Connect(Connect {
            redraw: self.request.what.kind() == CLAUDE,
            ..self.connect(name, self.attach_words(name))
        }))
    }

    fn detach_keys(&self) -> DetachKeys {
        let term = self.env.get("TERM").unwrap_or_default();
        plan::detach_keys(&self.settings, self.request.what.kind(), term)
    }

    fn attach_words(&self, name: &str) -> Vec<String> {
        dockercli::attach(&self.connection.client_options, &self.detach_keys(), name)
    }

    fn say(&self, notes: &[Note], plan: &Plan) {
        for note in notes.iter().chain(&plan.notes) {
            self.ui.warn(&ui::note(note));
        }
    }
}

/// The request that was typed, each value read, nothing looked up.
fn request(cli: &Cli, env: &Env) -> Result<Request, Report> {
    let session = &cli.session;
    let what = match &cli.command {
        Some(Command::Claude(claude)) => What::Claude(words::as_text(&claude.words)?),
        Some(Command::Shell(shell)) => What::Shell(words::as_text(&shell.words)?),
        _ if session.shell => What::Shell(Vec::new()),
        _ => What::Claude(Vec::new()),
    };
    if session.shell && cli.command.is_some() {
        return Err(Report::new(
            Kind::Usage,
            "`--shell` and a command cannot be used together",
        ));
    }
    Ok(Request {
        what,
        name: session.name.as_deref().map(str::parse).transpose()?,
        new: session.new,
        detach: session.detach,
        no_limits: session.no_limits,
        read_only: session.read_only,
        env: parse_all(&session.env)?,
        volumes: parse_all(&session.volume)?
            .into_iter()
            .map(|volume| absolute(volume, env))
            .collect::<Result<_, Report>>()?,
        publish: parse_all(&session.publish)?,
        network: session.network.as_deref().map(str::parse).transpose()?,
        via: match (session.via_parent, session.direct) {
            (true, _) => Via::Parent,
            (_, true) => Via::Direct,
            _ => Via::Auto,
        },
    })
}

fn parse_all<T: FromStr<Err = Invalid>>(texts: &[String]) -> Result<Vec<T>, Invalid> {
    texts.iter().map(|text| text.parse()).collect()
}

/// A volume's source as the engine needs it: absolute, and there, since the engine would make an
/// empty directory owned by root in place of a misspelt one.
fn absolute(volume: UserVolume, env: &Env) -> Result<UserVolume, Report> {
    if !volume.is_path() {
        return Ok(volume);
    }
    let home_relative = match volume.source.as_str() {
        "~" => Some(""),
        source => source.strip_prefix("~/"),
    };
    let typed = match (home_relative, env.home()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(&volume.source),
    };
    let here = env.directory.clone().unwrap_or_default();
    let failed = |why: String| {
        let message = format!("`--volume {}`: {why}", volume.text());
        Report::new(Kind::Usage, message).hint("name a file or directory that exists")
    };
    let found = here
        .join(&typed)
        .canonicalize()
        .map_err(|error| failed(error.to_string()))?;
    let source = found
        .to_str()
        .ok_or_else(|| failed("its path is not UTF-8".to_owned()))?;
    if source.contains(':') {
        return Err(failed(
            "docker cannot mount a path with a `:` in it this way".to_owned(),
        ));
    }
    Ok(UserVolume {
        source: source.to_owned(),
        ..volume
    })
}
