//! Every route of the engine's API (moby `daemon/server/router/*` at v29, docker's API reference up to
//! 1.52) with what is done with it: the one table that decides what a request is.

use super::query::{Param, ParamKind};
use super::row::Method::{Delete, Get, Head, Post, Put};
use super::row::{Body, Permission, Row, Stream};
use crate::guard::ownership::Kind;
use crate::guard::rule;
use Permission::{Answered, Checked, Listed, Owned, Plain, Read};

/// The routes that can be passed on, by what they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "a name for each row of ROUTES, which says what it is")]
#[rustfmt::skip]
pub enum Route {
    Ping, Version, Info, Events, DiskUsage, Auth, Distribution,
    ContainerList, ContainerCreate, ContainerPrune, ContainerInspect, ContainerTop, ContainerLogs,
    ContainerChanges, ContainerExport, ContainerStats, ContainerResize, ContainerStart,
    ContainerStop, ContainerRestart, ContainerKill, ContainerUpdate, ContainerRename,
    ContainerPause, ContainerUnpause, ContainerAttach, ContainerWait, ContainerDelete,
    ArchiveInfo, ArchiveGet, ArchivePut, Commit, ExecCreate, ExecStart, ExecResize, ExecInspect,
    ImageList, ImageSearch, ImageExportMany, ImageExport, ImageHistory, ImageInspect,
    ImageAttestations, ImageLoad, ImageCreate, ImagePush, ImageTag, ImagePrune, ImageDelete,
    NetworkList, NetworkInspect, NetworkCreate, NetworkConnect, NetworkDisconnect, NetworkPrune,
    NetworkDelete, VolumeList, VolumeInspect, VolumeCreate, VolumePrune, VolumeDelete,
    Build, BuildPrune, BuildSession, BuildCalls, Refused,
}

const fn param(name: &'static str, kind: ParamKind) -> Param {
    Param { name, kind }
}
const fn flag(name: &'static str) -> Param {
    param(name, ParamKind::Flag)
}
const fn int(name: &'static str) -> Param {
    param(name, ParamKind::Int)
}
const fn text(name: &'static str) -> Param {
    param(name, ParamKind::Text)
}
const fn texts(name: &'static str) -> Param {
    param(name, ParamKind::Texts)
}
/// Sent by docker-py or older clients, and without a meaning for the engines that are spoken with.
const fn unread(name: &'static str) -> Param {
    param(name, ParamKind::Dropped)
}
const fn row(method: super::Method, path: &'static str, route: Route, does: Permission) -> Row {
    Row::new(method, path, route, does)
}

const FILTERS: Param = param("filters", ParamKind::Filters);
const SIGNAL: &[Param] = &[int("t"), text("signal")];
const SIZE: &[Param] = &[int("h"), int("w")];
#[rustfmt::skip]
const ATTACH: &[Param] = &[
    text("detachKeys"), flag("logs"), flag("stream"), flag("stdin"), flag("stdout"), flag("stderr"),
];
#[rustfmt::skip]
const LOGS: &[Param] = &[
    flag("follow"), flag("stdout"), flag("stderr"), text("since"), text("until"),
    flag("timestamps"), text("tail"), flag("details"),
];
/// A checkpoint is a path of the host (guard-policy §2.4).
const START: &[Param] = &[
    text("detachKeys"),
    param("checkpoint", ParamKind::Refused(rule::CHECKPOINT)),
    param("checkpoint-dir", ParamKind::Refused(rule::CHECKPOINT)),
];
/// The classic builder's parameters (moby `build_routes.go`); `outputs` and `session` are BuildKit's.
#[rustfmt::skip]
const BUILD: &[Param] = &[
    // docker-py repeats it with the content, where the file is outside of the context
    param("dockerfile", ParamKind::First), texts("t"), texts("extrahosts"), flag("q"), flag("nocache"),
    text("cachefrom"), flag("pull"), flag("rm"), flag("forcerm"), int("memory"), int("memswap"),
    int("cpushares"), text("cpusetcpus"), text("cpusetmems"), int("cpuperiod"), int("cpuquota"),
    text("buildargs"), int("shmsize"), flag("squash"), text("labels"), text("networkmode"),
    text("platform"), text("target"), text("ulimits"), text("version"),
    unread("isolation"),
    unread("buildid"),
    param("cgroupparent", ParamKind::Refused(rule::BUILD_CGROUP)),
    param("remote", ParamKind::Refused(rule::BUILD_REMOTE)),
    param("securityopt", ParamKind::Refused(rule::BUILD_SECURITY_OPT)),
    param("outputs", ParamKind::Refused(rule::BUILDKIT)),
    param("session", ParamKind::Refused(rule::BUILDKIT)),
];

