//! The state in which a program has left its terminal, as far as a terminal that comes later would
//! have to be in it, too.

use super::sequence::Piece;
use std::collections::BTreeSet;

/// The alternate screen.
const ALTERNATE: u16 = 1049;

/// The cursor is shown.
const CURSOR: u16 = 25;

/// A frame is held back until it is complete: nothing to begin with.
const SYNCHRONIZED: u16 = 2026;

/// Modes that a terminal has switched on from the start: shown cursor, wrapped lines.
const FROM_THE_START: [u16; 2] = [7, CURSOR];

/// The longest title that is kept.
const LONGEST_TITLE: usize = 300;

/// Modes, keyboard and title.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Modes {
    /// Private modes that differ from what a terminal starts with.
    changed: BTreeSet<u16>,
    /// The stacks of kitty's keyboard protocol, of the main and of the alternate screen.
    keyboard: [Vec<u16>; 2],
    /// xterm's `modifyOtherKeys`.
    other_keys: Option<u16>,
    title: Option<String>,
}

impl Modes {
    /// Whether the alternate screen is shown.
    pub fn alternate(&self) -> bool {
        self.changed.contains(&ALTERNATE)
    }

    /// The window's title.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// What brings a terminal that is fresh into this state, with an empty screen.
    pub fn restore(&self) -> String {
        let mut text = String::new();
        let set = |mode: u16| {
            let on = !FROM_THE_START.contains(&mode);
            format!("\x1b[?{mode}{}", if on { 'h' } else { 'l' })
        };
        let last = [ALTERNATE, CURSOR, SYNCHRONIZED];
        let early = self.changed.iter().filter(|mode| !last.contains(mode));
        text.extend(early.map(|mode| set(*mode)));
        let push = |flags: &u16| format!("\x1b[>{flags}u");
        let [main, alternate] = &self.keyboard;
        text.extend(main.iter().map(push));
        if let Some(title) = &self.title {
            text.push_str(&format!("\x1b]0;{title}\x07"));
        }
        if self.alternate() {
            text.push_str("\x1b[?1049h\x1b[2J");
        }
        text.push_str("\x1b[H");
        if self.alternate() {
            text.extend(alternate.iter().map(push));
        }
        if let Some(value) = self.other_keys {
            text.push_str(&format!("\x1b[>4;{value}m"));
        }
        if self.changed.contains(&CURSOR) {
            text.push_str(&set(CURSOR));
        }
        text
    }

    pub(super) fn see(&mut self, piece: Piece<'_>) {
        match piece {
            Piece::Csi(body) => self.csi(body),
            Piece::Osc(body) => {
                let title = body
                    .strip_prefix(b"0;")
                    .or_else(|| body.strip_prefix(b"2;"));
                if let Some(title) = title {
                    let title = String::from_utf8_lossy(title);
                    let plain = title.chars().filter(|c| !c.is_control());
                    self.title = Some(plain.take(LONGEST_TITLE).collect());
                }
            }
            Piece::Text(_) | Piece::Dcs(_) | Piece::Apc(_) => {}
        }
    }

    fn csi(&mut self, body: &[u8]) {
        let Ok(text) = std::str::from_utf8(body) else {
            return;
        };
        let numbers = |text: &str| -> Vec<u16> {
            text.split(';')
                .filter_map(|number| number.parse().ok())
                .collect()
        };
        if let Some(modes) = text.strip_prefix('?') {
            let on = match modes.chars().last() {
                Some('h') => true,
                Some('l') => false,
                _ => return,
            };
            for mode in numbers(&modes[..modes.len() - 1]) {
                if on == FROM_THE_START.contains(&mode) {
                    self.changed.remove(&mode);
                } else {
                    self.changed.insert(mode);
                }
            }
            return;
        }
        let stack = &mut self.keyboard[usize::from(self.changed.contains(&ALTERNATE))];
        let number = |rest: &str| rest.parse::<u16>().unwrap_or_default();
        if let Some(flags) = within(text, '>', 'u') {
            stack.push(number(flags));
        } else if let Some(count) = within(text, '<', 'u') {
            let count = usize::from(number(count).max(1));
            stack.truncate(stack.len().saturating_sub(count));
        } else if let Some(flags) = within(text, '=', 'u') {
            stack.pop();
            stack.push(number(flags.split(';').next().unwrap_or_default()));
        } else if let Some(resource) = within(text, '>', 'm')
            && let [4, rest @ ..] = &numbers(resource)[..]
        {
            self.other_keys = rest.first().copied().filter(|value| *value > 0);
        }
    }
}

