//! Lines of JSON, none of them endless.

use serde::Serialize;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// The longest line, its newline not counted.
pub const LONGEST: usize = 64 * 1024;

/// Why no line was read.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    /// It is longer than [`LONGEST`].
    #[error("a line of more than {LONGEST} bytes")]
    TooLong,
    /// The other side ended in the middle of a line.
    #[error("the connection ended in the middle of a line")]
    Cut,
    /// The connection failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The lines of a stream. Reading one can be given up and taken up again: nothing is lost.
#[derive(Debug)]
pub struct Lines<R> {
    stream: R,
    pending: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    /// The lines of `stream`.
    pub fn new(stream: R) -> Self {
        Self {
            stream,
            pending: Vec::new(),
        }
    }

    /// The next line without its newline; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, CodecError> {
        let mut looked = 0;
        loop {
            let new = &self.pending[looked..];
            if let Some(end) = new.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.pending.drain(..=looked + end).collect();
                line.pop();
                return if line.len() > LONGEST {
                    Err(CodecError::TooLong)
                } else {
                    Ok(Some(line))
                };
            }
            looked = self.pending.len();
            if looked > LONGEST {
                return Err(CodecError::TooLong);
            }
            if self.stream.read_buf(&mut self.pending).await? == 0 {
                return if self.pending.is_empty() {
                    Ok(None)
                } else {
                    Err(CodecError::Cut)
                };
            }
        }
    }
}

/// A message as a line.
pub fn encode(message: &impl Serialize) -> Result<Vec<u8>, CodecError> {
    let mut line = serde_json::to_vec(message).map_err(io::Error::other)?;
    if line.len() > LONGEST {
        return Err(CodecError::TooLong);
    }
    line.push(b'\n');
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tokio::io::AsyncWriteExt as _;

    /// Everything that is read of these pieces, and how it ended.
    fn read(pieces: Vec<Vec<u8>>) -> (Vec<Vec<u8>>, Option<CodecError>) {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(async {
            let (mut there, here) = tokio::io::duplex(1 << 20);
            let write = async move {
                for piece in pieces {
                    // The reader may have given up.
                    if there.write_all(&piece).await.is_err() {
                        break;
                    }
                    tokio::task::yield_now().await;
                }
            };
            let read = async move {
                let (mut lines, mut found) = (Lines::new(here), Vec::new());
                loop {
                    match lines.next().await {
                        Ok(Some(line)) => found.push(line),
                        Ok(None) => return (found, None),
                        Err(error) => return (found, Some(error)),
                    }
                }
            };
            tokio::join!(write, read).1
        })
    }

    #[test]
    fn a_line_has_an_end_and_a_longest_length() {
        let long = |count: usize| [vec![b'x'; count], vec![b'\n']].concat();
        assert!(read(vec![]).1.is_none());
        assert!(matches!(
            read(vec![b"abc".to_vec()]).1,
            Some(CodecError::Cut)
        ));
        assert_eq!(read(vec![long(LONGEST)]).0.len(), 1);
        for endless in [long(LONGEST + 1), vec![b'x'; LONGEST * 3]] {
            let (found, end) = read(vec![endless]);
            assert!(found.is_empty() && matches!(end, Some(CodecError::TooLong)));
        }
    }

    proptest! {
        #[test]
        fn lines_do_not_depend_on_how_they_are_cut(
            text in proptest::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..400),
            size in 1..50_usize,
        ) {
            let whole = [text, vec![b'\n']].concat();
            let mut expected: Vec<Vec<u8>> = whole.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
            expected.pop();
            let (found, end) = read(whole.chunks(size).map(<[u8]>::to_vec).collect());
            prop_assert!(end.is_none());
            prop_assert_eq!(found, expected);
        }
    }
}
