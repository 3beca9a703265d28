//! What a start has to do with the warm pool: what it would take from it, and taking it.

use super::args::{Cli, PullWhen};
use super::context;
use super::parent::Place;
use super::start::Starter;
use crate::daemon::{self, Claimed};
use crate::host::{self, Env};
use crate::plan::{self, Facts, Moment, Plan};
use crate::pool::Want;
use crate::ui::{Report, Ui};
use std::path::Path;

/// Whether what a session needs is built where it is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Build {
    /// It is.
    Missing,
    /// It is not.
    Never,
}

/// What a session of this project would be, for the pool to have it ready; none where it cannot.
pub(super) fn want(
    asked: &Path,
    build: Build,
    cli: &Cli,
    env: &Env,
    ui: Ui,
) -> Result<Option<Want>, Report> {
    // Its terminal is the one that this command is typed on, whatever its own output is. Nobody is
    // asked anything for a project that was not asked for now.
    let env = Env {
        terminal: true,
        stderr_terminal: env.stderr_terminal && build == Build::Missing,
        ..env.clone()
    };
    let (starter, wanted) = Starter::new(asked, cli, &env, ui)?;
    context::block_on(async {
        let facts = starter.facts(&wanted).await?;
        let plan = starter.plan(&facts, starter.project.directory.session_name())?;
        let mut image = wanted.ready(starter.engine()).await?;
        if image.is_none() && build == Build::Missing {
            wanted
                .prepare(&starter.connection, PullWhen::Missing, &env, ui)
                .await?;
            image = wanted.ready(starter.engine()).await?;
        }
        Ok(image.and_then(|image| starter.want(&facts, &plan, &image)))
    })
}

impl Starter<'_> {
    /// What the pool would have ready so that this start need not make a container.
    pub(super) fn want(&self, facts: &Facts, plan: &Plan, image: &str) -> Option<Want> {
        let project = self.project.directory.path();
        if self.cli.session.no_pool {
            return None;
        }
        if host::has_start_hooks(&project) {
            self.ui
                .step("not from the pool: the project has a SessionStart hook");
            return None;
        }
        let moment = Moment {
            image,
            project: &host::project_mark(&project),
            proxies: &host::handed_proxies(&self.connection.endpoint.socket, self.env),
        };
        plan::spare(&self.request, facts, plan, &moment)
    }

    /// Have a session from the pool; where there is none, one is started.
    pub(super) async fn take_spare(&self, want: &Want, name: &str) -> Option<Claimed> {
        // docker's client would have Claude draw on one cell.
        if host::terminal_size().contains(&0) {
            self.ui
                .step("not from the pool: the terminal does not say how large it is");
            return None;
        }
        let place = Place::new(&self.connection, &self.settings, self.env, false).ok()?;
        let claimed = daemon::claim(self.engine(), &place.link(), want, name).await;
        self.ui.step(&match &claimed {
            Ok(_) => "from the pool: Claude waits already".to_owned(),
            Err(why) => format!("not from the pool: {why}"),
        });
        claimed.ok()
    }
}
