//! What `doctor` has found, in words.

use super::visible;
use crate::plan::checkup::{Finding, Health};

/// The columns of the widest word for a health, and two more.
const HEALTH: usize = 9;

/// Lines are no longer than this, however wide the terminal is: longer ones are hard to read.
const WIDEST: usize = 100;

/// Nor is text narrower than this, however narrow it is.
const NARROWEST: usize = 24;

/// As text: what was found, with the ways out below. On a terminal of so many columns it is broken
/// into lines; into a pipe or a file each goes as one.
pub fn checkup_text(findings: &[Finding], columns: Option<u16>) -> String {
    let widest = findings.iter().map(|finding| finding.about.len()).max();
    let left = HEALTH + widest.unwrap_or_default() + 2;
    let width = columns.map_or(usize::MAX, |columns| usize::from(columns).min(WIDEST));
    let room = |left: usize| width.saturating_sub(left).max(NARROWEST);
    let mut text = String::new();
    let mut put = |first: String, left: usize, what: Vec<String>| {
        let mut before = format!("{first:left$}");
        for line in what {
            text.push_str(&before);
            text.push_str(&line);
            text.push('\n');
            before = " ".repeat(left);
        }
    };
    for finding in findings {
        let health = format!("{:HEALTH$}{}", word(finding.health), finding.about);
        let says = visible(&finding.says);
        let parts = pieces(&says).into_iter();
        let parts = parts.flat_map(|piece| broken(piece, room(left)));
        put(health, left, lines(parts, room(left)));
        for remedy in &finding.remedies {
            let remedy = visible(remedy);
            let remedy = lines(pieces(&remedy).into_iter(), room(HEALTH + 2));
            put(format!("{:HEALTH$}→ ", ""), HEALTH + 2, remedy);
        }
    }
    text
}

/// Pieces of a text in lines of at most so many columns. A command that is longer stays whole: a
/// terminal breaks that line without a line break in what is copied.
fn lines<'a>(pieces: impl Iterator<Item = &'a str>, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut columns = 0;
    for piece in pieces {
        let length = piece.chars().count();
        if columns > 0 && columns + 1 + length > width {
            lines.push(String::new());
            columns = 0;
        }
        if let Some(line) = lines.last_mut() {
            if columns > 0 {
                line.push(' ');
                columns += 1;
            }
            line.push_str(piece);
            columns += length;
        }
    }
    lines
}

/// A piece in parts that fit: a path is broken after one of its directories. Two of these never fit
/// on one line, or it would not have been broken there.
fn broken(mut piece: &str, width: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    while let Some((most, _)) = piece.char_indices().nth(width) {
        let start = piece.split_at(most).0;
        let end = start.rfind(['/', '-', ',']).map_or(0, |at| at + 1);
        let (part, rest) = piece.split_at(if end > 1 { end } else { most });
        parts.push(part);
        piece = rest;
    }
    parts.push(piece);
    parts
}

/// Words, and commands as one word.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '`' => quoted = !quoted,
            ' ' | '\n' if !quoted => {
                pieces.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(&text[start..]);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// As JSON. Several ways out are lines of one text.
pub fn checkup_json(findings: &[Finding]) -> serde_json::Value {
    let findings = findings.iter().map(|finding| {
        let remedy = (!finding.remedies.is_empty()).then(|| finding.remedies.join("\n"));
        serde_json::json!({
            "about": finding.about,
            "health": word(finding.health),
            "says": finding.says,
            "remedy": remedy,
        })
    });
    serde_json::json!({ "findings": findings.collect::<Vec<_>>() })
}

fn word(health: Health) -> &'static str {
    match health {
        Health::Well => "ok",
        Health::Warning => "warning",
        Health::Failure => "failure",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings() -> [Finding; 2] {
        [
            Finding::well("engine", "Docker 26"),
            Finding::warning(
                "docker inside",
                "the engine's own socket: whoever uses it is root on this machine",
                "`hal-9000 config set docker.mode guard` for all, or `--docker=guard` for one",
            )
            .or("none"),
        ]
    }

    #[test]
    fn in_a_pipe_each_is_one_line_with_its_ways_out_below() {
        let expected = "\
ok       engine         Docker 26
warning  docker inside  the engine's own socket: whoever uses it is root on this machine
         → `hal-9000 config set docker.mode guard` for all, or `--docker=guard` for one
         → none
";
        assert_eq!(checkup_text(&findings(), None), expected);
        let json = checkup_json(&findings());
        assert_eq!(json["findings"][1]["health"], "warning");
        assert_eq!(json["findings"][0]["remedy"], serde_json::Value::Null);
        let remedy = json["findings"][1]["remedy"].as_str().unwrap();
        assert!(remedy.ends_with("for one\nnone"), "{remedy}");
    }

    #[test]
    fn a_narrow_terminal_gets_aligned_lines_and_whole_commands() {
        let expected = "\
ok       engine         Docker 26
warning  docker inside  the engine's own socket: whoever
                        uses it is root on this machine
         → `hal-9000 config set docker.mode guard` for all,
           or `--docker=guard` for one
         → none
";
        assert_eq!(checkup_text(&findings(), Some(60)), expected);
        let narrow = checkup_text(&findings(), Some(20));
        assert!(
            narrow.contains("→ `hal-9000 config set docker.mode guard`\n"),
            "{narrow}"
        );
        let wide = checkup_text(&findings(), Some(300));
        assert!(
            wide.lines().all(|line| line.chars().count() <= WIDEST),
            "{wide}"
        );
    }

    #[test]
    fn a_long_path_is_broken_and_nothing_of_it_is_lost() {
        let path = "/home/ann/.local/state/hal-9000/x-and-y/a_name_that_is_longer_than_a_line/é";
        let finding = [Finding::well("state", format!("room at {path} for all"))];
        for columns in 20..90 {
            let text = checkup_text(&finding, Some(columns));
            let width = usize::from(columns).max(16 + NARROWEST);
            for line in text.lines() {
                assert!(line.chars().count() <= width, "{columns}: {text}");
            }
            let whole: String = text.split_whitespace().collect();
            assert_eq!(whole, format!("okstateroomat{path}forall"), "{columns}");
        }
    }

    #[test]
    fn a_terminal_is_not_told_what_to_do() {
        let evil = [Finding::well("project", "/a\u{1b}[2Jb")];
        assert!(checkup_text(&evil, None).contains("/a\\u{1b}[2Jb"));
    }
}
