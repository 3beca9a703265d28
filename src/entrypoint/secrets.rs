//! Secret files become environment variables of the command: read as the user, never as root, and
//! never quoted in a message.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use super::Failure;

/// Where the host mounts them.
pub(super) const DIRECTORY: &str = "/run/hal9000/secrets";

/// The kernel's limit for one `NAME=value` (`MAX_ARG_STRLEN`, execve(2)).
const LONGEST: u64 = 128 * 1024;

/// Name and value of each file in the directory, in no order.
pub(super) fn read(directory: &Path) -> Result<Vec<(OsString, OsString)>, Failure> {
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|error| unreadable(directory, &error))?,
    };
    let mut secrets = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(directory, &error))?.path();
        // Followed, as Kubernetes-like layouts link each name to a version. Hidden files are not
        // secrets but what tools leave behind.
        let name = path.file_name().unwrap_or_default();
        let regular = fs::metadata(&path)
            .map_err(|error| unreadable(&path, &error))?
            .is_file();
        if !regular || name.as_bytes().starts_with(b".") {
            continue;
        }
        if !is_variable_name(name) {
            return Err(Failure::refused(format_args!(
                "secret {}: its name is no name of a variable; rename the file (letters, digits, `_`)",
                path.display()
            )));
        }
        secrets.push((name.to_owned(), value(&path)?));
    }
    Ok(secrets)
}

fn value(path: &Path) -> Result<OsString, Failure> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST).read_to_end(&mut bytes))
        .map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 == LONGEST {
        return Err(Failure::refused(format_args!(
            "secret {}: longer than a variable can be (128 KiB); mount it as a file instead",
            path.display()
        )));
    }
    if bytes.contains(&0) {
        return Err(Failure::refused(format_args!(
            "secret {}: contains a NUL byte, which no variable can; mount it as a file instead",
            path.display()
        )));
    }
    // All of them, as `$(cat file)` does: an editor's newline in a key breaks an HTTP header.
    while let Some(b'\n') = bytes.last() {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    }
    Ok(OsString::from_vec(bytes))
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::refused(format_args!(
        "secret {}: uid {} cannot read it: {error}; make the file readable for your own user on the host",
        path.display(),
        nix::unistd::geteuid()
    ))
}

/// POSIX, XBD 3.216 (names that every shell can use).
fn is_variable_name(name: &OsStr) -> bool {
    let bytes = name.as_bytes();
    !bytes.first().is_none_or(u8::is_ascii_digit)
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn with(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let temp = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let mut file = File::create(temp.path().join(name)).unwrap();
            file.write_all(content).unwrap();
        }
        temp
    }

    #[test]
    fn files_become_variables() {
        let temp = with(&[
            ("A", b"one\n"),
            ("B_2", b" two \r\n\n"),
            ("_C", b"\xff=\nx"),
            ("D", b"\n"),
            (".keep", b"\0"),
        ]);
        fs::create_dir(temp.path().join("not a file")).unwrap();
        let mut secrets = read(temp.path()).unwrap();
        secrets.sort();
        let expected: [(&str, &[u8]); 4] = [
            ("A", b"one"),
            ("B_2", b" two "),
            ("D", b""),
            ("_C", b"\xff=\nx"),
        ];
        let expected = expected.map(|(k, v)| (k.into(), OsString::from_vec(v.to_vec())));
        assert_eq!(secrets, expected);
        assert_eq!(read(&temp.path().join("none")).unwrap(), []);
    }

    #[test]
    fn refusals_never_quote_the_value() {
        let long = vec![b'k'; 200_000];
        for (name, content) in [
            ("1A", b"hunter2".as_slice()),
            ("A-B", b"hunter2"),
            ("A", b"hunter2\0"),
            ("B", &long),
        ] {
            let temp = with(&[(name, content)]);
            let failure = read(temp.path()).unwrap_err();
            assert_eq!(failure.status, 125);
            assert!(!failure.line.contains("hunter2") && !failure.line.contains("kkkk"));
            assert!(failure.line.contains("; "), "{}", failure.line);
        }
    }
}
