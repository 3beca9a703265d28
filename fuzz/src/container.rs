//! `create_body`: a body of `POST /containers/create`. No capability that leaves the container reaches
//! the engine, in whatever spelling.

use super::session::{self, CPUS, GROUP, LABEL, MEMORY, NET, OTHER_NET, PIDS, PROJECT, SESSIONS};
use super::session::{SOCKET, Session, WEB};
use super::{go, is_plain};
use hal9000::guard::path;
use hal9000::guard::verdict::{Payload, Pending, Upstream, Verdict};
use hal9000::guard::{decide, json};
use serde_json::Value;

const CONFIG: &[&str] = &[
    "Hostname",
    "Domainname",
    "User",
    "AttachStdin",
    "AttachStdout",
    "AttachStderr",
    "ExposedPorts",
    "Tty",
    "OpenStdin",
    "StdinOnce",
    "Env",
    "Cmd",
    "Healthcheck",
    "Image",
    "Volumes",
    "WorkingDir",
    "Entrypoint",
    "NetworkDisabled",
    "MacAddress",
    "Labels",
    "StopSignal",
    "StopTimeout",
    "Shell",
];

const HOST: &[&str] = &[
    "Mounts",
    "Tmpfs",
    "VolumesFrom",
    "VolumeDriver",
    "NetworkMode",
    "PidMode",
    "IpcMode",
    "CgroupnsMode",
    "CgroupParent",
    "PortBindings",
    "PublishAllPorts",
    "Links",
    "ExtraHosts",
    "Dns",
    "DnsOptions",
    "DnsSearch",
    "CapAdd",
    "CapDrop",
    "SecurityOpt",
    "Sysctls",
    "Runtime",
    "GroupAdd",
    "ReadonlyRootfs",
    "Devices",
    "DeviceRequests",
    "Memory",
    "MemorySwap",
    "NanoCpus",
    "CpuPeriod",
    "CpuQuota",
    "PidsLimit",
    "MemoryReservation",
    "MemorySwappiness",
    "CpuShares",
    "CpusetCpus",
    "CpusetMems",
    "BlkioWeight",
    "ShmSize",
    "Ulimits",
    "StorageOpt",
    "OomScoreAdj",
    "RestartPolicy",
    "AutoRemove",
    "Init",
    "ConsoleSize",
    "LogConfig",
];

/// Refused whatever they say, so they are not sent even empty.
const NEVER: &[&str] = &[
    "Privileged",
    "Binds",
    "DeviceCgroupRules",
    "UTSMode",
    "UsernsMode",
    "Cgroup",
    "Annotations",
    "MaskedPaths",
    "ReadonlyPaths",
    "OomKillDisable",
    "CpuRealtimePeriod",
    "CpuRealtimeRuntime",
    "ContainerIDFile",
    "Capabilities",
    "BlkioWeightDevice",
    "BlkioDeviceReadBps",
    "BlkioDeviceWriteBps",
    "BlkioDeviceReadIOps",
    "BlkioDeviceWriteIOps",
    "Isolation",
];

const CAPABILITIES: &[&str] = &[
    "CHOWN",
    "DAC_OVERRIDE",
    "FSETID",
    "FOWNER",
    "NET_RAW",
    "SETGID",
    "SETUID",
    "SETFCAP",
    "SETPCAP",
    "NET_BIND_SERVICE",
    "SYS_CHROOT",
    "KILL",
    "AUDIT_WRITE",
];

const ULIMITS: &[&str] = &[
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nofile",
    "nproc",
    "rss",
    "rttime",
    "sigpending",
    "stack",
];

const LOG_OPTIONS: &[&str] = &[
    "max-size",
    "max-file",
    "compress",
    "labels",
    "labels-regex",
    "env",
    "env-regex",
    "tag",
    "mode",
    "max-buffer-size",
];