fn within(text: &str, first: char, last: char) -> Option<&str> {
    text.strip_prefix(first)?.strip_suffix(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::sequence::Scanner;
    use proptest::prelude::*;

    fn of(bytes: &[u8]) -> Modes {
        let mut modes = Modes::default();
        Scanner::default().feed(bytes, |piece| modes.see(piece));
        modes
    }

    const CLAUDE: &[u8] = "\x1b[?25h\x1b[?2004h\x1b[?2031h\x1b[>5u\x1b[>4;2m\x1b[?1004h\x1b]0;✳ Claude Code\x07\
        \x1b[?1049h\x1b[2J\x1b[H\x1b[?1000h\x1b[?1002h\x1b[?1003h\x1b[?1006h\x1b[?25l\x1b[>5u❯ \x1b[?2026h…\x1b[?2026l"
        .as_bytes();

    #[test]
    fn what_claude_switches_on_is_known() {
        let modes = of(CLAUDE);
        assert!(modes.alternate());
        assert_eq!(modes.title(), Some("✳ Claude Code"));
        let expected = "\x1b[?1000h\x1b[?1002h\x1b[?1003h\x1b[?1004h\x1b[?1006h\x1b[?2004h\x1b[?2031h\
            \x1b[>5u\x1b]0;✳ Claude Code\x07\x1b[?1049h\x1b[2J\x1b[H\x1b[>5u\x1b[>4;2m\x1b[?25l";
        assert_eq!(modes.restore(), expected);
        let ended =
            b"\x1b[<u\x1b[>4m\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\
            \x1b[?2031l\x1b[?1049l\x1b[<u\x1b[?25h\x1b]0;\x07";
        let after = of(&[CLAUDE, ended].concat());
        assert_eq!(after.restore(), "\x1b]0;\x07\x1b[H");
    }

    #[test]
    fn a_title_cannot_smuggle_anything() {
        let modes = of("\x1b]2;a\u{9c}b\u{9b}c\nd\x07".as_bytes());
        assert_eq!(modes.title(), Some("abcd"));
    }

    proptest! {
        /// A terminal that is brought into a state is in it.
        #[test]
        fn it_is_restored(pieces in proptest::collection::vec(prop_oneof![
            (1..3000_u16, any::<bool>()).prop_map(|(m, on)| format!("\x1b[?{m}{}", if on { 'h' } else { 'l' })),
            Just("\x1b[?1049h".to_owned()), Just("\x1b[?25l".to_owned()), Just("\x1b[?7l".to_owned()),
            (0..32_u16).prop_map(|f| format!("\x1b[>{f}u")), Just("\x1b[<u".to_owned()),
            (0..3_u16).prop_map(|v| format!("\x1b[>4;{v}m")), "[a-z]{0,9}".prop_map(|t| format!("\x1b]0;{t}\x07")),
        ], 0..30)) {
            let mut modes = of(pieces.concat().as_bytes());
            let again = of(modes.restore().as_bytes());
            modes.changed.remove(&SYNCHRONIZED);
            // What is on the stack of a screen that is not shown waits for it to be shown again.
            if !modes.alternate() {
                modes.keyboard[1].clear();
            }
            prop_assert_eq!(again, modes);
        }

        #[test]
        fn nothing_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = of(&bytes).restore();
        }
    }
}
