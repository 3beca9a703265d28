//! The parent of this user and instance, as the command line reaches it.

use super::context::{self, Connection};
use super::{guard, images, recipes};
use crate::daemon::{self, ByEngine, Parent, Started};
use crate::engine::{Containers as _, Docker, Look, Parents as _};
use crate::host::{self, Dirs, Env};
use crate::images as image_cases;
use crate::ipc::{self, Lease};
use crate::model::{
    ContainerName, ContainerSpec, Identity, Labels, Registry, Setting, Settings, label_keys,
};
use crate::plan::parent::{self as plan, ParentFacts};
use crate::recipe::Recipe;
use crate::ui::{Kind, Progress, Report, Ui};
use std::path::{Path, PathBuf};

/// How many ports after the one of the settings are tried.
const MORE_PORTS: u16 = 50;

/// The longest path of a unix socket (`sun_path`, with its last zero).
const LONGEST_SOCKET: usize = 107;

/// Where the parent is, and what it would be made from.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) connection: &'a Connection,
    pub(super) name: ContainerName,
    spec: ContainerSpec,
    recipe: Recipe,
    /// Where its image is looked for before it is built.
    registry: Option<Setting<Registry>>,
    ports: Vec<u16>,
    /// The directory of the socket, by its name.
    room: String,
    socket: PathBuf,
    /// The directory of the guards' sockets.
    guards: Option<String>,
    crosses: bool,
}

