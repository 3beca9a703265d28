//! The plan of one session: request, settings and facts in; one container, the reasons for every
//! part of it, and remarks for the user out.

use super::{Facts, Note, Reasons, Request, What, detach_keys, paths, place};
use crate::dockercli::{self, Run};
use crate::model::{
    ContainerName, ContainerSpec, DockerMode, Field, Hardening, Identity, Labels, Lifetime, Limits,
    Log, Mount, Origin, Settings, Stdio, UserVolume, WorkdirMode, label_keys, user_hash,
};
use crate::vars;
use sha2::{Digest, Sha256};
use std::path::Path;

/// The user's name in every session.
const USER: &str = "claude";

/// What will be run, why, and what to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The `docker run`.
    pub run: Run,
    /// Why each part is as it is.
    pub reasons: Reasons,
    /// What to tell the user.
    pub notes: Vec<Note>,
}

/// Why no session can be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Ports need a network of the session's own.
    #[error("ports cannot be published with `--network {0}`")]
    NothingToPublishOn(String),
    /// Ports, in a network namespace that belongs to the parent.
    #[error("ports cannot be published by a session in the parent's network")]
    ParentsPorts,
    /// The guard's socket cannot be had in a container.
    #[error(
        "docker cannot be guarded on an engine in a virtual machine: no socket of this machine can be had there"
    )]
    NoGuard,
    /// Nobody has shown that a guard holds there.
    #[error("docker cannot be guarded on {0}: a guard is not shown to hold there")]
    NotGuarded(&'static str),
    /// Two mounts at one place.
    #[error("`--volume` at `{0}` would hide what the session needs there")]
    TargetTaken(String),
}

/// Make the plan of a session called `name`.
pub fn plan(
    request: &Request,
    settings: &Settings,
    facts: &Facts,
    name: ContainerName,
) -> Result<Plan, PlanError> {
    let mut planner = Planner {
        request,
        settings,
        facts,
        reasons: Reasons::default(),
        notes: Vec::new(),
    };
    let spec = planner.spec(name)?;
    let terminal = spec.stdio == Stdio::Terminal && spec.attached;
    let claude = matches!(request.what, What::Claude(_));
    let (environment, answers) = (&facts.caller.environment, facts.terminal.as_ref());
    let detach_keys = terminal.then(|| detach_keys(settings, claude, environment, answers));
    planner.explain_client(&spec);
    Ok(Plan {
        run: Run {
            spec,
            client: facts.client.clone(),
            detach_keys,
        },
        reasons: planner.reasons,
        notes: planner.notes,
    })
}

/// A plan in the making.
pub(super) struct Planner<'a> {
    pub(super) request: &'a Request,
    pub(super) settings: &'a Settings,
    pub(super) facts: &'a Facts,
    pub(super) reasons: Reasons,
    pub(super) notes: Vec<Note>,
}

