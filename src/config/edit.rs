//! A changed setting in the text of a file: comments, order and spaces stay as the user has them.

use super::file::{FileError, parse};
use toml_edit::{DocumentMut, Item, Table, Value};

/// The text with one setting set. The value is written as what it is: whole numbers bare, all else as
/// a text.
pub fn set(text: &str, key: &str, value: &str) -> Result<String, FileError> {
    let mut document = document(text)?;
    let item = match value.parse::<i64>() {
        Ok(number) => toml_edit::value(number),
        Err(_) => toml_edit::value(value),
    };
    let words: Vec<&str> = key.split('.').collect();
    let Some((last, tables)) = words.split_last() else {
        return Ok(text.to_owned());
    };
    let mut place = document.as_table_mut() as &mut dyn toml_edit::TableLike;
    for word in tables {
        let table = place
            .entry(word)
            .or_insert_with(|| Item::Table(Table::new()));
        place = table.as_table_like_mut().ok_or_else(|| FileError {
            line: 1,
            problem: format!("`{word}` is not a table"),
            suggestion: None,
        })?;
    }
    match place.get_mut(last) {
        // with the comment behind it
        Some(Item::Value(old)) => {
            let mut new = item.into_value().unwrap_or_else(|_| Value::from(value));
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        _ => {
            place.insert(last, item);
        }
    }
    checked(&document)
}

/// The text without one setting, and whether it was there.
pub fn unset(text: &str, key: &str) -> Result<Option<String>, FileError> {
    let mut document = document(text)?;
    let words: Vec<&str> = key.split('.').collect();
    let Some((last, tables)) = words.split_last() else {
        return Ok(None);
    };
    let mut place = document.as_table_mut() as &mut dyn toml_edit::TableLike;
    for word in tables {
        let Some(table) = place.get_mut(word).and_then(Item::as_table_like_mut) else {
            return Ok(None);
        };
        place = table;
    }
    match place.remove(last) {
        Some(_) => checked(&document).map(Some),
        None => Ok(None),
    }
}

fn document(text: &str) -> Result<DocumentMut, FileError> {
    // errors as everywhere, unknown keys among them
    parse(text)?;
    text.parse()
        .map_err(|error: toml_edit::TomlError| FileError {
            line: 1,
            problem: error.message().to_owned(),
            suggestion: None,
        })
}

/// What is written can be read.
fn checked(document: &DocumentMut) -> Result<String, FileError> {
    let text = document.to_string();
    parse(&text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_else_stays_as_it_is() {
        let text = "# mine\nprofile = \"node\" # for now\n\n[limits] # few\nmemory   = \"8g\"\ncpus = 3 # two more\n";
        for (key, value, expected) in [
            ("profile", "go", text.replace("\"node\"", "\"go\"")),
            (
                "limits.cpus",
                "1.5",
                text.replace("cpus = 3 ", "cpus = \"1.5\" "),
            ),
            ("limits.memory", "16g", text.replace("8g", "16g")),
            ("limits.pids", "300", format!("{text}pids = 300\n")),
            (
                "docker.mode",
                "none",
                format!("{text}\n[docker]\nmode = \"none\"\n"),
            ),
            (
                "secrets.A_KEY",
                "~/a \"b\"",
                format!("{text}\n[secrets]\nA_KEY = '~/a \"b\"'\n"),
            ),
        ] {
            let made = set(text, key, value).unwrap();
            assert_eq!(made, expected, "{key}");
            let entries = parse(&made).unwrap();
            assert!(
                entries
                    .iter()
                    .any(|entry| entry.key == key && entry.value == value),
                "{key}"
            );
        }
        assert_eq!(set("", "limits.cpus", "2").unwrap(), "[limits]\ncpus = 2\n");
        assert_eq!(
            set("limits.cpus = 1\n", "limits.cpus", "2").unwrap(),
            "limits.cpus = 2\n"
        );
        assert_eq!(
            set("limits = { cpus = 1 }\n", "limits.cpus", "2").unwrap(),
            "limits = { cpus = 2 }\n"
        );
    }

    #[test]
    fn what_is_taken_out_leaves_the_rest() {
        let text = "# mine\nprofile = \"node\"\n[limits]\ncpus = 3\nmemory = \"8g\"\n";
        assert_eq!(
            unset(text, "limits.cpus").unwrap().as_deref(),
            Some("# mine\nprofile = \"node\"\n[limits]\nmemory = \"8g\"\n")
        );
        assert_eq!(unset(text, "limits.pids"), Ok(None));
        assert_eq!(unset(text, "docker.mode"), Ok(None));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_not_written() {
        for text in ["profile = ", "profil = \"x\"", "limits = 3"] {
            assert!(set(text, "limits.cpus", "2").is_err(), "{text}");
            assert!(unset(text, "limits.cpus").is_err(), "{text}");
        }
    }
}
