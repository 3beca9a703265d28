//! `decide_any`: a whole request to any route, held against both sessions.

use super::session::{self, IMAGE, NET, SESSIONS, Session, WEB};
use super::{container, go, headers, is_plain, line, resources};
use hal9000::guard::decision::Decision;
use hal9000::guard::head::{self, Incoming};
use hal9000::guard::ownership::Kind;
use hal9000::guard::path::{self, Permission, Request, Route};
use hal9000::guard::verdict::{Payload, Upstream, Verdict};
use hal9000::guard::{Bounds, decide};

/// `METHOD target`, a header a line, an empty line, the body.
pub fn decide_any(data: &[u8]) {
    let split = data.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = match split {
        Some(end) => (&data[..end], &data[end + 2..]),
        None => (data, &b""[..]),
    };
    let (first, rest) = match head.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&head[..end], &head[end + 1..]),
        None => (head, &b""[..]),
    };
    let Some(space) = first.iter().position(|byte| *byte == b' ') else {
        return;
    };
    let Ok(method) = std::str::from_utf8(&first[..space]) else {
        return;
    };
    let Ok(request) = path::parse(method, &first[space + 1..], session::speaks()) else {
        // the property of `path`
        return;
    };
    let body = match head::check(request.row, headers::lines(rest)) {
        Ok(Incoming::Json) => body,
        Ok(Incoming::Ignored | Incoming::Tar) => b"",
        // the property of `head`
        Err(_) => return,
    };
    for session in SESSIONS.iter() {
        is_decided(&request, body, session);
    }
}

fn is_decided(request: &Request, body: &[u8], session: &Session) {
    let bounds: Bounds<'_> = session.bounds();
    let sent = match decide(request, body, &bounds) {
        Err(refusal) => return is_plain(&refusal),
        // one by one, by what is owned
        Ok(Verdict::Prune(_) | Verdict::Nothing(_)) => return,
        Ok(Verdict::Forward(sent)) => *sent,
        Ok(Verdict::Create(pending)) => {
            let sent = container::rendered(*pending);
            container::created(container::json_of(&sent), session);
            sent
        }
    };
    line::is_one_path(request, &sent.path);
    line::is_one_query(request, &sent.query);
    is_own(request, &sent);
    is_allowed(request, &sent, session);
    if let Payload::Json(_) = &sent.payload
        && request.row.route != Route::ContainerCreate
    {
        resources::is_harmless(request.row.route, container::json_of(&sent), session);
    }
    let audit = Decision::allowed("now", "s", request, &sent.changes).line();
    assert!(!audit.trim_end().contains(char::is_control), "{audit:?}");
    let audit: serde_json::Value = serde_json::from_str(&audit).expect("a line of JSON");
    for pair in go::text(&audit, "query").split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let secret = ["buildargs", "changes", "labels", "ps_args"].contains(&name);
        assert!(!secret || go::decoded(value) == "***", "{audit}");
    }
}

/// What the engine is asked about is the session's, by its full id.
fn is_own(request: &Request, sent: &Upstream) {
    let Permission::Owned(kind) = request.row.permission else {
        return;
    };
    let known: &[&str] = match (kind, request.row.route) {
        (Kind::Container, _) => &[WEB],
        (Kind::Exec, _) => &["e1"],
        (Kind::Volume, _) => &["vol"],
        (Kind::Image, _) => &[IMAGE, "docker.io/library/mine:1"],
        (Kind::Network, Route::NetworkInspect) => &[NET, "bridge", "none"],
        (Kind::Network, Route::NetworkConnect | Route::NetworkDisconnect) => &[NET, "bridge"],
        (Kind::Network, _) => &[NET],
    };
    let before = request.row.path.find('{').expect("an object");
    let version = format!("/v{}", request.version);
    let rest = sent.path.strip_prefix(&version).expect(&sent.path);
    let rest = rest.get(before..).expect(&sent.path);
    let own = |id: &&str| rest == *id || rest.starts_with(&format!("{id}/"));
    assert!(known.iter().any(own), "{}", sent.path);
}

/// Parameters that write, or reach beyond the session.
fn is_allowed(request: &Request, sent: &Upstream, session: &Session) {
    let mut given = Vec::new();
    for pair in sent.query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').expect(pair);
        given.push((name, go::decoded(value)));
    }
    for (name, value) in &given {
        match (request.row.route, *name) {
            (Route::Build, "networkmode") => {
                let own = *value == format!("container:{WEB}");
                if !own {
                    container::network(value, session);
                }
            }
            (Route::Build, "cgroupparent") => {
                assert!(session.narrow && value == session::GROUP, "{value}");
            }
            (Route::Build, "t") | (Route::ImageTag | Route::Commit, "repo") => is_free(value),
            (Route::Commit, "container") => assert_eq!(value, WEB),
            (Route::ImageCreate, "fromSrc") => assert_eq!(value, "-"),
            (Route::Build, "remote" | "securityopt" | "session" | "outputs") => {
                panic!("{name}={value}")
            }
            (Route::ContainerStart, name) => assert_eq!(name, "detachKeys"),
            (Route::ContainerTop, "ps_args") => {
                assert!(!value.contains(['/', '\\', ';', '$', '|', '\n']), "{value}");
            }
            (Route::ContainerRename | Route::ContainerCreate, "name") => {
                assert!(!value.contains(['/', '\\', '\0']), "{value}");
            }
            _ => {}
        }
    }
    if request.row.route == Route::Build {
        let value = |name| {
            given
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, text)| text)
        };
        assert!(value("version").is_none_or(|version| version == "1"));
        if session.narrow {
            let number = |name| value(name).and_then(|text| text.parse::<i64>().ok());
            let memory = number("memory").expect("a limit");
            assert!((1..=session::MEMORY).contains(&memory), "{memory}");
            let quota = serde_json::json!({
                "CpuQuota": number("cpuquota"), "CpuPeriod": number("cpuperiod"),
            });
            container::cores(&quota);
        }
    }
}

/// A name for an image that is not one of hal-9000's, in any spelling.
fn is_free(name: &str) {
    let domain = name.split('/').next().expect("a part");
    assert!(
        domain.contains(['.', ':']) || domain == "localhost" || domain.contains(char::is_uppercase),
        "{name}"
    );
    assert!(!name.starts_with("docker.io/hal9000/"), "{name}");
    assert!(!name.starts_with("docker.io/library/hal9000/"), "{name}");
    assert!(!name.starts_with("index.docker.io/"), "{name}");
}
