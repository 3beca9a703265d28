//! The text of a configuration file: dotted keys, plain values, and the line of each.

use super::keys::{KEYS, SECRETS};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// One value of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its dotted key.
    pub key: String,
    /// Its value as text; numbers as they were written.
    pub value: String,
    /// Its line, from 1.
    pub line: usize,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct FileError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
    /// A key that may have been meant.
    pub suggestion: Option<String>,
}

/// Read a file's text. Unknown keys are errors.
pub fn parse(text: &str) -> Result<Vec<Entry>, FileError> {
    let line_of = |span: Range<usize>| text[..span.start.min(text.len())].matches('\n').count() + 1;
    let table = DeTable::parse(text).map_err(|error| FileError {
        line: line_of(error.span().unwrap_or_default()),
        problem: error.message().to_owned(),
        suggestion: None,
    })?;
    let mut entries = Vec::new();
    flatten(table.get_ref(), "", &line_of, &mut entries)?;
    Ok(entries)
}

fn flatten(
    table: &DeTable<'_>,
    prefix: &str,
    line_of: &impl Fn(Range<usize>) -> usize,
    entries: &mut Vec<Entry>,
) -> Result<(), FileError> {
    for (name, value) in table {
        let key = format!("{prefix}{}", name.get_ref());
        let line = line_of(name.span());
        let refuse = |problem: String| FileError {
            line,
            problem,
            suggestion: None,
        };
        let text = match value.get_ref() {
            DeValue::Table(inner) => {
                if !known_prefix(&format!("{key}.")) {
                    return Err(unknown(&key, line));
                }
                flatten(inner, &format!("{key}."), line_of, entries)?;
                continue;
            }
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Float(number) => number.to_string(),
            DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) => {
                return Err(refuse(format!("`{key}` needs a text or a number")));
            }
        };
        if !known(&key) {
            return Err(unknown(&key, line));
        }
        entries.push(Entry {
            key,
            value: text,
            line,
        });
    }
    Ok(())
}

/// Whether there is a setting of that name; what may have been meant where there is none.
pub fn name(key: &str) -> Result<(), FileError> {
    if known(key) {
        Ok(())
    } else {
        Err(unknown(key, 1))
    }
}

fn known(key: &str) -> bool {
    let secret = key
        .strip_prefix(SECRETS)
        .is_some_and(crate::model::is_variable_name);
    secret || KEYS.iter().any(|known| known.name == key)
}

fn known_prefix(prefix: &str) -> bool {
    prefix == SECRETS || KEYS.iter().any(|known| known.name.starts_with(prefix))
}

fn unknown(key: &str, line: usize) -> FileError {
    let close = |name: &str| {
        let last = name.rsplit('.').next().unwrap_or(name);
        strsim::jaro_winkler(key, name).max(strsim::jaro_winkler(key, last))
    };
    let best = KEYS.iter().map(|known| (close(known.name), known.name));
    let best = best
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(score, _)| *score > 0.75);
    FileError {
        line,
        problem: format!("unknown setting `{key}`"),
        suggestion: best.map(|(_, name)| name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_lines() {
        let text = "profile = \"node\"\n\n[limits]\nmemory = \"8g\"\ncpus = 1.5\npids = 200\n";
        let rows: Vec<_> = parse(text)
            .unwrap()
            .into_iter()
            .map(|e| (e.key, e.value, e.line))
            .collect();
        let expected = [
            ("profile", "node", 1),
            ("limits.memory", "8g", 4),
            ("limits.cpus", "1.5", 5),
            ("limits.pids", "200", 6),
        ];
        for (key, value, line) in expected {
            assert!(
                rows.contains(&(key.to_owned(), value.to_owned(), line)),
                "{key}: {rows:?}"
            );
        }
    }

    #[test]
    fn unknown_keys_are_errors_with_a_line_and_a_suggestion() {
        for (text, line, suggestion) in [
            ("profil = \"x\"", 1, Some("profile")),
            ("\n[limits]\nmemroy = \"8g\"", 3, Some("limits.memory")),
            ("memory = \"8g\"", 1, Some("limits.memory")),
            ("\n\n[limitz]\nmemory = \"8g\"", 3, None),
            ("zzz = 1", 1, None),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.line, line, "{text}");
            assert!(error.problem.contains("unknown setting"), "{text}");
            if suggestion.is_some() {
                assert_eq!(error.suggestion.as_deref(), suggestion, "{text}");
            }
        }
    }

    #[test]
    fn broken_files_name_the_line() {
        assert_eq!(parse("profile = \"x\"\nlimits = [").unwrap_err().line, 2);
        assert_eq!(parse("profile = true").unwrap_err().line, 1);
        assert!(parse("[secrets]\nANTHROPIC_API_KEY = \"~/key\"").is_ok());
        assert!(parse("[secrets]\n\"A B\" = \"~/key\"").is_err());
    }
}
