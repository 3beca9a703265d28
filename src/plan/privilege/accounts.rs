//! `/etc/passwd` and `/etc/group` as bytes: look up, and put one line in front.
//!
//! No NSS: the binary is static and runs in any image. Every lookup that matters (glibc's
//! `nss_files`, musl, busybox) takes the first line that matches, by name and by id alike, so a
//! line in front wins in both directions while each older name stays usable. Nothing is ever
//! parsed and printed again: a line that we do not understand survives as it is.

use std::path::Path;

/// A line's name, id and the rest of its fields, as far as both files agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry<'a> {
    line: &'a [u8],
    name: &'a [u8],
    id: Option<u32>,
}

/// The lines that can match a lookup. More lenient than glibc about missing fields, on purpose: a
/// broken line that some libc might still accept counts as a competitor, and ours goes before it.
fn entries(file: &[u8]) -> impl Iterator<Item = Entry<'_>> {
    file.split(|byte| *byte == b'\n').filter_map(|line| {
        // `+` and `-` are NIS markers that `nss_files` skips in lookups; `#` is a comment.
        if matches!(
            line.trim_ascii_start().first(),
            None | Some(b'#' | b'+' | b'-')
        ) {
            return None;
        }
        let mut fields = line.split(|byte| *byte == b':');
        let name = fields.next()?.trim_ascii();
        let id = fields.nth(1).and_then(number);
        Some(Entry { line, name, id })
    })
}

fn number(field: &[u8]) -> Option<u32> {
    std::str::from_utf8(field.trim_ascii()).ok()?.parse().ok()
}

/// The line that a lookup by name finds.
pub fn by_name<'a>(file: &'a [u8], name: &str) -> Option<&'a [u8]> {
    entries(file)
        .find(|entry| entry.name == name.as_bytes())
        .map(|entry| entry.line)
}

/// The line that a lookup by uid (passwd) or gid (group) finds.
pub fn by_id(file: &[u8], id: u32) -> Option<&[u8]> {
    entries(file)
        .find(|entry| entry.id == Some(id))
        .map(|entry| entry.line)
}

/// The name that a lookup by id gives, where it is text.
pub fn name_of(file: &[u8], id: u32) -> Option<&str> {
    entries(file)
        .find(|entry| entry.id == Some(id))
        .and_then(|entry| std::str::from_utf8(entry.name).ok())
}

/// One user, as `/etc/passwd` is to show it.
#[derive(Debug, Clone, Copy)]
pub struct User<'a> {
    /// Login name.
    pub name: &'a str,
    /// User id.
    pub uid: u32,
    /// Primary group id.
    pub gid: u32,
    /// Home directory.
    pub home: &'a Path,
    /// Login shell.
    pub shell: &'a str,
}

/// The file with the user's line in front; `None` when a lookup already gives exactly that line.
pub fn with_user(passwd: &[u8], user: User<'_>) -> Option<Vec<u8>> {
    use std::os::unix::ffi::OsStrExt;
    let mut line = format!("{}:x:{}:{}:Claude Code:", user.name, user.uid, user.gid).into_bytes();
    line.extend_from_slice(user.home.as_os_str().as_bytes());
    line.push(b':');
    line.extend_from_slice(user.shell.as_bytes());
    in_front(passwd, &line, user.name, user.uid)
}

/// The file with `name:x:gid:member` in front; `None` when both lookups already give that line.
pub fn with_group(group: &[u8], name: &str, gid: u32, member: &str) -> Option<Vec<u8>> {
    let line = format!("{name}:x:{gid}:{member}").into_bytes();
    in_front(group, &line, name, gid)
}

