//! A container as the body of the engine's `POST /containers/create`.

use crate::model::{Access, ContainerSpec, Lifetime, MountKind, Stdio, label_keys};
use crate::vars;
use bollard::models::{
    ContainerCreateBody, HostConfig, HostConfigLogConfig, Mount, MountType, MountVolumeOptions,
    MountVolumeOptionsDriverConfig, NetworkingConfig, PortBinding, RestartPolicy,
    RestartPolicyNameEnum,
};
use std::collections::HashMap;

/// What is sent to create a container.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateRequest {
    /// The query parameter `name`.
    pub name: String,
    /// The body.
    pub body: ContainerCreateBody,
}

/// The request that makes the same container as `docker run` with [`super::run`]'s flags. Fields
/// that docker's client always sends are set as it sends them.
pub fn create_request(spec: &ContainerSpec) -> CreateRequest {
    let terminal = spec.stdio == Stdio::Terminal;
    let input = spec.stdio != Stdio::Nothing;
    let env = spec
        .env
        .iter()
        .map(|v| format!("{}={}", v.name, v.text()))
        .collect();
    let exposed: Vec<String> = spec
        .publish
        .iter()
        .map(|port| format!("{}/{}", port.container_port, port.protocol))
        .collect();
    CreateRequest {
        name: spec.name.as_str().to_owned(),
        body: ContainerCreateBody {
            image: Some(spec.image.clone()),
            entrypoint: Some(vec![spec.entrypoint.clone()]),
            cmd: Some(spec.command.clone()),
            working_dir: Some(spec.working_dir.clone()),
            env: Some(env),
            labels: Some(spec.labels.clone().into_iter().collect()),
            tty: Some(terminal),
            open_stdin: Some(input),
            stdin_once: Some(spec.attached && input),
            attach_stdin: Some(spec.attached && input),
            attach_stdout: Some(spec.attached),
            attach_stderr: Some(spec.attached),
            exposed_ports: (!exposed.is_empty()).then_some(exposed),
            host_config: Some(host_config(spec)),
            networking_config: Some(NetworkingConfig {
                endpoints_config: Some(HashMap::new()),
            }),
            ..ContainerCreateBody::default()
        },
    }
}

/// The request that makes a spare called `name`, from the body that was made on the host for the
/// session that it may become: only its name is put in.
///
/// `guard` is where a session has the directory of its guard's socket, which is called after it, too.
pub fn spare_request(
    body: &serde_json::Value,
    name: &str,
    guard: &str,
) -> Result<CreateRequest, String> {
    let body = serde_json::from_value::<ContainerCreateBody>(body.clone());
    let mut body = body.map_err(|error| format!("its description is not understood: {error}"))?;
    let session = format!("{}=", vars::SESSION);
    for variable in body.env.iter_mut().flatten() {
        if variable.starts_with(&session) {
            *variable = format!("{session}{name}");
        }
    }
    let host = body.host_config.as_mut();
    for mount in host
        .and_then(|host| host.mounts.as_mut())
        .into_iter()
        .flatten()
    {
        if let Some(source) = mount.source.as_mut()
            && mount.target.as_deref() == Some(guard)
        {
            // Its directory, which was made on the host, and a name in it.
            let above = source.rsplit_once('/').map_or("", |(above, _)| above);
            *source = format!("{above}/{name}");
        }
    }
    let labels = body.labels.get_or_insert_default();
    labels.insert(label_keys::SPARE.to_owned(), name.to_owned());
    Ok(CreateRequest {
        name: name.to_owned(),
        body,
    })
}

fn host_config(spec: &ContainerSpec) -> HostConfig {
    let strings = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let binds: Vec<String> = spec
        .volumes
        .iter()
        .map(crate::model::UserVolume::text)
        .collect();
    HostConfig {
        memory: spec
            .limits
            .map(|limits| limits.memory.bytes().cast_signed()),
        nano_cpus: spec.limits.map(|limits| limits.cpus.nano()),
        pids_limit: spec.limits.map(|limits| limits.pids.count()),
        cap_drop: Some(vec!["ALL".to_owned()]),
        cap_add: Some(strings(&spec.hardening.capabilities)),
        security_opt: Some(strings(&spec.hardening.security_options)),
        log_config: Some(HostConfigLogConfig {
            typ: Some(spec.log.driver.to_owned()),
            config: Some(
                spec.log
                    .options
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
            ),
        }),
        network_mode: Some(spec.network.as_str().to_owned()),
        port_bindings: Some(port_bindings(spec)),
        mounts: Some(spec.mounts.iter().map(mount).collect()),
        binds: (!binds.is_empty()).then_some(binds),
        devices: Some(Vec::new()),
        dns: Some(Vec::new()),
        dns_options: Some(Vec::new()),
        dns_search: Some(Vec::new()),
        blkio_weight_device: Some(Vec::new()),
        init: spec.init.then_some(true),
        auto_remove: Some(spec.lifetime == Lifetime::RemoveOnExit),
        restart_policy: Some(RestartPolicy {
            name: Some(match spec.lifetime {
                Lifetime::Restart => RestartPolicyNameEnum::ALWAYS,
                Lifetime::RemoveOnExit | Lifetime::Keep => RestartPolicyNameEnum::NO,
            }),
            maximum_retry_count: Some(0),
        }),
        ..HostConfig::default()
    }
}

fn port_bindings(spec: &ContainerSpec) -> HashMap<String, Option<Vec<PortBinding>>> {
    let mut bindings: HashMap<String, Option<Vec<PortBinding>>> = HashMap::new();
    for port in &spec.publish {
        let key = format!("{}/{}", port.container_port, port.protocol);
        let binding = PortBinding {
            host_ip: Some(port.host_ip.clone()),
            host_port: Some(port.host_port.clone()),
        };
        bindings
            .entry(key)
            .or_default()
            .get_or_insert_default()
            .push(binding);
    }
    bindings
}

fn mount(mount: &crate::model::Mount) -> Mount {
    let volume = mount.kind == MountKind::Volume;
    Mount {
        target: Some(mount.target.clone()),
        source: Some(mount.source.clone()),
        typ: Some(if volume {
            MountType::VOLUME
        } else {
            MountType::BIND
        }),
        // docker's client leaves the field out unless `readonly` was written
        read_only: (mount.access == Access::ReadOnly).then_some(true),
        volume_options: volume.then(|| MountVolumeOptions {
            no_copy: Some(true),
            driver_config: Some(MountVolumeOptionsDriverConfig::default()),
            ..MountVolumeOptions::default()
        }),
        ..Mount::default()
    }
}
