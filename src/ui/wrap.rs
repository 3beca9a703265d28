//! Lines for terminals that are narrower than they are: broken between words, below where their text
//! begins, and never in what is between backticks, which is there to be copied.

/// Narrower terminals are left to break lines themselves.
const NARROWEST: usize = 30;

/// Each line of `text` in lines of at most so many columns, as far as its words let it.
pub(super) fn wrap(text: &str, columns: usize) -> String {
    let lines = text.split('\n').map(|line| {
        if columns < NARROWEST || width(line) <= columns {
            line.to_owned()
        } else {
            broken(line, columns)
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn broken(line: &str, columns: usize) -> String {
    let start = start(line, columns);
    let (head, rest) = line.split_at(start);
    let leading = line.len() - line.trim_start().len();
    // Below a text that begins where its line does, the next line is told from the next message.
    let indent = if start == leading {
        start + 2
    } else {
        width(head)
    };
    let mut text = head.to_owned();
    let mut column = width(head);
    for (index, word) in words(rest).into_iter().enumerate() {
        if index > 0 && column + 1 + width(word) > columns {
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            column = indent;
        } else if index > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += width(word);
    }
    text
}

/// Where the text of a line begins: behind its last gap, where that leaves room.
fn start(line: &str, columns: usize) -> usize {
    let letters = line.char_indices().filter(|(_, c)| *c != ' ');
    let begins = letters.filter(|(at, _)| line[..*at].ends_with("  "));
    let open = |at: usize| line[..at].matches('`').count() % 2 == 1;
    let begins = begins.map(|(at, _)| at).filter(|at| !open(*at));
    let mut roomy = begins.filter(|at| width(&line[..*at]) <= columns * 2 / 3);
    roomy.next_back().unwrap_or(0)
}

/// What stays together: words, and what is between backticks.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut from = 0;
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '`' => quoted = !quoted,
            ' ' if !quoted => {
                words.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    words.push(&text[from..]);
    words
}

/// How many columns a text takes; colours take none.
fn width(text: &str) -> usize {
    let mut escaped = false;
    let counted = text.chars().filter(|c| {
        let counts = !escaped && *c != '\u{1b}';
        escaped = (escaped && *c != 'm') || *c == '\u{1b}';
        counts
    });
    counted.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_below_their_text() {
        let long =
            "hal-9000: \u{1b}[31merror\u{1b}[0m: no such directory: `a b`, nor one that is near";
        let hint = "  hint: look with `hal-9000 config show --json`; or do not look at it";
        let row = "warning  docker inside   whoever uses it is root on this machine";
        for (text, columns, expected) in [
            (
                long,
                44,
                "hal-9000: \u{1b}[31merror\u{1b}[0m: no such directory: `a b`,\n  nor one that is near",
            ),
            (long, 80, long),
            (long, 10, long),
            // What is copied stays in one piece, even where it is longer than the terminal is wide.
            (
                hint,
                32,
                "  hint: look with\n    `hal-9000 config show --json`;\n    or do not look at it",
            ),
            (
                row,
                50,
                "warning  docker inside   whoever uses it is root\n                         on this machine",
            ),
            ("a\n\nb", 40, "a\n\nb"),
        ] {
            assert_eq!(wrap(text, columns), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(text in "[a-z` é]{0,90}(\n[a-z ]{0,70})?", columns in 0_usize..90) {
            let shown = wrap(&text, columns);
            let letters = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(letters(&shown), letters(&text));
            let quoted = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
            if !text.contains('\n') && text.matches('`').count() % 2 == 0 {
                assert_eq!(quoted(&shown), quoted(&text));
            }
        }
    }
}
