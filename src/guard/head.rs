//! The headers of a request: what its body is, and whether it may become a stream. The engine's own
//! headers are written anew; what a client sends is only checked here (guard-policy §2.1).

use super::Refusal;
use super::path::{Body, Row, Stream};
use super::rule;

/// The body that a request comes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incoming {
    /// None, or one that the route does not have: not passed on.
    Ignored,
    /// JSON: to be read whole, at most [`super::json::MAX_BODY`] bytes.
    Json,
    /// An archive: to be streamed.
    Tar,
}

/// Headers that the engine needs from a client, beside those of the body. All others are left out.
pub const PASSED_ON: &[&str] = &["x-registry-auth", "x-registry-config"];

/// The longest of those: credentials for some registries.
pub const MAX_HEADER: usize = 64 * 1024;

/// Check the headers of a request for `row`; names in any case, values as they came.
pub fn check<'a>(
    row: &Row,
    headers: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<Incoming, Refusal> {
    let mut seen = Seen::default();
    for (name, value) in headers {
        seen.header(name, value)?;
    }
    if seen.length.is_some() && seen.chunked {
        return Err(refused(
            "Transfer-Encoding",
            "is given beside Content-Length",
        ));
    }
    match (row.stream, seen.upgrade) {
        (Stream::Calls, Some("h2c")) | (Stream::Hijack, Some("tcp")) => {}
        (Stream::Calls, _) => return Err(refused("Upgrade", "is not `h2c`")),
        (_, Some(_)) => return Err(refused("Upgrade", "is asked for on a route without it")),
        _ => {}
    }
    // curl's default for `-d` and `-T`, which the engine would read as parameters
    let form = ["application/x-www-form-urlencoded", "multipart/form-data"];
    let kind = seen.kind.as_deref();
    if kind.is_some_and(|kind| form.contains(&kind)) {
        return Err(Refusal::malformed(rule::BODY, "Content-Type", "is a form"));
    }
    let empty = !seen.chunked && seen.length.unwrap_or(0) == 0;
    if seen.packed && row.body != Body::Tar {
        return Err(refused("Content-Encoding", "is given"));
    }
    match row.body {
        Body::None => Ok(Incoming::Ignored),
        Body::Tar => Ok(Incoming::Tar),
        Body::OptionalJson if empty => Ok(Incoming::Ignored),
        Body::Json | Body::OptionalJson => match kind {
            Some("application/json") => Ok(Incoming::Json),
            _ => Err(Refusal::malformed(
                rule::BODY,
                "Content-Type",
                "is not JSON",
            )),
        },
    }
}

fn refused(header: &str, cause: &str) -> Refusal {
    Refusal::malformed(rule::HEADER, header, cause)
}

#[derive(Default)]
struct Seen {
    length: Option<u64>,
    chunked: bool,
    upgrade: Option<&'static str>,
    kind: Option<String>,
    packed: bool,
}

impl Seen {
    fn header(&mut self, name: &str, value: &[u8]) -> Result<(), Refusal> {
        let name = name.to_ascii_lowercase();
        // what HTTP takes for blanks, and no more: another reader would see other words
        let text = || Some(std::str::from_utf8(value).ok()?.trim_matches([' ', '\t']));
        match name.as_str() {
            "content-length" => {
                let digits = text().filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
                let length = digits.and_then(|text| text.parse().ok());
                let length = length.ok_or_else(|| refused("Content-Length", "is not a number"))?;
                if self.length.replace(length).is_some() {
                    return Err(refused("Content-Length", "is given twice"));
                }
            }
            "transfer-encoding" => {
                let chunked = text().is_some_and(|text| text.eq_ignore_ascii_case("chunked"));
                if !chunked || self.chunked {
                    return Err(refused("Transfer-Encoding", "is not `chunked`, once"));
                }
                self.chunked = true;
            }
            // of an archive, which the engine knows by its first bytes: docker-py says it, and it is
            // not passed on
            "content-encoding" if text() == Some("gzip") => self.packed = true,
            "content-encoding" if text() != Some("identity") => {
                return Err(refused("Content-Encoding", "is given"));
            }
            "content-type" => {
                let kind = text().and_then(|text| text.split(';').next());
                let kind = kind.map(|kind| kind.trim_end_matches([' ', '\t']).to_ascii_lowercase());
                let kind = kind.ok_or_else(|| refused("Content-Type", "is not text"))?;
                if self.kind.replace(kind).is_some() {
                    return Err(refused("Content-Type", "is given twice"));
                }
            }
            // the engine looks only whether it is there; the guard asks it for `tcp` itself
            "upgrade" => {
                let known = ["tcp", "h2c"]
                    .into_iter()
                    .find(|known| text() == Some(known));
                if known.is_none() || self.upgrade.is_some() {
                    return Err(refused("Upgrade", "is not `tcp` or `h2c`, once"));
                }
                self.upgrade = known;
            }
            "http2-settings" => return Err(refused("HTTP2-Settings", "is given")),
            name if PASSED_ON.contains(&name) && value.len() > MAX_HEADER => {
                return Err(Refusal::malformed(rule::SIZE, name, "is too long"));
            }
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::path::{ROUTES, Route};

    fn row(route: Route) -> &'static Row {
        ROUTES.iter().find(|row| row.route == route).unwrap()
    }

    fn read(route: Route, headers: &[(&str, &str)]) -> Result<Incoming, &'static str> {
        let headers = headers
            .iter()
            .map(|(name, value)| (*name, value.as_bytes()));
        check(row(route), headers).map_err(|refusal| refusal.rule.id.trim_start_matches("HAL-G-"))
    }

