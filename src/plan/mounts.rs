//! What a session sees of the host and of the engine's volumes.

use super::paths;
use super::session::Planner;
use crate::model::{ContainerName, DockerMode, Field, Mount, Origin, user_hash};

impl Planner<'_> {
    pub(super) fn mounts(&mut self, name: &ContainerName, working_dir: &str) -> Vec<Mount> {
        let project = self.facts.project.as_str();
        let (found, why) = if self.request.read_only {
            let flag = Origin::Flag("--read-only".to_owned());
            (flag, "the project, which cannot be changed")
        } else {
            let found = Origin::Found(format!("project directory {project}"));
            (found, "the project")
        };
        let project_mount = |target: &str| {
            let mount = Mount::bind(project, target);
            if self.request.read_only {
                mount.read_only()
            } else {
                mount
            }
        };
        let mut mounts = vec![project_mount(paths::WORKSPACE)];
        let mut reasons = vec![(paths::WORKSPACE.to_owned(), found.clone(), why.to_owned())];
        if working_dir != paths::WORKSPACE {
            mounts.push(project_mount(working_dir));
            let why = "the project at its own path: `docker -v \"$PWD\"` means the same inside";
            reasons.push((working_dir.to_owned(), found, why.to_owned()));
        }
        mounts.push(Mount::volume(&self.facts.runtime_volume, paths::RUNTIME).read_only());
        let version = &self.settings.claude_version;
        let why = format!("Claude {}, the docker client and hal-9000", version.value);
        reasons.push((paths::RUNTIME.to_owned(), version.origin.clone(), why));
        let base = format!("hal9000-claude-home-{}", user_hash(&self.facts.caller.name));
        let home = self.facts.instance.suffixed(&base);
        mounts.push(Mount::volume(home, paths::CLAUDE_STATE));
        let user = Origin::Found(format!("user {}", self.facts.caller.name));
        let why = "Claude's login, settings and history, kept from session to session";
        reasons.push((paths::CLAUDE_STATE.to_owned(), user, why.to_owned()));
        let docker = &self.settings.docker;
        if docker.value == DockerMode::Host {
            mounts.push(Mount::bind(&self.facts.socket, paths::SOCKET));
            let why = "docker inside is the host's engine; whoever can use it is root on the host";
            reasons.push((
                paths::SOCKET.to_owned(),
                docker.origin.clone(),
                why.to_owned(),
            ));
        }
        if let Some(sockets) = self.guard_sockets(name) {
            // A session that could put something else in the socket's place would choose what is
            // mounted where the socket is asked for.
            mounts.push(Mount::bind(sockets, paths::GUARD).read_only());
            let why = "docker inside is a guard's socket, behind which the host cannot be reached";
            reasons.push((
                paths::GUARD.to_owned(),
                docker.origin.clone(),
                why.to_owned(),
            ));
        }
        if let Some(bundle) = &self.settings.ca_bundle {
            let path = bundle.value.to_string_lossy();
            mounts.push(Mount::bind(path, paths::CA_BUNDLE).read_only());
            let why = "certificates that programs in the session trust";
            reasons.push((
                paths::CA_BUNDLE.to_owned(),
                bundle.origin.clone(),
                why.to_owned(),
            ));
        }
        for (name, file) in &self.settings.secrets {
            let target = format!("{}/{name}", paths::SECRETS);
            mounts.push(Mount::bind(file.value.to_string_lossy(), &target).read_only());
            let why = "a secret: its file is read inside and is in no command line";
            reasons.push((target, file.origin.clone(), why.to_owned()));
        }
        for (target, origin, why) in reasons {
            self.reasons.add(Field::Mount(target), &origin, why);
        }
        for volume in &self.request.volumes {
            let flag = Origin::Flag("--volume".to_owned());
            self.reasons
                .add(Field::Volume(volume.target.clone()), &flag, "as asked");
        }
        mounts
    }
}