impl Planner<'_> {
    fn spec(&mut self, name: ContainerName) -> Result<ContainerSpec, PlanError> {
        let guarded = self.settings.docker.value == DockerMode::Guard;
        if guarded && !self.facts.engine.can_be_guarded() {
            return Err(PlanError::NotGuarded(self.facts.engine.name()));
        }
        if guarded && self.facts.guards.is_none() {
            return Err(PlanError::NoGuard);
        }
        let identity = self.identity();
        let working_dir = self.working_dir();
        let network = self.network()?;
        let stdio = if self.request.detach || self.facts.caller.terminal {
            Stdio::Terminal
        } else {
            Stdio::Pipe
        };
        let mut spec = ContainerSpec {
            image: self.facts.image.reference.clone(),
            entrypoint: paths::ENTRYPOINT.to_owned(),
            command: self.command(identity, stdio),
            env: self.environment(&name, stdio),
            labels: self.labels(),
            mounts: self.mounts(&name, &working_dir),
            volumes: self.request.volumes.clone(),
            limits: self.limits(),
            hardening: self.hardening(),
            log: self.log(),
            publish: self.request.publish.clone(),
            stdio,
            attached: !self.request.detach,
            // What forgets the status that we have to end with is removed by us.
            lifetime: if self.request.detach || self.facts.engine.forgets_status() {
                Lifetime::Keep
            } else {
                Lifetime::RemoveOnExit
            },
            init: true,
            name,
            working_dir,
            network,
        };
        // As the engine reads them: `/workspace/` and `//workspace` are `/workspace`.
        let taken = |target: &Path| {
            let mine = |mount: &Mount| Path::new(&mount.target) == target;
            let socket = guarded && target == Path::new(paths::SOCKET);
            spec.mounts.iter().any(mine) || target.starts_with(paths::RUNTIME) || socket
        };
        let target = |volume: &UserVolume| taken(Path::new(&volume.target));
        if let Some(volume) = spec.volumes.iter().find(|volume| target(volume)) {
            return Err(PlanError::TargetTaken(volume.target.clone()));
        }
        let hash = spec_hash(&spec);
        spec.labels.insert(label_keys::SPEC.to_owned(), hash);
        Ok(spec)
    }

    /// The caller's uid and gid; for root the project's owner, so that `sudo` in a user's project
    /// leaves files that the user owns; root of the container where the engine is rootless, since
    /// that is the host's user there (docker docs, "Rootless mode").
    fn identity(&mut self) -> Identity {
        let root = Identity { uid: 0, gid: 0 };
        if self.facts.rootless {
            return root;
        }
        let caller = self.facts.caller.identity;
        if caller.uid != 0 {
            return caller;
        }
        if self.facts.project_owner.uid == 0 {
            self.notes.push(Note::RunsAsRoot);
        }
        self.facts.project_owner
    }

    fn working_dir(&mut self) -> String {
        let project = self.facts.project.as_str();
        let mode = &self.settings.workdir;
        let own = [
            paths::WORKSPACE,
            paths::RUNTIME,
            paths::HOME,
            paths::SECRETS,
        ];
        let (path, why, origin) = if mode.value == WorkdirMode::Workspace {
            (paths::WORKSPACE, "as asked", mode.origin.clone())
        } else if place::host_path_usable(project, &own) {
            let why = "the project's own path, so that paths mean the same inside and outside";
            (project, why, mode.origin.clone())
        } else {
            self.notes.push(Note::HostPathReserved(project.to_owned()));
            let found = Origin::Found(format!(
                "{project} is a directory that images fill themselves"
            ));
            (
                paths::WORKSPACE,
                "the project's own path cannot be used inside",
                found,
            )
        };
        self.reasons.add(Field::Workdir, &origin, why);
        path.to_owned()
    }

    fn labels(&mut self) -> Labels {
        let profile = self.facts.image.profile.clone().unwrap_or_default();
        let user = user_hash(&self.facts.caller.name);
        let via = self.parent().map(ToString::to_string);
        let labels: Labels = [
            (label_keys::SESSION, "true"),
            (label_keys::ROLE, "session"),
            (label_keys::PROJECT, self.facts.project.as_str()),
            (label_keys::PROFILE, &profile),
            (label_keys::USER, &user),
            (label_keys::INSTANCE, self.facts.instance.label()),
            (label_keys::SCHEMA, "1"),
            (label_keys::COMMAND, self.request.what.kind()),
        ]
        .into_iter()
        .chain(via.iter().map(|via| (label_keys::VIA, via.as_str())))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
        for key in labels.keys().map(String::as_str).chain([label_keys::SPEC]) {
            let field = Field::Label(key.to_owned());
            self.reasons.add(
                field,
                &Origin::BuiltIn,
                "by which the session is found again",
            );
        }
        labels
    }

    fn limits(&mut self) -> Option<Limits> {
        if self.request.no_limits {
            return None;
        }
        let settings = self.settings;
        let why = "the session cannot starve the machine";
        self.reasons
            .add(Field::Memory, &settings.memory.origin, why);
        self.reasons.add(Field::Cpus, &settings.cpus.origin, why);
        self.reasons.add(Field::Pids, &settings.pids.origin, why);
        Some(Limits {
            memory: settings.memory.value,
            cpus: settings.cpus.value,
            pids: settings.pids.value,
        })
    }

    /// What the entrypoint needs before it gives everything up: to own the home directory, to
    /// become the user, and to empty its own bounding set; and what the engine's init keeps: to
    /// pass signals on to a user that is not its own (without KILL, tini dies of `docker stop`).
    fn hardening(&mut self) -> Hardening {
        let why =
            "the entrypoint becomes the user with these and gives them up; init passes signals on";
        self.reasons.add(Field::Capabilities, &Origin::BuiltIn, why);
        let why = "no program in the session can gain privileges";
        self.reasons.add(Field::Security, &Origin::BuiltIn, why);
        Hardening {
            capabilities: vec![
                "CAP_CHOWN",
                "CAP_KILL",
                "CAP_SETGID",
                "CAP_SETPCAP",
                "CAP_SETUID",
            ],
            security_options: vec!["no-new-privileges"],
        }
    }

    fn log(&mut self) -> Log {
        let why = "`logs` shows the last of it, and it cannot fill the disk";
        self.reasons.add(Field::Log, &Origin::BuiltIn, why);
        self.facts.engine.log()
    }

    fn command(&mut self, identity: Identity, stdio: Stdio) -> Vec<String> {
        let what = &self.request.what;
        // A shell controls its jobs itself, and a pipe has no Ctrl-Z.
        let supervise = matches!(what, What::Claude(_)) && stdio == Stdio::Terminal;
        let why = if supervise {
            "becomes the user below, checks the docker socket, starts the command and wakes it after Ctrl-Z"
        } else {
            "becomes the user below, checks the docker socket, and is replaced by the command"
        };
        self.reasons.add(Field::Command, &Origin::BuiltIn, why);
        let mut words = vec![
            "entrypoint".to_owned(),
            format!("--user={USER}"),
            format!("--uid={}", identity.uid),
            format!("--gid={}", identity.gid),
            format!("--home={}", paths::HOME),
        ];
        match self.settings.docker.value {
            DockerMode::Guard => words.extend([
                format!("--socket={}", paths::SOCKET),
                format!("--guard={}", paths::GUARD_SOCKET),
            ]),
            DockerMode::Host => words.push(format!("--socket={}", paths::SOCKET)),
            DockerMode::None => {}
        }
        if supervise {
            words.push("--supervise".to_owned());
        }
        words.push("--".to_owned());
        words.extend(what.words());
        words
    }

    fn explain_client(&mut self, spec: &ContainerSpec) {
        let built_in = Origin::BuiltIn;
        let flag = |name: &str| Origin::Flag(name.to_owned());
        let terminal = match spec.stdio {
            Stdio::Terminal => "the session has a terminal",
            Stdio::Pipe | Stdio::Nothing => {
                "no terminal here: standard input is handed on byte for byte"
            }
        };
        let found = Origin::Found("standard input and output".to_owned());
        let (name_origin, name_why) = match self.request.name {
            Some(_) => (flag("--name"), "as asked"),
            None => (
                built_in.clone(),
                "the project's name and a hash of its path",
            ),
        };
        let keys = &self.settings.detach_keys.origin;
        let engine = match self.facts.client.first() {
            Some(option) => flag(option),
            None => Origin::Found("the engine that docker itself would use".to_owned()),
        };
        let image = self.facts.image.origin.clone();
        let rows: [(Field, &Origin, &str); 11] = [
            (
                Field::Client,
                &engine,
                "the real docker client has the terminal",
            ),
            (
                Field::Pull,
                &built_in,
                "the image was made or fetched before",
            ),
            (Field::Detach, &flag("--detach"), "as asked"),
            (Field::Stdio, &found, terminal),
            (
                Field::DetachKeys,
                keys,
                "keys that neither Claude nor a shell uses",
            ),
            (
                Field::SignalProxy,
                &built_in,
                "a closed terminal leaves the session running",
            ),
            (
                Field::Lifetime,
                &built_in,
                "nothing is left when the session ends",
            ),
            (
                Field::Init,
                &built_in,
                "reaps processes and passes signals on",
            ),
            (Field::Name, &name_origin, name_why),
            (
                Field::Entrypoint,
                &built_in,
                "hal-9000 itself, from its volume",
            ),
            (Field::Image, &image, "the tools of the session"),
        ];
        for (field, origin, why) in rows {
            self.reasons.add(field, origin, why);
        }
    }
}

/// `hal9000.spec`: a hash of everything that makes the container what it is, but its name, and what
/// is called after it.
pub(super) fn spec_hash(spec: &ContainerSpec) -> String {
    use std::fmt::Write as _;
    let run = Run {
        spec: spec.clone(),
        client: Vec::new(),
        detach_keys: None,
    };
    let mut hasher = Sha256::new();
    let own = [
        Field::Name,
        Field::Env(vars::SESSION.to_owned()),
        Field::Mount(paths::GUARD.to_owned()),
    ];
    for flag in dockercli::run(&run)
        .iter()
        .filter(|flag| !own.contains(&flag.field))
    {
        for word in &flag.words {
            hasher.update(word.as_bytes());
            hasher.update([0]);
        }
    }
    hasher
        .finalize()
        .iter()
        .take(8)
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
#[path = "session_tests.rs"]
pub(super) mod tests;
