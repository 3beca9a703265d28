//! A block that shows a terminal: what is typed in it, and whether a terminal shows the rest.

use crate::support::markdown::Block;

/// A line that stands for any lines, up to the next.
const GAP: &str = "…";

/// What stands for a press of the Tab key.
pub(crate) const TAB: char = '⇥';

/// As many lines of a block are one of the terminal's, at most.
const LONGEST: usize = 4;

/// How a line begins that Claude says.
const SAID: &str = "● ";

/// What Claude draws around its words.
fn drawn(letter: char) -> bool {
    " ~❯─".contains(letter) || ('\u{2580}'..='\u{259f}').contains(&letter)
}

/// What somebody types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// A command, at a shell that asks so.
    Shell { prompt: String, typed: String },
    /// A line, at Claude's prompt; done when this is on the screen.
    Claude { typed: String, until: String },
}

/// `ann@box:~/shop$ ls` as prompt and command.
fn typed(line: &str) -> Option<(&str, &str)> {
    let (prompt, typed) = line.split_once("$ ").or(line.split_once("# "))?;
    let (who, directory) = prompt.split_once(':')?;
    let (user, host) = who.split_once('@')?;
    let words = [user, host, directory];
    let word = |it: &&str| !it.is_empty() && !it.contains(char::is_whitespace);
    let sign = line.get(prompt.len()..=prompt.len())?;
    let whole = line.get(..prompt.len() + sign.len())?;
    words.iter().all(word).then_some((whole, typed))
}

/// What is typed in a block, in its order.
pub(crate) fn steps(block: &Block) -> Vec<Step> {
    let mut steps = Vec::new();
    for (index, line) in block.lines.iter().enumerate() {
        if let Some((prompt, typed)) = typed(line) {
            let (prompt, typed) = (prompt.to_owned(), typed.to_owned());
            steps.push(Step::Shell { prompt, typed });
        } else if let Some(line) = line.strip_prefix("! ") {
            let mut rest = block.lines[index + 1..].iter();
            let answer = rest.find_map(|line| line.strip_prefix(SAID));
            let until = answer.expect("Claude answers").to_owned();
            let typed = format!("! {line}");
            steps.push(Step::Claude { typed, until });
        }
    }
    steps
}

/// What Claude says in it.
pub(crate) fn answers(block: &Block) -> impl Iterator<Item = &str> {
    block
        .lines
        .iter()
        .filter_map(|line| line.strip_prefix(SAID))
}

/// What to write instead, unless the block shows these lines.
pub(crate) fn differs(block: &Block, shown: &[String]) -> Option<String> {
    let varies: Vec<&str> = block
        .note("varies")
        .map(|words| words.split(", ").collect())
        .unwrap_or_default();
    for word in &varies {
        let there = block.lines.iter().any(|line| line.contains(word));
        assert!(there, "{}: no `{word}` to vary", block.place());
    }
    let full = |line: &&String| !plain(line).is_empty();
    let lines: Vec<&str> = block
        .lines
        .iter()
        .filter(full)
        .map(String::as_str)
        .collect();
    let gap = |line: &&str| plain(line) == GAP;
    let open = lines.windows(2).any(|two| two.iter().all(gap)) || lines.last().is_some_and(gap);
    assert!(!open, "{}: a gap that nothing closes", block.place());
    for line in lines.iter().filter(|line| !gap(line)) {
        let told: usize = parts(line, &varies)
            .iter()
            .map(|part| part.trim().len())
            .sum();
        assert!(told > 0, "{}: `{line}` says nothing", block.place());
    }
    let seen: Vec<&str> = shown.iter().filter(full).map(String::as_str).collect();
    // How much of the block can be how much of what is shown.
    let mut same = vec![vec![false; seen.len() + 1]; lines.len() + 1];
    same[0][0] = true;
    for (at, from) in (0..lines.len()).flat_map(|at| (0..=seen.len()).map(move |from| (at, from))) {
        if !same[at][from] {
            continue;
        }
        if gap(&lines[at]) {
            same[at + 1][from..].fill(true);
            continue;
        }
        // A long line may be written in several, and a narrow terminal breaks lines, too.
        let several = |all: usize, from: usize| 1..=LONGEST.min(all - from);
        for length in several(lines.len(), at) {
            let line = parts(&lines[at..at + length].join(" "), &varies);
            for rows in several(seen.len(), from) {
                let row = plain(&seen[from..from + rows].join(" "));
                same[at + length][from + rows] |= fits(&line, &row);
            }
        }
    }
    if same[lines.len()][seen.len()] {
        return None;
    }
    let place = block.place();
    let reached = same.iter().rposition(|row| row.contains(&true));
    let line = lines.get(reached.unwrap_or(0)).unwrap_or(&"its end");
    let shown = shown.join("\n");
    Some(format!(
        "{place}: from `{line}` on it should be, but for what varies:\n{shown}\n"
    ))
}

