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
        _ => Err(Stop::unsaid(Kind::Image, name, status)),
    }
}

/// What there was before a request.
#[derive(Debug)]
pub(super) struct Watch {
    /// Names that the request writes, and whether somebody had them.
    names: Vec<(String, bool)>,
    /// All images.
    images: BTreeSet<String>,
    said: Said,
}

/// How the engine names in its answer what has no other name. Not one for all: what a step of a build
/// writes is in the answer, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// A build, a pull, an import.
    Made,
    /// A load.
    Loaded,
    /// BuildKit, which makes one image and none in between; its caller reads the answer.
    Built,
}

impl Watch {
    /// Look before the request is sent.
    pub(super) async fn begin(shared: &Shared, names: &[String], said: Said) -> Result<Self, Stop> {
        let path = format!("{}/images/json", shared.version());
        // Steps of classic builds are a thousand soon, and the engine looks at each.
        let query = match said {
            Said::Made | Said::Loaded => "all=1",
            Said::Built => "",
        };
        let (status, list) = shared.engine.ask(Method::Get, &path, query, None).await?;
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
        Ok(Self {
            names: known,
            images,
            said,
        })
    }

    /// Record what came. `built` are ids that the answer names.
    pub(super) async fn settle(&self, shared: &Shared, built: &[String]) -> Result<(), Stop> {
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
                            Ok(lines) => {
                                let said = state.watch.said;
                                let ids = lines.iter().filter_map(|line| named(said, line));
                                state.built.extend(ids);
                            }
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

/// The image that a line of the answer says is there now.
fn named(said: Said, line: &[u8]) -> Option<String> {
    let line: Value = serde_json::from_slice(line).ok()?;
    let id = match said {
        Said::Made => line
            .pointer("/aux/ID")
            .or_else(|| line.get("status"))?
            .as_str()?,
        Said::Loaded => {
            let text = line.get("stream")?.as_str()?;
            text.strip_prefix("Loaded image ID: ")?.trim_end()
        }
        Said::Built => return None,
    };
    let digits = id.strip_prefix("sha256:")?;
    let whole = digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    whole.then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Said, named};

    #[test]
    fn an_answer_says_what_was_made() {
        let id = format!("sha256:{}", "ab".repeat(32));
        let loaded = format!("{{\"stream\":\"Loaded image ID: {id}\\n\"}}\r\n");
        for (said, line, found) in [
            (
                Said::Made,
                format!("{{\"aux\":{{\"ID\":\"{id}\"}}}}\r\n"),
                true,
            ),
            (Said::Made, format!("{{\"status\":\"{id}\"}}"), true),
            (Said::Made, "{\"status\":\"sha256:abc\"}".to_owned(), false),
            (Said::Made, "{\"stream\":\"x\"}".to_owned(), false),
            (Said::Made, "x".to_owned(), false),
            (Said::Loaded, loaded.clone(), true),
            // what a step of a build writes is nobody's word
            (Said::Made, loaded, false),
        ] {
            assert_eq!(named(said, line.as_bytes()).is_some(), found, "{line}");
        }
    }
}
