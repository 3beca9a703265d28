//! The guard of a session's docker: started before the session, and again where it is gone.

use super::context::{self, Connection};
use super::start::Starter;
use crate::host::{self, Dirs, Env, Guard, GuardFiles};
use crate::model::{DockerMode, Instance};
use crate::plan::{self, Facts, GuardPlace, Plan};
use crate::ui::{Kind, Report, Ui};
use std::path::PathBuf;

/// The directory of the sockets of all guards for this engine; none where a socket of this machine
/// cannot be had in its containers.
pub(super) fn sockets(connection: &Connection, env: &Env, instance: &Instance) -> Option<String> {
    let endpoint = &connection.endpoint;
    let key = endpoint.key();
    let directory = host::guard_sockets(&Dirs::of(env), instance, key.as_deref());
    let text = directory.to_str().map(str::to_owned);
    text.filter(|_| !endpoint.in_virtual_machine())
}

impl Starter<'_> {
    /// Start the guard of the session `name`, whose container was or will be made as `made_as`; none
    /// where the session has none. With `wait`, return when it listens.
    pub(super) fn guard(
        &self,
        (facts, plan): (&Facts, &Plan),
        name: &str,
        made_as: &str,
        wait: bool,
    ) -> Result<Option<Guard>, Report> {
        let guards = facts.guards.as_deref();
        let guarded = self.settings.docker.value == DockerMode::Guard;
        let Some(guards) = guards.filter(|_| guarded) else {
            return Ok(None);
        };
        let files = self.guard_files(facts, name, plan::guard_socket(guards, made_as));
        let failed = |why: String| {
            Report::new(
                Kind::Failed,
                format!("the docker of `{name}` cannot be guarded"),
            )
            .cause(why)
            .hint("`--docker=none` goes without docker")
        };
        let prepared = files.prepare(self.env.identity.uid);
        prepared.map_err(|error| failed(error.to_string()))?;
        let place = GuardPlace {
            engine: &self.connection.endpoint.socket,
            state: &files.state,
            images: &files.images,
        };
        let socket = files.socket.to_string_lossy();
        let spec = &plan.run.spec;
        let words = plan::guard_words((spec, name, &socket), &self.settings, facts, place);
        let started = host::start_guard(&files.state, &words, wait);
        started.map(Some).map_err(|error| failed(error.to_string()))
    }

    fn guard_files(&self, facts: &Facts, name: &str, socket: String) -> GuardFiles {
        let dirs = Dirs::of(self.env);
        let key = self.connection.endpoint.key();
        let (instance, key) = (&facts.instance, key.as_deref());
        GuardFiles {
            state: host::guard_state(&dirs, instance, key, name),
            images: host::guard_images(&dirs, instance, key, &facts.project),
            socket: PathBuf::from(socket),
        }
    }
}

/// Start the guards that are gone before their sessions: of sessions that run, for these to have
/// docker again; of others, to remove what they have made.
pub(super) fn start_lost(env: &Env, ui: Ui) {
    let Ok(instance) = context::instance(env) else {
        return;
    };
    let dirs = Dirs::of(env);
    for (state, words) in host::lost_guards(&host::guard_dir(&dirs, &instance)) {
        let session = words
            .iter()
            .find_map(|word| word.strip_prefix("--session="));
        let name = session.and_then(|session| session.parse().ok());
        // Somebody who has the name is about to start the session, with a guard of its own.
        let reserved = name.as_ref().map(|name| host::reserve(&dirs, env, name));
        let Some(Ok(Some(_reservation))) = reserved else {
            continue;
        };
        ui.step(&format!(
            "a guard is gone and is started again: {}",
            state.display()
        ));
        if let Err(error) = host::start_guard(&state, &words, true) {
            let session = session.unwrap_or_default();
            ui.warn(&format!(
                "the docker of `{session}` cannot be guarded again: {error}"
            ));
        }
    }
}
