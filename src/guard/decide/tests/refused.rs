//! Requests that would reach what is not the session's, with the rule that stops each.

use super::session;

/// guard-policy §2.4 to §2.10, and the sub-resources of §1.3.
const REFUSED: &[(&str, &str, &str)] = &[
    ("GET /containers/web/top?ps_args=;id", "", "QUERY"),
    ("GET /containers/web/top?ps_args=$(id)", "", "PS-ARGS"),
    ("GET /containers/theirs/json", "", "FOREIGN"),
    ("GET /containers/theirs/archive?path=/", "", "FOREIGN"),
    (
        "POST /containers/theirs/exec",
        r#"{"Cmd":["sh"]}"#,
        "FOREIGN",
    ),
    (
        "POST /containers/web/exec",
        r#"{"Cmd":["sh"],"Privileged":true}"#,
        "EXEC-PRIVILEGED",
    ),
    (
        "POST /containers/web/exec",
        r#"{"Cmd":["sh"],"privileged":true}"#,
        "JSON-CASE",
    ),
    (
        "POST /containers/web/exec",
        r#"{"Cmd":["sh"],"detachKeys":"a","DetachKeys":"b"}"#,
        "JSON-DUPLICATE",
    ),
    ("POST /containers/web/exec", "", "JSON"),
    ("POST /build?t=a:1&pull=1&pull=0", "", "QUERY"),
    ("POST /exec/e2/start", "{}", "FOREIGN"),
    ("GET /exec/e/json", "", "FOREIGN"),
    ("POST /containers/web/rename?name=a/b", "", "NAME"),
    ("POST /containers/web/rename", "", "NAME"),
    (
        "POST /containers/web/update",
        r#"{"CgroupParent":"/"}"#,
        "CGROUP",
    ),
    (
        "POST /containers/web/update",
        r#"{"Devices":[{"PathOnHost":"/dev/sda"}]}"#,
        "DEVICE",
    ),
    ("POST /commit?container=theirs", "", "FOREIGN"),
    ("POST /commit", "", "FOREIGN"),
    (
        "POST /commit?container=web&repo=hal9000/base",
        "",
        "IMAGE-RESERVED",
    ),
    (
        "POST /containers/create?name=a/b",
        r#"{"Image":"a"}"#,
        "NAME",
    ),
    ("GET /networks/theirs", "", "FOREIGN"),
    ("GET /networks/host", "", "FOREIGN"),
    ("DELETE /networks/bridge", "", "FOREIGN"),
    (
        "POST /networks/none/connect",
        r#"{"Container":"web"}"#,
        "FOREIGN",
    ),
    (
        "POST /networks/n1/connect",
        r#"{"Container":"theirs"}"#,
        "FOREIGN",
    ),
    ("POST /networks/n1/connect", "{}", "FOREIGN"),
    // the session's own container is named in full, or as its host name is, and nothing else is done to it
    (
        "POST /networks/n1/connect",
        r#"{"Container":"5e55"}"#,
        "FOREIGN",
    ),
    ("POST /containers/5e555e555e55/stop", "", "FOREIGN"),
    ("GET /containers/hal-9000-p/json", "", "FOREIGN"),
    (
        "POST /networks/create",
        r#"{"Name":"x","Driver":"macvlan","Options":{"parent":"eth0"}}"#,
        "NETWORK-DRIVER",
    ),
    (
        "POST /networks/create",
        r#"{"Name":"x","Driver":"host"}"#,
        "NETWORK-DRIVER",
    ),
    (
        "POST /networks/create",
        r#"{"Name":"x","Scope":"swarm"}"#,
        "NETWORK-SCOPE",
    ),
    (
        "POST /networks/create",
        r#"{"Name":"x","Ingress":true}"#,
        "NETWORK-SCOPE",
    ),
    (
        "POST /networks/create",
        r#"{"Name":"x","ConfigFrom":{"Network":"y"}}"#,
        "NETWORK-SCOPE",
    ),
    (
        "POST /networks/create",
        r#"{"Name":"bridge"}"#,
        "NETWORK-NAME",
    ),
    (
        "POST /networks/create",
        r#"{"Name":"x","Options":{"com.docker.network.bridge.name":"docker0"}}"#,
        "NETWORK-OPTION",
    ),
    (
        "POST /networks/create",
        r#"{"Name":"x","Options":{"com.docker.network.bridge.gateway_mode_ipv4":"routed"}}"#,
        "NETWORK-OPTION",
    ),
    (
        "POST /networks/create",
        r#"{"Name":"x","Options":{"com.docker.network.bridge.host_binding_ipv4":"0.0.0.0"}}"#,
        "NETWORK-OPTION",
    ),
    (
        "POST /networks/create",
        r#"{"Name":"x","IPAM":{"Driver":"dhcp"}}"#,
        "NETWORK-IPAM",
    ),
    (
        "POST /networks/create",
        r#"{"Name":"x","IPAM":{"Config":[{"Subnet":"1.1.1.0/24"}]}}"#,
        "NETWORK-SUBNET",
    ),
    (
        "POST /networks/create",
        r#"{"Name":"x","IPAM":{"Config":[{"Subnet":"192.168.0.0/16"}]}}"#,
        "NETWORK-SUBNET",
    ),
    (
        "POST /networks/create",
        r#"{"Name":"x","IPAM":{"Config":[{"Subnet":"0.0.0.0/0"}]}}"#,
        "NETWORK-SUBNET",
    ),
    (
        "POST /networks/create",
        r#"{"Name":"x","IPAM":{"Config":[{"Gateway":"8.8.8.8"}]}}"#,
        "NETWORK-SUBNET",
    ),
    (
        "POST /volumes/create",
        r#"{"Name":"v","DriverOpts":{"type":"none","o":"bind","device":"/"}}"#,
        "VOLUME-OPTION",
    ),
    (
        "POST /volumes/create",
        r#"{"DriverOpts":{"type":"overlay","o":"lowerdir=/etc","device":"overlay"}}"#,
        "VOLUME-OPTION",
    ),
    (
        "POST /volumes/create",
        r#"{"DriverOpts":{"type":"nfs","o":"addr=10.0.0.1","device":":/x"}}"#,
        "VOLUME-OPTION",
    ),
    (
        "POST /volumes/create",
        r#"{"DriverOpts":{"type":"ext4"}}"#,
        "VOLUME-OPTION",
    ),
    (
        "POST /volumes/create",
        r#"{"DriverOpts":{"o":"size=1m"}}"#,
        "VOLUME-OPTION",
    ),
    (
        "POST /volumes/create",
        r#"{"DriverOpts":{"type":"tmpfs","device":"/dev/sda"}}"#,
        "VOLUME-OPTION",
    ),
    (
        "POST /volumes/create",
        r#"{"DriverOpts":{"type":"tmpfs","o":"bind"}}"#,
        "VOLUME-OPTION",
    ),
    (
        "POST /volumes/create",
        r#"{"Driver":"rclone"}"#,
        "VOLUME-DRIVER",
    ),
    (
        "POST /volumes/create",
        r#"{"ClusterVolumeSpec":{"Group":"x"}}"#,
        "VOLUME-CLUSTER",
    ),
    ("POST /volumes/create", r#"{"Name":"../x"}"#, "NAME"),
    ("GET /volumes/theirs", "", "FOREIGN"),
    ("DELETE /volumes/theirs", "", "FOREIGN"),
    ("DELETE /images/node", "", "IMAGE-DELETE"),
    (
        "POST /images/node/tag?repo=hal9000/base",
        "",
        "IMAGE-RESERVED",
    ),
    ("POST /images/node/tag?repo=Node", "", "IMAGE-NAME"),
    ("POST /images/node/tag", "", "IMAGE-NAME"),
    (
        "POST /images/create?fromSrc=http://127.0.0.1/x&repo=a",
        "",
        "IMAGE-IMPORT",
    ),
    (
        "POST /images/create?fromSrc=-&repo=hal9000/x",
        "",
        "IMAGE-RESERVED",
    ),
    (
        "POST /images/create?fromImage=hal9000/x",
        "",
        "IMAGE-RESERVED",
    ),
    (
        "POST /images/create?fromImage=a&fromSrc=-",
        "",
        "IMAGE-NAME",
    ),
    ("POST /images/create", "", "IMAGE-NAME"),
    ("GET /images/get?names=a&names=../b", "", "IMAGE-NAME"),
    ("POST /build?networkmode=host", "", "BUILD-NETWORK"),
    ("POST /build?networkmode=container:theirs", "", "FOREIGN"),
    ("POST /build?networkmode=theirs", "", "FOREIGN"),
    ("POST /build?version=2", "", "BUILDKIT"),
    ("POST /build?t=hal9000/base", "", "IMAGE-RESERVED"),
    ("POST /build?buildargs={%22a%22:1}", "", "JSON-TYPE"),
    (
        "POST /build?buildargs={%22a%22:%22%22,%22a%22:%22%22}",
        "",
        "JSON-DUPLICATE",
    ),
    (
        "POST /build?ulimits=[{%22Name%22:%22rtprio%22}]",
        "",
        "ULIMIT",
    ),
    ("POST /build/cancel?id=x", "", "BUILD-CANCEL"),
    (
        "GET /containers/json?filters={%22since%22:[%22theirs%22]}",
        "",
        "FOREIGN",
    ),
    (
        "GET /containers/json?filters={%22Label%22:[%22x%22]}",
        "",
        "FILTER",
    ),
    (
        "POST /containers/prune?filters={%22id%22:[%22x%22]}",
        "",
        "FILTER",
    ),
    ("GET /events?filters=x", "", "JSON"),
    ("POST /auth", r#"{"Username":"x"}"#, "JSON-CASE"),
];

#[test]
fn what_is_not_the_sessions_is_refused() {
    session().refused(REFUSED);
}
