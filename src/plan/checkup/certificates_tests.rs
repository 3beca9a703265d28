use super::*;

/// Until 2036, which is written with two digits of the year.
pub(in crate::plan::checkup) const SHORT: &str = "\
-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUJRKb2l9Un7CFZV2lP7AYDCdHKg4wCgYIKoZIzj0EAwIw
EDEOMAwGA1UEAwwFc2hvcnQwHhcNMjYxMTIzMDgxNTAyWhcNMzYxMTIwMDgxNTAy
WjAQMQ4wDAYDVQQDDAVzaG9ydDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABI5S
rFH21YvbacYGR/wYRO5rbyFj7Hbf/Fu3bWji33ZZumaAcMs6XikonjewA6jFXjJQ
NBCS85ylv5o8c50mzD+jUzBRMB0GA1UdDgQWBBQqL4ZAcFchMNVueznuzFD3euwA
9DAfBgNVHSMEGDAWgBQqL4ZAcFchMNVueznuzFD3euwA9DAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCIF4b2F6CIhBLSC+u9JXX1IiHqyaxdYBlIKVB
MZcx3ElgAiEA0oh99TKCEELvJod2CN+5D5SOmKVuTklSZYprB676qSs=
-----END CERTIFICATE-----
";

/// Until 2136, which is written with four.
const LONG: &str = "\
-----BEGIN CERTIFICATE-----
MIIBdDCCARugAwIBAgIUf+itC7WhrKoXuH/102eeVyYtFSYwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEbG9uZzAgFw0yNjExMjMwODE1MDJaGA8yMTM2MDUzMDA4MTUw
MlowDzENMAsGA1UEAwwEbG9uZzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABI5S
rFH21YvbacYGR/wYRO5rbyFj7Hbf/Fu3bWji33ZZumaAcMs6XikonjewA6jFXjJQ
NBCS85ylv5o8c50mzD+jUzBRMB0GA1UdDgQWBBQqL4ZAcFchMNVueznuzFD3euwA
9DAfBgNVHSMEGDAWgBQqL4ZAcFchMNVueznuzFD3euwA9DAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0cAMEQCICb1MV6z/Syzl4fUlpaRNMJUDMm46i1vAsBl
wRXBka1AAiBLqjK8g8Lbz77Ug6Ryqxg4GSuAs2qWauXYiC471VGFOA==
-----END CERTIFICATE-----
";

/// What openssl says that these are.
const SHORT_ENDS: i64 = 2_110_781_702;
const LONG_ENDS: i64 = 5_251_421_702;

fn found(text: &str, now: i64) -> Bundle {
    read(text.as_bytes(), now)
}

/// The first as it is without armour.
pub(in crate::plan::checkup) fn der() -> Vec<u8> {
    let body = SHORT.lines().filter(|line| !line.starts_with('-'));
    base64(&body.collect::<String>()).unwrap()
}

#[test]
fn the_ends_are_those_that_openssl_reads() {
    let both = format!("# a comment\n{SHORT}\nanother\n{LONG}");
    for (now, expired) in [
        (SHORT_ENDS, 0),
        (SHORT_ENDS + 1, 1),
        (LONG_ENDS, 1),
        (LONG_ENDS + 1, 2),
    ] {
        let expected = Bundle::Read { count: 2, expired };
        assert_eq!(found(&both, now), expected, "{now}");
        assert_eq!(found(&both.replace('\n', "\r\n"), now), expected);
    }
    let trusted = SHORT.replace("CERTIFICATE", "TRUSTED CERTIFICATE");
    assert!(matches!(found(&trusted, 0), Bundle::Read { count: 1, .. }));
}

#[test]
fn what_is_no_bundle_is_told_apart() {
    assert_eq!(read(&der(), 0), Bundle::Binary);
    let key = SHORT.replace("CERTIFICATE", "PRIVATE KEY");
    for nothing in ["", "hello", &key, "-----BEGIN "] {
        assert_eq!(found(nothing, 0), Bundle::None, "{nothing}");
    }
    let cut = &SHORT[..SHORT.len() / 2];
    let second = format!("{LONG}{cut}");
    assert_eq!(found(cut, 0), Bundle::Damaged { number: 1 });
    assert_eq!(found(&second, 0), Bundle::Damaged { number: 2 });
    let strange = SHORT.replace("MIIB", "M*IB");
    assert_eq!(found(&strange, 0), Bundle::Damaged { number: 1 });
}

/// A length that is larger than the file, in each place where one can be.
#[test]
fn no_certificate_is_read_past_its_end() {
    let der = der();
    for end in 0..100 {
        assert_eq!(not_after(&der[..end]), None, "{end}");
    }
    for at in 0..100 {
        for value in [0x00, 0x7f, 0x80, 0x84, 0x88, 0xff] {
            let mut damaged = der.clone();
            damaged[at] = value;
            let _ = not_after(&damaged);
        }
    }
    let times = [
        "2611230815",
        "261123081502+0100",
        "26112308150Z",
        "269923081502Z",
        "2é1123081502Z",
    ];
    for text in times {
        assert_eq!(time(UTC_TIME, text), None, "{text}");
    }
    assert_eq!(time(UTC_TIME, "700101000000Z"), Some(0));
    assert_eq!(time(GENERALIZED_TIME, "19700101000001Z"), Some(1));
}
