//! Messages as the generated writer writes them, and messages that no writer writes.

use super::super::control::SOLVE;
use super::super::llb;
use super::super::shape::Moment;
use super::super::{control, gateway};
use super::*;
use crate::guard::bind::Mapping;
use crate::guard::ownership::Owned;
use crate::guard::policy::{Bounds, Policy};
use bollard_buildkit_proto::moby::buildkit::v1 as proto;
use bollard_buildkit_proto::moby::buildkit::v1::frontend;
use bollard_buildkit_proto::pb;
use prost::Message as _;
use std::collections::BTreeSet;

fn with<T>(work: impl FnOnce(&Moment<'_>) -> T) -> T {
    let (policy, owned) = (Policy::default(), Owned::default());
    let mapping = Mapping::new("/p", &[], "/s").unwrap();
    let bounds = Bounds {
        policy: &policy,
        owned: &owned,
        mapping: &mapping,
        host_networks: &[],
        itself: None,
    };
    work(&Moment {
        bounds: &bounds,
        is_open: &|id| id == "open",
    })
}

fn tried(bytes: &[u8], shape: &'static Shape) -> Result<Vec<u8>, &'static str> {
    with(|moment| {
        let read = read(bytes, shape, &At::new(moment, "x"));
        read.map(|message| message.encode())
            .map_err(|refusal| refusal.rule.id.trim_start_matches("HAL-G-"))
    })
}

/// The names of the fields that a generated message has, as its default shows them.
fn names(shown: &str) -> BTreeSet<String> {
    let inner = shown.split_once('{').map_or("", |(_, inner)| inner);
    let mut depth = 0;
    let mut outer = String::new();
    for c in inner.chars() {
        match c {
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => depth -= 1,
            c if depth == 0 => outer.push(c),
            _ => {}
        }
    }
    let fields = outer.split(',').filter_map(|field| field.split_once(':'));
    fields
        .map(|(name, _)| name.trim().trim_start_matches("r#").to_owned())
        .collect()
}

/// A field that a later release of the definitions brings is not passed on, but it is classified.
#[test]
fn every_field_is_classified() {
    macro_rules! same {
        ($($message:ty => $shape:expr, [$($newer:literal),*] [$($one_of:literal => [$($of:literal),*]),*];)*) => {$({
            let mut expected = names(&format!("{:?}", <$message>::default()));
            $(assert!(expected.remove($one_of), $one_of); expected.extend([$($of.to_owned()),*] as [String; _]);)*
            expected.extend([$($newer.to_owned()),*] as [String; _]);
            let found: BTreeSet<String> = $shape.fields.iter().map(|field| field.name.to_owned()).collect();
            assert_eq!(found, expected, "{}", stringify!($message));
        })*};
    }
    same! {
        proto::SolveRequest => control::SOLVE, ["compatibility_version", "proxy_network"] [];
        proto::Exporter => control::EXPORTER, [] [];
        proto::CacheOptionsEntry => control::CACHE_ENTRY, [] [];
        proto::StatusRequest => control::STATUS, [] [];
        proto::InfoRequest => control::INFO, [] [];
        proto::ListWorkersRequest => control::LIST_WORKERS, [] [];
        frontend::SolveRequest => gateway::SOLVE, [] [];
        frontend::ResolveImageConfigRequest => gateway::RESOLVE_IMAGE, [] [];
        frontend::ReadDirRequest => gateway::READ_DIR, [] [];
        frontend::ReadFileRequest => gateway::READ_FILE, [] [];
        frontend::StatFileRequest => gateway::STAT_FILE, [] [];
        frontend::EvaluateRequest => gateway::EVALUATE, [] [];
        frontend::WarnRequest => gateway::WARN, [] [];
        frontend::ReturnRequest => gateway::RETURN, [] [];
        pb::Definition => llb::DEFINITION, [] [];
        pb::Op => llb::OP, [] ["op" => ["exec", "source", "file", "build", "merge", "diff"]];
        pb::ExecOp => llb::EXEC, [] [];
        pb::Meta => llb::META, [] [];
        pb::Mount => llb::MOUNT, [] [];
        pb::SourceOp => llb::SOURCE_OP, [] [];
        pb::OpMetadata => llb::OP_METADATA, [] [];
        pb::Source => llb::SOURCE, [] [];
        pb::SourceInfo => llb::SOURCE_INFO, [] [];
    }
}

#[test]
fn a_message_is_read_as_its_writer_wrote_it() {
    let attrs = [("target".to_owned(), "x".to_owned())];
    let request = proto::SolveRequest {
        r#ref: "abc".to_owned(),
        session: "open".to_owned(),
        frontend: "dockerfile.v0".to_owned(),
        frontend_attrs: attrs.clone().into(),
        internal: true,
        exporters: vec![proto::Exporter {
            r#type: "moby".to_owned(),
            attrs: attrs.into(),
        }],
        ..Default::default()
    };
    let bytes = tried(&request.encode_to_vec(), &SOLVE).unwrap();
    assert_eq!(proto::SolveRequest::decode(&bytes[..]).unwrap(), request);
}

fn op(op: pb::op::Op) -> Vec<u8> {
    let op = pb::Op {
        op: Some(op),
        ..Default::default()
    };
    let definition = pb::Definition {
        def: vec![op.encode_to_vec()],
        ..Default::default()
    };
    definition.encode_to_vec()
}

fn exec(change: impl FnOnce(&mut pb::ExecOp)) -> Vec<u8> {
    let mut exec = pb::ExecOp {
        meta: Some(pb::Meta {
            args: vec!["true".to_owned()],
            valid_exit_codes: vec![0, -1, 300],
            ..Default::default()
        }),
        ..Default::default()
    };
    change(&mut exec);
    op(pb::op::Op::Exec(exec))
}

fn source(identifier: &str, attr: (&str, &str)) -> Vec<u8> {
    op(pb::op::Op::Source(pb::SourceOp {
        identifier: identifier.to_owned(),
        attrs: [(attr.0.to_owned(), attr.1.to_owned())].into(),
    }))
}

#[test]
fn every_step_of_a_build_is_looked_at() {
    let none = ("image.resolvemode", "local");
    let inner = exec(|exec| exec.network = 1);
    let build = op(pb::op::Op::Build(pb::BuildOp {
        def: Some(pb::Definition::decode(&inner[..]).unwrap()),
        ..Default::default()
    }));
    for (bytes, expected) in [
        (exec(|_| {}), None),
        (exec(|exec| exec.network = 2), None),
        (exec(|exec| exec.network = 1), Some("BUILD-NETWORK")),
        (exec(|exec| exec.network = 3), Some("BUILD-NETWORK")),
        (exec(|exec| exec.security = 1), Some("BUILD-ENTITLEMENT")),
        (
            exec(|exec| exec.cdi_devices = vec![pb::CdiDevice::default()]),
            Some("BUILD-ENTITLEMENT"),
        ),
        (
            exec(|exec| exec.meta.as_mut().unwrap().cgroup_parent = "/".to_owned()),
            Some("BUILD-CGROUP"),
        ),
        (build, Some("BUILD-NETWORK")),
        (source("docker-image://x", none), None),
        (source("local://context", ("local.session", "open")), None),
        (
            source("local://context", ("local.session", "other")),
            Some("BUILD-SESSION"),
        ),
        (
            source("oci-layout://x", ("oci.session", "other")),
            Some("BUILD-SESSION"),
        ),
        (source("http://buildkit-session/x", none), None),
        (source("http://127.0.0.1/x", none), Some("BUILD-REMOTE")),
        (source("git://x", none), Some("BUILD-REMOTE")),
        (source("elsewhere://x", none), Some("BUILD-OPTION")),
        (source("x", none), Some("BUILD-OPTION")),
    ] {
        let found = tried(&bytes, &llb::DEFINITION);
        assert_eq!(found.clone().err(), expected);
        if expected.is_none() {
            // steps name each other by the digest of their bytes
            assert_eq!(found.unwrap(), bytes);
        }
    }
}

#[test]
fn what_two_readers_could_read_in_two_ways_is_refused() {
    let reference = b"\x0a\x01a";
    let entry = b"\x3a\x06\x0a\x01k\x12\x01v";
    for (bytes, good) in [
        (&b""[..], true),
        (reference, true),
        (&[&reference[..], reference].concat(), false),
        (entry, true),
        (&[&entry[..], entry].concat(), false),
        // an entry with two keys, with two values, with a third field
        (b"\x3a\x06\x0a\x01k\x0a\x01l", false),
        (b"\x3a\x06\x12\x01k\x12\x01l", false),
        (b"\x3a\x03\x1a\x01k", false),
        // cut off
        (b"\x0a\x02a", false),
        (b"\x0a", false),
        (b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", false),
        // a field that is not known, one without a number, one of another type
        (b"\x92\x01\x00", false),
        (b"\x02\x00", false),
        (b"\x08\x01", false),
        (b"\x5a\x01a", false),
        // groups and numbers of a fixed length
        (b"\x0b\x0c", false),
        (b"\x0d\0\0\0\0", false),
        (b"\x09\0\0\0\0\0\0\0\0", false),
        // not UTF-8
        (b"\x0a\x01\xff", false),
        // a number of more than 64 bits
        (b"\x58\x81\x80\x80\x80\x80\x80\x80\x80\x80\x02", false),
        (b"\x58\x01", true),
    ] {
        let found = tried(bytes, &SOLVE);
        assert_eq!(found.is_ok(), good, "{bytes:?}: {found:?}");
        if !good {
            assert_eq!(found, Err("BUILD-MESSAGE"), "{bytes:?}");
        }
    }
}

#[test]
fn depth_has_an_end() {
    let mut definition = pb::Definition::default();
    for _ in 0..40 {
        definition = pb::Definition {
            source: Some(pb::Source {
                infos: vec![pb::SourceInfo {
                    definition: Some(definition),
                    ..Default::default()
                }],
                ..Default::default()
            }),
            ..Default::default()
        };
    }
    let found = tried(&definition.encode_to_vec(), &llb::DEFINITION);
    assert_eq!(found, Err("BUILD-MESSAGE"));
}

proptest::proptest! {
    /// What is accepted is accepted again as itself, and a generated reader takes it, too.
    #[test]
    fn no_message_makes_it_panic(
        noise in proptest::collection::vec(proptest::num::u8::ANY, 0..200),
        place in 0..1000_usize,
    ) {
        let request = proto::SolveRequest {
            r#ref: "abc".to_owned(),
            session: "open".to_owned(),
            definition: Some(pb::Definition::decode(&exec(|_| {})[..]).unwrap()),
            ..Default::default()
        };
        let mut changed = request.encode_to_vec();
        let place = place % changed.len();
        changed.splice(place..place, noise.iter().copied().take(3));
        for bytes in [noise, changed] {
            if let Ok(read) = tried(&bytes, &SOLVE) {
                proptest::prop_assert_eq!(tried(&read, &SOLVE), Ok(read.clone()));
                proptest::prop_assert!(proto::SolveRequest::decode(&read[..]).is_ok());
            }
        }
    }
}
