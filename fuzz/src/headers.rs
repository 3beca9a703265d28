//! `head`: headers of a request. Whatever is taken leaves no doubt about where the body ends, what it
//! is, and whether the connection becomes a stream.

use super::is_plain;
use hal9000::guard::head::{Incoming, MAX_HEADER, PASSED_ON, check};
use hal9000::guard::path::{Body, ROUTES, Row, Stream};

/// The number of the route as two letters, then a header a line.
pub fn head(data: &[u8]) {
    let [high, low, rest @ ..] = data else {
        return;
    };
    let index = (usize::from(*high) * 256 + usize::from(*low)) % ROUTES.len();
    let row = &ROUTES[index];
    let headers = lines(rest);
    match check(row, headers.iter().copied()) {
        Ok(incoming) => is_certain(row, &headers, incoming),
        Err(refusal) => is_plain(&refusal),
    }
}

/// `Name: value`, as a server splits it. A name is one; a value has no line break.
pub fn lines(text: &[u8]) -> Vec<(&str, &[u8])> {
    let mut headers = Vec::new();
    for line in text.split(|byte| *byte == b'\n') {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            continue;
        };
        if let Ok(name) = std::str::from_utf8(&line[..colon]) {
            headers.push((name, blanks_trimmed(&line[colon + 1..])));
        }
    }
    headers
}

/// Without the white space that HTTP allows around a value.
fn blanks_trimmed(text: &[u8]) -> &[u8] {
    let blank = |byte: &u8| !b" \t".contains(byte);
    let Some(first) = text.iter().position(blank) else {
        return b"";
    };
    let last = text.iter().rposition(blank).unwrap_or(first);
    &text[first..=last]
}

fn is_certain(row: &Row, headers: &[(&str, &[u8])], incoming: Incoming) {
    let all = |wanted: &str| {
        let named = headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        named
            .map(|(_, value)| value.to_ascii_lowercase())
            .collect::<Vec<_>>()
    };
    let (length, coding) = (all("content-length"), all("transfer-encoding"));
    assert!(length.len() + coding.len() <= 1, "{headers:?}");
    assert!(
        coding.iter().all(|coding| coding == b"chunked"),
        "{headers:?}"
    );
    for length in &length {
        assert!(
            !length.is_empty() && length.iter().all(u8::is_ascii_digit),
            "{headers:?}"
        );
    }
    let upgrade = all("upgrade");
    // to what the route is, and to nothing else
    let becomes: &[u8] = match row.stream {
        Stream::Hijack => b"tcp",
        Stream::Calls => b"h2c",
        Stream::Answer | Stream::Endless => b"",
    };
    assert!(
        upgrade.len() <= 1 && upgrade.iter().all(|to| to == becomes),
        "{headers:?}"
    );
    assert!(all("http2-settings").is_empty(), "{headers:?}");
    // an archive can be packed, which the engine undoes; nothing that is read here can
    let packed = |coding: &Vec<u8>| coding == b"gzip" && row.body == Body::Tar;
    assert!(
        all("content-encoding")
            .iter()
            .all(|coding| coding == b"identity" || packed(coding)),
        "{headers:?}"
    );
    let kinds = all("content-type");
    assert!(kinds.len() <= 1, "{headers:?}");
    let kind = kinds
        .first()
        .map(|kind| kind.split(|b| *b == b';').next().unwrap_or_default());
    let kind = kind.map(blanks_trimmed).unwrap_or_default();
    let form = [
        &b"application/x-www-form-urlencoded"[..],
        b"multipart/form-data",
    ];
    assert!(!form.contains(&kind), "{headers:?}");
    for name in PASSED_ON {
        assert!(all(name).iter().all(|value| value.len() <= MAX_HEADER));
    }
    match incoming {
        Incoming::Json => {
            assert!([Body::Json, Body::OptionalJson].contains(&row.body));
            assert_eq!(kind, b"application/json", "{headers:?}");
        }
        Incoming::Tar => assert_eq!(row.body, Body::Tar),
        // nothing that a decision depends on is passed over
        Incoming::Ignored if row.body == Body::OptionalJson => {
            assert!(coding.is_empty(), "{headers:?}");
            assert!(
                length.iter().flatten().all(|digit| *digit == b'0'),
                "{headers:?}"
            );
        }
        Incoming::Ignored => assert_eq!(row.body, Body::None),
    }
}