/// A body.
pub fn create_body(data: &[u8]) {
    let target = b"/v1.44/containers/create?name=new";
    let request = path::parse("POST", target, session::speaks()).expect("a create");
    for session in SESSIONS.iter() {
        let sent = match decide(&request, data, &session.bounds()) {
            Ok(Verdict::Create(pending)) => rendered(*pending),
            Ok(other) => panic!("{other:?}"),
            Err(refusal) => {
                is_plain(&refusal);
                continue;
            }
        };
        let text = json_of(&sent);
        created(text, session);
        // What was written is what would be written for it.
        match decide(&request, text.as_bytes(), &session.bounds()) {
            Ok(Verdict::Create(pending)) => assert_eq!(json_of(&rendered(*pending)), text),
            other => panic!("{text} is sent, and not created: {other:?}"),
        }
    }
}

/// With every mount found where it should be.
pub fn rendered(pending: Pending) -> Upstream {
    let places: Vec<_> = pending
        .mounts()
        .iter()
        .map(|mount| session::place(&mount.source))
        .collect();
    pending.render(&places).expect("every mount has a place")
}

/// The body, which reads as it was written.
pub fn json_of(sent: &Upstream) -> &str {
    let Payload::Json(text) = &sent.payload else {
        panic!("{sent:?}");
    };
    let read = json::read(text.as_bytes()).expect("what is sent can be read");
    assert_eq!(&read.to_json(), text);
    text
}

/// What a container may be.
pub fn created(text: &str, session: &Session) {
    let body: Value = serde_json::from_str(text).expect("JSON");
    go::only(
        &body,
        &[CONFIG, &["HostConfig", "NetworkingConfig"]].concat(),
    );
    config(&body);
    let host = go::field(&body, "HostConfig");
    go::only(host, HOST);
    for name in NEVER {
        assert!(go::field(host, name).is_null(), "{name}");
        assert!(go::field(&body, name).is_null(), "{name} at the top");
    }
    for name in ["Devices", "DeviceRequests"] {
        assert!(go::is_nothing(go::field(host, name)), "{name}");
    }
    privileges(host);
    shared(host, session);
    mounts(host);
    resources(host, session);
    ports(host, session);
    let networking = go::field(&body, "NetworkingConfig");
    if !networking.is_null() {
        go::only(networking, &["EndpointsConfig"]);
    }
    for (name, endpoint) in go::entries(networking, "EndpointsConfig") {
        network(name, session);
        self::endpoint(endpoint);
    }
}

/// The part of a container that an image has, too.
pub fn config(body: &Value) {
    assert_eq!(go::field(go::field(body, "Labels"), LABEL.0), LABEL.1);
    let reserved = |(key, _): &(&String, &Value)| key.starts_with("hal9000.");
    assert_eq!(go::entries(body, "Labels").filter(reserved).count(), 1);
    let health = go::field(body, "Healthcheck");
    if !health.is_null() {
        let known = [
            "Test",
            "Interval",
            "Timeout",
            "Retries",
            "StartPeriod",
            "StartInterval",
        ];
        go::only(health, &known);
    }
    for (target, nothing) in go::entries(body, "Volumes") {
        assert!(
            target.starts_with('/') && go::is_nothing(nothing),
            "{target}"
        );
    }
}

fn privileges(host: &Value) {
    let plain = |name: &str| {
        let name = name.to_uppercase();
        name.strip_prefix("CAP_").unwrap_or(&name).to_owned()
    };
    for name in go::texts(host, "CapAdd") {
        assert!(CAPABILITIES.contains(&plain(name).as_str()), "{name}");
    }
    let dropped = go::texts(host, "CapDrop");
    let dropped: Vec<String> = dropped.into_iter().map(plain).collect();
    assert!(
        dropped.iter().any(|name| name == "MKNOD" || name == "ALL"),
        "{dropped:?}"
    );
    for option in go::texts(host, "SecurityOpt") {
        let known = [
            "no-new-privileges",
            "no-new-privileges=true",
            "no-new-privileges:true",
        ];
        assert!(known.contains(&option), "{option}");
    }
    for (name, _) in go::entries(host, "Sysctls") {
        let known = [
            "net.",
            "kernel.shm",
            "kernel.msg",
            "kernel.sem",
            "fs.mqueue.",
        ];
        assert!(
            known.iter().any(|prefix| name.starts_with(prefix)),
            "{name}"
        );
        assert!(!name.contains(['/', ' ']) && !name.contains(".."), "{name}");
    }
    let runtime = go::text(host, "Runtime");
    assert!(
        ["", "runc", "io.containerd.runc.v2"].contains(&runtime),
        "{runtime}"
    );
}

