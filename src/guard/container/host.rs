//! The table of `HostConfig` (guard-policy §2.3): every field of moby's type, and those of older ones
//! that clients still send.

use super::output::LOG;
use super::{capability, confine, network};
use crate::guard::Refusal;
use crate::guard::bind::{self, MOUNT};
use crate::guard::json::Value;
use crate::guard::rule;
use crate::guard::schema::{
    At, Kind, Schema, allow, aside, check, omit, refuse, resolve, rewrite, together,
};

/// `HostConfig`
#[rustfmt::skip]
pub static HOST: Schema = Schema {
    name: "HostConfig",
    fields: &[
        // mounts
        aside("Binds", Kind::Texts),
        aside("Mounts", Kind::List(&MOUNT)),
        check("Tmpfs", Kind::TextMap, bind::tmpfs_options),
        resolve("VolumesFrom", Kind::Texts, network::volumes_from),
        check("VolumeDriver", Kind::Text, volume_driver),
        omit("ContainerIDFile", Kind::Text, rule::OUTPUT_FIELD),
        // namespaces
        together("NetworkMode", Kind::Text),
        resolve("PidMode", Kind::Text, network::pid_mode),
        resolve("IpcMode", Kind::Text, network::ipc_mode),
        refuse("UTSMode", Kind::Text, rule::NAMESPACE),
        refuse("UsernsMode", Kind::Text, rule::NAMESPACE),
        check("CgroupnsMode", Kind::Text, confine::cgroupns),
        refuse("Cgroup", Kind::Text, rule::CGROUP),
        rewrite("CgroupParent", Kind::Text, confine::cgroup_parent, rule::CGROUP),
        // the network
        together("PortBindings", Kind::MapOfLists(&PORT_BINDING)),
        together("PublishAllPorts", Kind::Flag),
        resolve("Links", Kind::Texts, network::links),
        allow("ExtraHosts", Kind::Texts),
        allow("Dns", Kind::Texts),
        allow("DnsOptions", Kind::Texts),
        allow("DnsSearch", Kind::Texts),
        // privileges
        refuse("Privileged", Kind::Flag, rule::PRIVILEGED),
        check("CapAdd", Kind::Words, capability::add),
        rewrite("CapDrop", Kind::Words, |value, _| Ok(capability::drop(value)), rule::MKNOD),
        // of API 1.40 alone
        refuse("Capabilities", Kind::Any, rule::CAPABILITY),
        check("SecurityOpt", Kind::Texts, confine::security_opt),
        // an empty list would unmask; without one the engine masks by default
        rewrite("MaskedPaths", Kind::Texts, |_, _| Ok(Value::Null), rule::MASKED_PATHS),
        rewrite("ReadonlyPaths", Kind::Texts, |_, _| Ok(Value::Null), rule::MASKED_PATHS),
        check("Sysctls", Kind::TextMap, confine::sysctls),
        check("Runtime", Kind::Text, confine::runtime),
        refuse("Annotations", Kind::TextMap, rule::ANNOTATION),
        allow("GroupAdd", Kind::Texts),
        allow("ReadonlyRootfs", Kind::Flag),
        // devices
        check("Devices", Kind::List(&DEVICE), confine::devices),
        refuse("DeviceCgroupRules", Kind::Texts, rule::DEVICE),
        check("DeviceRequests", Kind::List(&DEVICE_REQUEST), confine::device_requests),
        refuse("BlkioWeightDevice", Kind::Any, rule::DEVICE),
        refuse("BlkioDeviceReadBps", Kind::Any, rule::DEVICE),
        refuse("BlkioDeviceWriteBps", Kind::Any, rule::DEVICE),
        refuse("BlkioDeviceReadIOps", Kind::Any, rule::DEVICE),
        refuse("BlkioDeviceWriteIOps", Kind::Any, rule::DEVICE),
        // resources
        together("Memory", Kind::Int),
        together("MemorySwap", Kind::Int),
        together("NanoCpus", Kind::Int),
        together("CpuPeriod", Kind::Int),
        together("CpuQuota", Kind::Int),
        together("PidsLimit", Kind::Int),
        allow("MemoryReservation", Kind::Int),
        allow("MemorySwappiness", Kind::Int),
        allow("CpuShares", Kind::Int),
        check("CpusetCpus", Kind::Text, confine::cpuset),
        check("CpusetMems", Kind::Text, confine::cpuset),
        allow("BlkioWeight", Kind::Int),
        allow("ShmSize", Kind::Int),
        check("Ulimits", Kind::List(&ULIMIT), confine::ulimits),
        check("StorageOpt", Kind::TextMap, confine::storage_opt),
        rewrite("OomScoreAdj", Kind::Int, |value, _| Ok(confine::oom_score(value)), rule::OOM),
        omit("OomKillDisable", Kind::Flag, rule::OOM),
        omit("CpuRealtimePeriod", Kind::Int, rule::REALTIME),
        omit("CpuRealtimeRuntime", Kind::Int, rule::REALTIME),
        // of old kernels
        omit("KernelMemory", Kind::Int, rule::PLATFORM_FIELD),
        omit("KernelMemoryTCP", Kind::Int, rule::PLATFORM_FIELD),
        // of Windows
        omit("CpuCount", Kind::Int, rule::PLATFORM_FIELD),
        omit("CpuPercent", Kind::Int, rule::PLATFORM_FIELD),
        omit("IOMaximumIOps", Kind::Int, rule::PLATFORM_FIELD),
        omit("IOMaximumBandwidth", Kind::Int, rule::PLATFORM_FIELD),
        omit("Isolation", Kind::Text, rule::PLATFORM_FIELD),
        // its life and its output
        rewrite("RestartPolicy", Kind::Object(&RESTART), confine::restart, rule::RESTART),
        allow("AutoRemove", Kind::Flag),
        allow("Init", Kind::Flag),
        allow("ConsoleSize", Kind::Ints),
        allow("LogConfig", Kind::Object(&LOG)),
    ],
};

/// `PortBindings`
pub static PORT_BINDING: Schema = Schema {
    name: "PortBinding",
    fields: &[allow("HostIp", Kind::Text), allow("HostPort", Kind::Text)],
};

/// `RestartPolicy`
pub static RESTART: Schema = Schema {
    name: "RestartPolicy",
    fields: &[
        allow("Name", Kind::Text),
        allow("MaximumRetryCount", Kind::Int),
    ],
};

/// `Ulimits`
pub static ULIMIT: Schema = Schema {
    name: "ResourcesUlimits",
    fields: &[
        allow("Name", Kind::Text),
        allow("Soft", Kind::Int),
        allow("Hard", Kind::Int),
    ],
};

/// `Devices`
static DEVICE: Schema = Schema {
    name: "DeviceMapping",
    fields: &[
        allow("PathOnHost", Kind::Text),
        allow("PathInContainer", Kind::Text),
        allow("CgroupPermissions", Kind::Text),
    ],
};

/// `DeviceRequests`
static DEVICE_REQUEST: Schema = Schema {
    name: "DeviceRequest",
    fields: &[
        allow("Driver", Kind::Text),
        allow("Count", Kind::Int),
        allow("DeviceIDs", Kind::Texts),
        allow("Capabilities", Kind::TextLists),
        refuse("Options", Kind::TextMap, rule::DEVICE_REQUEST),
    ],
};

fn volume_driver(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    match value.as_text() {
        "" | "local" => Ok(()),
        other => Err(at.forbidden(rule::VOLUME_DRIVER, format!("is `{other}`"))),
    }
}
