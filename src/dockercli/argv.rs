//! A container as docker's command line.

use crate::model::{
    Access, ContainerSpec, DetachKeys, EnvValue, Field, Lifetime, Mount, MountKind, Stdio,
};

/// Words of a command line that belong together, and what decided them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// What decided these words.
    pub field: Field,
    /// The words.
    pub words: Vec<String>,
}

impl Flag {
    fn new<const N: usize>(field: Field, words: [&str; N]) -> Self {
        Self {
            field,
            words: words.map(str::to_owned).to_vec(),
        }
    }
}

/// A `docker run`: the container, and how this client is connected to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The container.
    pub spec: ContainerSpec,
    /// Options of the client, before `run`.
    pub client: Vec<String>,
    /// Keys that detach, where a terminal is connected.
    pub detach_keys: Option<DetachKeys>,
}

/// `docker run …` as groups of words; joined, they are the argv after `docker`.
pub fn run(run: &Run) -> Vec<Flag> {
    let spec = &run.spec;
    let mut flags = vec![Flag {
        field: Field::Client,
        words: run
            .client
            .iter()
            .cloned()
            .chain(["run".to_owned()])
            .collect(),
    }];
    let mut flag = |field, words: [&str; 2]| flags.push(Flag::new(field, words));
    // `--pull never`: images are made or fetched, with progress and reasons, before this runs.
    flag(Field::Pull, ["--pull", "never"]);
    if !spec.attached {
        flags.push(Flag::new(Field::Detach, ["--detach"]));
    }
    match spec.stdio {
        Stdio::Terminal => flags.push(Flag::new(Field::Stdio, ["--interactive", "--tty"])),
        Stdio::Pipe => flags.push(Flag::new(Field::Stdio, ["--interactive"])),
        Stdio::Nothing => {}
    }
    let mut flag = |field, words: [&str; 2]| flags.push(Flag::new(field, words));
    if let Some(keys) = &run.detach_keys {
        flag(Field::DetachKeys, ["--detach-keys", keys.as_str()]);
        // A closed terminal sends the client SIGHUP; proxied, it would end the session (docker
        // 28.2 does so even with a terminal). Keys reach the session as bytes, not as signals.
        flags.push(Flag::new(Field::SignalProxy, ["--sig-proxy=false"]));
    }
    match spec.lifetime {
        Lifetime::RemoveOnExit => flags.push(Flag::new(Field::Lifetime, ["--rm"])),
        Lifetime::Keep => {}
        Lifetime::Restart => {
            flags.push(Flag::new(Field::Lifetime, ["--restart", "always"]));
        }
    }
    if spec.init {
        flags.push(Flag::new(Field::Init, ["--init"]));
    }
    let mut flag = |field, words: [&str; 2]| flags.push(Flag::new(field, words));
    flag(Field::Name, ["--name", spec.name.as_str()]);
    for (key, value) in &spec.labels {
        flag(
            Field::Label(key.clone()),
            ["--label", &format!("{key}={value}")],
        );
    }
    if let Some(limits) = &spec.limits {
        flag(Field::Memory, ["--memory", &limits.memory.to_string()]);
        flag(Field::Cpus, ["--cpus", &limits.cpus.to_string()]);
        flag(Field::Pids, ["--pids-limit", &limits.pids.to_string()]);
    }
    flag(Field::Capabilities, ["--cap-drop", "ALL"]);
    for capability in &spec.hardening.capabilities {
        flag(Field::Capabilities, ["--cap-add", capability]);
    }
    for option in &spec.hardening.security_options {
        flag(Field::Security, ["--security-opt", option]);
    }
    flag(Field::Log, ["--log-driver", spec.log.driver]);
    for (name, value) in spec.log.options {
        flag(Field::Log, ["--log-opt", &format!("{name}={value}")]);
    }
    flag(Field::Network, ["--network", spec.network.as_str()]);
    for port in &spec.publish {
        let port = port.to_string();
        flag(Field::Publish(port.clone()), ["--publish", &port]);
    }
    for mount in &spec.mounts {
        flag(
            Field::Mount(mount.target.clone()),
            ["--mount", &mount_value(mount)],
        );
    }
    for volume in &spec.volumes {
        flag(
            Field::Volume(volume.target.clone()),
            ["--volume", &volume.text()],
        );
    }
    for variable in &spec.env {
        let value = match &variable.value {
            EnvValue::Given(text) => format!("{}={text}", variable.name),
            EnvValue::Inherited(_) => variable.name.clone(),
        };
        flag(Field::Env(variable.name.clone()), ["--env", &value]);
    }
    flag(Field::Workdir, ["--workdir", &spec.working_dir]);
    flag(Field::Entrypoint, ["--entrypoint", &spec.entrypoint]);
    flags.push(Flag::new(Field::Image, [&spec.image]));
    flags.push(Flag {
        field: Field::Command,
        words: spec.command.clone(),
    });
    flags
}

/// `docker attach NAME`: the terminal of a running session.
pub fn attach(client: &[String], keys: &DetachKeys, name: &str) -> Vec<String> {
    let mut words = client.to_vec();
    let attach = [
        "attach",
        "--sig-proxy=false",
        "--detach-keys",
        keys.as_str(),
        name,
    ];
    words.extend(attach.map(str::to_owned));
    words
}

/// `--mount …`
pub fn mount_words(mount: &Mount) -> Vec<String> {
    vec!["--mount".to_owned(), mount_value(mount)]
}

/// `--mount`'s value: CSV (docker `opts/mount.go`), so that any path can be written.
fn mount_value(mount: &Mount) -> String {
    let mut fields = match mount.kind {
        MountKind::Bind => vec!["type=bind".to_owned()],
        MountKind::Volume => vec!["type=volume".to_owned()],
    };
    fields.push(csv_field(&format!("source={}", mount.source)));
    fields.push(csv_field(&format!("target={}", mount.target)));
    if mount.access == Access::ReadOnly {
        fields.push("readonly".to_owned());
    }
    if mount.kind == MountKind::Volume {
        fields.push("volume-nocopy".to_owned());
    }
    fields.join(",")
}

/// A CSV field as Go's `encoding/csv` reads it (RFC 4180).
fn csv_field(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_path_can_be_a_mount() {
        for (path, value) in [
            ("/p/plain", "type=bind,source=/p/plain,target=/workspace"),
            ("/p/a b:c", "type=bind,source=/p/a b:c,target=/workspace"),
            ("/p/a,b", "type=bind,\"source=/p/a,b\",target=/workspace"),
            (
                "/p/a\"b",
                "type=bind,\"source=/p/a\"\"b\",target=/workspace",
            ),
            ("/p/a\nb", "type=bind,\"source=/p/a\nb\",target=/workspace"),
        ] {
            assert_eq!(mount_value(&Mount::bind(path, "/workspace")), value);
        }
    }

    #[test]
    fn volumes_are_never_filled_from_the_image() {
        assert_eq!(
            mount_value(&Mount::volume("v", "/opt/hal9000").read_only()),
            "type=volume,source=v,target=/opt/hal9000,readonly,volume-nocopy"
        );
    }
}
