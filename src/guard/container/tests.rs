use super::*;
use crate::guard::bind::{Mapping, Place, Source};
use crate::guard::json::{self, Value};
use crate::guard::ownership::{Kind, Owned, Record};
use crate::guard::{Bounds, Policy, Refusal};
use crate::model::Limits;
use proptest::prelude::*;

mod limits;
mod oracle;
mod refused;

const WEB: &str = "aa11000000000000000000000000000000000000000000000000000000000000";
const NET: &str = "bb22000000000000000000000000000000000000000000000000000000000000";
const PROJECT: &str = "/home/me/project";
const SOCKET: &str = "/run/user/1000/hal/guard.sock";

struct Session {
    policy: Policy,
    owned: Owned,
    mapping: Mapping,
}

impl Session {
    fn new() -> Self {
        let mut owned = Owned::default();
        for (kind, id, name) in [
            (Kind::Container, WEB, "web"),
            (Kind::Network, NET, "n1"),
            (Kind::Volume, "vol", "vol"),
        ] {
            let (id, name, of) = (id.to_owned(), Some(name.to_owned()), None);
            owned.apply(&Record::Made { kind, id, name, of });
        }
        let labels = [("hal9000.guard".to_owned(), "s1".to_owned())];
        Self {
            policy: Policy {
                labels: labels.into(),
                restarts: 5,
                ..Policy::default()
            },
            owned,
            mapping: Mapping::new(PROJECT, &["/workspace"], SOCKET).unwrap(),
        }
    }

    fn limited(memory: &str, cpus: &str, pids: &str) -> Self {
        let mut session = Self::new();
        session.policy.limits = Some(Limits {
            memory: memory.parse().unwrap(),
            cpus: cpus.parse().unwrap(),
            pids: pids.parse().unwrap(),
        });
        session
    }

    fn bounds(&self) -> Bounds<'_> {
        Bounds {
            policy: &self.policy,
            owned: &self.owned,
            mapping: &self.mapping,
            host_networks: &[],
            itself: None,
        }
    }

    fn create(&self, text: &str) -> Result<Create, Refusal> {
        read(json::read(text.as_bytes())?, &self.bounds())
    }

    fn update(&self, text: &str) -> Value {
        let model = update(json::read(text.as_bytes()).unwrap(), &self.bounds()).unwrap();
        Value::Map(model.body)
    }

    /// The body as the engine would get it, with every place found where it should be.
    fn sent(&self, text: &str) -> Result<Value, Refusal> {
        let create = self.create(text)?;
        let places: Vec<_> = create
            .mounts
            .iter()
            .map(|mount| place(&mount.source))
            .collect();
        create.render(&places)
    }
}

fn place(source: &Source) -> Option<Place> {
    Some(Place::Host(match source {
        Source::Project => PROJECT.to_owned(),
        Source::Beneath(path) => format!("{PROJECT}/{path}"),
        Source::GuardSocket => SOCKET.to_owned(),
        _ => return None,
    }))
}

