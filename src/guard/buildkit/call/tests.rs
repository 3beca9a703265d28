//! Builds as buildx asks for them, and builds that reach further.

use super::super::methods::{Side, method};
use super::*;
use crate::guard::Policy;
use crate::guard::bind::Mapping;
use crate::guard::ownership::Owned;
use crate::guard::policy::Bounds;
use crate::model::Limits;
use bollard_buildkit_proto::moby::buildkit::v1 as proto;
use bollard_buildkit_proto::moby::buildkit::v1::frontend;
use prost::Message as _;
use std::collections::HashMap;

fn judged(policy: &Policy, path: &str, message: &[u8]) -> Result<Call, &'static str> {
    let owned = Owned::default();
    let mapping = Mapping::new("/p", &[], "/s").unwrap();
    let bounds = Bounds {
        policy,
        owned: &owned,
        mapping: &mapping,
        host_networks: &[],
        itself: None,
    };
    let moment = Moment {
        bounds: &bounds,
        is_open: &|id| id == "open",
    };
    let method = method(Side::Engine, path).map_err(|refusal| refusal.rule.id);
    judge(method?, message, &moment).map_err(|refusal| {
        assert!(!refusal.message.is_empty());
        refusal.rule.id.trim_start_matches("HAL-G-")
    })
}

fn texts(texts: &[(&str, &str)]) -> HashMap<String, String> {
    texts
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn request(change: impl FnOnce(&mut proto::SolveRequest)) -> Vec<u8> {
    let mut request = proto::SolveRequest {
        r#ref: "build".to_owned(),
        session: "open".to_owned(),
        cache: Some(proto::CacheOptions::default()),
        ..Default::default()
    };
    change(&mut request);
    request.encode_to_vec()
}

fn build(policy: &Policy, message: &[u8]) -> Result<Solve, &'static str> {
    match judged(policy, "/moby.buildkit.v1.Control/Solve", message)? {
        Call::Solve(build) => Ok(*build),
        other => panic!("{other:?}"),
    }
}

#[test]
fn names_are_claimed_from_both_lists_of_exporters() {
    let policy = Policy {
        reserved_images: vec!["hal9000/".to_owned()],
        ..Policy::default()
    };
    let message = request(|request| {
        request.exporter_deprecated = "moby".to_owned();
        request.exporter_attrs_deprecated = texts(&[("name", "a,docker.io/library/a:2")]);
        request.exporters = vec![
            proto::Exporter {
                r#type: "image".to_owned(),
                attrs: texts(&[("name", "b:1"), ("push", "true")]),
            },
            proto::Exporter {
                r#type: "local".to_owned(),
                ..Default::default()
            },
        ];
    });
    let build = build(&policy, &message).unwrap();
    let full = [
        "docker.io/library/a:2",
        "docker.io/library/a:latest",
        "docker.io/library/b:1",
    ];
    assert_eq!(build.names, full);
    assert_eq!(build.claims.len(), 3);
    assert!(build.stores);
    let sent = proto::SolveRequest::decode(&build.message[..]).unwrap();
    assert_eq!(
        sent.exporter_attrs_deprecated["name"],
        "docker.io/library/a:latest,docker.io/library/a:2"
    );
    assert_eq!(sent.exporters[0].attrs["name"], full[2]);
    assert_eq!(sent.exporters.len(), 2);
    for (kind, attrs, rule) in [
        ("moby", &[("name", "hal9000/x")][..], "IMAGE-RESERVED"),
        ("moby", &[("name", "*")], "IMAGE-NAME"),
        ("image", &[("name", "a,,b")], "IMAGE-NAME"),
        ("image", &[("dangling-name-prefix", "a")], "BUILD-EXPORTER"),
        ("image", &[("name-canonical", "true")], "BUILD-EXPORTER"),
        ("elsewhere", &[], "BUILD-EXPORTER"),
    ] {
        let new = request(|request| {
            request.exporters = vec![proto::Exporter {
                r#type: kind.to_owned(),
                attrs: texts(attrs),
            }];
        });
        let old = request(|request| {
            request.exporter_deprecated = kind.to_owned();
            request.exporter_attrs_deprecated = texts(attrs);
        });
        for message in [new, old] {
            assert_eq!(
                self::build(&policy, &message),
                Err(rule),
                "{kind} {attrs:?}"
            );
        }
    }
}