/// Namespaces, networks and what is another container's.
fn shared(host: &Value, session: &Session) {
    let own = format!("container:{WEB}");
    for (name, known) in [
        ("PidMode", &["", "private"][..]),
        ("IpcMode", &["", "none", "private", "shareable"]),
    ] {
        let mode = go::text(host, name);
        assert!(known.contains(&mode) || mode == own, "{name} {mode}");
    }
    assert!(["", "private"].contains(&go::text(host, "CgroupnsMode")));
    let parent = if session.narrow { GROUP } else { "" };
    assert_eq!(go::text(host, "CgroupParent"), parent);
    match go::text(host, "NetworkMode") {
        "" if !session.narrow => {}
        mode if mode == own => {}
        mode => network(mode, session),
    }
    for text in go::texts(host, "VolumesFrom")
        .into_iter()
        .chain(go::texts(host, "Links"))
    {
        assert_eq!(text.split(':').next(), Some(WEB), "{text}");
    }
    assert!(["", "local"].contains(&go::text(host, "VolumeDriver")));
    let log = go::field(host, "LogConfig");
    if !log.is_null() {
        go::only(log, &["Type", "Config"]);
    }
    assert!(["", "json-file", "local", "none"].contains(&go::text(log, "Type")));
    for (name, _) in go::entries(log, "Config") {
        assert!(LOG_OPTIONS.contains(&name.as_str()), "{name}");
    }
}

/// A network by the name that the engine gets.
pub fn network(name: &str, session: &Session) {
    let known = ["default", "bridge", "none", NET];
    let known = known.contains(&name) || session.narrow && name == OTHER_NET;
    assert!(known, "the network {name}");
    assert!(!session.narrow || name != "default", "the network {name}");
}

/// Settings in a network.
pub fn endpoint(endpoint: &Value) {
    let known = ["IPAMConfig", "Links", "MacAddress", "Aliases", "GwPriority"];
    go::only(endpoint, &known);
    let addresses = go::field(endpoint, "IPAMConfig");
    if !addresses.is_null() {
        go::only(addresses, &["IPv4Address", "IPv6Address", "LinkLocalIPs"]);
    }
    for text in go::texts(endpoint, "Links") {
        // as the network's resolver knows it
        assert_eq!(text.split(':').next(), WEB.get(..12), "{text}");
    }
}

