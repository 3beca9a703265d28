//! What the values of arguments can be, looked up on this machine and its engine: at a key, so
//! quickly, in silence, and without starting, making or changing anything.

use super::args::EngineOptions;
use super::{context, images};
use crate::config::KEYS;
use crate::engine::{Containers, Docker, Images, Which};
use crate::host::{self, Dirs, Env, Selection};
use crate::model::{label_keys as labels, user_hash};
use crate::recipe::{self, PINNED_CLAUDE};
use crate::session;
use crate::shell::{Candidate, Offer, Paths, commands, dockers};
use std::collections::BTreeSet;
use std::time::Duration;

/// How long docker's own client may take, so that what it has said is still told in time.
const DOCKER: Duration = Duration::from_millis(75);

/// What the values of an argument or a setting are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Sessions that run.
    Running,
    /// Sessions, also those that have ended.
    Sessions,
    /// Sessions, also those of which only the audit is left.
    Audits,
    /// Toolchain profiles.
    Profiles,
    /// What `image build` makes.
    Recipes,
    /// Images of the engine.
    Images,
    /// Networks of the engine.
    Networks,
    /// Contexts of docker's.
    Contexts,
    /// Projects that were used last, and directories.
    Projects,
    /// Releases of Claude that are here.
    Claudes,
    /// Instances that have sessions.
    Instances,
    /// The caller's variables.
    Variables,
    /// The words of a command, for its page.
    Pages,
    /// Settings.
    Settings,
    /// These words.
    Words(&'static [&'static str]),
    /// Files.
    Files,
    /// Whatever the user makes up.
    Free,
}

/// The values of the argument of this name of the command at this path.
pub(super) fn of_argument(path: &[&str], argument: &str) -> Option<Kind> {
    Some(match (path, argument) {
        (_, "context") => Kind::Contexts,
        (["attach"], "name") => Kind::Running,
        (["kill" | "logs"], "name") => Kind::Sessions,
        (["audit"], "session") => Kind::Audits,
        (["image", "build" | "pull"], "name") => Kind::Recipes,
        ([] | ["pool", "warm"], "dir") => Kind::Projects,
        (["man"], "command") => Kind::Pages,
        (["config", _], "key") => Kind::Settings,
        (["claude-version", "use"], "version") => Kind::Claudes,
        (["profiles", _], "name") | ([], "profile") => Kind::Profiles,
        ([], "image") => Kind::Images,
        ([], "env") => Kind::Variables,
        ([], "volume") => Kind::Files,
        ([], "network") => Kind::Networks,
        ([], "docker") => of_setting("docker.mode")?,
        ([], "workdir") => of_setting("workdir")?,
        // Which one it is, is typed before: `of_setting`.
        (["config", "set"], "value")
        | ([], "name" | "memory" | "cpus" | "pids_limit" | "publish")
        | (_, "host")
        | (["pool", _], "min" | "max" | "idle_timeout" | "count")
        | (["shell-init"], "cmd") => Kind::Free,
        _ => return None,
    })
}

/// The values of a setting.
pub(super) fn of_setting(key: &str) -> Option<Kind> {
    Some(match key {
        "profile" => Kind::Profiles,
        "image.name" => Kind::Images,
        "docker.mode" => Kind::Words(&["guard", "host", "none"]),
        "docker.on_exit" => Kind::Words(&["remove", "keep"]),
        "docker.builder" => Kind::Words(&["buildkit", "classic"]),
        "workdir" => Kind::Words(&["host", "workspace"]),
        "claude.version" => Kind::Claudes,
        "ca_bundle" => Kind::Files,
        _ => return KEYS.iter().any(|it| it.name == key).then_some(Kind::Free),
    })
}

/// Who asks.
#[derive(Debug, Clone)]
pub(super) struct Asker {
    /// The environment.
    pub(super) env: Env,
    /// The engine, as far as it was typed.
    pub(super) engine: EngineOptions,
    /// The values of the same argument that were typed before.
    pub(super) before: Vec<String>,
}

impl Asker {
    /// Look values up; nothing where something fails.
    pub(super) fn look_up(&self, kind: Kind) -> Offer {
        let candidates = match kind {
            Kind::Running | Kind::Sessions | Kind::Audits => self.sessions(kind),
            Kind::Profiles => Some(self.profiles()),
            Kind::Recipes => Some(self.recipes()),
            Kind::Images => self.with_engine(async |engine| {
                let found = engine.references().await.ok()?;
                Some(named(found, ""))
            }),
            Kind::Projects => Some(self.projects()),
            Kind::Claudes => Some(self.claudes()),
            Kind::Instances => self.instances(),
            Kind::Variables => Some(named(self.env.variables.keys().cloned(), "")),
            Kind::Pages => Some(self.pages()),
            Kind::Settings => {
                let keys = KEYS.iter();
                Some(
                    keys.map(|key| Candidate::new(key.name, key.meaning))
                        .collect(),
                )
            }
            Kind::Words(words) => Some(named(words.iter().copied(), "")),
            Kind::Networks => self.with_engine(async |engine| {
                let found = engine.network_names().await.ok()?;
                Some(named(found, ""))
            }),
            Kind::Contexts => Some(named(host::contexts(&self.env), "")),
            Kind::Files | Kind::Free => None,
        };
        Offer {
            candidates: candidates.unwrap_or_default(),
            paths: match kind {
                Kind::Projects => Some(Paths::Directories),
                Kind::Files => Some(Paths::Files),
                _ => None,
            },
            unfinished: false,
        }
    }

