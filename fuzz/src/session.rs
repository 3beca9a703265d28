//! The sessions that requests are held against: one by the defaults, one with everything narrowed.

use hal9000::guard::bind::{Mapping, Place, Source};
use hal9000::guard::network::Subnet;
use hal9000::guard::ownership::{Kind, Owned, Record};
use hal9000::guard::path::Speaks;
use hal9000::guard::{Bounds, Policy};
use hal9000::model::Limits;
use std::sync::LazyLock;

/// A container of the session.
pub const WEB: &str = "aa11000000000000000000000000000000000000000000000000000000000000";
/// A network of the session.
pub const NET: &str = "bb22000000000000000000000000000000000000000000000000000000000000";
/// An image of the session.
pub const IMAGE: &str = "sha256:cc33000000000000000000000000000000000000000000000000000000000000";
/// The network that stands for the default one, in the narrow session.
pub const OTHER_NET: &str = "dd44000000000000000000000000000000000000000000000000000000000000";
/// The project on the host.
pub const PROJECT: &str = "/home/me/project";
/// The guard's socket.
pub const SOCKET: &str = "/run/user/1000/hal/guard.sock";
/// The control group of the narrow session.
pub const GROUP: &str = "/hal9000";
/// The session's label.
pub const LABEL: (&str, &str) = ("hal9000.guard", "s1");

/// The most that the narrow session may have.
pub const MEMORY: i64 = 1 << 30;
/// In billionths.
pub const CPUS: i64 = 500_000_000;
/// Processes.
pub const PIDS: i64 = 100;

/// Whose request it is.
#[derive(Debug)]
pub struct Session {
    pub policy: Policy,
    pub owned: Owned,
    pub mapping: Mapping,
    pub host_networks: Vec<Subnet>,
    /// Whether it is the narrow one.
    pub narrow: bool,
}

impl Session {
    fn new(narrow: bool) -> Self {
        let mut owned = Owned::default();
        for (kind, id, name, of) in [
            (Kind::Container, WEB, Some("web"), None),
            (Kind::Network, NET, Some("n1"), None),
            (Kind::Volume, "vol", Some("vol"), None),
            (Kind::Exec, "e1", None, Some(WEB)),
            (Kind::Image, IMAGE, Some("docker.io/library/mine:1"), None),
        ] {
            let [name, of] = [name, of].map(|text| text.map(str::to_owned));
            let id = id.to_owned();
            owned.apply(&Record::Made { kind, id, name, of });
        }
        let labels = [LABEL].map(|(key, value)| (key.to_owned(), value.to_owned()));
        let mut policy = Policy {
            labels: labels.into(),
            reserved_images: vec!["hal9000/".to_owned()],
            restarts: 5,
            ..Policy::default()
        };
        if narrow {
            policy.limits = Some(Limits {
                memory: "1g".parse().expect("a size"),
                cpus: "0.5".parse().expect("cores"),
                pids: "100".parse().expect("a count"),
            });
            policy.cgroup_parent = Some(GROUP.to_owned());
            policy.default_network = Some(OTHER_NET.to_owned());
            policy.publish_on = Some([127, 0, 0, 1].into());
            policy.refuse_low_ports = true;
            policy.restarts = 0;
            policy.refused_labels = vec!["traefik.".to_owned()];
        }
        Self {
            policy,
            owned,
            mapping: Mapping::new(PROJECT, &["/workspace"], SOCKET).expect("absolute paths"),
            host_networks: vec![Subnet::parse("192.168.1.7/24").expect("a network")],
            narrow,
        }
    }

    pub fn bounds(&self) -> Bounds<'_> {
        Bounds {
            policy: &self.policy,
            owned: &self.owned,
            mapping: &self.mapping,
            host_networks: &self.host_networks,
            itself: None,
        }
    }
}

/// Both sessions.
pub static SESSIONS: LazyLock<[Session; 2]> =
    LazyLock::new(|| [Session::new(false), Session::new(true)]);

/// What the engine speaks.
pub fn speaks() -> Speaks {
    Speaks::new("1.49", Some("1.44")).expect("versions")
}

/// Every source where it should be.
pub fn place(source: &Source) -> Option<Place> {
    Some(Place::Host(match source {
        Source::Project => PROJECT.to_owned(),
        Source::Beneath(path) => format!("{PROJECT}/{path}"),
        Source::GuardSocket => SOCKET.to_owned(),
        _ => return None,
    }))
}
