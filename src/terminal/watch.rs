//! Claude, watched while it starts where no terminal is, and answered as one.

use super::answers::{Query, question};
use super::sequence::{Piece, Scanner};
use super::{Answers, Modes};

/// The title that Claude gives the window when it shows its prompt, and that no dialog before it does
/// (trust, login, a key's approval, settings that are broken; measured with 2.1.330).
const TITLE: &str = "✳ Claude Code";

/// The prompt, with the no-break space that follows it there and in no menu.
const PROMPT: &str = "❯\u{a0}";

/// How often Claude asks for the attributes: at the end of each of two rounds of questions.
const ROUNDS: usize = 2;

/// How much of the text is kept to tell what stands in the way.
const KEPT: usize = 8 * 1024;

/// What has been seen so far.
#[derive(Debug)]
pub struct Watch {
    answers: Answers,
    scanner: Scanner,
    modes: Modes,
    text: Vec<u8>,
    prompt: bool,
    titled: bool,
    rounds: usize,
}

impl Watch {
    /// Answer as a terminal that answers like this.
    pub fn new(answers: &Answers) -> Self {
        Self {
            answers: answers.clone(),
            scanner: Scanner::default(),
            modes: Modes::default(),
            text: Vec::new(),
            prompt: false,
            titled: false,
            rounds: 0,
        }
    }

    /// Claude wrote this: what the terminal sends back.
    pub fn see(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut reply = Vec::new();
        let Self {
            answers,
            scanner,
            modes,
            text,
            prompt,
            titled,
            rounds,
        } = self;
        scanner.feed(bytes, |piece| {
            modes.see(piece);
            if let Piece::Text(part) = piece {
                text.extend_from_slice(part);
                *prompt |= contains(text, PROMPT.as_bytes());
                let surplus = text.len().saturating_sub(KEPT);
                text.drain(..surplus);
            }
            // Under load the title may come last.
            *titled |= modes.title() == Some(TITLE);
            let Some(query) = question(piece) else {
                return;
            };
            if query == Query::Attributes {
                *rounds += 1;
            }
            reply.extend_from_slice(answers.of(query).unwrap_or_default().as_bytes());
        });
        reply
    }

    /// Whether Claude waits for what somebody types.
    pub fn at_prompt(&self) -> bool {
        self.prompt && self.titled
    }

    /// Whether it will ask nothing more.
    pub fn settled(&self) -> bool {
        self.at_prompt() && self.rounds >= ROUNDS
    }

    /// The state of the terminal.
    pub fn modes(&self) -> &Modes {
        &self.modes
    }

    /// The last words on the screen, in one line: what stands before the prompt.
    pub fn words(&self) -> String {
        let text = String::from_utf8_lossy(&self.text);
        let words: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || c.is_control())
            .collect();
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let last = words.len().saturating_sub(40);
        words[last..].join(" ")
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUND: &str = "\x1b[>0q\x1b[?u\x1b]7501;?\x07\x1b[c";
    const SECOND: &str =
        "\x1b[?2026$p\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[16t\x1b[?1016$p\x1b[c";

    #[test]
    fn a_prompt_is_told_from_a_dialog() {
        let title = "\x1b]0;✳ Claude Code\x07";
        for (output, prompt) in [
            (
                format!("{title}\x1b[?1049h\x1b[2J❯\u{a0}\x1b[7m \x1b[m"),
                true,
            ),
            (
                "\x1b[2JDo you trust the files?\r\n❯\x1b[3G1. Yes".to_owned(),
                false,
            ),
            (format!("❯\u{a0}{title}"), true),
            ("❯\u{a0}".to_owned(), false),
            (title.to_owned(), false),
            (format!("{title}❯ 1. Yes"), false),
            (String::new(), false),
        ] {
            let mut watch = Watch::new(&Answers::plain());
            // Byte by byte: nothing depends on how it comes.
            for byte in output.as_bytes() {
                watch.see(&[*byte]);
            }
            assert_eq!(watch.at_prompt(), prompt, "{output:?}");
            assert!(!watch.settled());
        }
    }

    #[test]
    fn questions_are_answered_as_the_terminal_would() {
        let mut watch = Watch::new(&Answers::plain());
        watch.see("\x1b]0;✳ Claude Code\x07❯\u{a0}".as_bytes());
        assert_eq!(watch.see(ROUND.as_bytes()), b"\x1b[?62;22c");
        assert!(!watch.settled());
        assert_eq!(watch.see(SECOND.as_bytes()), b"\x1b[?62;22c");
        assert!(watch.settled());
        let (kitty, _) = super::super::read(b"\x1b[?0u\x1b[?2026;2$y\x1bP>|kitty\x1b\\\x1b[?62c");
        let mut watch = Watch::new(&kitty);
        let expected = b"\x1bP>|kitty\x1b\\\x1b[?0u\x1b[?62c";
        assert_eq!(watch.see(ROUND.as_bytes()), expected);
        assert_eq!(watch.see(SECOND.as_bytes()), b"\x1b[?2026;2$y\x1b[?62c");
    }

    #[test]
    fn what_stands_in_the_way_is_told() {
        let mut watch = Watch::new(&Answers::plain());
        watch.see("\x1b[2JDo you\r\n trust \x1b[1mthis\x1b[m?".as_bytes());
        assert_eq!(watch.words(), "Do you trust this?");
    }
}
