//! Commands in containers. Everything is decided when one is made: its stream cannot be looked into.

use super::rule;
use super::schema::{Kind, Schema, allow, omit, refuse, spelled};

/// The body of `POST /containers/{id}/exec`.
pub static EXEC: Schema = Schema {
    name: "ExecConfig",
    fields: &[
        allow("AttachStdin", Kind::Flag),
        allow("AttachStdout", Kind::Flag),
        allow("AttachStderr", Kind::Flag),
        allow("ConsoleSize", Kind::Ints),
        allow("DetachKeys", Kind::Text),
        // docker-py, with what is in docker's own settings
        spelled("detachKeys", Kind::Text, "DetachKeys"),
        allow("Tty", Kind::Flag),
        allow("Env", Kind::Texts),
        allow("Cmd", Kind::Words),
        refuse("Privileged", Kind::Flag, rule::EXEC_PRIVILEGED),
        allow("User", Kind::Text),
        allow("WorkingDir", Kind::Text),
        // docker-py and older clients; the path and the start say it
        omit("Container", Kind::Text, rule::OUTPUT_FIELD),
        omit("Detach", Kind::Flag, rule::OUTPUT_FIELD),
    ],
};

/// The body of `POST /exec/{id}/start`.
pub static EXEC_START: Schema = Schema {
    name: "ExecStartConfig",
    fields: &[
        allow("Detach", Kind::Flag),
        allow("Tty", Kind::Flag),
        allow("ConsoleSize", Kind::Ints),
        // dockerode's own options
        omit("hijack", Kind::Flag, rule::OUTPUT_FIELD),
        omit("stdin", Kind::Flag, rule::OUTPUT_FIELD),
    ],
};
