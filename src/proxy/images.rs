//! Which images a request brought: a session owns a name that nobody had, and an image that the engine
//! did not have.

use super::content::{Broken, Content};
use super::engine::Line;
use super::events::Lines;
use super::shared::Shared;
use super::stop::Stop;
use crate::guard::ownership::{Kind, Record, Resolved};
use crate::guard::path::{Method, percent_encode};
use futures_util::stream;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::StatusCode;
use hyper::body::Incoming;
use serde_json::Value;
use std::collections::BTreeSet;
use std::rc::Rc;

/// The id of an image; `None` if there is none.
pub(super) async fn id(shared: &Shared, name: &str) -> Result<Option<String>, Stop> {
    let mut path = format!("{}/images/", shared.version());
    percent_encode(name, "/:@", &mut path);
    path.push_str("/json");
    let (status, image) = shared.engine.ask(Method::Get, &path, "", None).await?;
    match (status, image.get("Id").and_then(Value::as_str)) {
        (StatusCode::NOT_FOUND, _) => Ok(None),
        (status, Some(id)) if status.is_success() => Ok(Some(id.to_owned())),
        _ => Err(Stop::Failed(format!(
            "the engine did not say whether the image {name} exists ({status})"
        ))),
    }
}

/// What there was before a request.
#[derive(Debug)]
pub(super) struct Watch {
    /// Names that the request writes, and whether somebody had them.
    names: Vec<(String, bool)>,
    /// All images.
    images: BTreeSet<String>,
}

impl Watch {
    /// Look before the request is sent.
    pub(super) async fn begin(shared: &Shared, names: &[String]) -> Result<Self, Stop> {
        let path = format!("{}/images/json", shared.version());
        let (status, list) = shared.engine.ask(Method::Get, &path, "all=1", None).await?;
        let Some(list) = list.as_array().filter(|_| status.is_success()) else {
            return Err(Stop::Failed(format!(
                "the engine did not list its images ({status})"
            )));
        };
        let ids = list.iter().filter_map(|image| image.get("Id")?.as_str());
        let images = ids.map(str::to_owned).collect();
        let mut known = Vec::new();
        for name in names {
            known.push((name.clone(), id(shared, name).await?.is_some()));
        }
        let names = known;
        Ok(Self { names, images })
    }

    /// Record what came. `built` are ids that the answer names.
    async fn settle(&self, shared: &Shared, built: &[String]) -> Result<(), Stop> {
        let kind = Kind::Image;
        for (name, had) in &self.names {
            let own = matches!(
                shared.owned.borrow().resolve(kind, name),
                Resolved::Owned(_)
            );
            if *had && !own {
                continue;
            }
            let Some(id) = id(shared, name).await? else {
                continue;
            };
            let known = shared.owned.borrow().has(kind, &id);
            let name = name.clone();
            // of an image that others have, too, only the name is the session's
            let shared_with_others = !known && self.images.contains(&id);
            shared.record(&[if known {
                Record::Named { kind, id, name }
            } else {
                Record::Made {
                    kind,
                    id: if shared_with_others { name.clone() } else { id },
                    name: Some(name),
                    of: None,
                }
            }])?;
        }
        let new = |id: &&String| !self.images.contains(*id) && !shared.owned.borrow().has(kind, id);
        let records: Vec<Record> = built
            .iter()
            .filter(new)
            .map(|id| Record::Made {
                kind,
                id: id.clone(),
                name: None,
                of: None,
            })
            .collect();
        shared.record(&records)
    }

    /// The answer as it comes; its end comes when what it brought is recorded.
    pub(super) fn stream(self, shared: Rc<Shared>, body: Incoming, line: Line) -> Content {
        let start = Some(Watched {
            watch: self,
            shared,
            body,
            line,
            lines: Lines::default(),
            built: Vec::new(),
        });
        let frames = stream::unfold(start, |state| async move {
            let mut state = state?;
            match state.body.frame().await {
                Some(Ok(frame)) => {
                    if let Some(piece) = frame.data_ref() {
                        match state.lines.push(piece) {
                            Ok(lines) => state
                                .built
                                .extend(lines.iter().filter_map(|line| built(line))),
                            Err(error) => return Some((Err(error), None)),
                        }
                    }
                    Some((Ok(frame), Some(state)))
                }
                Some(Err(error)) => Some((Err(Broken::from(error)), None)),
                None => match state.watch.settle(&state.shared, &state.built).await {
                    Ok(()) => None,
                    Err(stop) => Some((Err(format!("{stop:?}").into()), None)),
                },
            }
        });
        Box::pin(StreamBody::new(frames))
    }
}

struct Watched {
    watch: Watch,
    shared: Rc<Shared>,
    body: Incoming,
    #[expect(dead_code, reason = "the connection is open for as long as this is")]
    line: Line,
    lines: Lines,
    built: Vec<String>,
}

/// The image that a line of a build says it made.
fn built(line: &[u8]) -> Option<String> {
    let line: Value = serde_json::from_slice(line).ok()?;
    let id = line
        .pointer("/aux/ID")
        .or_else(|| line.get("status"))?
        .as_str()?;
    let digits = id.strip_prefix("sha256:")?;
    let whole = digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    whole.then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_build_and_an_import_say_what_they_made() {
        let id = format!("sha256:{}", "ab".repeat(32));
        for (line, found) in [
            (format!("{{\"aux\":{{\"ID\":\"{id}\"}}}}\r\n"), true),
            (format!("{{\"status\":\"{id}\"}}"), true),
            ("{\"status\":\"sha256:abc\"}".to_owned(), false),
            ("{\"stream\":\"x\"}".to_owned(), false),
            ("x".to_owned(), false),
        ] {
            assert_eq!(super::built(line.as_bytes()).is_some(), found, "{line}");
        }
    }
}
