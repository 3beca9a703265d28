//! What the service `LLBBridge` is asked (buildkit `frontend/gateway/pb/gateway.proto`): a client is its
//! build's frontend there. What a frontend's container asks does not come this way.

use super::control::{CACHE_ENTRY, UNREAD, frontend};
use super::llb::{DEFINITION, PLATFORM, RANGE, SOURCE_INFO, SOURCE_OP};
use super::shape::{At, Entry, Given, Shape, bytes, map, message, number, text};
use crate::guard::Refusal;
use crate::guard::rule;

/// Fields of [`SOLVE`] that are read or written by number.
pub(super) mod solve {
    pub(in crate::guard::buildkit) const FRONTEND: u32 = 2;
    pub(in crate::guard::buildkit) const FRONTEND_OPT: u32 = 3;
}

/// `SolveRequest`
pub(super) static SOLVE: Shape = Shape {
    name: "SolveRequest",
    fields: &[
        message(1, "definition", &DEFINITION),
        text(solve::FRONTEND, "frontend").check(frontend),
        map(solve::FRONTEND_OPT, "frontend_opt", Entry::Text),
        number(5, "allow_result_return"),
        number(6, "allow_result_array_ref"),
        number(10, "final"),
        bytes(11, "exporter_attr").refuse(rule::BUILD_EXPORTER),
        message(12, "cache_imports", &CACHE_ENTRY).many(),
        map(13, "frontend_inputs", Entry::Message(&DEFINITION)),
        number(14, "evaluate"),
        message(15, "source_policies", &UNREAD)
            .many()
            .refuse(rule::BUILD_OPTION),
    ],
};

/// `ResolveImageConfigRequest`
pub(super) static RESOLVE_IMAGE: Shape = Shape {
    name: "ResolveImageConfigRequest",
    fields: &[
        text(1, "ref"),
        message(2, "platform", &PLATFORM),
        text(3, "resolve_mode"),
        text(4, "log_name"),
        number(5, "resolver_type"),
        text(6, "session_id").check(session),
        text(7, "store_id"),
        message(8, "source_policies", &UNREAD)
            .many()
            .refuse(rule::BUILD_OPTION),
    ],
};

fn session(given: Given<'_>, at: &At<'_>) -> Result<(), Refusal> {
    match given {
        Given::Text(session) if !session.is_empty() => super::session::own(session, at),
        _ => Ok(()),
    }
}

/// `ResolveSourceMetaRequest`
pub(super) static RESOLVE_SOURCE: Shape = Shape {
    name: "ResolveSourceMetaRequest",
    fields: &[
        message(1, "source", &SOURCE_OP),
        message(2, "platform", &PLATFORM),
        text(3, "log_name"),
        text(4, "resolve_mode"),
        message(8, "source_policies", &UNREAD)
            .many()
            .refuse(rule::BUILD_OPTION),
    ],
};

/// `ReadFileRequest`
pub(super) static READ_FILE: Shape = Shape {
    name: "ReadFileRequest",
    fields: &[
        text(1, "ref"),
        text(2, "file_path"),
        message(3, "range", &FILE_RANGE),
        number(4, "mount_index"),
    ],
};

static FILE_RANGE: Shape = Shape {
    name: "FileRange",
    fields: &[number(1, "offset"), number(2, "length")],
};

/// `ReadDirRequest`
pub(super) static READ_DIR: Shape = Shape {
    name: "ReadDirRequest",
    fields: &[
        text(1, "ref"),
        text(2, "dir_path"),
        text(3, "include_pattern"),
        number(4, "mount_index"),
    ],
};

/// `StatFileRequest`
pub(super) static STAT_FILE: Shape = Shape {
    name: "StatFileRequest",
    fields: &[text(1, "ref"), text(2, "path"), number(3, "mount_index")],
};

/// `EvaluateRequest`
pub(super) static EVALUATE: Shape = Shape {
    name: "EvaluateRequest",
    fields: &[text(1, "ref")],
};

/// `PingRequest` and `InputsRequest`
pub(super) static NOTHING: Shape = Shape {
    name: "PingRequest",
    fields: &[],
};

/// `WarnRequest`
pub(super) static WARN: Shape = Shape {
    name: "WarnRequest",
    fields: &[
        text(1, "digest"),
        number(2, "level"),
        bytes(3, "short"),
        bytes(4, "detail").many(),
        text(5, "url"),
        message(6, "info", &SOURCE_INFO),
        message(7, "ranges", &RANGE).many(),
    ],
};

/// `ReturnRequest`
pub(super) static RETURN: Shape = Shape {
    name: "ReturnRequest",
    fields: &[message(1, "result", &RESULT), message(2, "error", &STATUS)],
};

static RESULT: Shape = Shape {
    name: "Result",
    fields: &[
        text(1, "ref_deprecated"),
        message(2, "refs_deprecated", &REF_MAP_DEPRECATED),
        message(3, "ref", &REF),
        message(4, "refs", &REF_MAP),
        map(10, "metadata", Entry::Bytes),
        map(12, "attestations", Entry::Message(&ATTESTATIONS)),
    ],
};

static REF_MAP_DEPRECATED: Shape = Shape {
    name: "RefMapDeprecated",
    fields: &[map(1, "refs", Entry::Text)],
};

static REF: Shape = Shape {
    name: "Ref",
    fields: &[text(1, "id"), message(2, "def", &DEFINITION)],
};

static REF_MAP: Shape = Shape {
    name: "RefMap",
    fields: &[map(1, "refs", Entry::Message(&REF))],
};

static ATTESTATIONS: Shape = Shape {
    name: "Attestations",
    fields: &[message(1, "attestation", &ATTESTATION).many()],
};

static ATTESTATION: Shape = Shape {
    name: "Attestation",
    fields: &[
        number(1, "kind"),
        map(2, "metadata", Entry::Bytes),
        message(3, "ref", &REF),
        text(4, "path"),
        text(5, "in_toto_predicate_type"),
        message(6, "in_toto_subjects", &SUBJECT).many(),
    ],
};

static SUBJECT: Shape = Shape {
    name: "InTotoSubject",
    fields: &[number(1, "kind"), text(2, "digest").many(), text(3, "name")],
};

/// `google.rpc.Status`: why a build failed, with details of any kind.
static STATUS: Shape = Shape {
    name: "Status",
    fields: &[
        number(1, "code"),
        text(2, "message"),
        message(3, "details", &ANY).many(),
    ],
};

static ANY: Shape = Shape {
    name: "Any",
    fields: &[text(1, "type_url"), bytes(2, "value")],
};
