//! What bash knows of a line: the words as they were typed, before it takes them apart.

/// The words of a line up to the cursor, quotes and backslashes resolved, and what has to be taken
/// off the front of each candidate: bash completes only what comes after the last of `breaks`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The words; the last one is the one that is being typed, and may be empty.
    pub words: Vec<String>,
    /// The part of the last word that bash keeps.
    pub kept: String,
    /// Whether the last word is in quotes that are still open: then a candidate is written as it is.
    pub open: bool,
}

/// Read a line.
pub fn line(text: &str, breaks: &str) -> Line {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut begun = false;
    let mut quote = None;
    let mut kept = 0;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            (_, Some(open)) if letter == open => quote = None,
            ('\\', None | Some('"')) => word.extend(letters.next()),
            (_, Some(_)) => word.push(letter),
            ('\'' | '"', None) => {
                quote = Some(letter);
                kept = word.len();
            }
            (_, None) if letter.is_whitespace() => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                (begun, kept) = (false, 0);
                continue;
            }
            (_, None) => {
                word.push(letter);
                if breaks.contains(letter) {
                    kept = word.len();
                }
            }
        }
        begun = true;
    }
    let kept = word.get(..kept).unwrap_or_default().to_owned();
    words.push(word);
    Line {
        words,
        kept,
        open: quote.is_some(),
    }
}

impl Line {
    /// A candidate for the last word, as bash is to write it.
    pub fn written(&self, candidate: &str) -> String {
        let rest = candidate.strip_prefix(&self.kept).unwrap_or(candidate);
        if self.open {
            return rest.to_owned();
        }
        let mut text = String::new();
        for letter in rest.chars() {
            if !(letter.is_alphanumeric() || "-_./=:,@%+~".contains(letter)) {
                text.push('\\');
            }
            text.push(letter);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_as_they_were_typed() {
        const BREAKS: &str = " \t\n\"'@><=;|&(:";
        for (text, words, kept, open) in [
            ("", vec![""], "", false),
            ("h ", vec!["h", ""], "", false),
            ("h att", vec!["h", "att"], "", false),
            ("h  -p no", vec!["h", "-p", "no"], "", false),
            (
                "h --profile=no",
                vec!["h", "--profile=no"],
                "--profile=",
                false,
            ),
            ("h -v a:b", vec!["h", "-v", "a:b"], "a:", false),
            ("h 'a b' c\\ d", vec!["h", "a b", "c d"], "", false),
            ("h \"a b", vec!["h", "a b"], "", true),
            ("h '' x", vec!["h", "", "x"], "", false),
            ("h ünï", vec!["h", "ünï"], "", false),
            ("h x\\", vec!["h", "x"], "", false),
        ] {
            let line = line(text, BREAKS);
            assert_eq!(line.words, words, "{text}");
            assert_eq!((line.kept.as_str(), line.open), (kept, open), "{text}");
        }
    }

    #[test]
    fn a_candidate_is_written_as_the_shell_reads_it() {
        let plain = line("h --profile=no", "=");
        assert_eq!(plain.written("--profile=node"), "node");
        assert_eq!(line("h ", "").written("a b$c'd"), "a\\ b\\$c\\'d");
        assert_eq!(line("h 'a", "").written("a b"), "a b");
    }
}
