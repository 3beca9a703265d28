//! The parent: the one container beside the sessions, described as they are.

use super::session::spec_hash;
use super::{cpus_here, paths};
use crate::model::{
    ContainerName, ContainerSpec, EngineKind, Hardening, Identity, Instance, Invalid, Labels,
    Lifetime, Limits, Mount, Network, Publish, Setting, Stdio, label_keys, user_hash,
};

/// The port at which ChromaDB answers in the parent's network namespace, and so in every worker.
pub const CHROMA_PORT: u16 = 8000;

/// The value of the label `hal9000.role`.
pub const ROLE: &str = "parent";

/// What the parent is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParentFacts {
    /// The instance.
    pub instance: Instance,
    /// The user's name.
    pub user: String,
    /// The user who may talk to the coordinator, as the container sees that user.
    pub identity: Identity,
    /// The image, by reference.
    pub image: String,
    /// Which engine it is.
    pub engine: EngineKind,
    /// The engine's socket as a path on the engine's machine.
    pub socket: String,
    /// The host's directory for the coordinator's socket; none where it cannot be mounted.
    pub run: Option<String>,
    /// The host's directory of the guards' socket directories, likewise.
    pub guards: Option<String>,
    /// How many processors the engine has, where that is known.
    pub processors: Option<u32>,
}

/// The parent's name.
pub fn name(instance: &Instance) -> Result<ContainerName, Invalid> {
    instance.suffixed("hal9000-parent").parse()
}

/// The volumes, by what they hold, in the order of the mounts.
pub fn volumes(instance: &Instance) -> [(&'static str, String, &'static str); 3] {
    [
        ("chromadb", "hal9000-chromadb", paths::CHROMA_DATA),
        ("memory-bank", "hal9000-memory-bank", paths::MEMORY_BANK),
        ("state", "hal9000-parent-state", paths::PARENT_STATE),
    ]
    .map(|(what, base, target)| (what, instance.suffixed(base), target))
}

