use crate::guard::bind::{Mapping, Place, Source};
use crate::guard::ownership::{Kind, Owned, Record};
use crate::guard::path::{Permission, ROUTES, Speaks, parse};
use crate::guard::verdict::{Effect, Payload, Upstream, Verdict};
use crate::guard::{Bounds, Itself, Policy, Refusal, decide};
use proptest::prelude::*;

mod clients;
mod refused;

const WEB: &str = "aa11000000000000000000000000000000000000000000000000000000000000";
const NET: &str = "bb22000000000000000000000000000000000000000000000000000000000000";

struct Session {
    policy: Policy,
    owned: Owned,
    mapping: Mapping,
    itself: Itself,
}

fn session() -> Session {
    let mut owned = Owned::default();
    for (kind, id, name, of) in [
        (Kind::Container, WEB, Some("web"), None),
        (Kind::Network, NET, Some("n1"), None),
        (Kind::Volume, "vol", Some("vol"), None),
        (Kind::Exec, "e1", None, Some(WEB)),
        (
            Kind::Image,
            "sha256:11",
            Some("docker.io/library/mine:1"),
            None,
        ),
    ] {
        let [name, of] = [name, of].map(|text| text.map(str::to_owned));
        owned.apply(&Record::Made {
            kind,
            id: id.to_owned(),
            name,
            of,
        });
    }
    Session {
        policy: Policy {
            labels: [("hal9000.guard".to_owned(), "s1".to_owned())].into(),
            reserved_images: vec!["hal9000/".to_owned()],
            ..Policy::default()
        },
        owned,
        itself: Itself {
            id: "5e55".repeat(16),
            name: "hal-9000-p".to_owned(),
        },
        mapping: Mapping::new("/home/me/p", &["/workspace"], "/run/hal/guard.sock").unwrap(),
    }
}

impl Session {
    fn decide(&self, request: &str, body: &str) -> Result<Verdict, Refusal> {
        let (method, target) = request.split_once(' ').unwrap();
        let speaks = Speaks::new("1.49", None).unwrap();
        let request = parse(method, target.as_bytes(), speaks)?;
        let bounds = Bounds {
            policy: &self.policy,
            owned: &self.owned,
            mapping: &self.mapping,
            itself: Some(&self.itself),
            host_networks: &[crate::guard::network::Subnet::parse("192.168.1.7/24").unwrap()],
        };
        decide(&request, body.as_bytes(), &bounds)
    }

    fn upstream(&self, request: &str, body: &str) -> Upstream {
        match self.decide(request, body) {
            Ok(Verdict::Forward(upstream)) => *upstream,
            other => panic!("{request}: {other:?}"),
        }
    }

    fn refused(&self, rows: &[(&str, &str, &str)]) {
        for (request, body, id) in rows {
            let refusal = self.decide(request, body).expect_err(request);
            assert_eq!(
                refusal.rule.id,
                format!("HAL-G-{id}"),
                "{request} {body}: {refusal}"
            );
        }
    }
}

