//! The guard of one session's docker: where its socket is, and what it is told.

use super::session::Planner;
use super::{Facts, paths};
use crate::model::{
    Builder, ContainerName, ContainerSpec, DockerMode, EngineKind, Labels, Origin, Setting,
    Settings, file_name, label_keys,
};
use std::path::Path;

/// The address at which ports of the session's containers are published: this machine's own.
const PUBLISH_ON: &str = "127.0.0.1";

/// Image names that are ours: a session's own image is one of them.
const RESERVED: &str = "hal9000/";

/// How often a container of a session is started again when it fails, if it is to be always.
const RESTARTS: u32 = 10;

/// Where a guard works on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuardPlace<'a> {
    /// The engine's socket.
    pub engine: &'a Path,
    /// What it keeps of the session.
    pub state: &'a Path,
    /// What the guards of all sessions of the project keep together: which images are theirs.
    pub images: &'a Path,
}

/// The docker of a session where nobody has chosen one: guarded; none where a guard does not hold,
/// since the engine's own is root's; the engine's own where only the guard's socket cannot be had in
/// containers, and root is one in a virtual machine.
pub fn docker_here(
    chosen: Setting<DockerMode>,
    engine: EngineKind,
    virtual_machine: bool,
) -> Setting<DockerMode> {
    let found = |value, what: String| Setting {
        value,
        origin: Origin::Found(what),
    };
    if chosen.origin != Origin::BuiltIn {
        chosen
    } else if !engine.can_be_guarded() {
        let what = format!("{}, where docker cannot be guarded", engine.name());
        found(DockerMode::None, what)
    } else if virtual_machine {
        let what = "an engine in a virtual machine".to_owned();
        found(DockerMode::Host, what)
    } else {
        chosen
    }
}

/// The directory of the socket of the session's guard, in the one of all guards.
fn socket_directory(guards: &str, name: &str) -> String {
    format!("{guards}/{}", file_name(name))
}

/// The guard's socket in a container that was made as `name`: a session from the pool keeps the
/// directory that was its spare's.
pub fn guard_socket(guards: &str, name: &str) -> String {
    let file = Path::new(paths::GUARD_SOCKET)
        .file_name()
        .unwrap_or_default();
    format!("{}/{}", socket_directory(guards, name), file.display())
}

impl Planner<'_> {
    /// The directory of the guard's socket, where the session has a guard.
    pub(super) fn guard_sockets(&self, name: &ContainerName) -> Option<String> {
        let guarded = self.settings.docker.value == DockerMode::Guard;
        let guards = self.facts.guards.as_deref().filter(|_| guarded)?;
        Some(socket_directory(guards, name.as_str()))
    }
}

/// The words after `hal-9000 guard` for the session `name`, which is a container as `spec`; `socket`
/// is where it has to listen.
pub fn guard_words(
    (spec, name, socket): (&ContainerSpec, &str, &str),
    settings: &Settings,
    facts: &Facts,
    place: GuardPlace<'_>,
) -> Vec<String> {
    let mut words = vec![
        format!("--socket={socket}"),
        format!("--engine={}", place.engine.display()),
        format!("--project={}", facts.project.as_str()),
        format!("--seen-as={}", paths::WORKSPACE),
        format!("--session={name}"),
        format!("--state={}", place.state.display()),
        format!("--images={}", place.images.display()),
        format!("--on-exit={}", settings.docker_on_exit.value),
        format!("--publish-on={PUBLISH_ON}"),
        format!("--reserved-image={RESERVED}"),
        format!("--restarts={RESTARTS}"),
        "--until-ended".to_owned(),
    ];
    let registry = settings.registry.as_ref();
    words.extend(registry.map(|it| format!("--reserved-image={}", it.value.prefix())));
    if let Some(limits) = spec.limits {
        words.push(format!("--memory={}", limits.memory));
        words.push(format!("--cpus={}", limits.cpus));
        words.push(format!("--pids={}", limits.pids));
    }
    if settings.docker_builder.value == Builder::Classic {
        words.push("--classic-builder".to_owned());
    }
    let project = |mount: &crate::model::Mount| mount.target == paths::WORKSPACE;
    let mount = spec.mounts.iter().find(|mount| project(mount));
    if mount.is_some_and(|mount| mount.access == crate::model::Access::ReadOnly) {
        words.push("--read-only".to_owned());
    }
    let labels = labels(facts, name);
    words.extend(
        labels
            .iter()
            .map(|(key, value)| format!("--label={key}={value}")),
    );
    words
}

