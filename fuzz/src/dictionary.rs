//! The words of the guard's tables: fields, parameters, filters, paths.

use hal9000::guard::container::{CREATE, UPDATE};
use hal9000::guard::path::ROUTES;
use hal9000::guard::schema::{Kind, Schema};
use hal9000::guard::{exec, filters, network, volume};
use std::collections::BTreeSet;

/// Values that have a meaning somewhere.
const VALUES: &[&str] = &[
    "host",
    "container:web",
    "private",
    "bind",
    "volume",
    "tmpfs",
    "image",
    "/workspace/src",
    "..",
    "/var/run/docker.sock",
    "/home/me/project",
    "always",
    "unless-stopped",
    "on-failure",
    "web",
    "n1",
    "vol",
    "e1",
    "mine:1",
    "hal9000/worker",
    "true",
    "null",
    "false",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\\u017f",
    "\\u212a",
    "\\u0050rivileged",
    "%2f",
    "%2e",
    "SYS_ADMIN",
    "seccomp=unconfined",
    "Content-Length",
    "Transfer-Encoding",
    "chunked",
    "Content-Type",
    "application/json",
    "Upgrade",
    "tcp",
    "h2c",
    "X-Registry-Auth",
    "10.1.0.0/24",
    "-1",
    "1.41",
    "rshared",
    "ro",
    "z",
    "Z",
];

/// The dictionary, as libFuzzer reads it.
pub fn dictionary() -> String {
    let mut words: BTreeSet<&str> = VALUES.iter().copied().collect();
    let schemas = [
        &CREATE,
        &UPDATE,
        &exec::EXEC,
        &exec::EXEC_START,
        &network::CREATE,
    ];
    for schema in schemas
        .into_iter()
        .chain([&network::CONNECT, &volume::CREATE])
    {
        fields(schema, &mut words);
    }
    for row in ROUTES {
        words.extend(row.query.iter().map(|param| param.name));
        words.extend([row.method.as_str(), row.path]);
        words.extend(row.path.split('/').filter(|part| !part.is_empty()));
    }
    for known in [
        filters::CONTAINERS,
        filters::IMAGES,
        filters::NETWORKS,
        filters::EVENTS,
    ] {
        words.extend(known);
    }
    let escaped = |word: &str| word.replace('\\', "\\\\").replace('"', "\\\"");
    let mut text = String::new();
    for word in words {
        text.push_str(&format!("\"{}\"\n", escaped(word)));
    }
    text
}

fn fields(schema: &'static Schema, words: &mut BTreeSet<&str>) {
    for field in schema.fields {
        words.insert(field.name);
        match field.kind {
            Kind::Object(inner)
            | Kind::List(inner)
            | Kind::Map(inner)
            | Kind::MapOfLists(inner) => {
                fields(inner, words);
            }
            _ => {}
        }
    }
}
