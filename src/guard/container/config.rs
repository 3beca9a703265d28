//! The tables of `Config` (guard-policy §2.2) and of the whole body.

use super::endpoint::NETWORKING;
use super::host::HOST;
use super::ports;
use crate::guard::Refusal;
use crate::guard::bind;
use crate::guard::json::Value;
use crate::guard::labels;
use crate::guard::path::is_image;
use crate::guard::rule;
use crate::guard::schema::{At, Field, Kind, Schema, allow, check, omit, rewrite};

/// The body of `POST /containers/create`. Older engines also read `HostConfig`'s fields at its top
/// (moby `ContainerConfigWrapper`): here they are unknown.
pub static CREATE: Schema = Schema {
    name: "ContainerCreateBody",
    fields: &FIELDS,
};

/// `Config` alone, as in a commit.
pub static CONFIG: Schema = Schema {
    name: "ContainerConfig",
    fields: CONFIG_FIELDS,
};

const CONFIG_FIELDS: &[Field] = FIELDS.split_at(25).0;

static FIELDS: [Field; 30] = [
    allow("Hostname", Kind::Text),
    allow("Domainname", Kind::Text),
    allow("User", Kind::Text),
    allow("AttachStdin", Kind::Flag),
    allow("AttachStdout", Kind::Flag),
    allow("AttachStderr", Kind::Flag),
    check("ExposedPorts", Kind::Set, ports::keys),
    allow("Tty", Kind::Flag),
    allow("OpenStdin", Kind::Flag),
    allow("StdinOnce", Kind::Flag),
    allow("Env", Kind::Texts),
    allow("Cmd", Kind::Words),
    allow("Healthcheck", Kind::Object(&HEALTHCHECK)),
    omit("ArgsEscaped", Kind::Flag, rule::PLATFORM_FIELD),
    check("Image", Kind::Text, image),
    check("Volumes", Kind::Set, volumes),
    allow("WorkingDir", Kind::Text),
    allow("Entrypoint", Kind::Words),
    allow("NetworkDisabled", Kind::Flag),
    // until API 1.43
    allow("MacAddress", Kind::Text),
    omit("OnBuild", Kind::Texts, rule::PLATFORM_FIELD),
    rewrite("Labels", Kind::TextMap, labels::set, rule::LABEL),
    allow("StopSignal", Kind::Text),
    allow("StopTimeout", Kind::Int),
    allow("Shell", Kind::Words),
    allow("HostConfig", Kind::Object(&HOST)),
    allow("NetworkingConfig", Kind::Object(&NETWORKING)),
    // parameters of the query that docker-modem repeats in the body
    omit("name", Kind::Text, rule::OUTPUT_FIELD),
    omit("platform", Kind::Text, rule::OUTPUT_FIELD),
    // docker-py's; the engine reads it in `HostConfig`
    omit("Runtime", Kind::Text, rule::OUTPUT_FIELD),
];

/// `Healthcheck`: runs in the container.
pub static HEALTHCHECK: Schema = Schema {
    name: "HealthConfig",
    fields: &[
        allow("Test", Kind::Texts),
        allow("Interval", Kind::Int),
        allow("Timeout", Kind::Int),
        allow("Retries", Kind::Int),
        allow("StartPeriod", Kind::Int),
        allow("StartInterval", Kind::Int),
    ],
};

/// A commit has none; to a create without one the engine says so itself.
fn image(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    if value.is_zero() || is_image(value.as_text()) {
        return Ok(());
    }
    Err(at.malformed(rule::IMAGE_NAME, format!("is `{}`", value.as_text())))
}

/// Anonymous volumes, by their target.
fn volumes(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    let mut targets = value.as_map().into_iter().flatten();
    targets.try_for_each(|(target, _)| bind::target(&at.path.to_string(), target).map(|_| ()))
}