/// By which a person finds what a session has made; nothing is decided by them.
fn labels(facts: &Facts, name: &str) -> Labels {
    [
        (label_keys::MADE_BY, name),
        (label_keys::INSTANCE, facts.instance.label()),
        (label_keys::SCHEMA, "1"),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::session::tests::{facts, settings};
    use crate::plan::{Plan, PlanError, Request, What, plan};

    fn guarded(facts: &Facts, request: &Request) -> Result<Plan, PlanError> {
        let settings = settings(&[("docker.mode", "guard")]);
        plan(request, &settings, facts, "one".parse().unwrap())
    }

    #[test]
    fn where_there_can_be_no_guard_the_engines_own_is_taken_unless_one_was_asked_for() {
        let chosen = |origin| Setting {
            value: DockerMode::Guard,
            origin,
        };
        let flag = Origin::Flag("--docker".to_owned());
        let (docker, podman) = (EngineKind::Docker, EngineKind::Podman { major: 5 });
        for (setting, engine, virtual_machine, value) in [
            (chosen(Origin::BuiltIn), docker, false, DockerMode::Guard),
            (chosen(Origin::BuiltIn), docker, true, DockerMode::Host),
            (chosen(Origin::BuiltIn), podman, false, DockerMode::None),
            (chosen(Origin::BuiltIn), podman, true, DockerMode::None),
            (chosen(flag.clone()), docker, false, DockerMode::Guard),
            // and is refused
            (chosen(flag.clone()), docker, true, DockerMode::Guard),
            (chosen(flag), podman, false, DockerMode::Guard),
        ] {
            let here = docker_here(setting.clone(), engine, virtual_machine);
            assert_eq!(
                here.value, value,
                "{setting:?} {engine:?} {virtual_machine}"
            );
            assert_eq!(here == setting, here.value == DockerMode::Guard);
        }
    }

    #[test]
    fn what_podman_cannot_do_is_refused_or_done_otherwise() {
        let podman = |major| Facts {
            engine: EngineKind::Podman { major },
            ..facts("/home/ann/shop")
        };
        let shell = Request::new(What::Shell(vec![]));
        let refused = guarded(&podman(5), &shell).unwrap_err();
        assert_eq!(refused, PlanError::NotGuarded("Podman"));
        let settings = settings(&[("docker.mode", "host")]);
        let spec = |major| {
            let plan = plan(&shell, &settings, &podman(major), "one".parse().unwrap());
            plan.unwrap().run.spec
        };
        let (old, new) = (spec(4), spec(5));
        assert_eq!(old.lifetime, crate::model::Lifetime::Keep);
        assert_eq!(new.lifetime, crate::model::Lifetime::RemoveOnExit);
        assert_eq!(new.log.driver, "json-file");
        let classic = |variable: &crate::model::EnvVar| variable.name == "DOCKER_BUILDKIT";
        assert!(new.env.iter().any(classic));
    }

    #[test]
    fn a_guarded_session_has_a_directory_of_its_own_and_not_the_engines_socket() {
        let facts = facts("/home/ann/shop");
        let shell = Request::new(What::Shell(vec![]));
        let spec = guarded(&facts, &shell).unwrap().run.spec;
        let sockets = spec.mounts.iter().find(|m| m.target == paths::GUARD);
        let sockets = sockets.unwrap();
        assert_eq!(
            sockets.source,
            format!("{}/one", facts.guards.as_ref().unwrap())
        );
        assert_eq!(sockets.access, crate::model::Access::ReadOnly);
        assert!(spec.mounts.iter().all(|m| m.source != facts.socket));
        let words = spec.command.join(" ");
        assert!(
            words.contains("--socket=/var/run/docker.sock --guard=/run/hal9000/docker/docker.sock")
        );

        // The same session under another name is no other one.
        let settings = settings(&[("docker.mode", "guard")]);
        let other = plan(&shell, &settings, &facts, "two".parse().unwrap()).unwrap();
        let hash = |spec: &ContainerSpec| spec.labels[label_keys::SPEC].clone();
        assert_eq!(hash(&spec), hash(&other.run.spec));

        let nowhere = Facts {
            guards: None,
            ..facts
        };
        assert_eq!(guarded(&nowhere, &shell).unwrap_err(), PlanError::NoGuard);
    }

    #[test]
    fn a_guard_is_told_the_sessions_bounds() {
        let facts = facts("/home/ann/shop");
        let shell = Request::new(What::Shell(vec![]));
        let told = |request: &Request| {
            let spec = guarded(&facts, request).unwrap().run.spec;
            let place = GuardPlace {
                engine: Path::new("/e"),
                state: Path::new("/t"),
                images: Path::new("/i"),
            };
            let settings = settings(&[
                ("docker.on_exit", "keep"),
                ("docker.builder", "classic"),
                ("image.registry", "ghcr.io/acme"),
            ]);
            guard_words((&spec, "n", "/s"), &settings, &facts, place)
        };
        let words = told(&shell);
        for word in [
            "--socket=/s",
            "--project=/home/ann/shop",
            "--session=n",
            "--on-exit=keep",
            "--classic-builder",
            "--reserved-image=hal9000/",
            "--reserved-image=ghcr.io/acme/hal9000-",
            "--memory=4g",
            "--pids=100",
            "--label=hal9000.made-by=n",
        ] {
            assert!(words.contains(&word.to_owned()), "{word}: {words:?}");
        }
        assert!(!words.contains(&"--read-only".to_owned()));
        let bounded = told(&Request {
            read_only: true,
            no_limits: true,
            ..shell
        });
        assert!(bounded.contains(&"--read-only".to_owned()));
        assert!(!bounded.iter().any(|word| word.starts_with("--memory")));
    }
}
