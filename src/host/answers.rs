//! What the kinds of terminals that were used have answered: a small file, so that each is asked
//! rarely.
#![expect(clippy::disallowed_methods, reason = "reads and writes the answers")]

use super::{Dirs, Env, dirs};
use crate::terminal::Answers;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::PathBuf;

/// How many kinds are remembered.
const KINDS: usize = 24;

/// For so many seconds a terminal need not be asked again: its colours may have changed since.
const FRESH: i64 = 24 * 60 * 60;

/// What is known of a kind of terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownTerminal {
    kind: String,
    since: i64,
    /// What it has answered; none where it is mute.
    pub answers: Option<Answers>,
}

impl KnownTerminal {
    /// Whether it need not be asked again now. Nothing is known from the future.
    pub fn is_fresh(&self, now: i64) -> bool {
        (0..FRESH).contains(&now.saturating_sub(self.since))
    }
}

fn file(dirs: &Dirs) -> PathBuf {
    dirs.state.join("terminals.json")
}

/// What is known of this kind of terminal, however old.
pub fn known_terminal(dirs: &Dirs, kind: &str) -> Option<KnownTerminal> {
    read(dirs).into_iter().find(|known| known.kind == kind)
}

/// Remember what a kind of terminal has answered at this time; none where it was mute. What one has
/// answered before is kept then: it may only have been slow.
pub fn note_terminal(
    dirs: &Dirs,
    env: &Env,
    (kind, now): (&str, i64),
    answers: Option<&Answers>,
) -> io::Result<()> {
    let (before, mut all): (Vec<_>, Vec<_>) =
        read(dirs).into_iter().partition(|known| known.kind == kind);
    let before = before.into_iter().find_map(|known| known.answers);
    let known = KnownTerminal {
        kind: kind.to_owned(),
        since: now,
        answers: answers.cloned().or(before),
    };
    all.insert(0, known);
    all.truncate(KINDS);
    dirs::private(&dirs.state, env.identity.uid)?;
    // At once complete: of two starts at once one terminal may be asked again, and nothing more.
    let file = file(dirs);
    let new = file.with_extension(format!("{}.new", std::process::id()));
    fs::write(&new, serde_json::to_vec(&all)?)?;
    fs::rename(&new, &file)
}

fn read(dirs: &Dirs) -> Vec<KnownTerminal> {
    let text = fs::read(file(dirs)).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::Query;

    #[test]
    fn a_few_kinds_are_remembered_for_a_day() {
        let dir = tempfile::tempdir().unwrap();
        let env = Env::capture();
        let dirs = Dirs {
            config: dir.path().join("c"),
            state: dir.path().join("s"),
            runtime: dir.path().join("r"),
        };
        assert_eq!(known_terminal(&dirs, "a"), None);
        let (kitty, _) = crate::terminal::read(b"\x1b[?0u\x1b[?62c");
        let plain = Answers::plain();
        let note = |kind: &str, now, answers: Option<&Answers>| {
            note_terminal(&dirs, &env, (kind, now), answers).unwrap();
            known_terminal(&dirs, kind).unwrap()
        };
        let known = note("a", 1000, Some(&kitty));
        assert_eq!(known.answers.as_ref(), Some(&kitty));
        for (now, fresh) in [(1000, true), (1000 + FRESH, false), (999, false)] {
            assert_eq!(known.is_fresh(now), fresh, "{now}");
        }
        assert_eq!(note("mute", 1000, None).answers, None);
        // Silent once: slow.
        let known = note("a", 5000, None);
        assert!(known.is_fresh(5000));
        assert_eq!(known.answers.as_ref(), Some(&kitty));
        let known = note("a", 6000, Some(&plain)).answers.unwrap();
        assert_eq!(known.of(Query::Keyboard), None);
        for number in 0..KINDS {
            note(&number.to_string(), 7000, None);
        }
        assert_eq!(known_terminal(&dirs, "a"), None);
        assert_eq!(read(&dirs).len(), KINDS);
        assert_eq!(fs::read_dir(&dirs.state).unwrap().count(), 1);
        for nonsense in ["", "{}", "[{\"kind\":7}]", "\u{0}"] {
            fs::write(file(&dirs), nonsense).unwrap();
            assert_eq!(known_terminal(&dirs, "a"), None);
        }
        note("a", 8000, None);
        assert!(known_terminal(&dirs, "a").is_some());
    }
}
