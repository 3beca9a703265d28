//! The sources as words, texts and signs: enough to find what is said in them.

use std::fs;
use std::path::{Path, PathBuf};

/// A part of a source, comments and most attributes left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    Word(String),
    /// What is between quotes, as it is when the program runs.
    Text(String),
    Sign(char),
}

impl Token {
    pub(crate) fn is(&self, text: &str) -> bool {
        match self {
            Self::Word(word) => word == text,
            Self::Sign(sign) => text.chars().eq([*sign]),
            Self::Text(_) => false,
        }
    }
}

/// A file of `src` without its tests: its path below `src`, and its text.
pub(crate) fn texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            let name = path
                .strip_prefix(&root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "rs")
                && !name.contains("tests")
                && !name.contains("fake_")
            {
                let text = fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
                found.push((name, text.to_owned()));
            }
        }
    }
    found.sort();
    found
}

/// The same as tokens.
pub(crate) fn sources() -> Vec<(String, Vec<Token>)> {
    let all = texts().into_iter();
    all.map(|(name, text)| (name, tokens(&text))).collect()
}

fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if c == '"' || rest.starts_with("b\"") {
            let start = rest.find('"').unwrap() + 1;
            let end = start + closing_quote(&rest[start..]);
            found.push(Token::Text(unescaped(&rest[start..end])));
            end + 1
        } else if rest.starts_with("r\"") || rest.starts_with("r#\"") {
            let hashes = rest[1..].find('"').unwrap();
            let close = format!("\"{}", "#".repeat(hashes));
            let start = 2 + hashes;
            let end = start + rest[start..].find(&close).unwrap();
            found.push(Token::Text(rest[start..end].to_owned()));
            end + close.len()
        } else if c == '\'' {
            letter(rest)
        } else if c.is_alphanumeric() || c == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            let end = end.unwrap_or(rest.len());
            found.push(Token::Word(rest[..end].to_owned()));
            end
        } else {
            if !c.is_whitespace() {
                found.push(Token::Sign(c));
            }
            c.len_utf8()
        };
        rest = &rest[length..];
    }
    without_attributes(&found)
}

/// How far it is to the quote that ends a text.
fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    let end = text.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.expect("a text without an end")
}

/// The length of a letter between quotes; a lifetime's name is a word.
fn letter(rest: &str) -> usize {
    let mut after = rest.char_indices().skip(1);
    match (after.next(), after.next()) {
        (Some((_, '\\')), _) => rest[3..].find('\'').map_or(1, |end| end + 4),
        (Some(_), Some((end, '\''))) => end + 1,
        _ => 1,
    }
}

fn unescaped(text: &str) -> String {
    let mut shown = String::new();
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match (c, letters.peek()) {
            ('\\', Some('\n')) => while letters.next_if(|c| c.is_whitespace()).is_some() {},
            ('\\', Some('"' | '\\' | '\'')) => shown.extend(letters.next()),
            _ => shown.push(c),
        }
    }
    shown
}

/// `#[error("…")]` is a message; other attributes speak to the compiler.
fn without_attributes(all: &[Token]) -> Vec<Token> {
    let mut kept = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let bang = usize::from(all.get(at + 1).is_some_and(|it| it.is("!")));
        let opens = all[at].is("#") && all.get(at + 1 + bang).is_some_and(|it| it.is("["));
        if opens {
            let end = closing(all, at + 1 + bang);
            if all[at + 2 + bang].is("error") {
                kept.extend_from_slice(&all[at..=end]);
            }
            at = end + 1;
        } else {
            kept.push(all[at].clone());
            at += 1;
        }
    }
    kept
}

/// Where the bracket at `open` is closed.
pub(crate) fn closing(all: &[Token], open: usize) -> usize {
    let mut depth = 0;
    for (at, token) in all.iter().enumerate().skip(open) {
        if ["(", "[", "{"].iter().any(|it| token.is(it)) {
            depth += 1;
        } else if [")", "]", "}"].iter().any(|it| token.is(it)) {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    all.len() - 1
}
