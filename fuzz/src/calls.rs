//! BuildKit's calls: what is sent holds nothing that reaches beyond a build, read by the generated
//! reader; and frames are the same in any pieces.

use bollard_buildkit_proto::moby::buildkit::v1 as proto;
use bollard_buildkit_proto::moby::buildkit::v1::frontend;
use bollard_buildkit_proto::pb;
use hal9000::guard::bind::Mapping;
use hal9000::guard::buildkit::{self, Call, Frames, Moment, Side};
use hal9000::guard::ownership::Owned;
use hal9000::guard::{Bounds, Policy};
use prost::Message as _;
use std::collections::HashMap;

/// The calls, by the first byte of an input.
const CALLS: &[&str] = &[
    "/moby.buildkit.v1.Control/Solve",
    "/moby.buildkit.v1.frontend.LLBBridge/Solve",
    "/moby.buildkit.v1.frontend.LLBBridge/Return",
    "/moby.buildkit.v1.frontend.LLBBridge/ResolveSourceMeta",
    "/moby.buildkit.v1.Control/Status",
];

/// The message of a call.
pub fn build_call(data: &[u8]) {
    let Some((which, message)) = data.split_first() else {
        return;
    };
    let path = CALLS[usize::from(*which) % CALLS.len()];
    let policy = Policy {
        labels: [("hal9000.guard".to_owned(), "s1".to_owned())].into(),
        reserved_images: vec!["hal9000/".to_owned()],
        ..Policy::default()
    };
    let owned = Owned::default();
    let mapping = Mapping::new("/home/me/project", &[], "/s").expect("absolute paths");
    let bounds = Bounds {
        policy: &policy,
        owned: &owned,
        mapping: &mapping,
        host_networks: &[],
        itself: None,
    };
    let moment = Moment {
        bounds: &bounds,
        is_open: &|id| id == "open",
    };
    let method = buildkit::method(Side::Engine, path).expect("a call of the table");
    match buildkit::judge(method, message, &moment) {
        Err(refusal) => super::is_plain(&refusal),
        Ok(Call::Solve(build)) => {
            let sent = proto::SolveRequest::decode(&build.message[..]).expect("a request");
            assert!(!build.reference.is_empty() && sent.r#ref == build.reference);
            assert!(sent.entitlements.is_empty() && !sent.enable_session_exporter);
            assert!(sent.source_policy.is_none() && sent.source_policy_session.is_empty());
            assert!(["", "open"].contains(&&*sent.session), "{}", sent.session);
            options(&sent.frontend, &sent.frontend_attrs);
            sent.definition.iter().for_each(definition);
            sent.frontend_inputs.values().for_each(definition);
            exported(
                &sent.exporter_deprecated,
                &sent.exporter_attrs_deprecated,
                &build.names,
            );
            for exporter in &sent.exporters {
                exported(&exporter.r#type, &exporter.attrs, &build.names);
            }
        }
        Ok(Call::Step(message, _)) => {
            let sent = frontend::SolveRequest::decode(&message[..]).expect("a request");
            options(&sent.frontend, &sent.frontend_opt);
            sent.definition.iter().for_each(definition);
            sent.frontend_inputs.values().for_each(definition);
        }
        Ok(Call::Send(message)) if path.ends_with("Return") => {
            frontend::ReturnRequest::decode(&message[..]).expect("a request");
        }
        Ok(_) => {}
    }
}

fn options(frontend: &str, options: &HashMap<String, String>) {
    assert!(["", "dockerfile.v0", "gateway.v0"].contains(&frontend));
    assert_ne!(
        options.get("force-network-mode").map(|x| &**x),
        Some("host")
    );
    assert!(!options.contains_key("cgroup-parent"));
    if !frontend.is_empty() {
        assert_eq!(options["label:hal9000.guard"], "s1");
    }
}

fn exported(kind: &str, attrs: &HashMap<String, String>, names: &[String]) {
    assert!(
        ["", "moby", "image", "local", "tar", "oci", "docker"].contains(&kind),
        "{kind}"
    );
    if ["moby", "image"].contains(&kind) {
        let given = attrs.get("name").map_or("", |name| name);
        for name in given.split(',').filter(|name| !name.is_empty()) {
            assert!(names.iter().any(|known| known == name), "{name}");
            let short = name.trim_start_matches("docker.io/");
            assert!(!short.starts_with("hal9000/"), "{name}");
        }
        assert!(!attrs.contains_key("dangling-name-prefix"));
    }
}

fn definition(definition: &pb::Definition) {
    for bytes in &definition.def {
        match pb::Op::decode(&bytes[..]).expect("a step").op {
            Some(pb::op::Op::Exec(exec)) => {
                assert!([0, 2].contains(&exec.network) && exec.security == 0);
                assert!(exec.cdi_devices.is_empty());
                assert!(exec.meta.is_none_or(|meta| meta.cgroup_parent.is_empty()));
            }
            Some(pb::op::Op::Source(source)) => {
                for key in ["local.session", "oci.session"] {
                    assert!(source.attrs.get(key).is_none_or(|id| id == "open"));
                }
            }
            Some(pb::op::Op::Build(build)) => build.def.iter().for_each(self::definition),
            _ => {}
        }
    }
}

/// gRPC's frames.
pub fn grpc_frames(data: &[u8]) {
    let whole = |frames: &mut Frames| frames.push(data).and_then(|()| frames.end());
    let at_once = whole(&mut Frames::default());
    for size in [1, 2, 5, 64] {
        let mut frames = Frames::default();
        let mut pieces = data.chunks(size);
        let found = pieces.try_for_each(|piece| frames.push(piece));
        let found = found.and_then(|()| frames.end());
        assert_eq!(found.is_ok(), at_once.is_ok());
    }
    match buildkit::single(data) {
        Ok(message) => {
            assert!(at_once.is_ok());
            assert_eq!(buildkit::framed(message), data);
        }
        Err(refusal) => super::is_plain(&refusal),
    }
}
