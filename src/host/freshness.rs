//! What Claude reads of a project only when it starts: a Claude that waits in the pool must not know
//! an older state of it than one that is started now.
#![cfg_attr(
    test,
    expect(clippy::disallowed_methods, reason = "the tests write files")
)]

use super::state::small_file;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Files that are read once (measured with 2.1.330: servers, model, permissions, instructions), and
/// the log of where the repository's HEAD has been, which a commit or a checkout makes longer.
const READ_ONCE: [&str; 6] = [
    ".mcp.json",
    ".claude/settings.json",
    ".claude/settings.local.json",
    "CLAUDE.md",
    "CLAUDE.local.md",
    ".git/logs/HEAD",
];

/// The files that can name hooks.
const SETTINGS: [&str; 2] = [".claude/settings.json", ".claude/settings.local.json"];

/// A mark of the state that Claude would read now. Somebody else's files: they are looked at, a few
/// small ones are read, and none is obeyed.
pub fn project_mark(project: &Path) -> String {
    let mut hasher = Sha256::new();
    for name in READ_ONCE {
        let found = fs::metadata(project.join(name)).map(|found| {
            let (size, seconds, parts) = (found.size(), found.mtime(), found.mtime_nsec());
            format!("{size} {seconds} {parts}")
        });
        hasher.update(found.unwrap_or_default());
        hasher.update([0]);
    }
    let head = small_file(&project.join(".git/HEAD")).unwrap_or_default();
    hasher.update(head.unwrap_or_default());
    hasher
        .finalize()
        .iter()
        .take(8)
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// Whether the project has something done whenever a session starts: not before one does.
pub fn has_start_hooks(project: &Path) -> bool {
    SETTINGS.iter().any(|name| {
        let text = small_file(&project.join(name)).ok().flatten();
        let settings = text.and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
        let hooks = settings
            .as_ref()
            .and_then(|settings| settings.pointer("/hooks/SessionStart"));
        hooks
            .and_then(|hooks| hooks.as_array())
            .is_some_and(|hooks| !hooks.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_claude_reads_once_makes_the_mark() {
        let dir = tempfile::tempdir().unwrap();
        let mut marks = vec![project_mark(dir.path())];
        for (name, text) in [
            (".git/HEAD", "ref: refs/heads/main"),
            (".git/HEAD", "ref: refs/heads/other"),
            (".git/logs/HEAD", "one"),
            (".git/logs/HEAD", "one two"),
            (".mcp.json", "{}"),
            (".claude/settings.json", "{}"),
            ("CLAUDE.md", "Be brief."),
        ] {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
            marks.push(project_mark(dir.path()));
        }
        let mut different = marks.clone();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), marks.len(), "{marks:?}");
        fs::write(dir.path().join("main.rs"), "").unwrap();
        assert_eq!(Some(&project_mark(dir.path())), marks.last());
        assert_eq!(project_mark(&dir.path().join("gone")), marks[0]);
    }

    #[test]
    fn hooks_of_a_start_are_seen() {
        for (text, hooks) in [
            (
                r#"{"hooks":{"SessionStart":[{"hooks":[{"type":"command","command":"x"}]}]}}"#,
                true,
            ),
            (r#"{"hooks":{"SessionStart":[]}}"#, false),
            (r#"{"hooks":{"Stop":[1]}}"#, false),
            (r#"{"hooks":7}"#, false),
            ("nonsense", false),
        ] {
            let dir = tempfile::tempdir().unwrap();
            assert!(!has_start_hooks(dir.path()));
            fs::create_dir(dir.path().join(".claude")).unwrap();
            fs::write(dir.path().join(SETTINGS[1]), text).unwrap();
            assert_eq!(has_start_hooks(dir.path()), hooks, "{text}");
        }
    }
}
