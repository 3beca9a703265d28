use super::*;
use proptest::prelude::*;

fn header(name: &str, kind: u8, size: &[u8]) -> Vec<u8> {
    let mut block = vec![0; BLOCK];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[124..124 + size.len()].copy_from_slice(size);
    block[156] = kind;
    block
}

fn entry(kind: u8, content: &[u8]) -> Vec<u8> {
    let size = format!("{:011o}", content.len());
    let mut entry = header("name", kind, size.as_bytes());
    entry.extend_from_slice(content);
    entry.resize(entry.len().next_multiple_of(BLOCK), 0);
    entry
}

fn read(archive: &[u8]) -> Result<(), String> {
    let whole = Files::default()
        .push(archive)
        .map_err(|refusal| refusal.message);
    for size in [1, 100, 511, 513] {
        let mut files = Files::default();
        let pieces = archive.chunks(size).try_for_each(|piece| files.push(piece));
        assert_eq!(pieces.map_err(|refusal| refusal.message), whole, "{size}");
    }
    whole
}

#[test]
fn files_pass_and_devices_do_not() {
    let device = header("null", b'3', b"");
    let end = vec![0; 2 * BLOCK];
    let file = entry(b'0', &[b'x'; 700]);
    let extended = |record: &str| entry(b'x', record.as_bytes());
    let hidden = entry(b'0', &device);
    let plain: Vec<Vec<u8>> = vec![
        [
            file.clone(),
            entry(b'5', b""),
            header("l", b'2', b""),
            end.clone(),
        ]
        .concat(),
        [hidden.clone(), end.clone()].concat(),
        [end.clone(), device.clone()].concat(),
        [extended("12 path=abc\n"), file.clone(), end.clone()].concat(),
        // the size that counts is the extended header's
        [
            extended("12 size=512\n"),
            header("f", b'0', b"0"),
            device.clone(),
            end.clone(),
        ]
        .concat(),
        [entry(b'L', b"long"), entry(b'g', b"x"), file.clone()].concat(),
        [
            header("big", b'0', &[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0]),
            device.clone(),
        ]
        .concat(),
    ];
    for (number, archive) in plain.iter().enumerate() {
        assert_eq!(read(archive), Ok(()), "{number}");
    }
    let refused: Vec<(&str, Vec<u8>)> = vec![
        ("device", device.clone()),
        ("device", [file, header("sda", b'4', b"")].concat()),
        ("device", [extended("10 size=0\n"), hidden].concat()),
        // a link has no content, whatever it says
        (
            "device",
            [header("l", b'2', b"1000"), device.clone()].concat(),
        ),
        (
            "device",
            [
                extended("12 size=512\n"),
                header("l", b'5', b"0"),
                device.clone(),
            ]
            .concat(),
        ),
        (
            "device",
            [
                extended("12 size=512\n"),
                entry(b'g', b""),
                header("f", b'0', b"0"),
                device.clone(),
            ]
            .concat(),
        ),
        // an extended header is for one entry, and the next replaces it
        (
            "device",
            [
                extended("12 size=512\n"),
                extended("12 path=abc\n"),
                header("f", b'0', b"0"),
                device.clone(),
            ]
            .concat(),
        ),
        ("type", header("s", b'S', b"")),
        ("type", header("old/", 0, b"1000")),
        ("sparse", extended("22 GNU.sparse.major=1\n")),
        ("understood", extended("99 size=1\n")),
        ("understood", extended("10 size=-1\n")),
        ("no number", header("f", b'0', b"9")),
        ("no number", header("f", b'0', &[0xff; 12])),
        ("compressed", [&[0x1f, 0x8b, 8][..], &[0; 60]].concat()),
        ("compressed", [&b"BZh9"[..], &[0; 60]].concat()),
        (
            "compressed",
            [&[0x50, 0x2a, 0x4d, 0x18][..], &[0; 60]].concat(),
        ),
    ];
    for (cause, archive) in refused {
        let message = read(&archive).unwrap_err();
        assert!(
            message.contains(cause) && message.contains("HAL-G-ARCHIVE"),
            "{message}"
        );
    }
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(archive in proptest::collection::vec(prop_oneof![Just(0_u8), Just(b'0'), any::<u8>()], 0..3000)) {
        let _ = Files::default().push(&archive);
    }
}
