//! Namespaces, privileges, devices and drivers (guard-policy §2.3).

use super::attempt::{Attempt, less, made, request, script};

const NAMESPACE: &str = "HAL-G-NAMESPACE";
const CAPABILITY: &str = "HAL-G-CAPABILITY";
const SECURITY: &str = "HAL-G-SECURITY-OPT";
const DEVICE: &str = "HAL-G-DEVICE";
const LOG: &str = "HAL-G-LOG-CONFIG";

#[rustfmt::skip]
pub(super) const ATTEMPTS: &[Attempt] = &[
    script("docker create --name $N --privileged $I && docker rm $N", "HAL-G-PRIVILEGED"),
    request("POST /v1.41/containers/$N/exec", r#"{"Cmd":["true"],"Privileged":true}"#, "true", "HAL-G-EXEC-PRIVILEGED").after("docker run -d --name $N $I sleep 60"),
    request("POST /v1.41/containers/$N/exec", r#"{"Cmd":["true"],"privileged":true}"#, "true", "HAL-G-JSON-CASE").after("docker run -d --name $N $I sleep 60"),
    // namespaces
    script("docker run --rm --pid host $I sh -c 'test $$ -ne 1'", NAMESPACE),
    script("docker run --rm --ipc host $I true", NAMESPACE),
    script("docker run --rm --uts host $I true", NAMESPACE),
    script("docker run --rm --network host $I true", "HAL-G-NETWORK-MODE"),
    script("docker run --rm --userns host $I true", NAMESPACE),
    script("docker create --name $N --cgroupns host $I && docker rm $N", NAMESPACE),
    script("docker run --rm --pid container:$F $I sh -c 'tr \\\\0 \\\\n </proc/1/environ | grep SECRET'", "No such container"),
    script("docker run --rm --pid container:$(cat $O/id) $I true", "No such container"),
    script("docker create --name $N --ipc container:$F $I && docker rm $N", "No such container"),
    script("docker run --rm --network container:$F $I true", "No such container"),
    script("docker run --rm --network container:$(cut -c -12 $O/id) $I true", "No such container"),
    made(r#"{"Image":"$I","HostConfig":{"Cgroup":"container:$F"}}"#, "HAL-G-CGROUP"),
    made(r#"{"Image":"$I","HostConfig":{"NetworkMode":"\u0068ost"}}"#, "HAL-G-NETWORK-MODE"),
    made(r#"{"Image":"$I","HostConfig":{"PidMode":"host"}}"#, NAMESPACE),
    script("docker create --name $N --cgroup-parent /elsewhere $I && docker rm $N", "HAL-G-CGROUP"),
    script("docker create --name $N --cgroup-parent ../.. $I && docker rm $N", "HAL-G-CGROUP"),
    // capabilities
    script("docker create --name $N --cap-add SYS_ADMIN $I && docker rm $N", CAPABILITY),
    script("docker create --name $N --cap-add CAP_SYS_ADMIN $I && docker rm $N", CAPABILITY),
    script("docker create --name $N --cap-add cap_sys_admin $I && docker rm $N", CAPABILITY),
    script("docker create --name $N --cap-add ALL $I && docker rm $N", CAPABILITY),
    script("docker create --name $N --cap-add all --cap-drop CHOWN $I && docker rm $N", CAPABILITY),
    script("docker create --name $N --cap-add SYS_MODULE $I && docker rm $N", CAPABILITY),
    script("docker create --name $N --cap-add SYS_RAWIO $I && docker rm $N", CAPABILITY),
    script("docker create --name $N --cap-add SYS_PTRACE $I && docker rm $N", CAPABILITY),
    script("docker create --name $N --cap-add DAC_READ_SEARCH $I && docker rm $N", CAPABILITY),
    script("docker create --name $N --cap-add NET_ADMIN $I && docker rm $N", CAPABILITY),
    script("docker create --name $N --cap-add SYS_BOOT --cap-add SYS_TIME $I && docker rm $N", CAPABILITY),
    script("docker create --name $N --cap-add SYSLOG $I && docker rm $N", CAPABILITY),
    script("docker create --name $N --cap-add MAC_ADMIN $I && docker rm $N", CAPABILITY),
    // a node that root in a container makes in the project opens a device for everybody on the host
    less("docker run --rm --cap-add MKNOD -v $P:/p $I mknod /p/node-$N c 1 3 && rm $P/node-$N"),
    less("docker run --rm -v $P:/p $I mknod /p/node-$N c 1 3 && rm $P/node-$N"),
    script("docker cp $N:/dev/null - > t.tar; docker cp - $N:/p/ < t.tar; test -c $P/null && rm $P/null", "HAL-G-ARCHIVE").after("docker run -d --name $N -v $P:/p $I sleep 60").passing(),
    script("docker cp $N:/etc/passwd - | gzip > t.gz; docker cp - $N:/p/ < t.gz && rm -f $P/passwd", "HAL-G-ARCHIVE").after("docker run -d --name $N -v $P:/p $I sleep 60").passing(),
    // confinement
    script("docker run --rm --security-opt seccomp=unconfined $I grep -q 'Seccomp:.0' /proc/self/status", SECURITY),
    script("docker run --rm --security-opt seccomp:unconfined $I true", SECURITY),
    script("echo '{\"defaultAction\":\"SCMP_ACT_ALLOW\"}' > p; docker run --rm --security-opt seccomp=p $I true", SECURITY),
    script("docker run --rm --security-opt apparmor=unconfined $I true", SECURITY),
    script("docker run --rm --security-opt label=disable $I true", SECURITY),
    script("docker run --rm --security-opt label:disable $I true", SECURITY),
    script("docker run --rm --security-opt label=type:spc_t $I true", SECURITY),
    script("docker run --rm --security-opt no-new-privileges --security-opt seccomp=unconfined $I true", SECURITY),
    less("docker create --name $N --security-opt systempaths=unconfined $I && docker inspect --format '{{json .HostConfig.MaskedPaths}}{{json .HostConfig.ReadonlyPaths}}' $N | grep -F '[][]' && docker rm $N"),
    less("docker run --rm --name $N --security-opt systempaths=unconfined $I sh -c 'test -w /proc/sys/kernel/core_pattern && ! grep /proc/sys /proc/mounts'"),
    made(r#"{"Image":"$I","HostConfig":{"maskedPaths":[]}}"#, "HAL-G-JSON-CASE"),
    made(r#"{"Image":"$I","HostConfig":{"MaskedPaths":[],"readonlypaths":[]}}"#, "HAL-G-JSON-CASE"),
    made(r#"{"Image":"$I","HostConfig":{"Sysctls":{"kernel.core_pattern":"|/x"}}}"#, "HAL-G-SYSCTL"),
    made(r#"{"Image":"$I","HostConfig":{"Sysctls":{"kernel.core_pattern":"|/x","net.ipv4.ip_forward":"1"}}}"#, "HAL-G-SYSCTL"),
    script("docker run --rm --runtime io.containerd.runtime.v1.linux $I true", "HAL-G-RUNTIME").until(44),
    made(r#"{"Image":"$I","HostConfig":{"Annotations":{"run.oci.handler":"krun"}}}"#, "HAL-G-ANNOTATION").since(43),
    request("POST /v1.43/containers/create", r#"{"Image":"$I","HostConfig":{"Annotations":{"org.systemd.property.x":"y"}}}"#, "docker rm $R", "HAL-G-ANNOTATION").since(43),
    // devices
    script("docker run --rm --device /dev/null:/dev/x $I test -c /dev/x", DEVICE),
    script("docker run --rm --device /dev/zero:/dev/x $I test -c /dev/x", DEVICE),
    script("docker -H $RAW run --rm -v $P:/p $I sh -c 'rm -f /p/n; mknod /p/n c 1 3'; docker run --rm --device $P/n:/dev/x $I test -c /dev/x", DEVICE),
    script("docker run --rm --device /dev/null:/dev/x:m $I true", DEVICE),
    script("docker run --rm --device-cgroup-rule 'b *:* rwm' $I true", DEVICE),
    script("docker run --rm --device-cgroup-rule 'a 1:1 r' $I true", DEVICE),
    script("docker create --name $N --device-read-bps /dev/null:1mb $I && docker rm $N", DEVICE),
    script("docker create --name $N --device-write-bps /dev/null:1mb $I && docker rm $N", DEVICE),
    script("docker create --name $N --device-read-iops /dev/null:9 $I && docker rm $N", DEVICE),
    script("docker create --name $N --device-write-iops /dev/null:9 $I && docker rm $N", DEVICE),
    script("docker create --name $N --gpus all $I && docker rm $N", "HAL-G-DEVICE-REQUEST"),
    made(r#"{"Image":"$I","HostConfig":{"DeviceRequests":[{"Driver":"cdi","DeviceIDs":["vendor.com/d=x"]}]}}"#, "HAL-G-DEVICE-REQUEST"),
    // the host's memory and processor
    less("docker create --name $N --oom-score-adj -1000 $I && docker inspect --format '{{.HostConfig.OomScoreAdj}}' $N | grep -e -1000 && docker rm $N"),
    less("docker create --name $N --oom-kill-disable --memory 64m $I && docker inspect --format '{{.HostConfig.OomKillDisable}}' $N | grep true && docker rm $N").until(44),
    less("docker create --name $N --restart always $I && docker inspect --format '{{.HostConfig.RestartPolicy.Name}}' $N | grep always && docker rm $N"),
    less("docker create --name $N --restart unless-stopped $I && docker inspect --format '{{.HostConfig.RestartPolicy.Name}}' $N | grep unless && docker rm $N"),
    less("docker update --restart always $N && docker inspect --format '{{.HostConfig.RestartPolicy.Name}}' $N | grep always").after("docker create --name $N $I"),
    script("docker create --name $N --ulimit rtprio=99 $I && docker rm $N", "HAL-G-ULIMIT"),
    request("POST /v1.41/containers/$N/update", r#"{"CpuShares":100,"Devices":[{"PathOnHost":"/dev/mem","PathInContainer":"/dev/x","CgroupPermissions":"rwm"}]}"#, "true", DEVICE).after("docker create --name $N $I"),
    request("POST /v1.41/containers/$N/update", r#"{"CgroupParent":"/elsewhere"}"#, "true", "HAL-G-CGROUP").after("docker create --name $N $I"),
    request("POST /v1.41/containers/$N/update", r#"{"restartpolicy":{"Name":"always"}}"#, "true", "HAL-G-JSON-CASE").after("docker create --name $N $I"),
    // logs that the engine writes elsewhere
    script("docker create --name $N --log-driver syslog --log-opt syslog-address=udp://127.0.0.1:9 $I && docker rm $N", LOG),
    script("docker create --name $N --log-driver syslog --log-opt syslog-address=unixgram://${RAW#unix://} $I && docker rm $N", LOG),
    script("docker create --name $N --log-driver fluentd $I && docker rm $N", LOG),
    script("docker create --name $N --log-driver fluentd --log-opt fluentd-address=unix:///run/x.sock $I && docker rm $N", LOG),
    script("docker create --name $N --log-driver gelf --log-opt gelf-address=udp://127.0.0.1:9 $I && docker rm $N", LOG),
    script("docker create --name $N --log-driver journald $I && docker rm $N", LOG),
    script("docker create --name $N --log-driver splunk --log-opt splunk-token=t --log-opt splunk-url=https://127.0.0.1 --log-opt splunk-capath=/etc/shadow $I && docker rm $N", LOG),
    script("docker create --name $N --log-driver awslogs --log-opt awslogs-group=g --log-opt awslogs-region=r $I && docker rm $N", LOG),
    made(r#"{"Image":"$I","HostConfig":{"LogConfig":{"Type":"syslog","type":"json-file","Type":"syslog"}}}"#, "HAL-G-JSON"),
    // labels that say whose it is
    less("docker create --name $N --label hal9000.session=true $I && docker inspect --format '{{json .Config.Labels}}' $N | grep hal9000.session"),
    Attempt::passing(script("docker create --name $N $N:1 && docker inspect --format '{{json .Config.Labels}}' $N | grep hal9000.session", "HAL-G-LABEL")).after("printf 'FROM %s\\nLABEL hal9000.session=true hal9000.user=x\\n' $I | docker build -q -t $N:1 -"),
];
