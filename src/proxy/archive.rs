//! An archive of images on its way to the engine: read member by member, written anew. The index files
//! come last, once somebody has decided on them; the engine unpacks all before it reads any.

use super::content::{Broken, Content};
use crate::guard::image::{ArchiveFile, Layout, Member, Placed};
use crate::guard::{Refusal, json, rule};
use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use futures_util::stream;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::{Frame, Incoming};
use ruzstd::decoding::StreamingDecoder;
use std::io::{self, Cursor, Read, Write};
use tar::{Archive, Builder, Entry, EntryType, Header};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// Pieces between the client, the thread and the engine: what of an archive is in memory.
const PIECES: usize = 8;

/// What is sent to the engine at once.
const PIECE: usize = 256 * 1024;

/// Its index files, as they came.
pub(super) type Indexes = Vec<(ArchiveFile, Vec<u8>)>;

/// An archive that is being read.
pub(super) struct Reading {
    /// What the engine gets. It breaks off if the archive does, or if nobody decides.
    pub(super) content: Content,
    /// What is to be decided on, when all else was sent.
    pub(super) ended: oneshot::Receiver<Result<Indexes, Refusal>>,
    /// What was decided.
    pub(super) decided: oneshot::Sender<Vec<(ArchiveFile, String)>>,
    /// The client's upload, to its end.
    pub(super) upload: JoinHandle<()>,
}

/// Begin. Unpacking is a thread's work: it would hold up everybody else's requests.
pub(super) fn read(upload: Incoming) -> Reading {
    let (pieces, taken) = mpsc::channel(PIECES);
    let (out, content) = mpsc::channel::<Result<Bytes, Broken>>(PIECES);
    let (tell, ended) = oneshot::channel();
    let (decided, decision) = oneshot::channel();
    tokio::task::spawn_blocking(move || {
        let input = Input {
            pieces: taken,
            piece: Bytes::new(),
        };
        let output = Output {
            out: out.clone(),
            piece: Vec::with_capacity(PIECE),
        };
        if let Err(error) = rewrite(input, output, tell, decision) {
            // Nobody may be there any more.
            let _ = out.blocking_send(Err(error.into()));
        }
    });
    let frames = stream::unfold(content, |mut content| async move {
        let piece = content.recv().await?;
        Some((piece.map(Frame::data), content))
    });
    Reading {
        content: Box::pin(StreamBody::new(frames)),
        ended,
        decided,
        upload: tokio::task::spawn_local(pass(upload, pieces)),
    }
}

/// All of it, if need be to nobody: a client that is still sending would not see the answer.
async fn pass(mut upload: Incoming, pieces: mpsc::Sender<io::Result<Bytes>>) {
    while let Some(frame) = upload.frame().await {
        let piece = match frame {
            Ok(frame) => frame.into_data().map_err(|_| io::ErrorKind::Other.into()),
            Err(error) => Err(io::Error::other(error)),
        };
        let broken = piece.is_err();
        if pieces.send(piece).await.is_err() {
            super::content::drain(Some(upload)).await;
            return;
        }
        if broken {
            return;
        }
    }
}

/// What the client sends, for the thread.
struct Input {
    pieces: mpsc::Receiver<io::Result<Bytes>>,
    piece: Bytes,
}

impl Read for Input {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.pieces.blocking_recv() {
                Some(piece) => self.piece = piece?,
                None => return Ok(0),
            }
        }
        let length = self.piece.len().min(into.len());
        into[..length].copy_from_slice(&self.piece.split_to(length));
        Ok(length)
    }
}

