//! A BuildKit session: what the client serves to its build. The engine knows it by an id that the client
//! made up, and by the headers of `POST /session`.

use super::methods::{Side, serves};
use super::shape::At;
use crate::guard::Refusal;
use crate::guard::rule;

/// The headers, in lower case.
const ID: &str = "x-docker-expose-session-uuid";
const NAME: &str = "x-docker-expose-session-name";
const SHARED_KEY: &str = "x-docker-expose-session-sharedkey";
const METHOD: &str = "x-docker-expose-session-grpc-method";

/// All of them.
pub const HEADERS: &[&str] = &[ID, NAME, SHARED_KEY, METHOD];

/// The longest value.
const LONGEST: usize = 1024;

/// More methods than a client serves.
const MOST: usize = 100;

/// A session that a client opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// What the engine knows it by.
    pub id: String,
    headers: Vec<(&'static str, String)>,
}

impl Session {
    /// Read the headers; names in lower case. What the client serves beside what a build uses is not
    /// told the engine.
    pub fn read<'a>(
        headers: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Self, Refusal> {
        let mut kept: Vec<(&'static str, String)> = Vec::new();
        for (name, value) in headers {
            let Some(known) = HEADERS.iter().copied().find(|known| *known == name) else {
                continue;
            };
            let odd = |cause| Refusal::malformed(rule::BUILD_SESSION, known, cause);
            let visible = |text: &&str| text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
            let text = std::str::from_utf8(value).ok().filter(visible);
            let text = text.filter(|text| text.len() <= LONGEST);
            let text = text.ok_or_else(|| odd("is not a short text"))?;
            if known == METHOD {
                if kept.len() > MOST {
                    return Err(odd("is given too often"));
                }
                if !serves(Side::Client, text) {
                    continue;
                }
            } else if kept.iter().any(|(other, _)| *other == known) {
                return Err(odd("is given twice"));
            }
            kept.push((known, text.to_owned()));
        }
        let id = kept.iter().find(|(name, _)| *name == ID);
        let id = id.map_or("", |(_, id)| id.as_str()).to_owned();
        if !is_id(&id) {
            return Err(Refusal::malformed(
                rule::BUILD_SESSION,
                ID,
                "is not an id of letters and digits",
            ));
        }
        Ok(Self { id, headers: kept })
    }

    /// The headers for the engine.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
    }
}

/// Ids of sessions and builds are made up by clients.
pub(super) fn is_id(id: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
    !id.is_empty() && id.len() <= 128 && id.bytes().all(plain)
}

/// A session that is named must have been opened through this guard: the engine would ask another
/// client for its files, secrets and credentials.
pub(super) fn own(session: &str, at: &At<'_>) -> Result<(), Refusal> {
    if (at.moment.is_open)(session) {
        return Ok(());
    }
    Err(at.forbidden(rule::BUILD_SESSION, format!("is `{session}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[(&str, &str)]) -> Result<Session, &'static str> {
        let headers = headers
            .iter()
            .map(|(name, value)| (*name, value.as_bytes()));
        Session::read(headers).map_err(|refusal| refusal.rule.id)
    }

    #[test]
    fn headers_are_known_and_short() {
        let id = (ID, "abc123");
        let sync = (METHOD, "/moby.filesync.v1.FileSync/DiffCopy");
        let session = read(&[
            id,
            (SHARED_KEY, ""),
            sync,
            (METHOD, "/evil.v1.Evil/Do"),
            ("x-other", "1"),
        ]);
        let session = session.unwrap();
        assert_eq!(session.id, "abc123");
        let headers: Vec<_> = session.headers().collect();
        assert_eq!(headers, [id, (SHARED_KEY, ""), sync]);
        let long = "x".repeat(LONGEST + 1);
        let many = vec![sync; MOST + 2];
        for headers in [
            &[][..],
            &[(ID, "")],
            &[(ID, "a b")],
            &[(ID, "a"), (ID, "b")],
            &[id, (NAME, "\u{1b}")],
            &[id, (NAME, &long)],
            &many,
        ] {
            assert_eq!(read(headers), Err("HAL-G-BUILD-SESSION"), "{headers:?}");
        }
    }
}
