//! What happens, one JSON object a line on standard error: `docker logs` has it.

use super::clock;
use serde_json::{Map, Value};
use std::fmt::Display;
use std::io::Write as _;

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// It is as it should be.
    Info,
    /// It is not, and something is done about it.
    Warn,
    /// It is not, and nothing more is done about it.
    Error,
}

/// Write one line.
pub(super) fn log(level: Level, service: &str, message: &str, fields: &[(&str, &dyn Display)]) {
    let line = line(level, service, message, fields);
    // Where nobody reads, nobody is told.
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}

fn line(level: Level, service: &str, message: &str, fields: &[(&str, &dyn Display)]) -> String {
    let mut object = Map::new();
    let level = match level {
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    };
    object.insert("time_ms".to_owned(), Value::from(clock::millis()));
    for (name, value) in [("level", level), ("service", service), ("message", message)] {
        object.insert(name.to_owned(), Value::from(value));
    }
    for (name, value) in fields {
        object.insert((*name).to_owned(), Value::from(value.to_string()));
    }
    format!("{}\n", Value::Object(object))
}

/// A line of a service's own output as plain text; `None` where nothing is left of it.
pub(super) fn plain(line: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(line);
    let mut plain = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            // CSI: parameters up to a letter. Others do not occur in a log.
            if letters.next() == Some('[') {
                let _ = letters.find(char::is_ascii_alphabetic);
            }
        } else if !letter.is_control() || letter == '\t' {
            plain.push(letter);
        }
    }
    let plain = plain.trim();
    plain
        .contains(char::is_alphanumeric)
        .then(|| plain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_object_whatever_is_in_it() {
        let line = line(
            Level::Warn,
            "chroma",
            "a\nb\"",
            &[("n", &7), ("level_", &"x")],
        );
        assert_eq!(line.matches('\n').count(), 1);
        let value: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(
            (&value["message"], &value["n"]),
            (&"a\nb\"".into(), &"7".into())
        );
        assert_eq!(
            (&value["level"], &value["service"]),
            (&"warn".into(), &"chroma".into())
        );
    }

    #[test]
    fn colours_and_pictures_are_no_text() {
        let colour = b"  \x1b[2mtime\x1b[0m \x1b[32m INFO\x1b[0m ready\r";
        assert_eq!(plain(colour).as_deref(), Some("time  INFO ready"));
        assert_eq!(plain("\u{1b}[38;5;069m((((### ".as_bytes()), None);
        assert_eq!(plain(b""), None);
        assert_eq!(plain(b"\xff x").as_deref(), Some("\u{fffd} x"));
    }
}