    #[test]
    fn the_body_is_what_the_route_has() {
        let json = ("Content-Type", "application/json; charset=utf-8");
        let length = ("Content-Length", "2");
        let form = ("content-type", "application/x-www-form-urlencoded");
        let create = Route::ContainerCreate;
        for (route, headers, expected) in [
            (create, &[json, length][..], Ok(Incoming::Json)),
            (
                create,
                &[json, ("Transfer-Encoding", "chunked")],
                Ok(Incoming::Json),
            ),
            (create, &[length], Err("BODY")),
            (
                create,
                &[("Content-Type", "text/plain"), length],
                Err("BODY"),
            ),
            (create, &[form, length], Err("BODY")),
            (Route::ContainerRename, &[form, length], Err("BODY")),
            (
                Route::ImageTag,
                &[("Content-Type", "multipart/form-data; boundary=x")],
                Err("BODY"),
            ),
            (
                Route::ContainerStart,
                &[json, length],
                Ok(Incoming::Ignored),
            ),
            (
                Route::ExecStart,
                &[("Content-Length", "0")],
                Ok(Incoming::Ignored),
            ),
            (
                Route::ExecStart,
                &[json, length, ("Upgrade", "tcp")],
                Ok(Incoming::Json),
            ),
            (
                Route::Build,
                &[("Content-Type", "application/x-tar")],
                Ok(Incoming::Tar),
            ),
            (Route::ArchivePut, &[form], Err("BODY")),
            (
                create,
                &[json, length, ("Transfer-Encoding", "chunked")],
                Err("HEADER"),
            ),
            (create, &[json, length, length], Err("HEADER")),
            (create, &[json, json, length], Err("HEADER")),
            (
                create,
                &[json, ("Transfer-Encoding", "gzip, chunked")],
                Err("HEADER"),
            ),
            (create, &[json, ("Content-Length", "+2")], Err("HEADER")),
            (
                create,
                &[json, length, ("Content-Encoding", "gzip")],
                Err("HEADER"),
            ),
            (create, &[json, length, ("Upgrade", "tcp")], Err("HEADER")),
            (
                Route::Ping,
                &[("Upgrade", "h2c"), ("HTTP2-Settings", "x")],
                Err("HEADER"),
            ),
            (
                Route::ContainerAttach,
                &[("Upgrade", "bogus")],
                Err("HEADER"),
            ),
            (Route::ContainerAttach, &[("Upgrade", "h2c")], Err("HEADER")),
            (Route::BuildCalls, &[], Err("HEADER")),
            (Route::BuildCalls, &[("Upgrade", "tcp")], Err("HEADER")),
            (
                Route::BuildSession,
                &[("Upgrade", "h2c"), ("Connection", "Upgrade")],
                Ok(Incoming::Ignored),
            ),
            (
                Route::ContainerAttach,
                &[("Upgrade", "tcp"), ("Connection", "Upgrade")],
                Ok(Incoming::Ignored),
            ),
        ] {
            assert_eq!(read(route, headers), expected, "{route:?} {headers:?}");
        }
        let long = "x".repeat(MAX_HEADER + 1);
        assert_eq!(
            read(Route::ImagePush, &[("X-Registry-Auth", &long)]),
            Err("SIZE")
        );
    }

    #[test]
    fn an_archive_can_be_packed_and_nothing_else() {
        let json = ("Content-Type", "application/json");
        for (route, packing, expected) in [
            (Route::Build, "gzip", Ok(Incoming::Tar)),
            (Route::ImageLoad, "gzip", Ok(Incoming::Tar)),
            (Route::Build, "gzip, gzip", Err("HEADER")),
            (Route::Build, "br", Err("HEADER")),
            (Route::ContainerCreate, "gzip", Err("HEADER")),
            (Route::Ping, "gzip", Err("HEADER")),
        ] {
            let found = read(route, &[json, ("Content-Encoding", packing)]);
            assert_eq!(found, expected, "{route:?} {packing}");
        }
    }

    /// Other white space than HTTP's is part of the word: the body would end elsewhere for another
    /// reader.
    #[test]
    fn only_blanks_are_trimmed() {
        let kind = ("Content-Type", "application/json");
        for (name, value, expected) in [
            ("Content-Length", " \t2 ", Ok(Incoming::Json)),
            ("Content-Length", "2\u{b}", Err("HEADER")),
            ("Content-Length", "2\u{a0}", Err("HEADER")),
            ("Content-Length", "", Err("HEADER")),
            ("Transfer-Encoding", "chunked\u{a0}", Err("HEADER")),
            ("Content-Encoding", "identity\u{a0}", Err("HEADER")),
        ] {
            let found = read(Route::ContainerCreate, &[kind, (name, value)]);
            assert_eq!(found, expected, "{name} {value:?}");
        }
        let odd = [
            ("Content-Type", "application/json\u{2003}"),
            ("Content-Length", "2"),
        ];
        assert_eq!(read(Route::ContainerCreate, &odd), Err("BODY"));
    }
}