    /// What docker's own client offers after these words.
    pub(super) fn docker(&self, words: &[String]) -> Option<Offer> {
        let (_, selection) = self.endpoint()?;
        let program = host::find_docker(&self.env).ok()?;
        let mut all = vec!["__complete".to_owned()];
        all.extend(selection.client_options());
        all.extend_from_slice(words);
        Some(dockers(&host::ask(&program, &all, DOCKER)?))
    }

    /// The engine's address, unless asking there would start one.
    fn endpoint(&self) -> Option<(host::Endpoint, Selection)> {
        let selection = Selection {
            host: self.engine.host.clone(),
            context: self.engine.context.clone(),
        };
        let endpoint = host::resolve(&selection, &self.env).ok()?;
        let awake = !host::asleep(&endpoint, &self.env);
        awake.then_some((endpoint, selection))
    }

    fn with_engine<T>(&self, look: impl AsyncFnOnce(&Docker) -> Option<T>) -> Option<T> {
        let (endpoint, _) = self.endpoint()?;
        let address = host::answers(&endpoint)?;
        let engine = Docker::connect(&address.socket, address.api, address.kind).ok()?;
        context::block_on(async { Ok(look(&engine).await) }).ok()?
    }

    fn sessions(&self, kind: Kind) -> Option<Vec<Candidate>> {
        let owner = context::owner(&self.env).ok()?;
        let found = self.with_engine(async |engine| session::list(engine, &owner).await.ok());
        let found = found.unwrap_or_default().into_iter();
        let wanted = found.filter(|session| session.running || kind != Kind::Running);
        let mut candidates: Vec<Candidate> = wanted
            .map(|it| {
                Candidate::new(
                    it.name,
                    format!("{}, {}: {}", it.project, it.command, it.status),
                )
            })
            .collect();
        if kind == Kind::Audits {
            let instance = context::instance(&self.env).ok()?;
            let directory = host::guard_dir(&Dirs::of(&self.env), &instance);
            let logs = host::audit_logs(&directory).unwrap_or_default();
            let over = logs.into_iter().map(|log| log.session);
            let over = over.filter(|name| candidates.iter().all(|it| it.value != *name));
            let over = named(over.collect::<Vec<_>>(), "an audit");
            candidates.extend(over);
        }
        Some(candidates)
    }

    fn profiles(&self) -> Vec<Candidate> {
        named(images::profile_names(&Dirs::of(&self.env)), "a profile")
    }

    fn recipes(&self) -> Vec<Candidate> {
        let mut candidates = vec![
            Candidate::new("worker", "what sessions start from"),
            Candidate::new("runtime", "Claude, docker and hal-9000"),
            Candidate::new("parent", "ChromaDB and the coordinator"),
        ];
        candidates.extend(self.profiles());
        candidates
    }

    fn projects(&self) -> Vec<Candidate> {
        let Ok(instance) = context::instance(&self.env) else {
            return Vec::new();
        };
        let recent = host::recent_projects(&Dirs::of(&self.env), &instance);
        let recent = recent
            .into_iter()
            .filter_map(|path| path.to_str().map(str::to_owned));
        named(recent, "a project that was used last")
    }

    fn claudes(&self) -> Vec<Candidate> {
        let prefix = format!("hal9000/runtime:{}-", recipe::VERSION);
        let found = self.with_engine(async |engine| engine.images(labels::ROLE).await.ok());
        let tags = found.into_iter().flatten().flat_map(|image| image.tags);
        let here = tags.filter_map(|tag| tag.strip_prefix(&prefix).map(str::to_owned));
        let mut versions: BTreeSet<String> = here.collect();
        versions.remove(PINNED_CLAUDE);
        let mut candidates = vec![Candidate::new(
            PINNED_CLAUDE,
            "the release of this hal-9000",
        )];
        candidates.extend(named(versions.into_iter().rev(), "is here"));
        candidates
    }

    fn instances(&self) -> Option<Vec<Candidate>> {
        let user = user_hash(&self.env.caller().name);
        let mine = [(labels::SESSION, "true"), (labels::USER, &user)];
        let mine = mine.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let which = Which::Labelled(mine.into_iter().collect());
        let found = self.with_engine(async |engine| engine.containers(&which).await.ok())?;
        let instances = found
            .into_iter()
            .filter_map(|it| it.labels.get(labels::INSTANCE).cloned());
        // The one without a name is the one that is used without the variable.
        let named_ones: BTreeSet<String> = instances.filter(|name| name != "default").collect();
        Some(named(named_ones, "an instance"))
    }

    fn pages(&self) -> Vec<Candidate> {
        let tree = super::tree();
        let mut at = &tree;
        for word in &self.before {
            match at.find_subcommand(word) {
                Some(below) => at = below,
                None => return Vec::new(),
            }
        }
        commands(at)
    }
}

fn named<T: Into<String>>(names: impl IntoIterator<Item = T>, about: &str) -> Vec<Candidate> {
    let names = names.into_iter();
    names.map(|name| Candidate::new(name, about)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Command;

    fn check(command: &Command, path: &[&str]) {
        for arg in command.get_arguments() {
            let takes = arg.get_action().takes_values() && arg.get_possible_values().is_empty();
            if takes && !arg.is_trailing_var_arg_set() {
                let kind = of_argument(path, arg.get_id().as_str());
                assert!(kind.is_some(), "{path:?} {}: of_argument", arg.get_id());
            }
        }
        for below in command.get_subcommands() {
            check(below, &[path, &[below.get_name()]].concat());
        }
    }

    #[test]
    fn every_value_is_looked_up_somewhere_or_free() {
        check(&super::super::tree(), &[]);
        for key in KEYS {
            assert!(of_setting(key.name).is_some(), "{}", key.name);
        }
        assert_eq!(of_setting("nonsense"), None);
    }
}
