//! What the service `Control` is asked (buildkit `api/services/control/control.proto`).

use super::llb::DEFINITION;
use super::shape::{At, Entry, Given, Shape, map, message, number, text};
use crate::guard::Refusal;
use crate::guard::rule;

/// Fields of [`SOLVE`] that are read or written by number.
pub(super) mod solve {
    pub(in crate::guard::buildkit) const REF: u32 = 1;
    pub(in crate::guard::buildkit) const EXPORTER: u32 = 3;
    pub(in crate::guard::buildkit) const EXPORTER_ATTRS: u32 = 4;
    pub(in crate::guard::buildkit) const SESSION: u32 = 5;
    pub(in crate::guard::buildkit) const FRONTEND: u32 = 6;
    pub(in crate::guard::buildkit) const FRONTEND_ATTRS: u32 = 7;
    pub(in crate::guard::buildkit) const EXPORTERS: u32 = 13;
}

/// `SolveRequest`
pub(super) static SOLVE: Shape = Shape {
    name: "SolveRequest",
    fields: &[
        text(solve::REF, "ref"),
        message(2, "definition", &DEFINITION),
        text(solve::EXPORTER, "exporter_deprecated"),
        map(
            solve::EXPORTER_ATTRS,
            "exporter_attrs_deprecated",
            Entry::Text,
        ),
        text(solve::SESSION, "session").check(session),
        text(solve::FRONTEND, "frontend").check(frontend),
        map(solve::FRONTEND_ATTRS, "frontend_attrs", Entry::Text),
        message(8, "cache", &CACHE),
        text(9, "entitlements")
            .many()
            .refuse(rule::BUILD_ENTITLEMENT),
        map(10, "frontend_inputs", Entry::Message(&DEFINITION)),
        number(11, "internal"),
        message(12, "source_policy", &UNREAD).refuse(rule::BUILD_OPTION),
        message(solve::EXPORTERS, "exporters", &EXPORTER).many(),
        // exporters that the client names after it was judged
        number(14, "enable_session_exporter").refuse(rule::BUILD_EXPORTER),
        text(15, "source_policy_session").refuse(rule::BUILD_OPTION),
        number(16, "compatibility_version"),
        number(17, "proxy_network").refuse(rule::BUILD_NETWORK),
    ],
};

/// What is refused whatever is in it.
pub(super) static UNREAD: Shape = Shape {
    name: "",
    fields: &[],
};

fn session(given: Given<'_>, at: &At<'_>) -> Result<(), Refusal> {
    match given {
        Given::Text(session) if !session.is_empty() => super::session::own(session, at),
        _ => Ok(()),
    }
}

/// The frontends of the engine. A gateway runs an image as a frontend, as `# syntax=` does.
pub(super) fn frontend(given: Given<'_>, at: &At<'_>) -> Result<(), Refusal> {
    match given {
        Given::Text("" | "dockerfile.v0" | "gateway.v0") => Ok(()),
        Given::Text(name) => Err(at.forbidden(rule::BUILD_OPTION, format!("is `{name}`"))),
        _ => Ok(()),
    }
}

pub(super) static EXPORTER: Shape = Shape {
    name: "Exporter",
    fields: &[text(1, "type"), map(2, "attrs", Entry::Text)],
};

static CACHE: Shape = Shape {
    name: "CacheOptions",
    fields: &[
        text(1, "export_ref_deprecated").refuse(rule::BUILD_CACHE),
        text(2, "import_refs_deprecated")
            .many()
            .refuse(rule::BUILD_CACHE),
        map(3, "export_attrs_deprecated", Entry::Text).refuse(rule::BUILD_CACHE),
        message(4, "exports", &CACHE_ENTRY).many(),
        message(5, "imports", &CACHE_ENTRY).many(),
    ],
};

pub(super) static CACHE_ENTRY: Shape = Shape {
    name: "CacheOptionsEntry",
    fields: &[text(1, "type").check(cache), map(2, "attrs", Entry::Text)],
};

/// Registries, the image itself, and the client's own directories.
pub(super) fn cache(given: Given<'_>, at: &At<'_>) -> Result<(), Refusal> {
    match given {
        Given::Text("registry" | "inline" | "local") => Ok(()),
        Given::Text(name) => Err(at.forbidden(rule::BUILD_CACHE, format!("is `{name}`"))),
        _ => Ok(()),
    }
}

/// `StatusRequest`
pub(super) static STATUS: Shape = Shape {
    name: "StatusRequest",
    fields: &[text(1, "ref")],
};

/// `InfoRequest`
pub(super) static INFO: Shape = Shape {
    name: "InfoRequest",
    fields: &[],
};

/// `ListWorkersRequest`
pub(super) static LIST_WORKERS: Shape = Shape {
    name: "ListWorkersRequest",
    fields: &[text(1, "filter").many()],
};

/// `grpc.health.v1.HealthCheckRequest`
pub(super) static HEALTH: Shape = Shape {
    name: "HealthCheckRequest",
    fields: &[text(1, "service")],
};