fn in_front(file: &[u8], line: &[u8], name: &str, id: u32) -> Option<Vec<u8>> {
    if by_name(file, name) == Some(line) && by_id(file, id) == Some(line) {
        return None;
    }
    let mut edited = Vec::with_capacity(line.len() + 1 + file.len());
    edited.extend_from_slice(line);
    edited.push(b'\n');
    edited.extend_from_slice(file);
    Some(edited)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn claude(uid: u32) -> User<'static> {
        User {
            name: "claude",
            uid,
            gid: 100,
            home: Path::new("/home/claude"),
            shell: "/bin/sh",
        }
    }

    const LINE: &[u8] = b"claude:x:1000:100:Claude Code:/home/claude:/bin/sh";

    #[test]
    fn ours_goes_in_front_and_the_rest_survives_byte_for_byte() {
        let long = format!("long:x:7:7:{}:/:/bin/sh\n", "x".repeat(100_000));
        for before in [
            "",
            "\n",
            "root:x:0:0:root:/root:/bin/bash\n",
            "root:x:0:0:root:/root:/bin/bash",
            "node:x:1000:1000::/home/node:/bin/bash\n",
            "claude:x:5:5::/:/bin/false\nubuntu:x:1000:1000::/:/bin/sh\n",
            "# comment\n\n::::\nbroken\nbroken:x\nclaude\nclaude:x:nan\n",
            "+\n+::::::\n-bad::::::\n+@group\n",
            "  claude:x:1000:1000::/:/bin/sh\n",
            "cr:x:1:1::/:/bin/sh\r\n",
            long.as_str(),
        ] {
            let after = with_user(before.as_bytes(), claude(1000)).unwrap();
            assert_eq!(after, [LINE, b"\n", before.as_bytes()].concat());
            assert_eq!(by_name(&after, "claude"), Some(LINE));
            assert_eq!(by_id(&after, 1000), Some(LINE));
            assert_eq!(with_user(&after, claude(1000)), None);
        }
    }

    #[test]
    fn bytes_that_are_not_text_are_kept() {
        let before = b"caf\xe9:x:1000:1000::/:/bin/sh\n\0\xff\n";
        let after = with_user(before, claude(1000)).unwrap();
        assert!(after.ends_with(before));
        assert_eq!(name_of(before, 1000), None);
    }

    #[test]
    fn comments_and_nis_lines_never_match() {
        let file = b"#a:x:1:1:\n+a:x:1:1:\n-a:x:1:1:\na:x:2:\n";
        assert_eq!(by_id(file, 1), None);
        assert_eq!(by_name(file, "#a"), None);
        assert_eq!(by_name(file, "+a"), None);
        assert_eq!(by_name(file, "a"), Some(b"a:x:2:".as_slice()));
    }

    #[test]
    fn a_group_line_in_front_takes_the_gid_and_the_name() {
        let before = b"ping:x:999:\ndocker:x:998:someone\n";
        let after = with_group(before, "docker", 999, "claude").unwrap();
        assert_eq!(name_of(&after, 999), Some("docker"));
        assert_eq!(
            by_name(&after, "docker"),
            Some(b"docker:x:999:claude".as_slice())
        );
        assert_eq!(
            by_name(&after, "ping"),
            Some(b"ping:x:999:".as_slice()),
            "the old name stays usable"
        );
        assert_eq!(with_group(&after, "docker", 999, "claude"), None);
    }

    fn any_line() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..40),
            "[+#-]?(claude|docker|node|root|x)?(:x?){0,2}(:[0-9]{0,5}){0,2}[:/a-z]{0,12}"
                .prop_map(String::into_bytes),
        ]
    }

    proptest! {
        #[test]
        fn an_edit_loses_nothing_wins_and_is_done_once(
            lines in proptest::collection::vec(any_line(), 0..12),
            newline in any::<bool>(),
            uid in 0_u32..3000,
        ) {
            let mut before = lines.join(&b'\n');
            if newline { before.push(b'\n'); }
            let after = with_user(&before, claude(uid)).unwrap_or_else(|| before.clone());
            prop_assert!(after.ends_with(&before));
            prop_assert_eq!(name_of(&after, uid), Some("claude"));
            prop_assert_eq!(by_name(&after, "claude"), by_id(&after, uid));
            prop_assert_eq!(with_user(&after, claude(uid)), None);

            let after = with_group(&before, "docker", uid, "claude").unwrap_or_else(|| before.clone());
            prop_assert!(after.ends_with(&before));
            prop_assert_eq!(name_of(&after, uid), Some("docker"));
            prop_assert_eq!(with_group(&after, "docker", uid, "claude"), None);
        }
    }
}
