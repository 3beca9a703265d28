//! Limits of containers.

use super::{Session, host};

#[test]
fn no_container_gets_more_than_the_session() {
    let session = Session::limited("1g", "2", "100");
    let gib = 1 << 30;
    for (fields, expected) in [
        ("", [gib, 0, 2_000_000_000, 0, 100]),
        (
            r#""Memory":536870912,"NanoCpus":500000000,"PidsLimit":50"#,
            [gib / 2, 0, 500_000_000, 0, 50],
        ),
        (
            r#""Memory":8589934592,"MemorySwap":-1,"NanoCpus":8000000000,"PidsLimit":-1"#,
            [gib, 2 * gib, 2_000_000_000, 0, 100],
        ),
        (r#""CpuQuota":50000"#, [gib, 0, 0, 50_000, 100]),
        (r#""CpuQuota":900000"#, [gib, 0, 0, 200_000, 100]),
        (
            r#""CpuQuota":200000,"CpuPeriod":1000"#,
            [gib, 0, 0, 2_000, 100],
        ),
        (r#""CpuQuota":-1"#, [gib, 0, 0, 200_000, 100]),
        (r#""CpuPeriod":1000"#, [gib, 0, 2_000_000_000, 0, 100]),
    ] {
        let sent = session.sent(&host(fields)).unwrap();
        let names = ["Memory", "MemorySwap", "NanoCpus", "CpuQuota", "PidsLimit"];
        let got = names.map(|name| sent.get("HostConfig").get(name).as_int().unwrap_or(0));
        assert_eq!(got, expected, "{fields}");
    }
    assert_eq!(
        session.update(r#"{"Memory":0,"PidsLimit":null}"#).to_json(),
        "{}"
    );
    for (text, expected) in [
        (r#"{"PidsLimit":0}"#, r#"{"PidsLimit":100}"#),
        (r#"{"Memory":8589934592}"#, r#"{"Memory":1073741824}"#),
        (
            r#"{"CpuPeriod":1000}"#,
            r#"{"CpuPeriod":1000,"CpuQuota":2000}"#,
        ),
        (
            r#"{"CpuQuota":900000}"#,
            r#"{"CpuPeriod":100000,"CpuQuota":200000}"#,
        ),
        (
            r#"{"RestartPolicy":{"Name":"unless-stopped"}}"#,
            r#"{"RestartPolicy":{"MaximumRetryCount":5,"Name":"on-failure"}}"#,
        ),
    ] {
        assert_eq!(session.update(text).to_json(), expected, "{text}");
    }
}

/// The least quota is of a short period more than the session has.
#[test]
fn a_short_period_is_no_way_around_less_than_a_core() {
    let session = Session::limited("1g", "0.5", "100");
    let both = r#""CpuPeriod":1000,"CpuQuota":1000"#;
    let sent = session.sent(&host(both)).unwrap();
    let host = sent.get("HostConfig");
    let got = ["CpuPeriod", "CpuQuota"].map(|name| host.get(name).as_int());
    assert_eq!(got, [Some(100_000), Some(50_000)]);
    assert_eq!(
        session.update(&format!("{{{both}}}")).to_json(),
        r#"{"CpuPeriod":100000,"CpuQuota":50000}"#
    );
}
