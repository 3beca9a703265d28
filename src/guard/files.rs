//! Archives that are copied into containers. The engine unpacks them as root with all capabilities, also
//! where the project is mounted: a device node in one would be usable on the host, as one that `mknod`
//! makes in a container, which has not that capability ([`rule::MKNOD`]).
//!
//! The headers are read as Go's `archive/tar` reads them; what could be read in another way is refused.

use super::refusal::Refusal;
use super::rule;

const BLOCK: usize = 512;

/// The longest extended header that is read, as Go does.
const MAX_EXTENDED: u64 = 1024 * 1024;

/// What the engine unpacks on its own: gzip, bzip2, xz, zstd and its frames to be skipped.
const COMPRESSED: &[&[u8]] = &[
    &[0x1f, 0x8b],
    b"BZh",
    &[0xfd, b'7', b'z', b'X', b'Z'],
    &[0x28, 0xb5, 0x2f, 0xfd],
];

/// The longest of these.
const MAGIC: usize = 5;

/// Follows an archive as it is sent.
#[derive(Debug, Default)]
pub struct Files {
    /// The header or the extended header, as far as it has come.
    held: Vec<u8>,
    state: State,
    begun: bool,
    /// The size that an extended header gives the next entry.
    size: Option<u64>,
}

#[derive(Debug, Default, Clone, Copy)]
enum State {
    #[default]
    Header,
    /// Bytes of the archive that are nobody's header.
    Skip(u64),
    /// An extended header: its length, and how much padding comes after it.
    Extended(usize, u64),
    End,
}

fn refused(cause: &str) -> Refusal {
    Refusal::forbidden(rule::ARCHIVE, "the archive", cause)
}

impl Files {
    /// The next piece.
    pub fn push(&mut self, mut piece: &[u8]) -> Result<(), Refusal> {
        while !piece.is_empty() {
            let wanted = match self.state {
                State::End => return Ok(()),
                State::Skip(left) => {
                    let step = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                    piece = piece.get(step..).unwrap_or_default();
                    let left = left.saturating_sub(step as u64);
                    self.state = if left == 0 {
                        State::Header
                    } else {
                        State::Skip(left)
                    };
                    continue;
                }
                State::Header => BLOCK,
                State::Extended(length, _) => length,
            };
            let step = piece.len().min(wanted.saturating_sub(self.held.len()));
            let (taken, rest) = piece.split_at(step);
            self.held.extend_from_slice(taken);
            piece = rest;
            // before there is a whole header: compressed, an archive can be shorter than that
            if !self.begun && self.held.len() >= MAGIC {
                self.begun = true;
                let skippable = self.held.get(1..4) == Some(&[0x2a, 0x4d, 0x18][..]);
                if skippable || COMPRESSED.iter().any(|magic| self.held.starts_with(magic)) {
                    return Err(refused("is compressed"));
                }
            }
            if self.held.len() == wanted {
                let held = std::mem::take(&mut self.held);
                self.state = match self.state {
                    State::Extended(_, padding) => {
                        self.size = extended_size(&held)?;
                        skip(padding)
                    }
                    _ => self.header(&held)?,
                };
            }
        }
        Ok(())
    }

    fn header(&mut self, block: &[u8]) -> Result<State, Refusal> {
        // a second empty one follows, or the engine stops at an error
        if block.iter().all(|byte| *byte == 0) {
            return Ok(State::End);
        }
        let size = || number(block.get(124..136).unwrap_or_default());
        let kind = block.get(156).copied().unwrap_or_default();
        match kind {
            b'3' | b'4' => Err(refused("has a device")),
            b'0' | b'7' => {
                let size = match self.size.take() {
                    Some(size) => size,
                    None => size()?,
                };
                Ok(skip(padded(size)?))
            }
            // of very old archives: a directory, which has no content, if the name ends so
            0 if self.size.take().is_none() && size()? == 0 => Ok(State::Header),
            b'1' | b'2' | b'5' | b'6' => {
                self.size = None;
                Ok(State::Header)
            }
            b'x' => {
                let size = size()?;
                if size > MAX_EXTENDED {
                    return Err(refused("has an extended header of more than 1 MiB"));
                }
                let length = usize::try_from(size).unwrap_or_default();
                self.size = None;
                Ok(match length {
                    0 => State::Header,
                    length => State::Extended(length, padded(size)?.saturating_sub(size)),
                })
            }
            b'L' | b'K' => Ok(skip(padded(size()?)?)),
            b'g' => {
                // an entry of its own: what was said of the next one was said of this one
                self.size = None;
                Ok(skip(padded(size()?)?))
            }
            _ => Err(refused("has an entry of an unknown type")),
        }
    }
}

fn skip(left: u64) -> State {
    match left {
        0 => State::Header,
        left => State::Skip(left),
    }
}

fn padded(size: u64) -> Result<u64, Refusal> {
    let whole = size.checked_next_multiple_of(BLOCK as u64);
    whole.ok_or_else(|| refused("has an entry of an impossible size"))
}

/// An octal number between blanks, or one of eight bytes in the last of twelve.
fn number(field: &[u8]) -> Result<u64, Refusal> {
    let odd = || refused("has a size that is no number");
    match field {
        [0x80, 0, 0, 0, rest @ ..] => {
            let bytes: [u8; 8] = rest.try_into().map_err(|_| odd())?;
            Some(u64::from_be_bytes(bytes))
                .filter(|size| i64::try_from(*size).is_ok())
                .ok_or_else(odd)
        }
        field => {
            let text = std::str::from_utf8(field).map_err(|_| odd())?;
            let text = text.trim_matches([' ', '\0']);
            let octal = text.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
            match (octal, text) {
                (true, "") => Ok(0),
                (true, text) => u64::from_str_radix(text, 8).map_err(|_| odd()),
                (false, _) => Err(odd()),
            }
        }
    }
}

/// The size in an extended header: records of `LENGTH KEY=VALUE` and a line feed.
fn extended_size(mut records: &[u8]) -> Result<Option<u64>, Refusal> {
    let odd = || refused("has an extended header that is not understood");
    let mut size = None;
    while !records.is_empty() {
        let blank = records
            .iter()
            .position(|byte| *byte == b' ')
            .ok_or_else(odd)?;
        let length = records.get(..blank).and_then(decimal).ok_or_else(odd)?;
        let length = usize::try_from(length).map_err(|_| odd())?;
        let record = records.get(blank + 1..length).ok_or_else(odd)?;
        let record = record.strip_suffix(b"\n").ok_or_else(odd)?;
        let equals = record
            .iter()
            .position(|byte| *byte == b'=')
            .ok_or_else(odd)?;
        let (key, value) = record.split_at(equals);
        match (key, value.get(1..).unwrap_or_default()) {
            (b"size", value) => size = Some(decimal(value).ok_or_else(odd)?),
            (key, _) if key.starts_with(b"GNU.sparse") => return Err(refused("has a sparse file")),
            _ => {}
        }
        records = records.get(length..).unwrap_or_default();
    }
    Ok(size)
}

fn decimal(text: &[u8]) -> Option<u64> {
    let digits = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(text).ok().filter(|_| digits)?;
    text.parse()
        .ok()
        .filter(|number| i64::try_from(*number).is_ok())
}

#[cfg(test)]
mod tests;