fn mounts(host: &Value) {
    for mount in go::list(host, "Mounts") {
        let known = [
            "Type",
            "Source",
            "Target",
            "ReadOnly",
            "BindOptions",
            "VolumeOptions",
        ];
        go::only(
            mount,
            &[&known[..], &["ImageOptions", "TmpfsOptions"]].concat(),
        );
        let (kind, source) = (go::text(mount, "Type"), go::text(mount, "Source"));
        let target = go::text(mount, "Target");
        assert!(
            target.starts_with('/') && is_clean(target) && target != "/",
            "{mount}"
        );
        match kind {
            "bind" => {
                let beneath = source.strip_prefix(PROJECT);
                let beneath = beneath.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
                assert!(source == SOCKET || beneath && is_clean(source), "{mount}");
                let options = go::field(mount, "BindOptions");
                if !options.is_null() {
                    let known = [
                        "NonRecursive",
                        "ReadOnlyNonRecursive",
                        "ReadOnlyForceRecursive",
                    ];
                    go::only(options, &known);
                }
            }
            "volume" => {
                assert!(
                    !source.contains(['/', '\\', '\0']) && !source.starts_with('.'),
                    "{mount}"
                );
                let options = go::field(mount, "VolumeOptions");
                if !options.is_null() {
                    go::only(options, &["NoCopy", "Labels", "Subpath"]);
                }
                let subpath = go::text(options, "Subpath");
                assert!(!subpath.starts_with('/'), "{mount}");
                assert!(!subpath.split('/').any(|part| part == ".."), "{mount}");
            }
            "tmpfs" => assert_eq!(source, ""),
            "image" => {
                let odd = |part: &str| ["", ".", ".."].contains(&part);
                assert!(!source.split('/').any(odd), "{mount}");
            }
            other => panic!("a mount of type {other}"),
        }
        for (name, of) in [
            ("Bind", "bind"),
            ("Volume", "volume"),
            ("Tmpfs", "tmpfs"),
            ("Image", "image"),
        ] {
            let options = go::field(mount, &format!("{name}Options"));
            assert!(of == kind || options.is_null(), "{mount}");
        }
    }
    for (target, _) in go::entries(host, "Tmpfs") {
        assert!(target.starts_with('/'), "{target}");
    }
}

/// As `filepath.Clean` leaves it, of visible characters.
fn is_clean(path: &str) -> bool {
    let odd = |part: &str| ["", ".", ".."].contains(&part);
    !path.contains(char::is_control) && !path.split('/').skip(1).any(odd)
}

fn resources(host: &Value, session: &Session) {
    for ulimit in go::list(host, "Ulimits") {
        assert!(ULIMITS.contains(&go::text(ulimit, "Name")), "{ulimit}");
    }
    for (name, _) in go::entries(host, "StorageOpt") {
        assert_eq!(name, "size");
    }
    let number = |name| go::field(host, name).as_i64().unwrap_or(0);
    assert!(number("OomScoreAdj") >= 0);
    restart(go::field(host, "RestartPolicy"), session);
    if session.narrow {
        assert!((1..=MEMORY).contains(&number("Memory")), "{host}");
        assert!((1..=PIDS).contains(&number("PidsLimit")), "{host}");
        cores(host);
    }
}

/// No more than the session's cores, in either of the engine's units.
pub fn cores(host: &Value) {
    let number = |name| go::field(host, name).as_i64().unwrap_or(0);
    let (nano, quota, period) = (number("NanoCpus"), number("CpuQuota"), number("CpuPeriod"));
    let period = if period == 0 { 100_000 } else { period };
    let by_quota = i128::from(quota) * 1_000_000_000 <= i128::from(CPUS) * i128::from(period);
    assert!(
        (1..=CPUS).contains(&nano) || quota > 0 && by_quota,
        "{host}"
    );
}

/// What would start again for ever is not sent.
pub fn restart(policy: &Value, session: &Session) {
    let most = i64::from(session.policy.restarts);
    let count = go::field(policy, "MaximumRetryCount").as_i64().unwrap_or(0);
    match go::text(policy, "Name") {
        "" | "no" => {}
        "on-failure" => assert!((1..=most).contains(&count), "{policy}"),
        other => panic!("restarts `{other}`"),
    }
}

fn ports(host: &Value, session: &Session) {
    if !session.narrow {
        return;
    }
    assert!(go::is_nothing(go::field(host, "PublishAllPorts")));
    for (port, bindings) in go::entries(host, "PortBindings") {
        // docker publishes a port without a binding on all addresses
        let bindings = bindings.as_array().into_iter().flatten();
        for binding in bindings {
            assert_eq!(go::text(binding, "HostIp"), "127.0.0.1", "{port}");
            let bound = go::text(binding, "HostPort");
            let first = bound.split('-').next().unwrap_or_default();
            let first: u16 = first.parse().unwrap_or(0);
            assert!(first == 0 || first >= 1024, "{port} is bound to {bound}");
        }
    }
}
