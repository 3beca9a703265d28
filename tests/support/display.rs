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
    /// No more output: the program has gone, or the terminal was hung up.
    pub(crate) ended: bool,
    pub(crate) exited: bool,
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
            state.raw.extend_from_slice(&bytes[..count]);
            state.parser.process(&bytes[..count]);
            replies = state.parser.callbacks_mut().take_replies();
        });
        if master.write_all(&replies).is_err() {
            return;
        }
    }
}
