//! What a terminal has received, shared between its reader and those who wait for it.

use std::fs::File;
use std::io::{PipeReader, Read, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};

use super::terminal::{Keyboard, Terminal};

pub(crate) struct State {
    pub(crate) parser: vt100::Parser<Keyboard>,
    pub(crate) raw: Vec<u8>,
    /// No question about pictures begins before this.
    looked: usize,
    /// No more output: the program has gone, or the terminal was hung up.
    pub(crate) ended: bool,
    pub(crate) exited: bool,
}

/// How kitty's question about pictures begins, and how it ends.
const PICTURES: [&[u8]; 2] = [b"\x1b_G", b"\x1b\\"];

impl State {
    /// Take in what the program has written.
    fn process(&mut self, bytes: &[u8]) {
        let mut from = self.raw.len();
        self.raw.extend_from_slice(bytes);
        // The order of answers is that of questions, and vt100 passes over this one.
        while let Some(begin) = self.find(PICTURES[0]) {
            self.looked = begin;
            let Some(end) = self.find(PICTURES[1]) else {
                break;
            };
            let end = end + PICTURES[1].len();
            self.parser.process(&self.raw[from..end]);
            self.parser.callbacks_mut().pictures();
            (from, self.looked) = (end, end);
        }
        self.parser.process(&self.raw[from..]);
        if self.find(PICTURES[0]).is_none() {
            // A part of it may be there.
            self.looked = self.looked.max(self.raw.len().saturating_sub(2));
        }
    }

    fn find(&self, part: &[u8]) -> Option<usize> {
        let rest = &self.raw[self.looked..];
        let found = rest.windows(part.len()).position(|it| it == part);
        found.map(|at| self.looked + at)
    }
}

pub(crate) struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    pub(crate) fn new(rows: u16, cols: u16, terminal: Terminal) -> Self {
        let parser = vt100::Parser::new_with_callbacks(rows, cols, 1000, Keyboard::new(terminal));
        let state = State {
            parser,
            raw: Vec::new(),
            looked: 0,
            ended: false,
            exited: false,
        };
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    pub(crate) fn wait(&self, within: Duration, done: impl Fn(&State) -> bool) -> bool {
        let waiting = self
            .changed
            .wait_timeout_while(self.lock(), within, |state| !done(state));
        !waiting
            .map_or_else(|poisoned| poisoned.into_inner().1, |(_, timeout)| timeout)
            .timed_out()
    }
}

/// Take in all that the program writes, and answer its queries, until it ends or `stopped` closes.
pub(crate) fn read(mut master: File, stopped: &PipeReader, shared: &Shared) {
    let mut bytes = [0; 16 * 1024];
    loop {
        let mut sources = [
            PollFd::new(&master, PollFlags::IN),
            PollFd::new(stopped, PollFlags::IN),
        ];
        if poll(&mut sources, None).is_err() || !sources[1].revents().is_empty() {
            return;
        }
        // Linux says EIO once the other side is closed.
        let Ok(count @ 1..) = master.read(&mut bytes) else {
            return;
        };
        let mut replies = Vec::new();
        shared.change(|state| {
            state.process(&bytes[..count]);
            replies = state.parser.callbacks_mut().take_replies();
        });
        if master.write_all(&replies).is_err() {
            return;
        }
    }
}