fn host(fields: &str) -> String {
    format!(r#"{{"Image":"alpine","HostConfig":{{{fields}}}}}"#)
}

/// What the real client sends (docker 28.2.2, captured): accepted, and sent in full.
#[test]
fn the_docker_clients_own_body_passes() {
    let session = Session::new();
    let text = include_str!("tests/docker_run.json");
    let create = session.create(text).unwrap();
    let targets: Vec<_> = create
        .mounts
        .iter()
        .map(|mount| mount.target.as_str())
        .collect();
    assert_eq!(targets, ["/b", "/c", "/q", "/v2", "/t2"]);
    assert_eq!((create.image(), create.auto_remove()), ("alpine", true));
    let changed: Vec<_> = create
        .changes
        .iter()
        .map(|change| change.field.as_str())
        .collect();
    assert_eq!(
        changed,
        [
            "Labels",
            "HostConfig.Mounts[1].VolumeOptions.Labels",
            "HostConfig.CapDrop"
        ]
    );
    let sent = session.sent(text).unwrap();
    let host = sent.get("HostConfig");
    assert_eq!(host.get("NetworkMode").as_text(), NET);
    assert!(
        sent.get("NetworkingConfig")
            .get("EndpointsConfig")
            .get(NET)
            .get("Aliases")
            .as_list()
            .len()
            == 1
    );
    assert_eq!(*host.get("Binds"), Value::Null);
    assert_eq!(
        host.get("Mounts").to_json(),
        concat!(
            r#"[{"ReadOnly":true,"Source":"/home/me/project/a","Target":"/b","Type":"bind"},"#,
            r#"{"Source":"vol","Target":"/c","Type":"volume"},"#,
            r#"{"ReadOnly":true,"Source":"/home/me/project","Target":"/q","Type":"bind"},"#,
            r#"{"Source":"v2","Target":"/v2","Type":"volume","VolumeOptions":{"Labels":{"hal9000.guard":"s1"},"NoCopy":true}},"#,
            r#"{"Target":"/t2","TmpfsOptions":{"SizeBytes":1000000},"Type":"tmpfs"}]"#
        )
    );
    assert_eq!(
        sent.get("Labels").to_json(),
        r#"{"hal9000.guard":"s1","x":"y"}"#
    );
}

#[test]
fn the_canonical_body_is_accepted_again_as_itself() {
    for session in [Session::new(), Session::limited("2g", "1.5", "100")] {
        let once = session.sent(include_str!("tests/docker_run.json")).unwrap();
        let again = session.create(&once.to_json()).unwrap();
        assert_eq!(again.changes, [], "nothing is left to change");
        assert_eq!(session.sent(&once.to_json()).unwrap(), once);
    }
}

/// docker-py names the network outside `EndpointsConfig`; dockerode repeats the query in the body.
#[test]
fn bodies_of_other_clients_pass() {
    let session = Session::new();
    for text in [
        r#"{"Image":"a","Cmd":"sh","NetworkingConfig":{"n1":null},"HostConfig":{"NetworkMode":"n1"},"Runtime":null,"MacAddress":null}"#,
        r#"{"Image":"a","name":"x","platform":"linux/amd64","VolumesFrom":[],"Env":null}"#,
        r#"{"Image":"a","NetworkingConfig":{"EndpointsConfig":{"n1":null}}}"#,
    ] {
        let sent = session.sent(text).unwrap();
        assert!(
            sent.as_map()
                .unwrap()
                .keys()
                .all(|key| key.starts_with(char::is_uppercase))
        );
        assert_eq!(
            sent.get("HostConfig").get("CapDrop").to_json(),
            r#"["MKNOD"]"#
        );
    }
}

#[test]
fn what_can_be_made_harmless_is() {
    let session = Session::new();
    for (fields, path, expected) in [
        (
            r#""MaskedPaths":[],"ReadonlyPaths":[]"#,
            "MaskedPaths",
            "null",
        ),
        (r#""OomScoreAdj":-1000"#, "OomScoreAdj", "0"),
        (r#""OomKillDisable":true"#, "OomKillDisable", "null"),
        (
            r#""CpuRealtimeRuntime":950000"#,
            "CpuRealtimeRuntime",
            "null",
        ),
        (
            r#""RestartPolicy":{"Name":"always"}"#,
            "RestartPolicy",
            r#"{"MaximumRetryCount":5,"Name":"on-failure"}"#,
        ),
        (
            r#""RestartPolicy":{"Name":"on-failure"}"#,
            "RestartPolicy",
            r#"{"MaximumRetryCount":5,"Name":"on-failure"}"#,
        ),
        (
            r#""RestartPolicy":{"Name":"on-failure","MaximumRetryCount":2}"#,
            "RestartPolicy",
            r#"{"MaximumRetryCount":2,"Name":"on-failure"}"#,
        ),
        (
            r#""PidMode":"container:web""#,
            "PidMode",
            &format!("\"container:{WEB}\""),
        ),
        (
            r#""VolumesFrom":["web:ro"]"#,
            "VolumesFrom",
            &format!("[\"{WEB}:ro\"]"),
        ),
        (r#""Links":["web:db"]"#, "Links", &format!("[\"{WEB}:db\"]")),
        (r#""CapDrop":["all"]"#, "CapDrop", r#"["all"]"#),
        (r#""CapDrop":["KILL"]"#, "CapDrop", r#"["KILL","MKNOD"]"#),
        (r#""ContainerIDFile":"/tmp/x""#, "ContainerIDFile", "null"),
    ] {
        let sent = session
            .sent(&host(fields))
            .unwrap_or_else(|refusal| panic!("{fields}: {refusal}"));
        assert_eq!(
            sent.get("HostConfig").get(path).to_json(),
            expected,
            "{fields}"
        );
    }
    let labels =
        r#"{"Image":"a","Labels":{"hal9000.guard":"forged","hal9000.user":"x","mine":"1"}}"#;
    assert_eq!(
        session.sent(labels).unwrap().get("Labels").to_json(),
        r#"{"hal9000.guard":"s1","mine":"1"}"#
    );
}

#[test]
fn what_the_user_allowed_passes() {
    let mut session = Session::new();
    session.policy.capabilities = vec!["NET_ADMIN".to_owned(), "SYS_ADMIN".to_owned()];
    session.policy.devices = vec!["/dev/fuse".to_owned()];
    session.policy.gpus = true;
    session.policy.publish_on = Some([127, 0, 0, 1].into());
    session.policy.refuse_low_ports = true;
    session.policy.cgroup_parent = Some("hal".to_owned());
    session.policy.default_network = Some("cc33".to_owned());
    session.policy.refused_labels = vec!["traefik.".to_owned()];
    for fields in [
        r#""CapAdd":["net_admin"]"#,
        r#""Devices":[{"PathOnHost":"/dev/fuse","PathInContainer":"/dev/fuse","CgroupPermissions":"rwm"}]"#,
        r#""DeviceRequests":[{"Driver":"","Count":-1,"Capabilities":[["gpu"]]}]"#,
        r#""CgroupParent":"hal""#,
    ] {
        session.sent(&host(fields)).unwrap();
    }
    let bindings = r#""PortBindings":{"80/tcp":[{"HostPort":"8080"}],"81":[],"82":null}"#;
    let sent = session.sent(&host(bindings)).unwrap();
    let host_config = sent.get("HostConfig");
    let bound = host_config.get("PortBindings").to_json();
    assert_eq!(bound.matches("127.0.0.1").count(), 3, "{bound}");
    assert_eq!(host_config.get("NetworkMode").as_text(), "cc33");
    assert_eq!(host_config.get("CgroupParent").as_text(), "hal");
    for (fields, id) in [
        (r#""CapAdd":["SYS_ADMIN"]"#, "CAPABILITY"),
        (r#""PortBindings":{"80":[{"HostIp":"10.0.0.1"}]}"#, "PORT"),
        (r#""PortBindings":{"80":[{"HostPort":"80"}]}"#, "PORT"),
        (r#""DeviceRequests":[{"Driver":"cdi"}]"#, "DEVICE-REQUEST"),
    ] {
        let refusal = session.create(&host(fields)).unwrap_err();
        assert_eq!(refusal.rule.id, format!("HAL-G-{id}"), "{fields}");
    }
    let label = r#"{"Image":"a","Labels":{"traefik.enable":"true"}}"#;
    assert_eq!(session.create(label).unwrap_err().rule.id, "HAL-G-LABEL");
}

#[test]
fn all_ports_are_published_where_one_may_be() {
    let only = "127.0.0.1".parse().unwrap();
    let mut session = Session::new();
    session.policy.publish_on = Some(only);
    let body = r#"{"Image":"a","ExposedPorts":{"80/tcp":{},"81/tcp":{}},
        "HostConfig":{"PublishAllPorts":true,"PortBindings":{"81/tcp":[{"HostPort":"8081"}]}}}"#;
    let mut create = session.create(body).unwrap();
    assert_eq!(create.publish_all, Some(only));
    create.publish(["53/udp", "80/tcp", "x"].into_iter());
    let sent = create.render(&[]).unwrap();
    let host = sent.get("HostConfig");
    assert_eq!(*host.get("PublishAllPorts"), json::Value::Bool(false));
    let bound = r#"{"53/udp":[{"HostIp":"127.0.0.1"}],"80/tcp":[{"HostIp":"127.0.0.1"}],"81/tcp":[{"HostIp":"127.0.0.1","HostPort":"8081"}]}"#;
    assert_eq!(host.get("PortBindings").to_json(), bound);
    assert_eq!(
        sent.get("ExposedPorts").to_json(),
        r#"{"53/udp":{},"80/tcp":{},"81/tcp":{}}"#
    );

    let mut bare = session
        .create(r#"{"Image":"a","HostConfig":{"PublishAllPorts":true}}"#)
        .unwrap();
    bare.publish(["53/udp"].into_iter());
    assert!(
        bare.render(&[])
            .unwrap()
            .to_json()
            .contains(r#""53/udp":[{"HostIp":"127.0.0.1"}]"#)
    );
}

/// What ordinary containers say, to be put together at random.
#[rustfmt::skip]
const ORDINARY: &[&str] = &[
    r#""Binds":["/workspace:/a","vol:/b:ro","/var/run/docker.sock:/var/run/docker.sock"]"#,
    r#""Mounts":[{"Type":"bind","Source":"/home/me/project/x","Target":"/x"},{"Type":"volume","Target":"/y"}]"#,
    r#""NetworkMode":"n1""#, r#""PidMode":"container:web""#, r#""IpcMode":"shareable""#,
    r#""VolumesFrom":["web"]"#, r#""Links":["web:db"]"#, r#""CapDrop":["ALL"]"#, r#""CapAdd":["KILL"]"#,
    r#""RestartPolicy":{"Name":"unless-stopped"}"#, r#""OomScoreAdj":-5"#, r#""Memory":100000000"#,
    r#""NanoCpus":9000000000"#, r#""PidsLimit":0"#, r#""MemorySwap":-1"#, r#""MaskedPaths":[]"#,
    r#""PortBindings":{"80/tcp":[{"HostPort":"8080"}],"81/tcp":null}"#, r#""Init":false"#,
    r#""LogConfig":{"Type":"local","Config":{"max-size":"1m"}}"#, r#""Tmpfs":{"/t":"size=1m,exec"}"#,
    r#""Ulimits":[{"Name":"nofile","Soft":1,"Hard":2}]"#, r#""Sysctls":{"net.core.somaxconn":"1"}"#,
];

proptest! {
    #[test]
    fn no_body_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..120), text in r#"\{("(Image|HostConfig|Mounts|Binds|Labels|Env|NetworkMode)":(\{|\[|"[a-z:/.]{0,8}"|null|-?[0-9]{1,19}|\}|\]),?){0,8}\}{0,3}"#) {
        let session = Session::new();
        let _ = json::read(&bytes).map(|value| read(value, &session.bounds()));
        let _ = session.sent(&text);
    }

    #[test]
    fn no_bind_makes_it_panic(text in "[-a-z:/.,~\\\\ \u{0}-\u{ff}]{0,24}") {
        let session = Session::new();
        let bind = Value::Map([("Image".to_owned(), Value::text("a")), ("HostConfig".to_owned(), Value::Map([("Binds".to_owned(), Value::texts([text]))].into()))].into());
        if let Ok(create) = read(bind, &session.bounds()) {
            // nothing but the project, the socket and volumes
            let harmless = create.mounts.iter().all(|mount| match &mount.source {
                Source::Beneath(path) => !path.as_str().split('/').any(|part| ["", ".", ".."].contains(&part)),
                Source::Image(_) | Source::Tmpfs => false,
                _ => true,
            });
            prop_assert!(harmless);
        }
    }

    /// Whatever ordinary body is accepted, what is sent is accepted again, unchanged.
    #[test]
    fn what_is_sent_is_sent_again_as_itself(fields in proptest::sample::subsequence(ORDINARY, 0..8), limited in any::<bool>()) {
        let session = if limited { Session::limited("1g", "2", "100") } else { Session::new() };
        let sent = session.sent(&host(&fields.join(","))).unwrap();
        let create = session.create(&sent.to_json()).unwrap();
        prop_assert_eq!(&create.changes, &[]);
        prop_assert_eq!(session.sent(&sent.to_json()).unwrap(), sent);
    }
}