type Change<'a> = Box<dyn FnOnce(&mut proto::SolveRequest) + 'a>;

#[test]
fn what_reaches_further_than_a_build_is_refused() {
    let entry = |kind: &str| proto::CacheOptionsEntry {
        r#type: kind.to_owned(),
        ..Default::default()
    };
    let rows: Vec<(Change<'_>, Option<&str>)> = vec![
        (Box::new(|_| {}), None),
        (Box::new(|r| r.session.clear()), None),
        (
            Box::new(|r| r.session = "other".to_owned()),
            Some("BUILD-SESSION"),
        ),
        (Box::new(|r| r.r#ref.clear()), Some("BUILD-REF")),
        (Box::new(|r| r.r#ref = "a b".to_owned()), Some("BUILD-REF")),
        (
            Box::new(|r| r.entitlements = vec!["network.host".to_owned()]),
            Some("BUILD-ENTITLEMENT"),
        ),
        (
            Box::new(|r| r.entitlements = vec!["device".to_owned()]),
            Some("BUILD-ENTITLEMENT"),
        ),
        (
            Box::new(|r| r.entitlements = vec![String::new()]),
            Some("BUILD-ENTITLEMENT"),
        ),
        (Box::new(|r| r.frontend = "gateway.v0".to_owned()), None),
        (
            Box::new(|r| r.frontend = "evil".to_owned()),
            Some("BUILD-OPTION"),
        ),
        (
            Box::new(|r| r.enable_session_exporter = true),
            Some("BUILD-EXPORTER"),
        ),
        (
            Box::new(|r| r.source_policy_session = "open".to_owned()),
            Some("BUILD-OPTION"),
        ),
        (
            Box::new(|r| r.source_policy = Some(proto::sourcepolicy::Policy::default())),
            Some("BUILD-OPTION"),
        ),
        (
            Box::new(|r| r.cache.as_mut().unwrap().imports = vec![entry("registry")]),
            None,
        ),
        (
            Box::new(|r| r.cache.as_mut().unwrap().exports = vec![entry("s3")]),
            Some("BUILD-CACHE"),
        ),
        (
            Box::new(|r| r.cache.as_mut().unwrap().imports = vec![entry("gha")]),
            Some("BUILD-CACHE"),
        ),
    ];
    for (index, (change, rule)) in rows.into_iter().enumerate() {
        let found = build(&Policy::default(), &request(change));
        assert_eq!(found.err(), rule, "{index}");
    }
    let mut message = request(|_| {});
    message.extend(b"\x88\x01\x01");
    assert_eq!(
        build(&Policy::default(), &message),
        Err("BUILD-NETWORK"),
        "ProxyNetwork"
    );
    message.extend(b"\xe8\x07\x01");
    assert!(build(&Policy::default(), &message).is_err());
}

fn step(
    policy: &Policy,
    options: &[(&str, &str)],
) -> Result<HashMap<String, String>, &'static str> {
    let request = frontend::SolveRequest {
        frontend: "dockerfile.v0".to_owned(),
        frontend_opt: texts(options),
        ..Default::default()
    };
    let path = "/moby.buildkit.v1.frontend.LLBBridge/Solve";
    match judged(policy, path, &request.encode_to_vec())? {
        Call::Step(message, told) => {
            assert!(!format!("{told:?}").contains("hunter2"));
            let sent = frontend::SolveRequest::decode(&message[..]).unwrap();
            Ok(sent.frontend_opt)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn options_are_those_of_a_build_and_carry_the_labels() {
    let policy = Policy {
        labels: [("hal9000.guard".to_owned(), "s".to_owned())].into(),
        cgroup_parent: Some("/mine".to_owned()),
        limits: Some(Limits {
            memory: "1g".parse().unwrap(),
            cpus: "2".parse().unwrap(),
            pids: "100".parse().unwrap(),
        }),
        refused_labels: vec!["traefik.".to_owned()],
        ..Policy::default()
    };
    let sent = step(
        &policy,
        &[
            ("no-cache", ""),
            ("build-arg:TOKEN", "hunter2"),
            ("label:a", "b"),
            ("label:hal9000.guard", "other"),
            ("label:hal9000.role", "worker"),
            ("context:other", "local:other"),
            ("local-sessionid:context", "open"),
            (
                "cache-imports",
                r#"[{"Type":"registry","Attrs":{"ref":"x"}}]"#,
            ),
        ],
    );
    let sent = sent.unwrap();
    assert_eq!(sent["no-cache"], "");
    assert_eq!(sent["build-arg:TOKEN"], "hunter2");
    assert_eq!(sent["label:a"], "b");
    assert_eq!(sent["label:hal9000.guard"], "s");
    assert!(!sent.contains_key("label:hal9000.role"));
    assert_eq!(sent["cgroup-parent"], "/mine");
    assert_eq!(sent["memory"], (1u64 << 30).to_string());
    for (name, value, rule) in [
        ("force-network-mode", "host", "BUILD-NETWORK"),
        ("force-network-mode", "container:x", "BUILD-NETWORK"),
        ("cgroup-parent", "/", "BUILD-CGROUP"),
        ("context", "https://example.org/x.git", "BUILD-REMOTE"),
        ("context", "git@example.org:x", "BUILD-REMOTE"),
        ("context:base", "http://127.0.0.1/", "BUILD-REMOTE"),
        ("local-sessionid:context", "other", "BUILD-SESSION"),
        ("cache-imports", r#"[{"Type":"gha"}]"#, "BUILD-CACHE"),
        (
            "cache-imports",
            r#"[{"Type":"inline","type":"gha"}]"#,
            "BUILD-CACHE",
        ),
        ("cache-imports", "{}", "BUILD-CACHE"),
        ("label:traefik.enable", "1", "LABEL"),
        ("gateway-devel", "1", "BUILD-OPTION"),
        ("device", "x", "BUILD-OPTION"),
        ("memory", "1g", "BUILD-OPTION"),
    ] {
        assert_eq!(step(&policy, &[(name, value)]), Err(rule), "{name}={value}");
    }
}

#[test]
fn calls_of_the_whole_machine_are_not_known() {
    for path in [
        "/moby.buildkit.v1.Control/DiskUsage",
        "/moby.buildkit.v1.Control/Prune",
        "/moby.buildkit.v1.Control/ListenBuildHistory",
        "/moby.buildkit.v1.Control/UpdateBuildHistory",
        "/moby.buildkit.v1.Control/Session",
        "/moby.buildkit.v1.frontend.LLBBridge/NewContainer",
        "/moby.buildkit.v1.frontend.LLBBridge/ExecProcess",
        "/containerd.services.content.v1.Content/Read",
        "/moby.buildkit.v1.control/Solve",
        "",
    ] {
        assert_eq!(
            judged(&Policy::default(), path, b""),
            Err("HAL-G-BUILD-CALL")
        );
        let refusal = method(Side::Engine, path).unwrap_err();
        assert_eq!(super::super::status(&refusal), 12);
    }
    let status = proto::StatusRequest {
        r#ref: "build".to_owned(),
    };
    let path = "/moby.buildkit.v1.Control/Status";
    let call = judged(&Policy::default(), path, &status.encode_to_vec());
    assert!(matches!(call, Ok(Call::Watch(build, _)) if build == "build"));
}

#[test]
fn an_answer_names_its_image() {
    let id = format!("sha256:{}", "ab".repeat(32));
    for (answer, found) in [
        (&[("containerimage.digest", id.as_str())][..], true),
        (&[("containerimage.config.digest", &id)], true),
        (&[("containerimage.digest", "sha256:ab")], false),
        (&[], false),
    ] {
        let answer = proto::SolveResponse {
            exporter_response: texts(answer),
        };
        assert_eq!(!made(&answer.encode_to_vec()).is_empty(), found);
    }
}
