//! `POST /containers/{id}/update`: limits and the restart policy (guard-policy §2.4).

use super::host::{RESTART, ULIMIT};
use super::{confine, limits};
use crate::guard::Refusal;
use crate::guard::json::Value;
use crate::guard::policy::Bounds;
use crate::guard::rule;
use crate::guard::schema::{Kind, Model, Schema, allow, check, omit, refuse, rewrite, together};

/// The body.
#[rustfmt::skip]
pub static UPDATE: Schema = Schema {
    name: "ContainerUpdateBody",
    fields: &[
        together("Memory", Kind::Int),
        together("MemorySwap", Kind::Int),
        together("NanoCpus", Kind::Int),
        together("CpuPeriod", Kind::Int),
        together("CpuQuota", Kind::Int),
        together("PidsLimit", Kind::Int),
        allow("CpuShares", Kind::Int),
        allow("MemoryReservation", Kind::Int),
        allow("MemorySwappiness", Kind::Int),
        allow("BlkioWeight", Kind::Int),
        check("CpusetCpus", Kind::Text, confine::cpuset),
        check("CpusetMems", Kind::Text, confine::cpuset),
        rewrite("RestartPolicy", Kind::Object(&RESTART), confine::restart, rule::RESTART),
        check("Ulimits", Kind::List(&ULIMIT), confine::ulimits),
        refuse("CgroupParent", Kind::Text, rule::CGROUP),
        refuse("Devices", Kind::Any, rule::DEVICE),
        refuse("DeviceCgroupRules", Kind::Any, rule::DEVICE),
        refuse("DeviceRequests", Kind::Any, rule::DEVICE_REQUEST),
        refuse("BlkioWeightDevice", Kind::Any, rule::DEVICE),
        refuse("BlkioDeviceReadBps", Kind::Any, rule::DEVICE),
        refuse("BlkioDeviceWriteBps", Kind::Any, rule::DEVICE),
        refuse("BlkioDeviceReadIOps", Kind::Any, rule::DEVICE),
        refuse("BlkioDeviceWriteIOps", Kind::Any, rule::DEVICE),
        omit("OomKillDisable", Kind::Flag, rule::OOM),
        omit("CpuRealtimePeriod", Kind::Int, rule::REALTIME),
        omit("CpuRealtimeRuntime", Kind::Int, rule::REALTIME),
        omit("Init", Kind::Flag, rule::OUTPUT_FIELD),
        omit("KernelMemory", Kind::Int, rule::PLATFORM_FIELD),
        omit("KernelMemoryTCP", Kind::Int, rule::PLATFORM_FIELD),
        omit("CpuCount", Kind::Int, rule::PLATFORM_FIELD),
        omit("CpuPercent", Kind::Int, rule::PLATFORM_FIELD),
        omit("IOMaximumIOps", Kind::Int, rule::PLATFORM_FIELD),
        omit("IOMaximumBandwidth", Kind::Int, rule::PLATFORM_FIELD),
    ],
};

/// Read the body.
pub fn read(body: Value, bounds: &Bounds<'_>) -> Result<Model, Refusal> {
    let mut model = UPDATE.read(body, bounds)?;
    if let Some(limits) = &bounds.policy.limits {
        limits::settle(&mut model.body, "", limits, false, &mut model.changes);
    }
    Ok(model)
}
