//! Bodies other than a create's, by route: what each may say to the engine.

use super::session::{LABEL, Session, WEB};
use super::{container, go};
use hal9000::guard::path::Route;
use serde_json::Value;
use std::net::IpAddr;

/// A body that is sent for a route.
pub fn is_harmless(route: Route, text: &str, session: &Session) {
    let body: Value = serde_json::from_str(text).expect("JSON");
    match route {
        Route::ContainerUpdate => update(&body, session),
        Route::ExecCreate => {
            let known = [
                "AttachStdin",
                "AttachStdout",
                "AttachStderr",
                "ConsoleSize",
                "DetachKeys",
            ];
            go::only(
                &body,
                &[&known[..], &["Tty", "Env", "Cmd", "User", "WorkingDir"]].concat(),
            );
        }
        Route::ExecStart => go::only(&body, &["Detach", "Tty", "ConsoleSize"]),
        Route::NetworkCreate => network(&body),
        Route::NetworkConnect => {
            go::only(&body, &["Container", "EndpointConfig"]);
            assert_eq!(go::text(&body, "Container"), WEB);
            let endpoint = go::field(&body, "EndpointConfig");
            if !endpoint.is_null() {
                container::endpoint(endpoint);
            }
        }
        Route::NetworkDisconnect => {
            go::only(&body, &["Container", "Force"]);
            assert_eq!(go::text(&body, "Container"), WEB);
        }
        Route::VolumeCreate => volume(&body),
        Route::Commit => {
            let config = &[
                "Hostname",
                "Domainname",
                "User",
                "AttachStdin",
                "AttachStdout",
                "AttachStderr",
                "ExposedPorts",
                "Tty",
                "OpenStdin",
                "StdinOnce",
                "Env",
                "Cmd",
                "Healthcheck",
                "Image",
                "Volumes",
                "WorkingDir",
                "Entrypoint",
                "NetworkDisabled",
                "MacAddress",
                "Labels",
                "StopSignal",
                "StopTimeout",
                "Shell",
            ];
            go::only(&body, config);
            container::config(&body);
        }
        Route::Auth => {
            let known = [
                "username",
                "password",
                "auth",
                "serveraddress",
                "identitytoken",
            ];
            go::only(&body, &[&known[..], &["registrytoken"]].concat());
        }
        other => panic!("{other:?} sends {text}"),
    }
}

fn update(body: &Value, session: &Session) {
    let known = [
        "Memory",
        "MemorySwap",
        "NanoCpus",
        "CpuPeriod",
        "CpuQuota",
        "PidsLimit",
        "CpuShares",
        "MemoryReservation",
        "MemorySwappiness",
        "BlkioWeight",
        "CpusetCpus",
        "CpusetMems",
        "RestartPolicy",
        "Ulimits",
    ];
    go::only(body, &known);
    container::restart(go::field(body, "RestartPolicy"), session);
    let number = |name| go::field(body, name).as_i64();
    if session.narrow {
        let within = |name, most| number(name).is_none_or(|asked| (1..=most).contains(&asked));
        assert!(within("Memory", super::session::MEMORY), "{body}");
        assert!(within("PidsLimit", super::session::PIDS), "{body}");
        if ["NanoCpus", "CpuQuota", "CpuPeriod"]
            .iter()
            .any(|name| number(name).is_some())
        {
            container::cores(body);
        }
    }
}

fn labelled(body: &Value) {
    assert_eq!(
        go::field(go::field(body, "Labels"), LABEL.0),
        LABEL.1,
        "{body}"
    );
}

fn network(body: &Value) {
    let known = [
        "Name",
        "CheckDuplicate",
        "Driver",
        "Scope",
        "Internal",
        "Attachable",
        "IPAM",
    ];
    let more = [
        "ConfigFrom",
        "EnableIPv4",
        "EnableIPv6",
        "Options",
        "Labels",
    ];
    go::only(body, &[&known[..], &more].concat());
    labelled(body);
    assert!(["", "bridge"].contains(&go::text(body, "Driver")), "{body}");
    assert!(["", "local"].contains(&go::text(body, "Scope")), "{body}");
    assert!(
        !["bridge", "host", "none", "default"].contains(&go::text(body, "Name")),
        "{body}"
    );
    assert!(go::is_nothing(go::field(body, "ConfigFrom")), "{body}");
    let known = [
        "com.docker.network.bridge.enable_icc",
        "com.docker.network.bridge.enable_ip_masquerade",
        "com.docker.network.driver.mtu",
        "com.docker.network.bridge.host_binding_ipv4",
    ];
    for (name, value) in go::entries(body, "Options") {
        assert!(known.contains(&name.as_str()), "{name}");
        assert!(
            !name.ends_with("ipv4") || value == "127.0.0.1",
            "{name} is {value}"
        );
    }
    let ipam = go::field(body, "IPAM");
    if ipam.is_null() {
        return;
    }
    go::only(ipam, &["Driver", "Config"]);
    assert!(
        ["", "default"].contains(&go::text(ipam, "Driver")),
        "{body}"
    );
    for config in go::list(ipam, "Config") {
        go::only(
            config,
            &["Subnet", "IPRange", "Gateway", "AuxiliaryAddresses"],
        );
        for name in ["Subnet", "IPRange", "Gateway"] {
            private(go::text(config, name));
        }
        for (_, address) in go::entries(config, "AuxiliaryAddresses") {
            private(address.as_str().expect("text"));
        }
    }
}

/// The beginning and the end of a subnet are both addresses that no public host has, and none is the
/// host's own network.
fn private(text: &str) {
    if text.is_empty() {
        return;
    }
    let (address, bits) = text.split_once('/').unwrap_or((text, ""));
    let address: IpAddr = address.parse().expect(text);
    match address {
        IpAddr::V4(address) => {
            let bits: u32 = if bits.is_empty() {
                32
            } else {
                bits.parse().expect(text)
            };
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            let (first, last) = (address.to_bits() & mask, address.to_bits() | !mask);
            for end in [first, last] {
                assert!(std::net::Ipv4Addr::from_bits(end).is_private(), "{text}");
            }
            let host = [192, 168, 1, 0];
            let (host, host_last) = (u32::from_be_bytes(host), u32::from_be_bytes(host) + 255);
            assert!(last < host || first > host_last, "{text} is the host's");
        }
        IpAddr::V6(address) => {
            assert_eq!(address.segments()[0] & 0xfe00, 0xfc00, "{text}");
            assert!(
                bits.is_empty() || bits.parse::<u32>().expect(text) >= 7,
                "{text}"
            );
        }
    }
}

fn volume(body: &Value) {
    go::only(body, &["Name", "Driver", "DriverOpts", "Labels"]);
    labelled(body);
    assert!(["", "local"].contains(&go::text(body, "Driver")), "{body}");
    assert!(!go::text(body, "Name").contains(['/', '\\']), "{body}");
    for (name, value) in go::entries(body, "DriverOpts") {
        match name.as_str() {
            "type" | "device" => assert_eq!(value, "tmpfs", "{body}"),
            "o" => {
                assert_eq!(
                    go::text(go::field(body, "DriverOpts"), "type"),
                    "tmpfs",
                    "{body}"
                );
                let words = ["bind", "device", "lowerdir", "addr", "loop", "/"];
                let value = value.as_str().expect("text");
                assert!(!words.iter().any(|word| value.contains(word)), "{body}");
            }
            other => panic!("the option {other}"),
        }
    }
}
