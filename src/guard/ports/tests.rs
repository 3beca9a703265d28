//! What is published, what is accepted, and what is said.

use super::*;
use serde_json::json;

fn port(text: &str) -> Port {
    text.parse().unwrap()
}

fn at(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

#[test]
fn a_port_is_the_hosts_and_leads_to_the_container() {
    let container = json!({
        "State": {"Running": true, "StartedAt": "now"},
        "NetworkSettings": {
            "Ports": {
                "80/tcp": [
                    {"HostIp": "127.0.0.1", "HostPort": "8080"},
                    {"HostIp": "0.0.0.0", "HostPort": "8081"},
                    {"HostIp": "::", "HostPort": "8081"},
                    {"HostIp": "::", "HostPort": "8082"}
                ],
                "53/udp": [{"HostIp": "127.0.0.1", "HostPort": "53"}],
                "5432/tcp": null,
                "9/sctp": [{"HostIp": "127.0.0.1", "HostPort": "9"}],
                "1/tcp": [{"HostIp": "", "HostPort": "0"}, {"HostIp": "x", "HostPort": "1"}]
            },
            "Networks": {"bridge": {"IPAddress": "172.17.0.2"}}
        }
    });
    let found = Publishing::read(&container);
    assert!(found.running && found.started == "now");
    let expected = [
        ("tcp:8080", "127.0.0.1:8080", "172.17.0.2:80"),
        ("tcp:8081", "127.0.0.1:8081", "172.17.0.2:80"),
        ("tcp:8082", "[::1]:8082", "172.17.0.2:80"),
        ("udp:53", "127.0.0.1:53", "172.17.0.2:53"),
    ];
    let expected = expected.map(|(key, published, container)| {
        let (published, container) = (at(published), Some(at(container)));
        (
            port(key),
            Ends {
                published,
                container,
            },
        )
    });
    assert_eq!(found.ports, BTreeMap::from(expected));
}

#[test]
fn of_several_networks_the_engine_knows_which() {
    for (networks, direct) in [
        (json!({"a": {"IPAddress": "10.0.0.2"}}), true),
        (json!({"a": {"IPAddress": ""}}), false),
        (json!({}), false),
        (
            json!({"a": {"IPAddress": "10.0.0.2"}, "b": {"IPAddress": "10.1.0.2"}}),
            false,
        ),
    ] {
        let container = json!({"NetworkSettings": {
            "Ports": {"1/tcp": [{"HostIp": "127.0.0.1", "HostPort": "2"}]},
            "Networks": networks
        }});
        let found = Publishing::read(&container);
        assert_eq!(
            found.ports[&port("tcp:2")].container.is_some(),
            direct,
            "{networks}"
        );
        assert!(!found.running);
    }
    let nothing = Publishing::read(&json!({}));
    assert!(nothing.ports.is_empty() && !nothing.running);
}

#[test]
fn only_what_was_asked_for_is_accepted_on() {
    let tcp = Socket {
        protocol: Some(Protocol::Tcp),
        listens: true,
        local: Some(at("127.0.0.1:80")),
    };
    let udp = Socket {
        protocol: Some(Protocol::Udp),
        listens: false,
        ..tcp
    };
    let v6 = Some(at("[::1]:80"));
    assert!(tcp.is_for(port("tcp:80")) && udp.is_for(port("udp:80")));
    assert!(Socket { local: v6, ..tcp }.is_for(port("tcp:80")));
    assert!(!tcp.is_for(port("udp:80")) && !udp.is_for(port("tcp:80")));
    for other in [
        Socket {
            protocol: None,
            ..tcp
        },
        Socket {
            listens: false,
            ..tcp
        },
        Socket { local: None, ..tcp },
        Socket {
            local: Some(at("127.0.0.1:81")),
            ..tcp
        },
        Socket {
            local: Some(at("0.0.0.0:80")),
            ..tcp
        },
        Socket {
            local: Some(at("127.0.0.2:80")),
            ..tcp
        },
        Socket {
            local: Some(at("[::]:80")),
            ..tcp
        },
        Socket {
            local: Some(at("[::ffff:127.0.0.1]:80")),
            ..tcp
        },
    ] {
        assert!(!other.is_for(port("tcp:80")), "{other:?}");
    }
}

#[test]
fn a_collision_names_the_port_its_holder_and_the_way_out() {
    let text = taken(port("tcp:5432"), Some(7), 7);
    assert!(
        text.contains("localhost:5432/tcp") && text.contains("another session"),
        "{text}"
    );
    let text = taken(port("tcp:65535"), Some(1000), 7);
    assert!(
        text.contains("the user 1000") && text.contains("`-p 1024:…`"),
        "{text}"
    );
    assert!(taken(port("udp:1"), None, 7).contains("a program"));
    assert!(failed(None, "a\nb").contains("a\u{fffd}b"));
}
