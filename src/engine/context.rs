//! A build's context as a tar archive, in pieces: the files' bytes are shared, never copied.

use super::images::BuildFile;
use bytes::Bytes;
use std::io;

/// Archives are made of blocks of this size.
const BLOCK: usize = 512;

/// The pieces of an archive with these files, in this order. Owners and times are zero, so that
/// the same files give the same archive.
pub(super) fn archive(files: &[BuildFile]) -> io::Result<Vec<Bytes>> {
    let mut pieces = Vec::with_capacity(files.len() * 3 + 1);
    for file in files {
        let mut header = tar::Header::new_ustar();
        header.set_path(&file.name)?;
        header.set_entry_type(tar::EntryType::Regular);
        header.set_mode(file.mode);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_size(file.bytes.len() as u64);
        header.set_cksum();
        pieces.push(Bytes::copy_from_slice(header.as_bytes()));
        pieces.push(file.bytes.clone());
        let padding = file.bytes.len().next_multiple_of(BLOCK) - file.bytes.len();
        pieces.push(Bytes::from(vec![0; padding]));
    }
    pieces.push(Bytes::from(vec![0; 2 * BLOCK]));
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn another_reader_finds_the_same_files() {
        let long = format!("{}/{}", "d".repeat(120), "f".repeat(90));
        let files: Vec<_> = [("a", 0, 0o644), ("b/c", 512, 0o755), (&long, 1000, 0o600)]
            .into_iter()
            .map(|(name, size, mode)| BuildFile {
                name: name.to_owned(),
                mode,
                bytes: Bytes::from(vec![7; size]),
            })
            .collect();
        let bytes = archive(&files).unwrap().concat();
        assert_eq!(bytes.len() % BLOCK, 0);

        let mut read = Vec::new();
        for entry in tar::Archive::new(&bytes[..]).entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            read.push(BuildFile {
                name: entry.path().unwrap().to_string_lossy().into_owned(),
                mode: entry.header().mode().unwrap(),
                bytes: content.into(),
            });
        }
        assert_eq!(read, files);
    }

    #[test]
    fn the_bytes_are_shared() {
        let bytes = Bytes::from(vec![1; 10_000]);
        let file = BuildFile {
            name: "x".to_owned(),
            mode: 0o644,
            bytes: bytes.clone(),
        };
        let pieces = archive(&[file]).unwrap();
        assert!(pieces.iter().any(|piece| piece.as_ptr() == bytes.as_ptr()));
    }

    #[test]
    fn a_name_that_no_archive_can_hold_is_an_error() {
        let file = BuildFile {
            name: "x".repeat(300),
            mode: 0o644,
            bytes: Bytes::new(),
        };
        assert!(archive(&[file]).is_err());
    }
}
