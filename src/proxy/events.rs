//! The stream of events: a line of JSON each, of which the session gets those about what it owns.

use super::content::{Broken, Content};
use super::engine::Line;
use super::shared::Shared;
use crate::guard::answer;
use bytes::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::{Frame, Incoming};
use std::rc::Rc;

/// The longest line that is waited for: an event has a container's labels.
const LONGEST: usize = 4 * 1024 * 1024;

/// Whole lines out of pieces.
#[derive(Debug, Default)]
pub(super) struct Lines(Vec<u8>);

impl Lines {
    /// The lines that end in `piece`, each with its end. A line that does not end is an error.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<Vec<Vec<u8>>, Broken> {
        self.0.extend_from_slice(piece);
        let Some(end) = self.0.iter().rposition(|byte| *byte == b'\n') else {
            return match self.0.len() {
                0..=LONGEST => Ok(Vec::new()),
                _ => Err("a line of the engine has no end".into()),
            };
        };
        let rest = self.0.split_off(end + 1);
        let lines = std::mem::replace(&mut self.0, rest);
        Ok(lines
            .split_inclusive(|byte| *byte == b'\n')
            .map(<[u8]>::to_vec)
            .collect())
    }
}

/// The lines for the session.
pub(super) fn stream(shared: Rc<Shared>, body: Incoming, line: Line) -> Content {
    let start = Some((shared, body, line, Lines::default()));
    let frames = stream::unfold(start, |state| async move {
        let (shared, mut body, line, mut lines) = state?;
        loop {
            let frame = match body.frame().await? {
                Ok(frame) => frame,
                Err(error) => return Some((Err(Broken::from(error)), None)),
            };
            let Ok(piece) = frame.into_data() else {
                continue;
            };
            let whole = match lines.push(&piece) {
                Ok(whole) => whole,
                Err(error) => return Some((Err(error), None)),
            };
            let shown: Vec<u8> = whole
                .into_iter()
                .filter(|line| shown(&shared, line))
                .flatten()
                .collect();
            if !shown.is_empty() {
                let frame = Frame::data(Bytes::from(shown));
                return Some((Ok(frame), Some((shared, body, line, lines))));
            }
        }
    });
    Box::pin(StreamBody::new(frames))
}

fn shown(shared: &Shared, line: &[u8]) -> bool {
    let event = serde_json::from_slice(line);
    event.is_ok_and(|event| answer::event(&event, &shared.owned.borrow()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_whole_whatever_the_pieces() {
        let text = b"{\"a\":1}\r\n{\"b\":2}\n{\"c\"";
        for size in 1..text.len() {
            let mut lines = Lines::default();
            let all: Vec<Vec<u8>> = text
                .chunks(size)
                .flat_map(|piece| lines.push(piece).unwrap())
                .collect();
            assert_eq!(all, [&b"{\"a\":1}\r\n"[..], b"{\"b\":2}\n"], "{size}");
        }
        assert!(Lines::default().push(&vec![b'x'; LONGEST + 1]).is_err());
    }
}
