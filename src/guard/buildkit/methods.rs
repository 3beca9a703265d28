//! The calls of BuildKit's services, and what is done with each: what is not in this table is refused.

use super::control::{HEALTH, INFO, LIST_WORKERS, STATUS};
use super::gateway::{
    EVALUATE, NOTHING, READ_DIR, READ_FILE, RESOLVE_IMAGE, RESOLVE_SOURCE, RETURN, STAT_FILE, WARN,
};
use super::shape::Shape;
use crate::guard::Refusal;
use crate::guard::rule;

/// Who answers a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The engine, on `/grpc`.
    Engine,
    /// The session's client, on `/session`.
    Client,
}

/// What is done with a call.
#[derive(Debug, Clone, Copy)]
pub(super) enum Does {
    /// One message, which is read and tells nothing of others.
    Asks(&'static Shape),
    /// A build begins.
    Solves,
    /// A build of this session is watched: its id is in the message.
    Watches(&'static Shape),
    /// A build of this session is driven: its id is in the headers.
    Drives(&'static Shape),
    /// A step of such a build begins.
    Steps,
    /// Answered here, with nothing.
    Swallowed,
    /// Any messages: the engine asks its client.
    Streams,
}

/// A call.
#[derive(Debug)]
pub struct Method {
    /// Its path.
    pub path: &'static str,
    side: Side,
    pub(super) does: Does,
}

impl PartialEq for Method {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.side == other.side
    }
}

const fn engine(path: &'static str, does: Does) -> Method {
    Method {
        path,
        side: Side::Engine,
        does,
    }
}

const fn client(path: &'static str) -> Method {
    Method {
        path,
        side: Side::Client,
        does: Does::Streams,
    }
}

/// The table. Not in it are `DiskUsage`, `Prune`, `ListenBuildHistory`, `UpdateBuildHistory` and the
/// content of the history, which are of all builds; `Session`, which `/session` is for; and containers
/// of a frontend (`NewContainer`, `ExecProcess`), which are not of a build's definition.
#[rustfmt::skip]
const METHODS: &[Method] = &[
    engine("/moby.buildkit.v1.Control/Solve", Does::Solves),
    engine("/moby.buildkit.v1.Control/Status", Does::Watches(&STATUS)),
    engine("/moby.buildkit.v1.Control/Info", Does::Asks(&INFO)),
    engine("/moby.buildkit.v1.Control/ListWorkers", Does::Asks(&LIST_WORKERS)),
    engine("/grpc.health.v1.Health/Check", Does::Asks(&HEALTH)),
    engine("/moby.buildkit.v1.frontend.LLBBridge/Ping", Does::Drives(&NOTHING)),
    engine("/moby.buildkit.v1.frontend.LLBBridge/Solve", Does::Steps),
    engine("/moby.buildkit.v1.frontend.LLBBridge/ResolveImageConfig", Does::Drives(&RESOLVE_IMAGE)),
    engine("/moby.buildkit.v1.frontend.LLBBridge/ResolveSourceMeta", Does::Drives(&RESOLVE_SOURCE)),
    engine("/moby.buildkit.v1.frontend.LLBBridge/ReadFile", Does::Drives(&READ_FILE)),
    engine("/moby.buildkit.v1.frontend.LLBBridge/ReadDir", Does::Drives(&READ_DIR)),
    engine("/moby.buildkit.v1.frontend.LLBBridge/StatFile", Does::Drives(&STAT_FILE)),
    engine("/moby.buildkit.v1.frontend.LLBBridge/Evaluate", Does::Drives(&EVALUATE)),
    engine("/moby.buildkit.v1.frontend.LLBBridge/Inputs", Does::Drives(&NOTHING)),
    engine("/moby.buildkit.v1.frontend.LLBBridge/Warn", Does::Drives(&WARN)),
    engine("/moby.buildkit.v1.frontend.LLBBridge/Return", Does::Drives(&RETURN)),
    // where the user sends traces is no place for a session's
    engine("/opentelemetry.proto.collector.trace.v1.TraceService/Export", Does::Swallowed),

    client("/grpc.health.v1.Health/Check"),
    client("/moby.filesync.v1.FileSync/DiffCopy"),
    client("/moby.filesync.v1.FileSync/TarStream"),
    client("/moby.filesync.v1.FileSend/DiffCopy"),
    client("/moby.filesync.v1.Auth/Credentials"),
    client("/moby.filesync.v1.Auth/FetchToken"),
    client("/moby.filesync.v1.Auth/GetTokenAuthority"),
    client("/moby.filesync.v1.Auth/VerifyTokenAuthority"),
    client("/moby.buildkit.secrets.v1.Secrets/GetSecret"),
    client("/moby.sshforward.v1.SSH/CheckAgent"),
    client("/moby.sshforward.v1.SSH/ForwardAgent"),
    client("/moby.upload.v1.Upload/Pull"),
    client("/containerd.services.content.v1.Content/Info"),
    client("/containerd.services.content.v1.Content/Update"),
    client("/containerd.services.content.v1.Content/List"),
    client("/containerd.services.content.v1.Content/Delete"),
    client("/containerd.services.content.v1.Content/Read"),
    client("/containerd.services.content.v1.Content/Status"),
    client("/containerd.services.content.v1.Content/ListStatuses"),
    client("/containerd.services.content.v1.Content/Write"),
    client("/containerd.services.content.v1.Content/Abort"),
];

pub(super) fn serves(side: Side, path: &str) -> bool {
    known(side, path).is_some()
}

fn known(side: Side, path: &str) -> Option<&'static Method> {
    let same = |method: &&Method| method.side == side && method.path == path;
    METHODS.iter().find(same)
}

/// The call of a path that `side` answers.
pub fn method(side: Side, path: &str) -> Result<&'static Method, Refusal> {
    known(side, path).ok_or_else(|| Refusal {
        // gRPC's word for it, which buildx takes for an engine that has no such call
        status: 501,
        ..Refusal::forbidden(rule::BUILD_CALL, path, "is refused")
    })
}

/// Which calls have one message, which is read.
impl Method {
    /// Whether it is passed on as it comes.
    pub fn is_stream(&self) -> bool {
        matches!(self.does, Does::Streams)
    }

    /// Whether it is of a build whose id is in the headers.
    pub fn is_of_build(&self) -> bool {
        matches!(self.does, Does::Drives(_) | Does::Steps)
    }
}
