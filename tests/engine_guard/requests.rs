//! Requests that no docker client sends: written by hand, byte by byte.

use crate::guarded::{BASE, Guarded};

fn post(path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: d\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    )
}

fn create(body: &str) -> String {
    let path = "/v1.41/containers/create";
    post(
        path,
        "Content-Type: application/json\r\n",
        &body.replace("IMAGE", BASE),
    )
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n")
}

/// A request, what the raw engine answers (where that is worth knowing), and the rule of the guard.
type Row = (String, &'static str, &'static str);

const JSON: &str = "Content-Type: application/json\r\n";

/// What would be read in two ways, and what is not read whole.
fn bodies(instance: &str) -> Vec<Row> {
    let label = format!(r#""Labels":{{"hal9000.test":"{instance}"}}"#);
    let large = format!(
        r#"{{"Image":"IMAGE",{label},"Env":["{}"]}}"#,
        "x".repeat(5 << 20)
    );
    let chunks = format!(
        "POST /v1.41/containers/create HTTP/1.1\r\nHost: d\r\nConnection: close\r\n{JSON}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{}\r\n0\r\n\r\n",
        r#"{"Image":"x","HostConfig":{"Privileged":true}}"#.len(),
        r#"{"Image":"x","HostConfig":{"Privileged":true}}"#,
    );
    vec![
        (
            create(&format!(
                r#"{{"Image":"IMAGE",{label},"hostconfig":{{"Privileged":true}}}}"#
            )),
            "201",
            "HAL-G-JSON-CASE",
        ),
        (
            create(&format!(
                r#"{{"Image":"IMAGE",{label},"Ho\u017ftConfig":{{"Privileged":true}}}}"#
            )),
            "201",
            "HAL-G-JSON-CASE",
        ),
        (
            create(&format!(
                r#"{{"Image":"IMAGE",{label},"HostConfig":{{}},"HostConfig":{{"Privileged":true}}}}"#
            )),
            "201",
            "HAL-G-JSON-DUPLICATE",
        ),
        (
            create(&format!(
                r#"{{"Image":"IMAGE",{label},"HostConfig":{{"NetworkMode":"\u0068ost"}}}}"#
            )),
            "201",
            "HAL-G-",
        ),
        (
            create(&format!(
                r#"{{"Image":"IMAGE",{label}}} {{"HostConfig":{{"Privileged":true}}}}"#
            )),
            "201",
            "HAL-G-JSON",
        ),
        (
            create(&format!(
                r#"{{"Image":"IMAGE",{label},"HostConfig":{{"MaskedPaths":[],"Unheard":1}}}}"#
            )),
            "201",
            "HAL-G-JSON-UNKNOWN",
        ),
        (create(&large), "", "HAL-G-SIZE"),
        (chunks, "404", "HAL-G-PRIVILEGED"),
    ]
}

/// Paths and protocols.
fn targets() -> Vec<Row> {
    vec![
        (
            post("/v1.41/%63ontainers/create", JSON, "{}"),
            "400",
            "HAL-G-",
        ),
        (get("/v1.41/containers%2Fjson"), "200", "HAL-G-"),
        (get("/v1.41//containers/json"), "301", "HAL-G-TARGET"),
        (get("/v1.41/x/../containers/json"), "301", "HAL-G-TARGET"),
        (
            get("http://evil/v1.41/containers/json"),
            "200",
            "HAL-G-TARGET",
        ),
        (get("/v1.99/containers/json"), "400", "HAL-G-API-VERSION"),
        (get("/v1.041/containers/json"), "200", "HAL-G-API-VERSION"),
        (
            get("/v1.41/containers/json?limit=1;all=1"),
            "",
            "HAL-G-QUERY",
        ),
        (get("/v1.41/swarm"), "", "HAL-G-SWARM"),
        (get("/v1.41/services"), "", "HAL-G-SWARM"),
        (get("/v1.41/secrets"), "", "HAL-G-SWARM"),
        (
            post("/v1.41/swarm/init", JSON, r#"{"ListenAddr":"nonsense"}"#),
            "",
            "HAL-G-SWARM",
        ),
        // for which not every kernel has a driver
        (
            post(
                "/v1.41/networks/create",
                JSON,
                r#"{"Name":"x","Driver":"macvlan","Options":{"parent":"eth0"}}"#,
            ),
            "",
            "HAL-G-NETWORK-DRIVER",
        ),
        (
            post(
                "/v1.41/networks/create",
                JSON,
                r#"{"Name":"x","Driver":"ipvlan"}"#,
            ),
            "",
            "HAL-G-NETWORK-DRIVER",
        ),
        (get("/v1.41/plugins"), "200", "HAL-G-PLUGIN"),
        (get("/debug/vars"), "", "HAL-G-DEBUG"),
        (get("/libpod/info"), "404", "HAL-G-LIBPOD"),
        (post("/grpc", "", ""), "", "HAL-G-HEADER"),
        (post("/grpc", "Upgrade: tcp\r\n", ""), "", "HAL-G-HEADER"),
        (
            post("/session", "Upgrade: h2c\r\n", ""),
            "",
            "HAL-G-BUILD-SESSION",
        ),
        (
            post(
                "/session",
                "Upgrade: h2c\r\nX-Docker-Expose-Session-Uuid: a\r\nX-Docker-Expose-Session-Uuid: b\r\n",
                "",
            ),
            "",
            "HAL-G-BUILD-SESSION",
        ),
        (
            post(
                "/v1.41/volumes/create",
                "Content-Type: application/x-www-form-urlencoded\r\n",
                "a=b",
            ),
            "",
            "HAL-G-BODY",
        ),
        (
            get(
                "/v1.41/containers/json?filters=%7B%22label%22%3A%5B%22a%22%5D%2C%22label%22%3A%5B%5D%7D",
            ),
            "200",
            "HAL-G-JSON-DUPLICATE",
        ),
    ]
}

#[test]
fn odd_requests_are_refused() {
    let Some(guarded) = Guarded::new("odd_requests_are_refused") else {
        return;
    };
    let rows = bodies(guarded.instance.name()).into_iter().chain(targets());
    let mut wrong = Vec::new();
    let old = guarded.api() == 41;
    for (request, raw, rule) in rows {
        let shown: String = request.chars().take(300).collect();
        let answer = guarded.bytes(false, request.as_bytes());
        // newer engines refuse some of it themselves
        if old && !raw.is_empty() && !answer.starts_with(&format!("HTTP/1.1 {raw}")) {
            wrong.push(format!("{shown}\n  is no attempt: {answer}"));
        }
        guarded.sent();
        let answer = guarded.bytes(true, request.as_bytes());
        let refused = ["HTTP/1.1 400", "HTTP/1.1 403", "HTTP/1.1 404"];
        if !refused.iter().any(|status| answer.starts_with(status)) || !answer.contains(rule) {
            wrong.push(format!("{shown}\n  passed: {answer}"));
        }
        let sent = guarded.sent();
        if !sent.is_empty() {
            wrong.push(format!("{shown}\n  reached the engine: {sent:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // not HTTP/1 at all, and a body that two readers would end in two places
    let preface = guarded.bytes(true, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    assert!(!preface.contains("200 OK"), "{preface}");
    let both = format!(
        "POST /v1.41/containers/create HTTP/1.1\r\nHost: d\r\nConnection: close\r\n{JSON}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    );
    let answer = guarded.bytes(true, both.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(guarded.sent().is_empty());
    // the audit has a line for each
    let audit = std::fs::read_to_string(guarded.path("state/audit.jsonl")).unwrap();
    assert!(
        audit
            .lines()
            .filter(|line| line.contains("\"refused\""))
            .count()
            > 20
    );
}
