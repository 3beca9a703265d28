//! What a terminal says back: programs ask it for its kind, its colours and its keyboard.

use std::collections::BTreeSet;

use vt100::{Callbacks, Screen};

/// Which terminal to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    /// Answer queries at all. A pipe dressed up as a terminal, as in CI, does not.
    pub(crate) answers: bool,
    /// Know what kitty knows: its keyboard protocol, in which keys arrive as CSI u once a program
    /// asks for it, its pictures, and the size of a cell.
    pub(crate) kitty: bool,
    /// Keep the answers back until [`super::pty::Pty::answer`].
    pub(crate) slow: bool,
    /// What it says of frames that are held back (mode 2026): 0 does not know it, 2 is switched off.
    pub(crate) synchronized: u8,
}

impl Terminal {
    pub(crate) const PLAIN: Self = Self {
        answers: true,
        kitty: false,
        slow: false,
        synchronized: 0,
    };
    pub(crate) const KITTY: Self = Self {
        kitty: true,
        ..Self::PLAIN
    };
    pub(crate) const MUTE: Self = Self {
        answers: false,
        ..Self::PLAIN
    };
    pub(crate) const SLOW: Self = Self {
        slow: true,
        ..Self::KITTY
    };
}

/// The state beside the screen, and the answers that are due.
#[derive(Debug)]
pub(crate) struct Keyboard {
    terminal: Terminal,
    /// Kitty keeps one stack per screen; programs here push and pop on one screen, so one is enough.
    flags: Vec<u16>,
    /// Private modes that vt100 does not model, such as focus reports, where they differ from what
    /// a terminal starts with.
    modes: BTreeSet<u16>,
    queries: Vec<String>,
    replies: Vec<u8>,
}

impl Keyboard {
    pub(crate) fn new(terminal: Terminal) -> Self {
        let (flags, modes) = (Vec::new(), BTreeSet::new());
        Self {
            terminal,
            flags,
            modes,
            queries: Vec::new(),
            replies: Vec::new(),
        }
    }

    /// What is to be written back to the program now.
    pub(crate) fn take_replies(&mut self) -> Vec<u8> {
        if self.terminal.slow {
            return Vec::new();
        }
        std::mem::take(&mut self.replies)
    }

    /// What a slow terminal has not answered yet.
    pub(crate) fn take_late_replies(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.replies)
    }

    /// Kitty's question whether pictures are shown, which vt100 does not call anybody for.
    pub(crate) fn pictures(&mut self) {
        self.asked("graphics", "\x1b_Gi=31;OK\x1b\\");
    }

    /// The queries so far, by name.
    pub(crate) fn queries(&self) -> &[String] {
        &self.queries
    }

    /// The flags of the kitty protocol in force; 0 is the legacy encoding.
    pub(crate) fn kitty_flags(&self) -> u16 {
        self.flags.last().copied().unwrap_or(0)
    }

    /// The bytes for Ctrl and an ASCII character, as this keyboard would send them now.
    pub(crate) fn ctrl(&self, key: char) -> Vec<u8> {
        assert!(key.is_ascii(), "Ctrl-{key} has no legacy encoding");
        if self.kitty_flags() & 1 == 1 {
            return format!("\x1b[{};5u", u32::from(key.to_ascii_lowercase())).into_bytes();
        }
        vec![key.to_ascii_uppercase() as u8 & 0x1f]
    }

    /// Names of everything that a program has switched on and not off again.
    pub(crate) fn leftovers(&self, screen: &Screen) -> Vec<String> {
        let mouse = screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None;
        let known = [
            (screen.alternate_screen(), "alternate screen"),
            (screen.bracketed_paste(), "bracketed paste"),
            (mouse, "mouse"),
            (screen.hide_cursor(), "hidden cursor"),
            (screen.application_cursor(), "application cursor keys"),
            (self.kitty_flags() != 0, "kitty keyboard"),
        ];
        let mut names: Vec<String> = known
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, name)| (*name).to_owned())
            .collect();
        names.extend(self.modes.iter().map(|mode| format!("mode {mode}")));
        names
    }

    fn answer(&mut self, query: &str, reply: &str) {
        self.queries.push(query.to_owned());
        if self.terminal.answers {
            self.replies.extend_from_slice(reply.as_bytes());
        }
    }

    /// Something that only kitty answers: who does not know the question says nothing.
    fn asked(&mut self, query: &str, reply: &str) {
        if self.terminal.kitty {
            self.answer(query, reply);
        } else {
            self.queries.push(query.to_owned());
        }
    }

    fn private_modes(&mut self, params: &[&[u16]], on: bool) {
        for mode in params.iter().filter_map(|param| param.first()) {
            // Only autowrap is on from the start.
            if on == (*mode == 7) {
                self.modes.remove(mode);
            } else {
                self.modes.insert(*mode);
            }
        }
    }
}

impl Callbacks for Keyboard {
    fn unhandled_csi(
        &mut self,
        screen: &mut Screen,
        first: Option<u8>,
        _second: Option<u8>,
        params: &[&[u16]],
        last: char,
    ) {
        let param = params
            .first()
            .and_then(|param| param.first())
            .copied()
            .unwrap_or(0);
        match (first, last) {
            (None, 'c') => self.answer("DA1", "\x1b[?62;22c"),
            (None, 'n') if param == 6 => {
                let (row, column) = screen.cursor_position();
                self.answer("CPR", &format!("\x1b[{};{}R", row + 1, column + 1));
            }
            (None, 't') if param == 16 => self.asked("cell size", "\x1b[6;20;10t"),
            (Some(b'>'), 'q') => self.answer("XTVERSION", "\x1bP>|hal9000-test(1)\x1b\\"),
            (Some(b'?'), 'h') => self.private_modes(params, true),
            (Some(b'?'), 'l') => self.private_modes(params, false),
            (Some(b'?'), 'p') => {
                let known = if param == 2026 {
                    self.terminal.synchronized
                } else {
                    0
                };
                let reply = format!("\x1b[?{param};{known}$y");
                self.answer(&format!("DECRQM {param}"), &reply);
            }
            (Some(b'?'), 'u') => {
                let flags = self.kitty_flags();
                self.asked("kitty", &format!("\x1b[?{flags}u"));
            }
            (Some(b'>'), 'u') if self.terminal.kitty => self.flags.push(param),
            (Some(b'='), 'u') if self.terminal.kitty => {
                self.flags.pop();
                self.flags.push(param);
            }
            (Some(b'<'), 'u') => {
                let left = self.flags.len().saturating_sub(usize::from(param.max(1)));
                self.flags.truncate(left);
            }
            _ => {}
        }
    }

    fn unhandled_osc(&mut self, _: &mut Screen, params: &[&[u8]]) {
        match params {
            [b"10", b"?"] => self.answer("OSC 10", "\x1b]10;rgb:dddd/dddd/dddd\x1b\\"),
            [b"11", b"?"] => self.answer("OSC 11", "\x1b]11;rgb:1111/1111/1111\x1b\\"),
            _ => {}
        }
    }
}
