//! Starting a session, or joining the one that runs: from the words of the command line to the
//! docker client that takes over.

use super::args::{Cli, PullWhen};
use super::client::{Arrival, Connect};
use super::parent::Place;
use super::request::request;
use super::{Next, answered, context, guard, images, show, terminal};
use crate::daemon::Claimed;
use crate::dockercli;
use crate::engine::{Containers, Docker};
use crate::host::{self, Dirs, Env, FoundProject};
use crate::model::{
    ContainerName, ContainerSpec, DetachKeys, DockerMode, Lifetime, Origin, Settings,
};
use crate::plan::{self, CLAUDE, Decision, Existing, Facts, Note, Plan, Request, Via, What};
use crate::session::{self, Owner};
use crate::terminal::Answers;
use crate::ui::{self, Kind, Report, Ui};
use std::path::{Path, PathBuf};

/// Run `hal-9000 [DIR]`, `hal-9000 claude …`, `hal-9000 shell …`.
pub(super) fn run(cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    let asked = cli.dir.as_deref().unwrap_or(Path::new("."));
    let (starter, wanted) = Starter::new(asked, cli, env, ui)?;
    let dry = cli.session.print.is_some() || cli.session.explain;
    context::block_on(async {
        let facts = starter.facts(&wanted).await?;
        let (image, existing) = tokio::join!(wanted.ready(starter.engine()), starter.existing());
        let (image, existing) = (image?, existing?);
        if dry {
            if image.is_none() {
                ui.say("images or the runtime volume are not built yet: `hal-9000 image build`");
            }
            return starter.show(&facts, &existing);
        }
        // What cannot be started is refused before anything is built, and what only has to be
        // joined needs nothing built.
        if let (Decision::Start { name, .. }, _) = starter.decide(&existing, |_| false)? {
            starter.plan(&facts, name)?;
            if image.is_none() {
                wanted
                    .prepare(&starter.connection, cli.session.pull, env, ui)
                    .await?;
            } else if cli.session.pull == PullWhen::Always {
                wanted.pull(&starter.connection, &starter.program, ui)?;
            }
        }
        starter.hand_over(&facts, existing, image.as_deref()).await
    })
}

/// Everything that a start is made from, found before the engine is asked for anything.
pub(super) struct Starter<'a> {
    pub(super) cli: &'a Cli,
    pub(super) env: &'a Env,
    pub(super) ui: Ui,
    pub(super) request: Request,
    pub(super) settings: Settings,
    pub(super) project: FoundProject,
    pub(super) program: PathBuf,
    pub(super) connection: context::Connection,
    pub(super) owner: Owner,
    /// What the terminal answers, where that is known.
    pub(super) answers: Option<Answers>,
}

impl<'a> Starter<'a> {
    pub(super) fn new(
        asked: &Path,
        cli: &'a Cli,
        env: &'a Env,
        ui: Ui,
    ) -> Result<(Self, images::Wanted), Report> {
        let project = host::find_project(asked, &env.directory)?;
        let request = request(cli, env)?;
        let mut settings = context::settings(cli, env, ui, Some(&project.directory.path()))?;
        let wanted = images::of_session(&settings, &project.names, env)?;
        let answers = terminal::answers(cli, &request, env, ui);
        let (owner, program) = (context::owner(env)?, host::find_docker(env)?);
        let connection = context::connect(&cli.engine(), env)?;
        let virtual_machine = connection.endpoint.in_virtual_machine();
        settings.cpus = plan::cpus_here(settings.cpus, context::processors(&connection.endpoint));
        settings.docker = plan::docker_here(settings.docker, connection.kind, virtual_machine);
        let starter = Self {
            cli,
            env,
            ui,
            request,
            settings,
            project,
            program,
            connection,
            owner,
            answers,
        };
        Ok((starter, wanted))
    }

