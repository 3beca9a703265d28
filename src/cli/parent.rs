//! The parent of this user and instance, as the command line reaches it.

use super::context::{self, Connection};
use super::images;
use crate::daemon::{self, ByEngine, Parent};
use crate::engine::{Containers as _, Docker, Images as _, Parents as _};
use crate::host::{self, Dirs, Env};
use crate::images as image_cases;
use crate::model::{ContainerName, ContainerSpec, Identity, Settings};
use crate::plan::parent::{self as plan, ParentFacts};
use crate::recipe::Recipe;
use crate::ui::{Kind, Progress, Report, Ui};
use std::path::PathBuf;

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
    ports: Vec<u16>,
    socket: PathBuf,
    crosses: bool,
}

impl<'a> Place<'a> {
    pub(super) async fn new(
        connection: &'a Connection,
        settings: &Settings,
        env: &Env,
    ) -> Result<Self, Report> {
        let instance = context::instance(env)?;
        let name = plan::name(&instance)?;
        let endpoint = &connection.endpoint;
        let rootless = !endpoint.is_default() && connection.engine.rootless().await?;
        let directory = host::socket_directory(&Dirs::of(env), env, name.as_str());
        let directory = directory.map_err(|error| {
            Report::new(Kind::Failed, "there is no place for the parent's socket").cause(error)
        })?;
        let socket = directory.join("coordinator.sock");
        let crosses = !endpoint.in_virtual_machine() && socket.as_os_str().len() <= LONGEST_SOCKET;
        let caller = env.caller();
        let recipe = images::parent(settings)?;
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
            socket: endpoint.socket_for_mounts(),
            run: crosses.then(|| directory.to_string_lossy().into_owned()),
        })?;
        Ok(Self {
            connection,
            name,
            spec,
            recipe,
            ports: settings.parent_port.value.and_next(MORE_PORTS).collect(),
            socket,
            crosses,
        })
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

    /// The port that is asked for.
    pub(super) fn wanted_port(&self) -> u16 {
        self.ports.first().copied().unwrap_or_default()
    }

    /// Work on it.
    pub(super) async fn with<T>(
        &self,
        work: impl AsyncFnOnce(&Parent<'_, Docker, ByEngine<'_>>) -> Result<T, Report>,
    ) -> Result<T, Report> {
        let image = self.engine().image(&self.recipe.reference).await?;
        let mut labels = self.spec.labels.clone();
        labels.remove(crate::model::label_keys::SPEC);
        let parent = Parent {
            engine: self.engine(),
            link: &self.link(),
            name: self.name.clone(),
            labels,
            spec: &|port| plan::at_port(&self.spec, port),
            image: image.map(|image| image.id),
            ports: self.ports.clone(),
        };
        work(&parent).await
    }

    /// Have the image that this version of the parent is made from.
    pub(super) async fn prepare(&self, env: &Env, ui: Ui) -> Result<(), Report> {
        let workshop = images::workshop(self.engine(), images::proxies(env));
        let mut progress = Progress::new(ui);
        image_cases::ensure(&workshop, &self.recipe, &mut progress).await?;
        Ok(())
    }

    /// Start it, or see that it runs, and say where.
    pub(super) async fn start(&self, env: &Env, ui: Ui) -> Result<(), Report> {
        // An older parent that runs needs no new image to go on.
        let there = self.engine().look(self.name.as_str()).await?;
        if !there.is_some_and(|look| look.running()) {
            self.prepare(env, ui).await?;
        }
        let started = self
            .with(async |parent| Ok(daemon::start(parent).await?))
            .await?;
        let port = started.port.unwrap_or_default();
        let verb = if started.ran {
            "runs already"
        } else {
            "is ready"
        };
        ui.say(&format!(
            "the parent {} {verb}: ChromaDB at http://127.0.0.1:{port}",
            self.name
        ));
        if !started.ran && port != self.wanted_port() {
            let wanted = self.wanted_port();
            ui.warn(&format!("port {wanted} is taken: ChromaDB is at {port}"));
        }
        if started.outdated {
            ui.warn("it was made by another version or other settings: `hal-9000 daemon restart`");
        }
        Ok(())
    }
}
