//! Bodies of the engine's own routes.

use super::rule;
use super::schema::{Kind, Schema, allow, omit};

/// The body of `POST /auth`: credentials that the client has, for a registry that it names.
pub(super) static AUTH: Schema = Schema {
    name: "AuthConfig",
    fields: &[
        allow("username", Kind::Text),
        allow("password", Kind::Text),
        allow("auth", Kind::Text),
        allow("serveraddress", Kind::Text),
        allow("identitytoken", Kind::Text),
        allow("registrytoken", Kind::Text),
        omit("email", Kind::Text, rule::OUTPUT_FIELD),
    ],
};