/// Method, path, query and JSON of what is sent for a request.
#[test]
fn requests_are_sent_with_full_ids() {
    let session = session();
    for (request, body, sent) in [
        ("POST /v1.30/containers/web/start", "", format!("/v1.41/containers/{WEB}/start")),
        ("POST /containers/aa11/stop?t=1", "", format!("/v1.49/containers/{WEB}/stop?t=1")),
        ("GET /containers/web/logs?follow=1&stdout=1&tail=all", "", format!("/v1.49/containers/{WEB}/logs?follow=1&stdout=1&tail=all")),
        ("POST /containers/web/rename?name=/db", "", format!("/v1.49/containers/{WEB}/rename?name=db")),
        ("POST /containers/web/exec", r#"{"Cmd":["sh"],"Container":"other","Privileged":false}"#, format!("/v1.49/containers/{WEB}/exec {{\"Cmd\":[\"sh\"]}}")),
        ("POST /containers/web/exec", r#"{"Cmd":["sh"],"detachKeys":"ctrl-p"}"#, format!("/v1.49/containers/{WEB}/exec {{\"Cmd\":[\"sh\"],\"DetachKeys\":\"ctrl-p\"}}")),
        ("POST /exec/e1/start", r#"{"Detach":false,"Tty":true,"hijack":true,"stdin":true}"#, "/v1.49/exec/e1/start {\"Detach\":false,\"Tty\":true}".to_owned()),
        ("POST /exec/e1/start", "", "/v1.49/exec/e1/start {}".to_owned()),
        ("POST /networks/n1/connect", r#"{"Container":"web","EndpointConfig":{"Aliases":["a"],"DriverOpts":null}}"#, format!("/v1.49/networks/{NET}/connect {{\"Container\":\"{WEB}\",\"EndpointConfig\":{{\"Aliases\":[\"a\"]}}}}")),
        ("POST /networks/n1/connect", r#"{"Container":"5e555e555e55"}"#, format!("/v1.49/networks/{NET}/connect {{\"Container\":\"{}\"}}", "5e55".repeat(16))),
        ("POST /networks/n1/disconnect", r#"{"Container":"hal-9000-p"}"#, format!("/v1.49/networks/{NET}/disconnect {{\"Container\":\"{}\"}}", "5e55".repeat(16))),
        ("POST /networks/bridge/disconnect", r#"{"Container":"web","Force":true}"#, format!("/v1.49/networks/bridge/disconnect {{\"Container\":\"{WEB}\",\"Force\":true}}")),
        ("POST /networks/create", r#"{"Name":"n2","Driver":"bridge","IPAM":{"Driver":"default","Options":{},"Config":[{"Subnet":"10.1.0.0/24"}]},"ConfigFrom":null,"Scope":""}"#,
         r#"/v1.49/networks/create {"CheckDuplicate":true,"Driver":"bridge","IPAM":{"Config":[{"Subnet":"10.1.0.0/24"}],"Driver":"default"},"Labels":{"hal9000.guard":"s1"},"Name":"n2","Scope":""}"#.to_owned()),
        ("POST /volumes/create", r#"{"Driver":"local","Name":"v"}"#, r#"/v1.49/volumes/create {"Driver":"local","Labels":{"hal9000.guard":"s1"},"Name":"v"}"#.to_owned()),
        ("GET /images/node/json", "", "/v1.49/images/node/json".to_owned()),
        ("DELETE /images/mine:1?force=1", "", "/v1.49/images/docker.io/library/mine:1?force=1".to_owned()),
        ("POST /images/create?fromImage=docker.io%2Flibrary%2Fq&tag=latest", "", "/v1.49/images/create?fromImage=docker.io%2Flibrary%2Fq&tag=latest".to_owned()),
        ("POST /images/node/tag?repo=me/app&tag=2", "", "/v1.49/images/node/tag?repo=docker.io%2Fme%2Fapp&tag=2".to_owned()),
        ("POST /commit?container=web&repo=y&tag=z", "", format!("/v1.49/commit?container={WEB}&repo=docker.io%2Flibrary%2Fy&tag=z {{\"Labels\":{{\"hal9000.guard\":\"s1\"}}}}")),
        ("GET /containers/json?all=1", "", "/v1.49/containers/json?all=1&filters=%7B%22label%22%3A%7B%22hal9000.guard%3Ds1%22%3Atrue%7D%7D".to_owned()),
        ("GET /networks?filters={%22name%22:[%22n1%22]}", "", "/v1.49/networks?filters=%7B%22name%22%3A%7B%22n1%22%3Atrue%7D%7D".to_owned()),
        ("POST /auth", r#"{"username":"u","password":"p","serveraddress":"ghcr.io"}"#, r#"/v1.49/auth {"password":"p","serveraddress":"ghcr.io","username":"u"}"#.to_owned()),
    ] {
        let upstream = session.upstream(request, body);
        let mut text = upstream.path;
        if !upstream.query.is_empty() {
            text = format!("{text}?{}", upstream.query);
        }
        if let Payload::Json(json) = upstream.payload {
            text = format!("{text} {json}");
        }
        assert_eq!(text, sent, "{request}");
    }
}

#[test]
fn a_build_is_written_anew() {
    let mut session = session();
    let request = "POST /build?t=a:b&t=mine:1&buildargs={%22X%22:%221%22,%22Y%22:null}&networkmode=n1&version=1&q=0&cgroupparent=&memory=0";
    let upstream = session.upstream(request, "");
    assert_eq!(upstream.payload, Payload::Tar);
    let names: Vec<_> = upstream
        .claims
        .iter()
        .map(|claim| claim.name.as_str())
        .collect();
    assert_eq!(names, ["docker.io/library/a:b"], "mine:1 is the session's");
    assert!(upstream.query.contains(&format!("networkmode={NET}")));
    assert!(
        upstream
            .query
            .contains("labels=%7B%22hal9000.guard%22%3A%22s1%22%7D")
    );
    assert!(
        upstream
            .query
            .contains("buildargs=%7B%22X%22%3A%221%22%2C%22Y%22%3Anull%7D")
    );
    let twice = "POST /build?dockerfile=.dockerfile.1&dockerfile=FROM+busybox%0ARUN+true";
    let query = session.upstream(twice, "").query;
    assert!(query.contains("dockerfile=.dockerfile.1&") && !query.contains("FROM"));
    session.policy.limits = Some(crate::model::Limits {
        memory: "1g".parse().unwrap(),
        cpus: "2".parse().unwrap(),
        pids: "100".parse().unwrap(),
    });
    session.policy.cgroup_parent = Some("hal".to_owned());
    let query = session
        .upstream("POST /build?cpuquota=900000&memswap=-1", "")
        .query;
    for part in [
        "memory=1073741824",
        "memswap=2147483648",
        "cpuquota=200000",
        "cgroupparent=hal",
    ] {
        assert!(query.contains(part), "{part} in {query}");
    }
}

#[test]
fn effects_say_what_the_session_owns_afterwards() {
    let session = session();
    let effect = |request: &str, body: &str| session.upstream(request, body).effect;
    let removed = |kind, id: &str| {
        Effect::Records(vec![Record::Removed {
            kind,
            id: id.to_owned(),
        }])
    };
    assert_eq!(
        effect("DELETE /containers/web?v=1", ""),
        removed(Kind::Container, WEB)
    );
    assert_eq!(
        effect("DELETE /volumes/vol", ""),
        removed(Kind::Volume, "vol")
    );
    assert_eq!(
        effect("DELETE /images/sha256:11", ""),
        removed(Kind::Image, "sha256:11")
    );
    let exec = Effect::Makes {
        kind: Kind::Exec,
        name: None,
        of: Some(WEB.to_owned()),
    };
    assert_eq!(
        effect("POST /containers/web/exec", r#"{"Cmd":["x"]}"#),
        exec
    );
    // the session's own volume is made again without a claim; a new one must be nobody's
    assert_eq!(
        effect("POST /volumes/create", r#"{"Name":"vol"}"#),
        Effect::Nothing
    );
    let upstream = session.upstream("POST /volumes/create", r#"{"Name":"new"}"#);
    assert_eq!(
        (upstream.claims[0].kind, upstream.claims[0].name.as_str()),
        (Kind::Volume, "new")
    );
    assert_eq!(upstream.claims[0].taken().status, 403);
    assert_eq!(
        crate::guard::volume::create_body("new", &session.policy),
        r#"{"Driver":"local","Labels":{"hal9000.guard":"s1"},"Name":"new"}"#
    );
    let body = r#"{"Image":"a","HostConfig":{"Binds":["vol:/a","new:/b","new:/c"]}}"#;
    let create = session.decide("POST /containers/create", body).unwrap();
    let Verdict::Create(pending) = create else {
        panic!("no create")
    };
    let names: Vec<_> = pending
        .upstream
        .claims
        .iter()
        .map(|claim| claim.name.as_str())
        .collect();
    assert_eq!(names, ["new"], "once, and not what is owned");
    let tag = session.upstream("POST /images/node/tag?repo=node&tag=9", "");
    assert_eq!(tag.claims[0].name, "docker.io/library/node:9");
    assert_eq!(tag.claims[0].taken().rule.id, "HAL-G-IMAGE-OVERWRITE");
    assert_eq!(
        session.upstream("POST /images/load", "").payload,
        Payload::Images
    );
    let prune = session
        .decide(
            "POST /containers/prune?filters={%22until%22:[%221h%22]}",
            "",
        )
        .unwrap();
    assert!(matches!(prune, Verdict::Prune(prune) if prune.filters.contains_key("until")));
}

#[test]
fn a_create_waits_for_its_mounts() {
    let body = r#"{"Image":"a","HostConfig":{"Binds":["/workspace/x:/x"]}}"#;
    let Ok(Verdict::Create(pending)) = session().decide(
        "POST /containers/create?name=/db&platform=linux/amd64",
        body,
    ) else {
        panic!("no create");
    };
    assert!(matches!(&pending.mounts()[0].source, Source::Beneath(path) if path.as_str() == "x"));
    assert!(pending.clone().render(&[]).is_err(), "a place is missing");
    let upstream = pending
        .render(&[Some(Place::Host("/home/me/p/x".to_owned()))])
        .unwrap();
    assert_eq!(upstream.path, "/v1.49/containers/create");
    assert_eq!(upstream.query, "name=db&platform=linux%2Famd64");
    assert!(matches!(upstream.payload, Payload::Json(json) if json.contains("/home/me/p/x")));
    let name = Some("db".to_owned());
    assert_eq!(
        upstream.effect,
        Effect::Makes {
            kind: Kind::Container,
            name,
            of: None
        }
    );
}

/// No route that is not refused in the table is forgotten by its arm: what owns an object is sent with
/// its full id, and nothing is sent for what is foreign.
#[test]
fn every_route_resolves_its_object() {
    let session = session();
    for row in ROUTES {
        let Permission::Owned(kind) = row.permission else {
            continue;
        };
        let (own, id) = match kind {
            Kind::Container => ("web", WEB),
            Kind::Exec => ("e1", "e1"),
            Kind::Network => ("n1", NET),
            Kind::Volume => ("vol", "vol"),
            Kind::Image => ("mine:1", "docker.io/library/mine:1"),
        };
        let body = r#"{"Container":"web","Cmd":["x"]}"#;
        let body = if row.path.ends_with("update") || row.path.ends_with("start") {
            "{}"
        } else {
            body
        };
        let at = |name: &str| {
            let start = row.path.find('{').unwrap();
            let end = row.path.find('}').unwrap();
            let name = format!(
                "{} {}{name}{}?name=x",
                row.method,
                &row.path[..start],
                &row.path[end + 1..]
            );
            if row.path.ends_with("rename") {
                name
            } else {
                name.replace("?name=x", "")
            }
        };
        let body = if row.path.ends_with("connect") {
            r#"{"Container":"web"}"#
        } else {
            body
        };
        let body = if row.path.ends_with("exec") {
            r#"{"Cmd":["x"]}"#
        } else {
            body
        };
        let sent = session.upstream(&at(own), body);
        assert!(sent.path.contains(id), "{}: {}", row.path, sent.path);
        let refusal = session.decide(&at("theirs"), body).unwrap_err();
        assert!([403, 404].contains(&refusal.status), "{}", row.path);
    }
}

proptest! {
    #[test]
    fn no_request_makes_it_panic(
        row in 0..ROUTES.len(),
        query in "([a-zA-Z]{1,9}=[-a-z0-9%{}:\\[\\]]{0,9}&?){0,3}",
        body in r#"\{("[A-Za-z]{1,12}":("[a-z:/]{0,6}"|null|\{\}|\[\]|[0-9]{1,3}),?){0,4}\}?"#,
    ) {
        let row = &ROUTES[row];
        let path = row.path.replace("{container}", "web").replace("{exec}", "e1").replace("{network}", "n1").replace("{volume}", "vol").replace("{image}", "mine:1").replace("{any}", "x");
        let _ = session().decide(&format!("{} {path}?{query}", row.method), &body);
    }
}