/// The line without its variable words, between which anything may be.
fn parts(line: &str, varies: &[&str]) -> Vec<String> {
    let mut line = plain(&line.replace(TAB, ""));
    for word in varies {
        line = line.replace(word, "…");
    }
    line.split('…').map(str::to_owned).collect()
}

/// Columns are as wide as what is in them, and paths are longer here; Claude's figure moves.
fn plain(line: &str) -> String {
    let line = line.replace('\u{a0}', " ");
    let line = line.trim_start_matches(drawn).trim_end();
    let mut text = String::new();
    for letter in line.chars() {
        if letter != ' ' || !text.ends_with(' ') {
            text.push(letter);
        }
    }
    text
}

/// Whether the line is these parts, with something between each two.
fn fits(parts: &[String], line: &str) -> bool {
    let [first, middle @ .., last] = parts else {
        return parts.first().is_some_and(|only| only == line);
    };
    let Some(mut rest) = line.strip_prefix(first.as_str()) else {
        return false;
    };
    for part in middle {
        let mut places = rest.match_indices(part.as_str());
        let Some((at, _)) = places.find(|(at, _)| *at > 0) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.len() > last.len() && rest.ends_with(last.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_told_from_what_is_said() {
        let line = "ann@box:~/shop$ echo $HOME";
        assert_eq!(typed(line), Some(("ann@box:~/shop$", "echo $HOME")));
        for line in ["root: 5$ a", "ann@box costs 5$ or so", "a@b:$ ls"] {
            assert_eq!(typed(line), None, "{line}");
        }
    }

    #[test]
    fn a_picture_is_all_that_is_shown() {
        let block = Block::new("console", "a@b:~$ x\none\n…\nfour\na long\nline");
        let wrong = |shown: &str| {
            let shown: Vec<String> = shown.split('|').map(str::to_owned).collect();
            differs(&block, &shown)
        };
        assert_eq!(wrong("a@b:~$ x|one|two|three|four|a long line"), None);
        assert_eq!(wrong("a@b:~$ x|one|four||a long line"), None);
        assert_eq!(wrong("a@b:~$ x|one|two|four|a|  long line"), None);
        for shown in [
            "a@b:~$ x|one|two",
            "a@b:~$ x|one|two|four|a long line|more",
            "a@b:~$ x|two|four|a long line",
            "a@b:~$ x|one|two|a long line",
            "a@b:~$ x|one|four|a longline",
        ] {
            assert!(wrong(shown).is_some(), "{shown}");
        }
    }

    #[test]
    fn only_what_varies_may_differ() {
        let fits = |line: &str, seen: &str| fits(&parts(line, &["45s"]), &plain(seen));
        assert!(fits("runs since 45s, well", "runs   since 3h, well "));
        assert!(fits("a … b … c", "a 1 b 2 b 3 c"));
        assert!(fits(" ▐▛█   x", "▂██ x"));
        assert!(!fits("runs since 45s, well", "runs since , well"));
        assert!(!fits("runs since 45s, well", "runs since 3h, ill"));
        assert!(!fits("runs", "run"));
        assert!(!fits("a … b", "a b"));
    }
}
