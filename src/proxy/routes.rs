//! The networks that the host uses: what the kernel has routes for, at this moment.
#![expect(
    clippy::disallowed_methods,
    reason = "two files of procfs, which the kernel answers at once"
)]

use crate::guard::network::Subnet;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// All of them but the default routes. Where the kernel tells none (it has no such family), none.
pub(super) fn read() -> Vec<Subnet> {
    let told = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let (v4, v6) = (told("/proc/net/route"), told("/proc/net/ipv6_route"));
    let lines = v4.lines().filter_map(v4_route);
    lines.chain(v6.lines().filter_map(v6_route)).collect()
}

/// A line of `/proc/net/route`: interface, destination, gateway, flags, references, use, metric, mask.
/// Addresses are as they are in memory (proc(5)).
fn v4_route(line: &str) -> Option<Subnet> {
    let number = |index: usize| u32::from_str_radix(line.split_whitespace().nth(index)?, 16).ok();
    let (address, mask) = (number(1)?.to_ne_bytes(), number(7)?.to_ne_bytes());
    let bits = u32::from_be_bytes(mask).leading_ones();
    route(IpAddr::V4(Ipv4Addr::from(address)), bits)
}

/// A line of `/proc/net/ipv6_route`: destination, bits, and more.
fn v6_route(line: &str) -> Option<Subnet> {
    let mut words = line.split_whitespace();
    let address = u128::from_str_radix(words.next()?, 16).ok()?;
    let bits = u32::from_str_radix(words.next()?, 16).ok()?;
    route(IpAddr::V6(Ipv6Addr::from_bits(address)), bits)
}

/// A default route is the way to all that is not the host's.
fn route(address: IpAddr, bits: u32) -> Option<Subnet> {
    (bits > 0).then(|| Subnet::parse(&format!("{address}/{bits}")))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_endian = "little")]
    fn routes_are_read() {
        let subnet = |text: &str| Subnet::parse(text);
        for (line, found) in [
            (
                "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU",
                None,
            ),
            ("eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0", None),
            (
                "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0",
                subnet("172.17.0.0/16"),
            ),
            (
                "tun0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0",
                subnet("192.168.1.0/24"),
            ),
            ("", None),
        ] {
            assert_eq!(v4_route(line), found, "{line}");
        }
        for (line, found) in [
            (
                "fd000000000000000000000000000000 40 00000000000000000000000000000000 00 eth0",
                subnet("fd00::/64"),
            ),
            ("00000000000000000000000000000000 00 0 lo", None),
            ("nonsense", None),
        ] {
            assert_eq!(v6_route(line), found, "{line}");
        }
    }
}
