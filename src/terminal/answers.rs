//! What a terminal is asked, and what it answers.

use super::sequence::{Piece, Scanner};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A question to a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Query {
    /// Its name and version (`XTVERSION`).
    Version,
    /// The flags of kitty's keyboard protocol.
    Keyboard,
    /// The colour of its background (OSC 11).
    Background,
    /// Whether it holds frames back until they are complete (mode 2026).
    Synchronized,
    /// Whether it shows kitty's pictures.
    Graphics,
    /// The size of a cell in pixels.
    CellSize,
    /// Whether it reports the mouse in pixels (mode 1016).
    PixelMouse,
    /// What it is (`DA1`). Every terminal answers this, and answers in order: whatever has not been
    /// answered before it never will be.
    Attributes,
}

/// Every question as Claude writes it, the one that ends them last.
const QUESTIONS: [(Query, &[u8]); 8] = [
    (Query::Version, b"\x1b[>0q"),
    (Query::Keyboard, b"\x1b[?u"),
    (Query::Background, b"\x1b]11;?\x07"),
    (Query::Synchronized, b"\x1b[?2026$p"),
    (
        Query::Graphics,
        b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\",
    ),
    (Query::CellSize, b"\x1b[16t"),
    (Query::PixelMouse, b"\x1b[?1016$p"),
    (Query::Attributes, b"\x1b[c"),
];

/// An answer of more is none.
const LONGEST: usize = 512;

/// A terminal of the plainest kind: VT220 with colours.
const PLAIN: &str = "\x1b[?62;22c";

/// All questions, to be written to a terminal.
pub fn questions() -> Vec<u8> {
    questions_but(&[])
}

/// All questions but these.
pub fn questions_but(left_out: &[Query]) -> Vec<u8> {
    QUESTIONS
        .iter()
        .filter(|(query, _)| !left_out.contains(query))
        .flat_map(|(_, bytes)| bytes.iter().copied())
        .collect()
}

/// What one terminal answers, byte for byte.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Answers(BTreeMap<Query, String>);

impl Answers {
    /// A terminal that only says that it is one: what Claude uses there works everywhere.
    pub fn plain() -> Self {
        Self(BTreeMap::from([(Query::Attributes, PLAIN.to_owned())]))
    }

    /// The answer to this question.
    pub fn of(&self, query: Query) -> Option<&str> {
        self.0.get(&query).map(String::as_str)
    }
}

/// The answers in what a terminal has sent, in whatever order, and whether there will be no more.
/// Everything else in it, as keys that were typed, is left out.
pub fn read(bytes: &[u8]) -> (Answers, bool) {
    let mut answers = Answers::default();
    Scanner::default().feed(bytes, |piece| {
        if let Some((query, answer)) = answer(piece) {
            answers.0.entry(query).or_insert(answer);
        }
    });
    let complete = answers.of(Query::Attributes).is_some();
    (answers, complete)
}

/// The question in a piece of what a program writes.
pub(super) fn question(piece: Piece<'_>) -> Option<Query> {
    let query = match piece {
        Piece::Csi(b">0q" | b">q") => Query::Version,
        Piece::Csi(b"?u") => Query::Keyboard,
        Piece::Csi(b"?2026$p") => Query::Synchronized,
        Piece::Csi(b"16t") => Query::CellSize,
        Piece::Csi(b"?1016$p") => Query::PixelMouse,
        Piece::Csi(b"c" | b"0c") => Query::Attributes,
        Piece::Osc(b"11;?") => Query::Background,
        Piece::Apc(body) if body.starts_with(b"G") && contains(body, b"a=q") => Query::Graphics,
        _ => return None,
    };
    Some(query)
}

fn answer(piece: Piece<'_>) -> Option<(Query, String)> {
    let (query, body) = match piece {
        Piece::Csi(body) => (csi(body)?, body),
        Piece::Osc(body) if body.starts_with(b"11;") => (Query::Background, body),
        Piece::Dcs(body) if body.starts_with(b">|") => (Query::Version, body),
        Piece::Apc(body) if body.starts_with(b"Gi=31") => (Query::Graphics, body),
        _ => return None,
    };
    let text = std::str::from_utf8(body).ok()?;
    if text.len() > LONGEST || text.chars().any(char::is_control) {
        return None;
    }
    let whole = match piece {
        Piece::Csi(_) => format!("\x1b[{text}"),
        Piece::Osc(_) => format!("\x1b]{text}\x1b\\"),
        Piece::Dcs(_) => format!("\x1bP{text}\x1b\\"),
        _ => format!("\x1b_{text}\x1b\\"),
    };
    Some((query, whole))
}

fn csi(body: &[u8]) -> Option<Query> {
    let query = match body {
        [b'?', .., b'c'] => Query::Attributes,
        [b'?', .., b'u'] => Query::Keyboard,
        [b'6', b';', .., b't'] => Query::CellSize,
        _ if body.starts_with(b"?2026;") && body.ends_with(b"$y") => Query::Synchronized,
        _ if body.starts_with(b"?1016;") && body.ends_with(b"$y") => Query::PixelMouse,
        _ => return None,
    };
    Some(query)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_question_is_recognised() {
        let mut found = Vec::new();
        Scanner::default().feed(&questions(), |piece| found.extend(question(piece)));
        let all: Vec<Query> = QUESTIONS.iter().map(|(query, _)| *query).collect();
        assert_eq!(found, all);
    }

    #[test]
    fn answers_are_found_among_keys_and_in_any_order() {
        let bytes = b"ls\r\x1b[?5u\x1b[A\x1b]11;rgb:1111/2222/3333\x07\x1bP>|kitty(0.40)\x1b\\\
                      \x1b[?2026;2$y\x1b[6;20;10t\x1b[?1016;0$y\x1b_Gi=31;OK\x1b\\";
        let (answers, complete) = read(bytes);
        assert!(!complete);
        for (query, answer) in [
            (Query::Keyboard, "\x1b[?5u"),
            (Query::Background, "\x1b]11;rgb:1111/2222/3333\x1b\\"),
            (Query::Version, "\x1bP>|kitty(0.40)\x1b\\"),
            (Query::Synchronized, "\x1b[?2026;2$y"),
            (Query::CellSize, "\x1b[6;20;10t"),
            (Query::PixelMouse, "\x1b[?1016;0$y"),
            (Query::Graphics, "\x1b_Gi=31;OK\x1b\\"),
        ] {
            assert_eq!(answers.of(query), Some(answer), "{query:?}");
        }
        assert!(read(b"\x1b[?62;22c").1);
        assert_eq!(read(b"nothing\x1b[1;2H").0, Answers::default());
        let json = serde_json::to_string(&answers).unwrap();
        assert_eq!(serde_json::from_str::<Answers>(&json).unwrap(), answers);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }
    }
}