/// What the thread sends to the engine.
struct Output {
    out: mpsc::Sender<Result<Bytes, Broken>>,
    piece: Vec<u8>,
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        let sent = self.out.blocking_send(Ok(piece.into()));
        sent.map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

type Told = oneshot::Sender<Result<Indexes, Refusal>>;
type Decision = oneshot::Receiver<Vec<(ArchiveFile, String)>>;

fn rewrite(input: Input, output: Output, tell: Told, decision: Decision) -> io::Result<()> {
    let mut builder = Builder::new(output);
    let members = decompressed(input)
        .map_err(Fault::Input)
        .and_then(|input| members(input, &mut builder));
    let told = match members {
        Ok(indexes) => Ok(indexes),
        Err(Fault::Refused(refusal)) => Err(refusal),
        Err(Fault::Input(error)) => {
            let cause = format!("cannot be read ({error})");
            Err(Refusal::malformed(
                rule::IMAGE_LOAD,
                "the image archive",
                cause,
            ))
        }
        Err(Fault::Output(error)) => return Err(error),
    };
    // What the engine has must not look like all.
    let broken = || io::Error::from(io::ErrorKind::UnexpectedEof);
    if tell.send(told).is_err() {
        return Err(broken());
    }
    let files = decision.blocking_recv().map_err(|_| broken())?;
    for (file, text) in files {
        let mut header = header(EntryType::Regular, text.len() as u64);
        builder.append_data(&mut header, file.name(), text.as_bytes())?;
    }
    builder.into_inner()?.flush()
}

/// Why it ends before its end.
enum Fault {
    Refused(Refusal),
    Input(io::Error),
    Output(io::Error),
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Without its compression, which the engine tells by the first bytes, too.
fn decompressed(mut input: Input) -> io::Result<Box<dyn Read>> {
    let mut magic = Vec::new();
    (&mut input).take(4).read_to_end(&mut magic)?;
    let kind = magic.clone();
    let input = Cursor::new(magic).chain(input);
    Ok(match kind.as_slice() {
        [0x1f, 0x8b, ..] => Box::new(MultiGzDecoder::new(input)),
        [0x28, 0xb5, 0x2f, 0xfd] => {
            Box::new(StreamingDecoder::new(input).map_err(io::Error::other)?)
        }
        _ => Box::new(input),
    })
}

/// All members but the index files.
fn members(input: Box<dyn Read>, builder: &mut Builder<Output>) -> Result<Indexes, Fault> {
    let mut archive = Archive::new(input);
    let mut layout = Layout::default();
    let mut indexes = Indexes::new();
    for entry in archive.entries().map_err(Fault::Input)? {
        let mut entry = entry.map_err(Fault::Input)?;
        if entry.header().entry_type() == EntryType::XGlobalHeader {
            continue;
        }
        let name = entry.path_bytes().into_owned();
        let name = String::from_utf8_lossy(&name);
        let target = entry.link_name_bytes();
        let target = target.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let member = match (entry.header().entry_type(), &target) {
            (EntryType::Regular, _) => Member::File,
            (EntryType::Directory, _) => Member::Directory,
            (EntryType::Symlink, Some(target)) => Member::Link(target),
            _ => Member::Other,
        };
        match (layout.place(&name, member)?, member) {
            (Placed::Nowhere, _) => {}
            (Placed::Index(file), _) => indexes.push((file, index(&mut entry, &name)?)),
            (Placed::As(name), Member::Link(target)) => {
                let mut header = header(EntryType::Symlink, 0);
                let appended = builder.append_link(&mut header, &name, target);
                appended.map_err(Fault::Output)?;
            }
            (Placed::As(name), _) => {
                let mut header = header(EntryType::Regular, entry.size());
                let size = entry.size();
                let mut counted = Counted { entry, left: size };
                let appended = builder.append_data(&mut header, &name, &mut counted);
                // The one that writes says nothing of why: the reader knows whether it was it.
                match appended {
                    Ok(()) if counted.left == 0 => {}
                    Ok(()) => return Err(Fault::Input(io::ErrorKind::UnexpectedEof.into())),
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                        return Err(Fault::Output(error));
                    }
                    Err(error) => return Err(Fault::Input(error)),
                }
            }
        }
    }
    // The rest says whether what was unpacked is right.
    let mut rest = archive.into_inner();
    io::copy(&mut rest, &mut io::sink()).map_err(Fault::Input)?;
    Ok(indexes)
}

/// A member that must be there to its end: the engine would else read the next as a part of it.
struct Counted<'a, R: Read> {
    entry: Entry<'a, R>,
    left: u64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.entry.read(into)?;
        self.left = self.left.saturating_sub(length as u64);
        Ok(length)
    }
}

fn index(entry: &mut Entry<'_, impl Read>, name: &str) -> Result<Vec<u8>, Fault> {
    if entry.size() > json::MAX_BODY as u64 {
        let field = format!("image archive: {name}");
        return Err(Refusal::malformed(rule::SIZE, field, "is larger than 4 MiB").into());
    }
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes).map_err(Fault::Input)?;
    Ok(bytes)
}

fn header(kind: EntryType, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header
}
