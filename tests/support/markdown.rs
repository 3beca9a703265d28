//! The fenced blocks of the documentation, and what is said of them in comments.

use std::fs;
use std::path::{Path, PathBuf};

/// One fenced block.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// Its page, from the top of the repository.
    pub(crate) page: String,
    /// The line of its fence.
    pub(crate) line: usize,
    pub(crate) language: String,
    /// What comments right above it say.
    notes: Vec<String>,
    pub(crate) lines: Vec<String>,
}

impl Block {
    /// One that is on no page.
    pub(crate) fn new(language: &str, text: &str) -> Self {
        Self {
            page: "none".to_owned(),
            line: 1,
            language: language.to_owned(),
            notes: Vec::new(),
            lines: text.lines().map(str::to_owned).collect(),
        }
    }

    /// What a comment above it says after this word: `<!-- word: said -->`.
    pub(crate) fn note(&self, word: &str) -> Option<&str> {
        let mut notes = self.notes.iter();
        notes.find_map(|note| note.strip_prefix(word)?.strip_prefix(": "))
    }

    /// Where it is, as editors understand it.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.page, self.line)
    }

    pub(crate) fn text(&self) -> String {
        self.lines.join("\n") + "\n"
    }
}

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the repository.
pub(crate) fn read(name: &str) -> String {
    fs::read_to_string(top().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The front page and all of `docs/`, by name.
pub(crate) fn pages() -> Vec<String> {
    let all = fs::read_dir(top().join("docs")).unwrap();
    let mut found: Vec<PathBuf> = all.map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|it| it == "md"));
    let name = |path: &PathBuf| format!("docs/{}", path.file_name().unwrap().display());
    let mut names: Vec<String> = found.iter().map(name).collect();
    names.push("README.md".to_owned());
    names.sort();
    names
}

/// The blocks of a page.
pub(crate) fn blocks(page: &str) -> Vec<Block> {
    let text = read(page);
    let mut found: Vec<Block> = Vec::new();
    let (mut notes, mut open) = (Vec::new(), false);
    for (index, line) in text.lines().enumerate() {
        let fence = line.trim_start().strip_prefix("```");
        match fence {
            Some(_) if open => open = false,
            Some(language) => {
                open = true;
                found.push(Block {
                    page: page.to_owned(),
                    line: index + 1,
                    language: language.trim().to_owned(),
                    notes: std::mem::take(&mut notes),
                    lines: Vec::new(),
                });
            }
            None if open => found.last_mut().unwrap().lines.push(line.to_owned()),
            None => {
                let said = line.trim().strip_prefix("<!-- ");
                match said.and_then(|said| said.strip_suffix(" -->")) {
                    Some(said) => notes.push(said.to_owned()),
                    None if line.trim().is_empty() => {}
                    None => notes.clear(),
                }
            }
        }
    }
    assert!(!open, "{page}: its last block is not closed");
    found
}

/// Text in single backquotes, outside of blocks, with the line that it is on.
pub(crate) fn spans(page: &str) -> Vec<(usize, String)> {
    let text = read(page);
    let (mut found, mut open) = (Vec::new(), false);
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            open = !open;
        } else if !open {
            let parts = line.split('`').skip(1).step_by(2);
            found.extend(parts.map(|part| (index + 1, part.to_owned())));
        }
    }
    found
}