impl<'a> Place<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        settings: &Settings,
        env: &Env,
        rootless: bool,
    ) -> Result<Self, Report> {
        let instance = context::instance(env)?;
        let name = plan::name(&instance)?;
        let endpoint = &connection.endpoint;
        // One for each engine: parents of two would take the socket from each other.
        let room = match endpoint.key() {
            Some(key) => format!("{name}-{key}"),
            None => name.to_string(),
        };
        let directory = Dirs::of(env).runtime.join(&room);
        let socket = directory.join("coordinator.sock");
        let crosses = !endpoint.in_virtual_machine() && socket.as_os_str().len() <= LONGEST_SOCKET;
        let caller = env.caller();
        let recipe = recipes::parent(settings)?;
        let guards = guard::sockets(connection, env, &instance);
        let spec = plan::parent(&ParentFacts {
            instance,
            user: caller.name,
            // A rootless engine's root is the user.
            identity: if rootless {
                Identity { uid: 0, gid: 0 }
            } else {
                caller.identity
            },
            image: recipe.reference.clone(),
            engine: connection.kind,
            socket: endpoint.socket_for_mounts(),
            run: crosses.then(|| directory.to_string_lossy().into_owned()),
            guards: guards.clone(),
            processors: context::processors(endpoint),
        })?;
        Ok(Self {
            connection,
            name,
            spec,
            recipe,
            registry: settings.registry.clone(),
            ports: settings.parent_port.value.and_next(MORE_PORTS).collect(),
            room,
            socket,
            guards,
            crosses,
        })
    }

    /// The same, for a command that knows nothing yet of the engine.
    pub(super) async fn find(
        connection: &'a Connection,
        settings: &Settings,
        env: &Env,
    ) -> Result<Self, Report> {
        // The default socket belongs to a rootful engine: asking would only cost time.
        let default = connection.endpoint.is_default();
        let rootless = !default && connection.engine.rootless().await?;
        Self::new(connection, settings, env, rootless)
    }

    pub(super) fn engine(&self) -> &'a Docker {
        &self.connection.engine
    }

    /// The way to the coordinator.
    pub(super) fn link(&self) -> ByEngine<'_> {
        ByEngine {
            engine: self.engine(),
            name: self.name.as_str(),
            socket: self.socket.clone(),
            crosses: self.crosses,
        }
    }

    /// Tell the coordinator that this process is the client of a session on pipes, where it can be
    /// told: a connection that lasts needs a socket.
    pub(super) fn hold(&self, session: &str) -> Option<Lease> {
        let socket = self.crosses.then_some(&self.socket)?;
        ipc::hold(socket, session).ok()
    }

    /// The port that is asked for.
    pub(super) fn wanted_port(&self) -> u16 {
        self.ports.first().copied().unwrap_or_default()
    }

    /// Work on it, where it may have to be made: from the image by its id, since its name may be
    /// another build's before the container is made.
    pub(super) async fn making<T>(
        &self,
        work: impl AsyncFnOnce(&Parent<'_, Docker, ByEngine<'_>>) -> Result<T, Report>,
    ) -> Result<T, Report> {
        // A look at all images of the engine, which takes its time where there are hundreds.
        let image = image_cases::made(self.engine(), &self.recipe).await?;
        let image = image.unwrap_or_else(|| self.spec.image.clone());
        self.from(image, work).await
    }

    /// Work on it, as it is.
    pub(super) async fn with<T>(
        &self,
        work: impl AsyncFnOnce(&Parent<'_, Docker, ByEngine<'_>>) -> Result<T, Report>,
    ) -> Result<T, Report> {
        self.from(self.spec.image.clone(), work).await
    }

    async fn from<T>(
        &self,
        image: String,
        work: impl AsyncFnOnce(&Parent<'_, Docker, ByEngine<'_>>) -> Result<T, Report>,
    ) -> Result<T, Report> {
        let spec = ContainerSpec {
            image,
            ..self.spec.clone()
        };
        let mut labels = self.spec.labels.clone();
        labels.remove(label_keys::SPEC);
        let parent = Parent {
            engine: self.engine(),
            link: &self.link(),
            name: self.name.clone(),
            labels,
            spec: &|port| plan::at_port(&spec, port),
            inputs: self.recipe.inputs(),
            ports: self.ports.clone(),
        };
        work(&parent).await
    }

    /// Have the image that this version of the parent is made from, and a place for its socket.
    pub(super) async fn prepare(&self, env: &Env, ui: Ui) -> Result<(), Report> {
        // The engine mounts what is there, and makes nothing.
        let made = host::socket_directory(&Dirs::of(env), env, &self.room);
        let made = made.and_then(|_| match &self.guards {
            Some(guards) => host::prepare_guards(Path::new(guards), env.identity.uid),
            None => Ok(()),
        });
        made.map_err(|error| {
            Report::new(Kind::Failed, "there is no place for the parent's sockets")
                .cause(error)
                .hint("`XDG_RUNTIME_DIR` names a directory that is yours alone")
        })?;
        if image_cases::made(self.engine(), &self.recipe)
            .await?
            .is_some()
        {
            return Ok(());
        }
        let workshop = images::workshop(self.connection, self.registry.as_ref(), env, ui);
        let mut progress = Progress::new(ui);
        image_cases::ensure(&workshop, &self.recipe, &mut progress).await?;
        Ok(())
    }

    /// Whether a session can be started through it: it answers, and it is this engine's and ours.
    pub(super) async fn is_well(&self) -> bool {
        // Where nobody listens the engine need not be asked.
        let there = async || {
            let look = self.engine().look(self.name.as_str()).await;
            look.ok()
                .flatten()
                .is_some_and(|look| self.is_ours(&look) && look.running())
        };
        if self.crosses && !daemon::healthy(&self.link()).await {
            return false;
        }
        there().await && (self.crosses || daemon::healthy(&self.link()).await)
    }

    fn is_ours(&self, look: &Look) -> bool {
        let label = |labels: &Labels, key| labels.get(key).cloned();
        let same = |key| label(&look.labels, key) == label(&self.spec.labels, key);
        [label_keys::ROLE, label_keys::USER, label_keys::INSTANCE]
            .into_iter()
            .all(same)
    }

    /// Start it, or see that it runs, and say where.
    pub(super) async fn start(&self, env: &Env, ui: Ui) -> Result<Started, Report> {
        // An older parent that runs needs no new image to go on.
        let there = self.engine().look(self.name.as_str()).await?;
        let start =
            async |parent: &Parent<'_, Docker, ByEngine<'_>>| Ok(daemon::start(parent).await?);
        let started = if there.is_some_and(|look| look.running()) {
            self.with(start).await?
        } else {
            self.prepare(env, ui).await?;
            self.making(start).await?
        };
        let port = started.port.unwrap_or_default();
        let place = format!("ChromaDB at http://127.0.0.1:{port}");
        if started.ran {
            // A session that finds it as it should be has nothing to say about it.
            ui.step(&format!("the parent {} runs: {place}", self.name));
        } else {
            ui.say(&format!("the parent {} is ready: {place}", self.name));
        }
        if !started.ran && port != self.wanted_port() {
            let wanted = self.wanted_port();
            ui.warn(&format!("port {wanted} is taken: ChromaDB is at {port}"));
        }
        if started.outdated {
            ui.warn("the parent was made by another version or other settings: `hal-9000 daemon restart`");
        }
        Ok(started)
    }
}
