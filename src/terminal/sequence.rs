//! Text and control sequences (ECMA-48), told apart.

/// A string that does not end is given up after so many bytes.
const LONGEST: usize = 64 * 1024;

/// One piece of what was written; without the bytes that introduce and end a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Anything else: text, line breaks, other control characters.
    Text(&'a [u8]),
    /// `ESC [ … final`: parameters, intermediates and the final byte.
    Csi(&'a [u8]),
    /// `ESC ] …`
    Osc(&'a [u8]),
    /// `ESC P …`
    Dcs(&'a [u8]),
    /// `ESC _ …`
    Apc(&'a [u8]),
}

/// Cuts a stream, however it comes in pieces.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    pending: Vec<u8>,
}

enum Found {
    /// A sequence of this many bytes.
    Whole(usize),
    /// Its end has not come yet.
    Unfinished,
}

impl Scanner {
    /// Call `on_piece` for everything that is complete now.
    pub(super) fn feed(&mut self, bytes: &[u8], mut on_piece: impl FnMut(Piece<'_>)) {
        self.pending.extend_from_slice(bytes);
        let mut rest = self.pending.as_slice();
        while !rest.is_empty() {
            let text = rest.iter().position(|byte| *byte == 0x1b);
            let text = text.unwrap_or(rest.len());
            if text > 0 {
                on_piece(Piece::Text(&rest[..text]));
                rest = &rest[text..];
                continue;
            }
            match sequence(rest) {
                Found::Whole(length) => {
                    if let Some(piece) = piece(&rest[..length]) {
                        on_piece(piece);
                    }
                    rest = &rest[length..];
                }
                Found::Unfinished if rest.len() > LONGEST => rest = &[],
                Found::Unfinished => break,
            }
        }
        self.pending = rest.to_vec();
    }
}

fn sequence(bytes: &[u8]) -> Found {
    match bytes.get(1) {
        None => Found::Unfinished,
        Some(b'[') => {
            let body = &bytes[2..];
            let end = body.iter().position(|byte| !(0x20..0x40).contains(byte));
            end.map_or(Found::Unfinished, |end| Found::Whole(end + 3))
        }
        Some(b']' | b'P' | b'_' | b'^' | b'X') => string(bytes),
        // Intermediates, as in `ESC ( B`.
        Some(_) => {
            let end = bytes[1..]
                .iter()
                .position(|byte| !(0x20..0x30).contains(byte));
            end.map_or(Found::Unfinished, |end| Found::Whole(end + 2))
        }
    }
}

/// Up to BEL or `ESC \`; another ESC cuts it short.
fn string(bytes: &[u8]) -> Found {
    let ends = |byte: &u8| matches!(*byte, 0x07 | 0x1b);
    let Some(at) = bytes[2..].iter().position(ends).map(|at| at + 2) else {
        return Found::Unfinished;
    };
    match (bytes[at], bytes.get(at + 1)) {
        (0x07, _) => Found::Whole(at + 1),
        (_, None) => Found::Unfinished,
        (_, Some(b'\\')) => Found::Whole(at + 2),
        (_, Some(_)) => Found::Whole(at),
    }
}

fn piece(whole: &[u8]) -> Option<Piece<'_>> {
    let body = whole.get(2..)?;
    let body = body.strip_suffix(b"\x1b\\").unwrap_or(body);
    let body = body.strip_suffix(b"\x07").unwrap_or(body);
    match whole.get(1)? {
        b'[' => Some(Piece::Csi(body)),
        b']' => Some(Piece::Osc(body)),
        b'P' => Some(Piece::Dcs(body)),
        b'_' => Some(Piece::Apc(body)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(pieces: &[&[u8]]) -> Vec<String> {
        let mut scanner = Scanner::default();
        let mut found: Vec<String> = Vec::new();
        let mut text = String::new();
        for bytes in pieces {
            scanner.feed(bytes, |piece| {
                let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let shown = match piece {
                    Piece::Text(bytes) => {
                        text.push_str(&lossy(bytes));
                        return;
                    }
                    Piece::Csi(body) => format!("csi {}", lossy(body)),
                    Piece::Osc(body) => format!("osc {}", lossy(body)),
                    Piece::Dcs(body) => format!("dcs {}", lossy(body)),
                    Piece::Apc(body) => format!("apc {}", lossy(body)),
                };
                found.extend((!text.is_empty()).then(|| std::mem::take(&mut text)));
                found.push(shown);
            });
        }
        found.extend((!text.is_empty()).then_some(text));
        found
    }

    const ALL: &[u8] = b"a\x1b[?1049hb\x1b]0;t\x07\x1b]11;rgb:0/0/0\x1b\\\x1bP>|x\x1b\\\x1b_Gi=1;OK\x1b\\\x1b(B\x1b7c\x1b[1;2m";

    #[test]
    fn sequences_are_told_apart() {
        let expected = [
            "a",
            "csi ?1049h",
            "b",
            "osc 0;t",
            "osc 11;rgb:0/0/0",
            "dcs >|x",
            "apc Gi=1;OK",
            "c",
            "csi 1;2m",
        ];
        assert_eq!(cut(&[ALL]), expected);
        assert_eq!(cut(&[b"\x1b]0;cut\x1b[m"]), ["osc 0;cut", "csi m"]);
        let endless = [b"\x1b]".to_vec(), vec![b'x'; LONGEST * 2]].concat();
        assert_eq!(cut(&[&endless, b"after"]), ["after"]);
    }

    proptest! {
        #[test]
        fn it_does_not_matter_how_they_come(size in 1..20_usize) {
            let pieces: Vec<&[u8]> = ALL.chunks(size).collect();
            prop_assert_eq!(cut(&pieces), cut(&[ALL]));
        }

        #[test]
        fn nothing_makes_it_panic(bytes in proptest::collection::vec(
            prop_oneof![Just(0x1b), Just(b'['), Just(b']'), Just(0x07), any::<u8>()], 0..200), size in 1..9_usize,
        ) {
            let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
            cut(&pieces);
        }
    }
}
