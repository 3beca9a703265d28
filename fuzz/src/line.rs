//! `path`: a request line. What is sent for it reads in one way only, and is what was checked.

use super::{go, is_plain, session};
use hal9000::guard::decision::Decision;
use hal9000::guard::path::{self, Permission, Request};

/// `METHOD target`
pub fn path(data: &[u8]) {
    let Some(split) = data.iter().position(|byte| *byte == b' ') else {
        return;
    };
    let (method, target) = (&data[..split], &data[split + 1..]);
    let Ok(method) = std::str::from_utf8(method) else {
        return;
    };
    let request = match path::parse(method, target, session::speaks()) {
        Ok(request) => request,
        Err(refusal) => {
            is_plain(&refusal);
            let line = Decision::refused("now", "s", (method, target), &refusal).line();
            assert!(!line.trim_end().contains(char::is_control), "{line:?}");
            return;
        }
    };
    assert_eq!(request.row.method.as_str(), method);
    assert!(!matches!(request.row.permission, Permission::Refused(_)));
    let (path, query) = (request.path(None), request.query.encode());
    is_one_path(&request, &path);
    is_one_query(&request, &query);
    let shown = request.audited_path();
    assert_eq!(path, format!("/v{}{shown}", request.version));
    let again = match query.as_str() {
        "" => path.clone(),
        query => format!("{path}?{query}"),
    };
    let read = path::parse(method, again.as_bytes(), session::speaks());
    let read = read.unwrap_or_else(|refusal| panic!("{again} is sent, and refused: {refusal}"));
    assert_eq!(read.row.path, request.row.path);
    assert_eq!(
        (read.version, &read.object),
        (request.version, &request.object)
    );
    assert_eq!((&read.query, read.query.encode()), (&request.query, query));
    assert_eq!(read.path(None), path);
}

/// A path that Go's mux neither cleans nor decodes, of the shape of its row.
pub fn is_one_path(request: &Request, path: &str) {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/_.-:@".contains(&b);
    assert!(path.bytes().all(plain), "{path}");
    let mut parts = path.strip_prefix('/').expect("a slash").split('/');
    let version = parts.next().expect("a version");
    let minor: u8 = version
        .strip_prefix("v1.")
        .and_then(|minor| minor.parse().ok())
        .expect(version);
    assert!((41..=52).contains(&minor), "{version}");
    let parts: Vec<&str> = parts.collect();
    assert!(
        !parts.iter().any(|part| ["", ".", ".."].contains(part)),
        "{path}"
    );
    let pattern: Vec<&str> = request.row.path.split('/').skip(1).collect();
    let fixed = |part: &&&str| !part.starts_with('{');
    let before = pattern.iter().take_while(fixed).count();
    let after = pattern.iter().rev().take_while(fixed).count();
    assert_eq!(parts[..before], pattern[..before], "{path}");
    if before < pattern.len() {
        assert!(parts.len() > before + after, "{path}");
        assert_eq!(
            parts[parts.len() - after..],
            pattern[pattern.len() - after..],
            "{path}"
        );
    } else {
        assert_eq!(parts.len(), pattern.len(), "{path}");
    }
}

/// Parameters of the row, each read in one way.
pub fn is_one_query(request: &Request, query: &str) {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"&=%-._~".contains(&b);
    assert!(query.bytes().all(plain), "{query}");
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').expect(pair);
        assert!(
            request.row.query.iter().any(|param| param.name == name),
            "{pair}"
        );
        assert!(!go::decoded(value).contains('\0'), "{pair}");
    }
}
