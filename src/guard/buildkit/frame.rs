//! gRPC's frames: five bytes before each message, that say whether it is compressed and how long it is.

use crate::guard::Refusal;
use crate::guard::rule;

/// The longest message: BuildKit's own limit.
pub const LARGEST: usize = 16 * 1024 * 1024;

/// What is before a message.
const HEAD: usize = 5;

fn refused(cause: &str) -> Refusal {
    Refusal::malformed(rule::GRPC, "the message", cause)
}

/// The length in a head.
fn length(head: [u8; HEAD]) -> Result<usize, Refusal> {
    let [compressed, length @ ..] = head;
    if compressed != 0 {
        return Err(refused("is compressed"));
    }
    let length = u32::from_be_bytes(length) as usize;
    if length > LARGEST {
        return Err(Refusal::malformed(
            rule::SIZE,
            "the message",
            "is larger than 16 MiB",
        ));
    }
    Ok(length)
}

/// The one message of a call that has one.
pub fn single(bytes: &[u8]) -> Result<&[u8], Refusal> {
    let Some((head, message)) = bytes.split_first_chunk() else {
        return Err(refused("is cut off"));
    };
    match length(*head)? {
        length if length == message.len() => Ok(message),
        length if length > message.len() => Err(refused("is cut off")),
        _ => Err(refused("is not the only one")),
    }
}

/// A message in its frame.
pub fn framed(message: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0];
    // not longer than what came, but for some labels
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    bytes.extend(length.to_be_bytes());
    bytes.extend_from_slice(message);
    bytes
}

/// A stream of messages, looked at as it comes.
#[derive(Debug, Default)]
pub struct Frames {
    head: [u8; HEAD],
    /// How much of the next head is there.
    have: usize,
    /// How much of the message is still to come.
    left: usize,
}

impl Frames {
    /// The next piece.
    pub fn push(&mut self, mut piece: &[u8]) -> Result<(), Refusal> {
        while !piece.is_empty() {
            if self.left > 0 {
                let skipped = self.left.min(piece.len());
                self.left -= skipped;
                piece = piece.get(skipped..).unwrap_or_default();
                continue;
            }
            let (byte, rest) = (piece.first(), piece.get(1..).unwrap_or_default());
            if let (Some(place), Some(byte)) = (self.head.get_mut(self.have), byte) {
                *place = *byte;
                self.have += 1;
            }
            piece = rest;
            if self.have == HEAD {
                self.left = length(self.head)?;
                self.have = 0;
            }
        }
        Ok(())
    }

    /// The stream has ended.
    pub fn end(&self) -> Result<(), Refusal> {
        match (self.have, self.left) {
            (0, 0) => Ok(()),
            _ => Err(refused("is cut off")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pushed(bytes: &[u8], pieces: usize) -> Result<(), &'static str> {
        let mut frames = Frames::default();
        let all = bytes
            .chunks(pieces)
            .try_for_each(|piece| frames.push(piece));
        all.and_then(|()| frames.end())
            .map_err(|refusal| refusal.rule.id)
    }

    #[test]
    fn a_message_is_read_whole_or_not_at_all() {
        assert_eq!(single(&framed(b"abc")).unwrap(), b"abc");
        assert_eq!(single(&framed(b"")).unwrap(), b"");
        let two = [framed(b"a"), framed(b"b")].concat();
        let long = [0, 1, 0, 0, 1];
        for (bytes, rule) in [
            (&b""[..], "HAL-G-GRPC"),
            (b"\0\0\0\0", "HAL-G-GRPC"),
            (b"\0\0\0\0\x02x", "HAL-G-GRPC"),
            (b"\x01\0\0\0\x01x", "HAL-G-GRPC"),
            (&two, "HAL-G-GRPC"),
            (&long, "HAL-G-SIZE"),
        ] {
            assert_eq!(single(bytes).unwrap_err().rule.id, rule, "{bytes:?}");
        }
    }

    #[test]
    fn a_stream_is_looked_at_in_any_pieces() {
        let good = [framed(b"abc"), framed(b""), framed(&[7; 300])].concat();
        let compressed = [framed(b"abc"), vec![1, 0, 0, 0, 0]].concat();
        let long = [framed(b"abc"), vec![0, 1, 0, 0, 1]].concat();
        for pieces in [1, 2, 3, 5, 7, 64, 1000] {
            assert_eq!(pushed(&good, pieces), Ok(()));
            assert_eq!(pushed(&good[..good.len() - 1], pieces), Err("HAL-G-GRPC"));
            assert_eq!(pushed(&compressed, pieces), Err("HAL-G-GRPC"));
            assert_eq!(pushed(&long, pieces), Err("HAL-G-SIZE"));
        }
    }
}