    pub(super) async fn facts(&self, wanted: &images::Wanted) -> Result<Facts, Report> {
        let endpoint = &self.connection.endpoint;
        // The default socket belongs to a rootful engine: asking would only cost time.
        let rootless = !endpoint.is_default() && self.engine().rootless().await?;
        let instance = context::instance(self.env)?;
        Ok(Facts {
            project: self.project.directory.clone(),
            project_owner: self.project.owner,
            caller: self.env.caller(),
            guards: guard::sockets(&self.connection, self.env, &instance),
            instance,
            client: self.connection.client_options.clone(),
            engine: self.connection.kind,
            socket: endpoint.socket_for_mounts(),
            rootless,
            image: wanted.image.clone(),
            runtime_volume: wanted.runtime_volume(),
            parent: self.parent(rootless).await?,
            terminal: self.answers.clone(),
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

    pub(super) fn engine(&self) -> &Docker {
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

    pub(super) fn plan(&self, facts: &Facts, name: ContainerName) -> Result<Plan, Report> {
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
                if form.is_some() && self.settings.docker.value == DockerMode::Guard {
                    self.ui.say(ui::GUARD_IS_NOT_PRINTED);
                }
                show::start(self.ui, form, &program, &plan)
            }
            Decision::Join(name) => show::join(self.ui, form, &program, self.attach_words(&name)),
            Decision::NameTaken(_) => unreachable!("refused before"),
        }
    }

    /// Decide, with the name reserved until the docker client has made the container.
    async fn hand_over(
        &self,
        facts: &Facts,
        mut existing: Vec<Existing>,
        image: Option<&str>,
    ) -> Result<Next, Report> {
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
                            .step(&format!("cannot reserve the name `{name}`: {error}"));
                        false
                    }
                }
            })?;
            let (name, replace) = match decision {
                Decision::Start { name, replace } => (name, replace),
                Decision::Join(name) => {
                    let pooled = facts.parent.is_some() && self.request.what.kind() == CLAUDE;
                    return self.join(&name, pooled);
                }
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
            let found = (facts, image);
            return self.start(found, name, reservation, &notes).await;
        }
    }

    /// What docker the sessions of this user get.
    fn say_once(&self, dirs: &Dirs) {
        let docker = &self.settings.docker;
        let (what, line) = match (docker.value, &docker.origin) {
            (DockerMode::Guard, Origin::BuiltIn) => ("docker-is-guarded", ui::DOCKER_IS_GUARDED),
            (DockerMode::Host, Origin::Found(_)) => {
                ("docker-cannot-be-guarded", ui::DOCKER_CANNOT_BE_GUARDED)
            }
            (DockerMode::None, Origin::Found(_)) => ("no-docker", ui::NO_DOCKER),
            (DockerMode::Host, _) => ("docker-is-root", ui::DOCKER_IS_ROOT),
            _ => return,
        };
        if !host::say_once(what, dirs, self.env) {
            return;
        }
        if docker.value == DockerMode::Guard {
            self.ui.say(line);
        } else {
            self.ui.warn(line);
        }
    }

    async fn start(
        &self,
        (facts, image): (&Facts, Option<&str>),
        name: ContainerName,
        reservation: Option<host::Reservation>,
        notes: &[Note],
    ) -> Result<Next, Report> {
        let plan = self.plan(facts, name)?;
        self.say(notes, &plan);
        let dirs = Dirs::of(self.env);
        self.say_once(&dirs);
        let flags = dockercli::run(&plan.run);
        let spec = &plan.run.spec;
        if let Some(keys) = &plan.run.detach_keys {
            self.ui
                .say(&ui::start_line(spec.name.as_str(), false, keys));
        }
        let arguments: Vec<String> = flags.into_iter().flat_map(|flag| flag.words).collect();
        if self.request.what.kind() == CLAUDE
            && let Err(error) = self.note_project(&dirs)
        {
            self.ui
                .step(&format!("the project cannot be remembered: {error}"));
        }
        guard::start_lost(self.env, self.ui);
        let want = image.and_then(|image| self.want(facts, &plan, image));
        let pooled = want.is_some();
        let name = spec.name.as_str();
        if let Some(want) = want
            && let Some(Claimed { spare, screen }) = self.take_spare(&want, name).await
        {
            // Claude is at its prompt, and needs no docker before it is told something.
            return Ok(Next::Connect(Connect {
                arrival: Arrival::FromPool(screen),
                reservation,
                guard: self.guard((facts, &plan), name, &spare, false)?,
                removes: spec.lifetime == Lifetime::Keep,
                pooled,
                ..self.connect(name, self.attach_words(name))
            }));
        }
        let guard = self.guard((facts, &plan), name, name, true)?;
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
            guard,
            terminal,
            removes: spec.lifetime == Lifetime::Keep,
            pooled,
            ..self.connect(spec.name.as_str(), arguments)
        }))
    }

    fn note_project(&self, dirs: &Dirs) -> std::io::Result<()> {
        let instance = context::instance(self.env).unwrap_or_default();
        let project = self.project.directory.path();
        host::note_project(dirs, self.env, &instance, &project)
    }

    fn connect(&self, name: &str, arguments: Vec<String>) -> Connect {
        Connect {
            program: self.program.clone(),
            arguments,
            reservation: None,
            lease: None,
            guard: None,
            name: name.to_owned(),
            engine: self.connection.engine.clone(),
            terminal: true,
            removes: false,
            arrival: Arrival::First,
            pooled: false,
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
            Report::new(Kind::Failed, format!("cannot start the session `{name}`"))
                .cause(why)
                .hint("`hal-9000 doctor` looks at all that a session needs")
        };
        let status = host::run(&self.program, arguments, self.ui.verbose)
            .map_err(|error| Report::cannot_run(&self.program, &error))?;
        if !status.success() {
            session::discard_unstarted(self.engine(), spec).await?;
            return Err(failed("docker's words are above".to_owned()));
        }
        answered(self.ui.answer(name))
    }

    fn join(&self, name: &str, pooled: bool) -> Result<Next, Report> {
        guard::start_lost(self.env, self.ui);
        if self.request.detach {
            self.ui.say(&format!("{name} runs already"));
            return answered(self.ui.answer(name));
        }
        self.ui
            .say(&ui::start_line(name, true, &self.detach_keys()));
        Ok(Next::Connect(Connect {
            arrival: if self.request.what.kind() == CLAUDE {
                Arrival::Again
            } else {
                Arrival::Late
            },
            pooled,
            ..self.connect(name, self.attach_words(name))
        }))
    }

    fn detach_keys(&self) -> DetachKeys {
        let claude = matches!(self.request.what, What::Claude(_));
        let environment = &self.env.variables;
        plan::detach_keys(&self.settings, claude, environment, self.answers.as_ref())
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
