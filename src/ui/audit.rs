//! What guards decided, and by which rules. Paths and names in it are what programs in sessions chose.

use crate::guard::GuardRule;
use crate::guard::decision::{Outcome, Written};

/// The width of a page of rules, where the terminal is no narrower.
const WIDTH: usize = 80;

/// A line of the audit of `session`, in columns; one that is no decision is shown as it is.
pub fn audit_line(
    session: &str,
    width: usize,
    decision: Result<(&Written, String), &str>,
) -> String {
    let session = harmless(session);
    let (decision, time) = match decision {
        Ok(decision) => decision,
        Err(line) => return format!("{session:width$}  not understood: {}", harmless(line)),
    };
    let outcome = match decision.outcome {
        Outcome::Allowed => "allowed",
        Outcome::Rewritten => "rewritten",
        Outcome::Refused => "refused",
    };
    let (method, path) = (harmless(&decision.method), harmless(&decision.path));
    let time = harmless(&time);
    let mut line = format!("{time}  {session:width$}  {outcome:9}  {method:6} {path}");
    if let Some(rule) = &decision.rule {
        line.push_str(&format!("  {}", harmless(rule)));
    }
    if let Some(field) = decision.field.as_ref().filter(|field| !field.is_empty()) {
        line.push_str(&format!(": {}", harmless(field)));
    }
    let changed = decision.changed.iter();
    let changed: Vec<String> = changed
        .map(|change| format!("{} ({})", harmless(&change.field), harmless(&change.rule)))
        .collect();
    if !changed.is_empty() {
        line.push_str(&format!("  changed {}", changed.join(", ")));
    }
    line
}

/// Text on one line that a terminal does not obey, and that shows no other order than it has.
fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\'' | '"' | '\\' => shown.push(c),
            c => shown.extend(c.escape_debug()),
        }
    }
    shown
}

/// The rules, by area: what each is for, and what to do instead.
pub fn rules_text<'a>(
    rules: impl IntoIterator<Item = &'a GuardRule>,
    terminal: Option<usize>,
) -> String {
    let width = terminal.map_or(WIDTH, |columns| columns.min(WIDTH));
    let mut text = String::new();
    let mut area = None;
    for rule in rules {
        if area != Some(rule.area) {
            text.push_str(&format!(
                "{}{}\n",
                if area.is_some() { "\n" } else { "" },
                rule.area
            ));
            area = Some(rule.area);
        }
        text.push_str(&format!("\n  {}\n", rule.id));
        text.push_str(&wrapped(rule.stops, "    ", "    ", width));
        text.push_str(&wrapped(rule.instead, "    → ", "      ", width));
    }
    text
}

/// Lines of at most this width.
fn wrapped(text: &str, first: &str, others: &str, width: usize) -> String {
    let mut lines = String::new();
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > width {
            lines.push_str(&line);
            lines.push('\n');
            others.clone_into(&mut line);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push_str(&line);
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::rules;

    fn line(text: &str) -> String {
        let decision = Written::parse(text).unwrap();
        audit_line("shop", 6, Ok((&decision, decision.time.clone())))
    }

    #[test]
    fn a_line_has_everything_in_columns() {
        for (text, shown) in [
            (
                r#"{"time":"T","session":"shop","method":"POST","path":"/containers/x/start","outcome":"allowed"}"#,
                "T  shop    allowed    POST   /containers/x/start",
            ),
            (
                r#"{"time":"T","session":"shop","method":"POST","path":"/build","query":"t=a","outcome":"rewritten","changed":[{"field":"Labels","rule":"HAL-G-LABEL"},{"field":"HostConfig.CapDrop","rule":"HAL-G-MKNOD"}]}"#,
                "T  shop    rewritten  POST   /build  changed Labels (HAL-G-LABEL), HostConfig.CapDrop (HAL-G-MKNOD)",
            ),
            (
                r#"{"time":"T","session":"shop","method":"POST","path":"/containers/create","outcome":"refused","rule":"HAL-G-PRIVILEGED","field":"HostConfig.Privileged"}"#,
                "T  shop    refused    POST   /containers/create  HAL-G-PRIVILEGED: HostConfig.Privileged",
            ),
        ] {
            assert_eq!(line(text), shown);
        }
        assert_eq!(
            audit_line("s", 1, Err("{\u{1b}")),
            "s  not understood: {\\u{1b}"
        );
    }

    #[test]
    fn no_terminal_obeys_a_line() {
        let text = r#"{"time":"\u001b[2J","session":"x","method":"G\u009b","path":"/a\r\nb\u202e\u0007 é'\\","outcome":"refused","rule":"\u007f","field":"\u0000"}"#;
        let shown = line(text);
        assert!(
            !shown.contains(char::is_control) && !shown.contains('\u{202e}'),
            "{shown:?}"
        );
        assert!(
            shown.contains(r"/a\r\nb\u{202e}\u{7} é'\  \u{7f}: \0"),
            "{shown}"
        );
        let shown = audit_line("\u{1b}]0;x\u{7}", 3, Err("\u{9d}"));
        assert!(!shown.contains(char::is_control), "{shown:?}");
    }

    #[test]
    fn every_rule_is_on_the_page() {
        let text = rules_text(rules(), None);
        for rule in rules() {
            assert!(text.contains(&format!("\n  {}\n", rule.id)), "{}", rule.id);
        }
        for line in text.lines() {
            assert!(
                line.chars().count() <= WIDTH && line.trim_end() == line,
                "{line:?}"
            );
        }
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = words(&text);
        for rule in rules() {
            let (stops, instead) = (words(rule.stops), words(rule.instead));
            assert!(
                text.contains(&format!("{stops} → {instead}")),
                "{}",
                rule.id
            );
        }
    }
}