const C: Permission = Owned(Kind::Container);
const E: Permission = Owned(Kind::Exec);
const N: Permission = Owned(Kind::Network);
const V: Permission = Owned(Kind::Volume);

/// The table.
#[rustfmt::skip]
pub const ROUTES: &[Row] = &[
    // the engine
    row(Get, "/_ping", Route::Ping, Answered),
    row(Head, "/_ping", Route::Ping, Answered),
    row(Get, "/version", Route::Version, Answered),
    row(Get, "/info", Route::Info, Answered),
    row(Get, "/events", Route::Events, Listed).query(&[text("since"), text("until"), FILTERS]).stream(Stream::Endless),
    row(Get, "/system/df", Route::DiskUsage, Listed).query(&[texts("type"), flag("verbose")]),
    row(Post, "/auth", Route::Auth, Checked).body(Body::Json),
    row(Get, "/distribution/{image}/json", Route::Distribution, Plain),
    // containers
    row(Get, "/containers/json", Route::ContainerList, Listed).query(&[flag("all"), int("limit"), flag("size"), text("since"), text("before"), unread("trunc_cmd"), FILTERS]),
    row(Post, "/containers/create", Route::ContainerCreate, Checked).query(&[text("name"), text("platform")]).body(Body::Json),
    row(Post, "/containers/prune", Route::ContainerPrune, Listed).query(&[FILTERS]),
    row(Get, "/containers/{container}/json", Route::ContainerInspect, C).query(&[flag("size")]),
    row(Get, "/containers/{container}/top", Route::ContainerTop, C).query(&[text("ps_args")]),
    row(Get, "/containers/{container}/logs", Route::ContainerLogs, C).query(LOGS).stream(Stream::Endless),
    row(Get, "/containers/{container}/changes", Route::ContainerChanges, C),
    row(Get, "/containers/{container}/export", Route::ContainerExport, C).stream(Stream::Endless),
    row(Get, "/containers/{container}/stats", Route::ContainerStats, C).query(&[flag("stream"), flag("one-shot")]).stream(Stream::Endless),
    row(Post, "/containers/{container}/resize", Route::ContainerResize, C).query(SIZE),
    row(Post, "/containers/{container}/start", Route::ContainerStart, C).query(START),
    row(Post, "/containers/{container}/stop", Route::ContainerStop, C).query(SIGNAL),
    row(Post, "/containers/{container}/restart", Route::ContainerRestart, C).query(SIGNAL),
    row(Post, "/containers/{container}/kill", Route::ContainerKill, C).query(&[text("signal")]),
    row(Post, "/containers/{container}/update", Route::ContainerUpdate, C).body(Body::Json),
    row(Post, "/containers/{container}/rename", Route::ContainerRename, C).query(&[text("name")]),
    row(Post, "/containers/{container}/pause", Route::ContainerPause, C),
    row(Post, "/containers/{container}/unpause", Route::ContainerUnpause, C),
    row(Post, "/containers/{container}/attach", Route::ContainerAttach, C).query(ATTACH).stream(Stream::Hijack),
    Row::refused(Get, "/containers/{container}/attach/ws", rule::ATTACH_WEBSOCKET),
    row(Post, "/containers/{container}/wait", Route::ContainerWait, C).query(&[text("condition")]).stream(Stream::Endless),
    row(Delete, "/containers/{container}", Route::ContainerDelete, C).query(&[flag("v"), flag("force"), flag("link")]),
    row(Head, "/containers/{container}/archive", Route::ArchiveInfo, C).query(&[text("path")]),
    row(Get, "/containers/{container}/archive", Route::ArchiveGet, C).query(&[text("path")]).stream(Stream::Endless),
    row(Put, "/containers/{container}/archive", Route::ArchivePut, C).query(&[text("path"), flag("noOverwriteDirNonDir"), flag("copyUIDGID")]).body(Body::Tar),
    Row::refused(Get, "/containers/{container}/checkpoints", rule::CHECKPOINT),
    Row::refused(Post, "/containers/{container}/checkpoints", rule::CHECKPOINT),
    Row::refused(Delete, "/containers/{container}/checkpoints/{any}", rule::CHECKPOINT),
    row(Post, "/commit", Route::Commit, Checked).query(&[text("container"), text("repo"), text("tag"), text("comment"), text("author"), flag("pause"), texts("changes")]).body(Body::OptionalJson),
    // commands in containers
    row(Post, "/containers/{container}/exec", Route::ExecCreate, C).body(Body::Json),
    row(Post, "/exec/{exec}/start", Route::ExecStart, E).body(Body::OptionalJson).stream(Stream::Hijack),
    row(Post, "/exec/{exec}/resize", Route::ExecResize, E).query(SIZE),
    row(Get, "/exec/{exec}/json", Route::ExecInspect, E),
    // images
    row(Get, "/images/json", Route::ImageList, Plain).query(&[flag("all"), FILTERS, flag("shared-size"), flag("digests"), flag("manifests"), flag("identity"), unread("only_ids")]),
    row(Get, "/images/search", Route::ImageSearch, Plain).query(&[text("term"), int("limit"), FILTERS]),
    row(Get, "/images/get", Route::ImageExportMany, Checked).query(&[texts("names"), texts("platform")]).stream(Stream::Endless),
    row(Get, "/images/{image}/get", Route::ImageExport, Read(Kind::Image)).query(&[texts("platform")]).stream(Stream::Endless),
    row(Get, "/images/{image}/history", Route::ImageHistory, Read(Kind::Image)).query(&[text("platform")]),
    row(Get, "/images/{image}/json", Route::ImageInspect, Read(Kind::Image)).query(&[flag("manifests"), text("platform")]),
    row(Get, "/images/{image}/attestations", Route::ImageAttestations, Read(Kind::Image)).query(&[text("platform")]),
    row(Post, "/images/load", Route::ImageLoad, Checked).query(&[flag("quiet"), texts("platform")]).body(Body::Tar).stream(Stream::Endless),
    row(Post, "/images/create", Route::ImageCreate, Checked).query(&[text("fromImage"), text("fromSrc"), text("repo"), text("tag"), text("message"), texts("changes"), text("platform")]).body(Body::Tar).stream(Stream::Endless),
    row(Post, "/images/{image}/push", Route::ImagePush, Checked).query(&[text("tag"), text("platform")]).stream(Stream::Endless),
    row(Post, "/images/{image}/tag", Route::ImageTag, Checked).query(&[text("repo"), text("tag"), unread("force")]),
    row(Post, "/images/prune", Route::ImagePrune, Listed).query(&[FILTERS]),
    row(Delete, "/images/{image}", Route::ImageDelete, Owned(Kind::Image)).query(&[flag("force"), flag("noprune"), texts("platforms")]),
    // networks
    row(Get, "/networks", Route::NetworkList, Listed).query(&[FILTERS]),
    row(Post, "/networks/create", Route::NetworkCreate, Checked).body(Body::Json),
    row(Post, "/networks/prune", Route::NetworkPrune, Listed).query(&[FILTERS]),
    row(Get, "/networks/{network}", Route::NetworkInspect, N).query(&[flag("verbose"), text("scope")]),
    row(Post, "/networks/{network}/connect", Route::NetworkConnect, N).body(Body::Json),
    row(Post, "/networks/{network}/disconnect", Route::NetworkDisconnect, N).body(Body::Json),
    row(Delete, "/networks/{network}", Route::NetworkDelete, N),
    // volumes
    row(Get, "/volumes", Route::VolumeList, Listed).query(&[FILTERS]),
    row(Post, "/volumes/create", Route::VolumeCreate, Checked).body(Body::Json),
    row(Post, "/volumes/prune", Route::VolumePrune, Listed).query(&[FILTERS]),
    row(Get, "/volumes/{volume}", Route::VolumeInspect, V),
    Row::refused(Put, "/volumes/{volume}", rule::VOLUME_CLUSTER),
    row(Delete, "/volumes/{volume}", Route::VolumeDelete, V).query(&[flag("force")]),
    // builds
    row(Post, "/build", Route::Build, Checked).query(BUILD).body(Body::Tar).stream(Stream::Endless),
    Row::refused(Post, "/build/cancel", rule::BUILD_CANCEL),
    row(Post, "/build/prune", Route::BuildPrune, Listed).query(&[flag("all"), int("keep-storage"), int("reserved-space"), int("max-used-space"), int("min-free-space"), FILTERS]),
    row(Post, "/session", Route::BuildSession, Checked).stream(Stream::Calls),
    row(Post, "/grpc", Route::BuildCalls, Checked).stream(Stream::Calls),
    // swarm
    Row::refused(Get, "/swarm", rule::SWARM),
    Row::refused(Post, "/swarm/init", rule::SWARM),
    Row::refused(Post, "/swarm/join", rule::SWARM),
    Row::refused(Post, "/swarm/leave", rule::SWARM),
    Row::refused(Post, "/swarm/update", rule::SWARM),
    Row::refused(Get, "/swarm/unlockkey", rule::SWARM),
    Row::refused(Post, "/swarm/unlock", rule::SWARM),
    Row::refused(Get, "/services", rule::SWARM),
    Row::refused(Post, "/services/create", rule::SWARM),
    Row::refused(Get, "/services/{any}", rule::SWARM),
    Row::refused(Post, "/services/{any}/update", rule::SWARM),
    Row::refused(Get, "/services/{any}/logs", rule::SWARM),
    Row::refused(Delete, "/services/{any}", rule::SWARM),
    Row::refused(Get, "/nodes", rule::SWARM),
    Row::refused(Get, "/nodes/{any}", rule::SWARM),
    Row::refused(Post, "/nodes/{any}/update", rule::SWARM),
    Row::refused(Delete, "/nodes/{any}", rule::SWARM),
    Row::refused(Get, "/tasks", rule::SWARM),
    Row::refused(Get, "/tasks/{any}", rule::SWARM),
    Row::refused(Get, "/tasks/{any}/logs", rule::SWARM),
    Row::refused(Get, "/secrets", rule::SWARM),
    Row::refused(Post, "/secrets/create", rule::SWARM),
    Row::refused(Get, "/secrets/{any}", rule::SWARM),
    Row::refused(Post, "/secrets/{any}/update", rule::SWARM),
    Row::refused(Delete, "/secrets/{any}", rule::SWARM),
    Row::refused(Get, "/configs", rule::SWARM),
    Row::refused(Post, "/configs/create", rule::SWARM),
    Row::refused(Get, "/configs/{any}", rule::SWARM),
    Row::refused(Post, "/configs/{any}/update", rule::SWARM),
    Row::refused(Delete, "/configs/{any}", rule::SWARM),
    // plugins
    Row::refused(Get, "/plugins", rule::PLUGIN),
    Row::refused(Get, "/plugins/privileges", rule::PLUGIN),
    Row::refused(Post, "/plugins/pull", rule::PLUGIN),
    Row::refused(Post, "/plugins/create", rule::PLUGIN),
    Row::refused(Get, "/plugins/{any}/json", rule::PLUGIN),
    Row::refused(Post, "/plugins/{any}/enable", rule::PLUGIN),
    Row::refused(Post, "/plugins/{any}/disable", rule::PLUGIN),
    Row::refused(Post, "/plugins/{any}/push", rule::PLUGIN),
    Row::refused(Post, "/plugins/{any}/upgrade", rule::PLUGIN),
    Row::refused(Post, "/plugins/{any}/set", rule::PLUGIN),
    Row::refused(Delete, "/plugins/{any}", rule::PLUGIN),
    // the engine's inside
    Row::refused(Get, "/debug/{any}", rule::DEBUG),
    Row::refused(Get, "/libpod/{any}", rule::LIBPOD),
    Row::refused(Head, "/libpod/{any}", rule::LIBPOD),
    Row::refused(Post, "/libpod/{any}", rule::LIBPOD),
    Row::refused(Put, "/libpod/{any}", rule::LIBPOD),
    Row::refused(Delete, "/libpod/{any}", rule::LIBPOD),
];
