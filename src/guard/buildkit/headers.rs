//! The headers of a call: which are passed on, and how long they may be.

use super::methods::Side;
use crate::guard::Refusal;
use crate::guard::rule;

/// The header that says of which build a call is.
pub const BUILD: &str = "buildkit-controlapi-buildid";

/// All headers of a call together. A build's `.dockerignore` is in them.
pub const LARGEST: u32 = 1024 * 1024;

/// The longest value of a client's.
const LONGEST: usize = 16 * 1024;

/// What a client says in a call or an answer; the rest is left out. The engine is trusted.
const OF_CLIENTS: &[&str] = &[
    "content-type",
    "te",
    "user-agent",
    "grpc-timeout",
    "grpc-accept-encoding",
    "grpc-encoding",
    "grpc-status",
    "grpc-message",
    "grpc-status-details-bin",
    "traceparent",
    "tracestate",
    BUILD,
];

/// What is between two ends of a connection, in HTTP/1's words.
const OF_CONNECTIONS: &[&str] = &[
    "connection",
    "host",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Whether a header is passed on; `from` is who says it. Names in lower case.
pub fn passes(from: Side, name: &str, value: &[u8]) -> Result<bool, Refusal> {
    let odd = |cause| Refusal::malformed(rule::GRPC, name, cause);
    match name {
        // what is in the messages is looked at
        "grpc-encoding" if value != b"identity" => return Err(odd("is not `identity`")),
        "content-type" if !is_grpc(value) => return Err(odd("is not `application/grpc`")),
        _ => {}
    }
    if from == Side::Engine {
        return Ok(!OF_CONNECTIONS.contains(&name));
    }
    if !OF_CLIENTS.contains(&name) {
        return Ok(false);
    }
    if value.len() > LONGEST {
        return Err(odd("is too long"));
    }
    Ok(true)
}

fn is_grpc(value: &[u8]) -> bool {
    value == b"application/grpc" || value == b"application/grpc+proto"
}

/// gRPC's number for what became of a call.
pub fn status(refusal: &Refusal) -> u32 {
    match refusal.status {
        404 => 5,
        501 => 12,
        400 | 413 => 3,
        _ => 7,
    }
}

/// A sentence as gRPC's headers have it.
pub fn message(text: &str) -> String {
    let mut written = String::new();
    for byte in text.bytes() {
        match byte {
            b' '..=b'~' if byte != b'%' => written.push(char::from(byte)),
            _ => written.push_str(&format!("%{byte:02X}")),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_is_passed_on() {
        for (from, name, value, passed) in [
            (Side::Client, "content-type", "application/grpc", Ok(true)),
            (
                Side::Client,
                "content-type",
                "text/plain",
                Err("HAL-G-GRPC"),
            ),
            (Side::Client, BUILD, "x", Ok(true)),
            (Side::Client, "x-anything", "x", Ok(false)),
            (Side::Client, "grpc-encoding", "gzip", Err("HAL-G-GRPC")),
            (Side::Client, "grpc-encoding", "identity", Ok(true)),
            (Side::Engine, "exclude-patterns", "x", Ok(true)),
            (Side::Engine, "grpc-encoding", "gzip", Err("HAL-G-GRPC")),
            (Side::Engine, "host", "x", Ok(false)),
        ] {
            let found = passes(from, name, value.as_bytes());
            assert_eq!(found.map_err(|r| r.rule.id), passed, "{name}: {value}");
        }
        let long = "x".repeat(LONGEST + 1);
        assert!(passes(Side::Client, "user-agent", long.as_bytes()).is_err());
    }

    #[test]
    fn a_sentence_is_printable() {
        assert_eq!(message("a %b\n…"), "a %25b%0A%E2%80%A6");
    }
}