/// The labels by which the parent of a user is found.
pub fn labels(facts: &ParentFacts) -> Labels {
    [
        (label_keys::ROLE, ROLE),
        (label_keys::USER, &user_hash(&facts.user)),
        (label_keys::INSTANCE, facts.instance.label()),
        (label_keys::SCHEMA, "1"),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .collect()
}

/// The container. The port of the host is not part of what it is: a parent at another port, since
/// one was taken, is no other one.
pub fn parent(facts: &ParentFacts) -> Result<ContainerSpec, Invalid> {
    let mut mounts = vec![Mount::bind(&facts.socket, paths::SOCKET)];
    if let Some(run) = &facts.run {
        mounts.push(Mount::bind(run, paths::PARENT_RUN));
    }
    if let Some(guards) = &facts.guards {
        mounts.push(Mount::bind(guards, paths::PARENT_GUARDS));
    }
    for (_, volume, target) in volumes(&facts.instance) {
        mounts.push(Mount::volume(volume, target));
    }
    let name = name(&facts.instance)?;
    let command = [
        "coordinator".to_owned(),
        format!("--name={name}"),
        format!("--user={}", user_hash(&facts.user)),
        format!("--instance={}", facts.instance.label()),
        format!("--uid={}", facts.identity.uid),
        format!("--gid={}", facts.identity.gid),
    ];
    let mut spec = ContainerSpec {
        name,
        image: facts.image.clone(),
        entrypoint: paths::COORDINATOR.to_owned(),
        command: command.to_vec(),
        working_dir: "/".to_owned(),
        env: Vec::new(),
        labels: labels(facts),
        mounts,
        volumes: Vec::new(),
        limits: Some(Limits {
            memory: "4g".parse()?,
            cpus: cpus_here(Setting::built_in("2".parse()?), facts.processors).value,
            pids: "500".parse()?,
        }),
        // To own ChromaDB's directory, to start ChromaDB as its own user, and to end it.
        hardening: Hardening {
            capabilities: vec!["CAP_CHOWN", "CAP_KILL", "CAP_SETGID", "CAP_SETUID"],
            security_options: vec!["no-new-privileges"],
        },
        log: facts.engine.log(),
        network: Network::bridge(),
        publish: Vec::new(),
        stdio: Stdio::Nothing,
        attached: false,
        lifetime: Lifetime::Restart,
        // The coordinator is the init: it reaps, and it is what a signal is for.
        init: false,
    };
    // Nor is the directory of the socket, which another login of the same user may have elsewhere.
    let mut same = spec.clone();
    same.mounts
        .retain(|mount| mount.target != paths::PARENT_RUN);
    let hash = spec_hash(&same);
    spec.labels.insert(label_keys::SPEC.to_owned(), hash);
    Ok(spec)
}

/// The container, with ChromaDB at `port` of the host, for this machine alone.
pub fn at_port(parent: &ContainerSpec, port: u16) -> ContainerSpec {
    ContainerSpec {
        publish: vec![Publish {
            host_ip: "127.0.0.1".to_owned(),
            host_port: port.to_string(),
            container_port: CHROMA_PORT,
            protocol: "tcp".to_owned(),
        }],
        ..parent.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dockercli::{self, Run};

    fn facts(instance: &str) -> ParentFacts {
        ParentFacts {
            processors: None,
            instance: instance.parse().unwrap(),
            user: "ann".to_owned(),
            identity: Identity {
                uid: 1000,
                gid: 1001,
            },
            image: "hal9000/parent:1".to_owned(),
            engine: EngineKind::Docker,
            socket: "/var/run/docker.sock".to_owned(),
            run: Some("/run/user/1000/hal-9000/hal9000-parent".to_owned()),
            guards: Some("/home/ann/.local/state/hal-9000/docker".to_owned()),
        }
    }

    #[test]
    fn the_parent_is_the_contracts() {
        let spec = at_port(&parent(&facts("")).unwrap(), 8000);
        let run = Run {
            spec,
            client: Vec::new(),
            detach_keys: None,
        };
        let flags = dockercli::run(&run);
        let words: Vec<String> = flags.into_iter().flat_map(|flag| flag.words).collect();
        let text = words.join(" ");
        for part in [
            "--detach ",
            "--restart always",
            "--name hal9000-parent ",
            "--label hal9000.role=parent",
            "--label hal9000.instance=default",
            "--memory 4g --cpus 2",
            "--cap-drop ALL",
            "--security-opt no-new-privileges",
            "--publish 127.0.0.1:8000:8000/tcp",
            "source=hal9000-chromadb,target=/var/lib/hal9000/chromadb",
            "source=hal9000-memory-bank,",
            "target=/var/run/docker.sock",
            "--entrypoint /usr/local/bin/hal-9000 hal9000/parent:1 coordinator --name=hal9000-parent",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        for absent in ["--init", "--interactive", "--rm", "hal9000.session"] {
            assert!(!text.contains(absent), "{absent} is in {text}");
        }
    }

    #[test]
    fn instances_share_nothing() {
        let (a, b) = (parent(&facts("a")).unwrap(), parent(&facts("")).unwrap());
        assert_eq!(a.name.as_str(), "hal9000-parent-a");
        let volumes = |spec: &ContainerSpec| {
            let named = spec.mounts.iter().filter(|m| !m.source.starts_with('/'));
            named.map(|mount| mount.source.clone()).collect::<Vec<_>>()
        };
        assert!(volumes(&a).iter().all(|name| name.ends_with("-a")));
        assert!(volumes(&b).iter().all(|name| !volumes(&a).contains(name)));
    }

    #[test]
    fn another_port_is_the_same_parent_and_another_image_is_not() {
        let spec = |image: &str, port| {
            let facts = ParentFacts {
                image: image.to_owned(),
                ..facts("")
            };
            at_port(&parent(&facts).unwrap(), port).labels[label_keys::SPEC].clone()
        };
        assert_eq!(spec("a", 1), spec("a", 2));
        assert_ne!(spec("a", 1), spec("b", 1));
        let elsewhere = ParentFacts {
            run: None,
            image: "a".to_owned(),
            ..facts("")
        };
        assert_eq!(
            parent(&elsewhere).unwrap().labels[label_keys::SPEC],
            spec("a", 1)
        );
    }
}
