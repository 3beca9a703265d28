//! Bodies that would leave the session, with the rule that stops each.

use super::{NET, Session, host};

/// guard-policy §2.2, §2.3 and §1.3: each row is a body, and the rule that stops it.
const REFUSED: &[(&str, &str)] = &[
    (r#""Privileged":true"#, "PRIVILEGED"),
    (r#""CapAdd":["SYS_ADMIN"]"#, "CAPABILITY"),
    (r#""CapAdd":["cap_sys_module"]"#, "CAPABILITY"),
    (r#""CapAdd":["ALL"]"#, "CAPABILITY"),
    (r#""CapAdd":"ALL""#, "CAPABILITY"),
    (r#""CapAdd":["CAP_ALL"]"#, "CAPABILITY"),
    (r#""CapAdd":["MKNOD"]"#, "CAPABILITY"),
    (r#""CapAdd":["NET_ADMIN"]"#, "CAPABILITY"),
    (r#""Capabilities":["SYS_ADMIN"]"#, "CAPABILITY"),
    (
        r#""Devices":[{"PathOnHost":"/dev/sda","PathInContainer":"/dev/sda","CgroupPermissions":"rwm"}]"#,
        "DEVICE",
    ),
    (r#""Devices":[{"PathOnHost":"/workspace/node"}]"#, "DEVICE"),
    (r#""DeviceCgroupRules":["b 8:0 rwm"]"#, "DEVICE"),
    (
        r#""DeviceRequests":[{"Driver":"cdi","DeviceIDs":["x"]}]"#,
        "DEVICE-REQUEST",
    ),
    (
        r#""DeviceRequests":[{"Count":-1,"Capabilities":[["gpu"]]}]"#,
        "DEVICE-REQUEST",
    ),
    (
        r#""BlkioDeviceReadBps":[{"Path":"/dev/sda","Rate":1}]"#,
        "DEVICE",
    ),
    (r#""PidMode":"host""#, "NAMESPACE"),
    (r#""PidMode":"container:1234""#, "FOREIGN"),
    (r#""PidMode":"container:""#, "FOREIGN"),
    (r#""IpcMode":"host""#, "NAMESPACE"),
    (r#""IpcMode":"container:theirs""#, "FOREIGN"),
    (r#""UTSMode":"host""#, "NAMESPACE"),
    (r#""UsernsMode":"host""#, "NAMESPACE"),
    (r#""CgroupnsMode":"host""#, "NAMESPACE"),
    (r#""Cgroup":"container:x""#, "CGROUP"),
    (r#""CgroupParent":"/system.slice""#, "CGROUP"),
    (r#""NetworkMode":"host""#, "NETWORK-MODE"),
    (r#""NetworkMode":"container:theirs""#, "FOREIGN"),
    (r#""NetworkMode":"ns:/proc/1/ns/net""#, "NETWORK-MODE"),
    (r#""NetworkMode":"theirs""#, "FOREIGN"),
    (r#""NetworkMode":"HOST""#, "FOREIGN"),
    (r#""Links":["theirs:db"]"#, "FOREIGN"),
    (r#""VolumesFrom":["theirs"]"#, "FOREIGN"),
    (r#""VolumesFrom":["web:shared"]"#, "MOUNT-MODE"),
    (r#""VolumeDriver":"rclone""#, "VOLUME-DRIVER"),
    (r#""SecurityOpt":["seccomp=unconfined"]"#, "SECURITY-OPT"),
    (r#""SecurityOpt":["seccomp:unconfined"]"#, "SECURITY-OPT"),
    (
        r#""SecurityOpt":["seccomp={\"defaultAction\":\"SCMP_ACT_ALLOW\"}"]"#,
        "SECURITY-OPT",
    ),
    (r#""SecurityOpt":["apparmor=unconfined"]"#, "SECURITY-OPT"),
    (r#""SecurityOpt":["label=disable"]"#, "SECURITY-OPT"),
    (r#""SecurityOpt":["disable"]"#, "SECURITY-OPT"),
    (r#""SecurityOpt":["writable-cgroups"]"#, "SECURITY-OPT"),
    (
        r#""SecurityOpt":["systempaths=unconfined"]"#,
        "SECURITY-OPT",
    ),
    (
        r#""SecurityOpt":["no-new-privileges=false"]"#,
        "SECURITY-OPT",
    ),
    (r#""Sysctls":{"net..x":"1"}"#, "SYSCTL"),
    (r#""Sysctls":{"kernel.core_pattern":"|/x"}"#, "SYSCTL"),
    (r#""Sysctls":{"net.ipv4/../../kernel":"1"}"#, "SYSCTL"),
    (r#""Runtime":"runc-unconfined""#, "RUNTIME"),
    (r#""Annotations":{"run.oci.hooks":"x"}"#, "ANNOTATION"),
    (
        r#""LogConfig":{"Type":"syslog","Config":{"syslog-address":"unixgram:///x"}}"#,
        "LOG-CONFIG",
    ),
    (
        r#""LogConfig":{"Type":"json-file","Config":{"fluentd-address":"unix:///x"}}"#,
        "LOG-CONFIG",
    ),
    (r#""LogConfig":{"Type":"journald"}"#, "LOG-CONFIG"),
    (r#""StorageOpt":{"dm.thinpooldev":"x"}"#, "STORAGE-OPT"),
    (
        r#""Ulimits":[{"Name":"rtprio","Soft":99,"Hard":99}]"#,
        "ULIMIT",
    ),
    (r#""RestartPolicy":{"Name":"Always"}"#, "RESTART"),
    (r#""Tmpfs":{"/x":"bind"}"#, "MOUNT-TMPFS"),
    (r#""Tmpfs":{"x":""}"#, "MOUNT-PATH"),
    (r#""PortBindings":{"80/icmp":[]}"#, "PORT"),
    (r#""PortBindings":{"80/tcp":[{"HostPort":"x"}]}"#, "PORT"),
    (r#""CpusetCpus":"0;1""#, "LIMIT"),
    // as Go reads keys
    (r#""privileged":true"#, "JSON-CASE"),
    (r#""Bind\u017f":["/:/h"]"#, "JSON-CASE"),
    ("\"Networ\u{212a}Mode\":\"host\"", "JSON-CASE"),
    (r#""Privileged":false,"PRIVILEGED":true"#, "JSON-CASE"),
    (r#""Privileged":true,"Privileged":null"#, "JSON-DUPLICATE"),
    (r#""\u0050rivileged":true"#, "PRIVILEGED"),
    (r#""Unheard":true"#, "JSON-UNKNOWN"),
    (r#""Privileged":"true""#, "JSON-TYPE"),
    (r#""Privileged":1"#, "JSON-TYPE"),
    (r#""Memory":1.0"#, "JSON"),
    (r#""CapAdd":[null]"#, "JSON-TYPE"),
];

#[test]
fn what_would_leave_the_session_is_refused() {
    let session = Session::new();
    for (fields, id) in REFUSED {
        let text = host(fields);
        let id = format!("HAL-G-{id}");
        let refusal = session.create(&text).expect_err(&text);
        assert_eq!(refusal.rule.id, id, "{text}: {refusal}");
        assert!(refusal.message.len() > 10);
    }
    // a prefix of an owned id is that id
    assert_eq!(
        session
            .sent(&host(r#""NetworkMode":"bb22""#))
            .unwrap()
            .get("HostConfig")
            .get("NetworkMode")
            .as_text(),
        NET
    );
}

#[test]
fn evasions_around_host_config_are_refused() {
    let session = Session::new();
    for (text, id) in [
        (
            r#"{"Image":"a","hostconfig":{"Privileged":true}}"#,
            "JSON-CASE",
        ),
        (
            r#"{"Image":"a","HOSTCONFIG":{"PRIVILEGED":true}}"#,
            "JSON-CASE",
        ),
        (
            r#"{"Image":"a","Ho\u017ftConfig":{"Privileged":true}}"#,
            "JSON-CASE",
        ),
        (
            r#"{"Image":"a","HostConfig":{},"HostConfig":{"Privileged":true}}"#,
            "JSON-DUPLICATE",
        ),
        // read at the top by engines before 25
        (r#"{"Image":"a","Privileged":true}"#, "JSON-UNKNOWN"),
        (r#"{"Image":"a","Binds":["/:/h"]}"#, "JSON-UNKNOWN"),
        (r#"{"Image":"a","Cpuset":"0"}"#, "JSON-UNKNOWN"),
        (r#"{"Image":"a","labels":{}}"#, "JSON-CASE"),
        (r#"{"Image":"a","HostConfig":[]}"#, "JSON-TYPE"),
        (r#"{"Image":"a"}{"HostConfig":{"Privileged":true}}"#, "JSON"),
        ("[]", "JSON-TYPE"),
        (r#"{"Image":"../x"}"#, "IMAGE-NAME"),
        (r#"{"Image":"a","Volumes":{"x":{}}}"#, "MOUNT-PATH"),
        (
            r#"{"Image":"a","Volumes":{"/x":{"Source":"/"}}}"#,
            "JSON-TYPE",
        ),
        (
            r#"{"Image":"a","NetworkingConfig":{"EndpointsConfig":{"theirs":{}}}}"#,
            "FOREIGN",
        ),
        (
            r#"{"Image":"a","NetworkingConfig":{"EndpointsConfig":{"host":{}}}}"#,
            "NETWORK-MODE",
        ),
        (
            r#"{"Image":"a","NetworkingConfig":{"endpointsconfig":{"theirs":{}}}}"#,
            "JSON-CASE",
        ),
        (
            r#"{"Image":"a","NetworkingConfig":{"EndpointsConfig":{"n1":{},"bb22":{}}}}"#,
            "JSON-DUPLICATE",
        ),
        (
            r#"{"Image":"a","NetworkingConfig":{"EndpointsConfig":{"n1":{"Links":["theirs"]}}}}"#,
            "FOREIGN",
        ),
    ] {
        let refusal = session.create(text).expect_err(text);
        assert_eq!(refusal.rule.id, format!("HAL-G-{id}"), "{text}: {refusal}");
    }
}
