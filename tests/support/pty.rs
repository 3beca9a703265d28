//! A program on a real pseudo-terminal, with a screen to look at and a keyboard to type on.

use std::ffi::CString;
use std::fs::{File, OpenOptions};
use std::io::{PipeWriter, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use vt100::Screen;

use super::PATIENCE;
use super::display::{Shared, read};
use super::terminal::{Keyboard, Terminal};
use super::user::User;

/// How to start a program on a pty.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) rows: u16,
    pub(crate) cols: u16,
    pub(crate) terminal: Terminal,
    pub(crate) user: Option<User>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rows: 30,
            cols: 100,
            terminal: Terminal::PLAIN,
            user: None,
        }
    }
}

/// The terminal, and the program in its foreground. The program is killed when this is dropped.
pub(crate) struct Pty {
    child: Child,
    pid: Pid,
    /// The only copy outside the reader; closed by [`Pty::hang_up`].
    master: Option<File>,
    /// Closing it ends the reader.
    stop: Option<PipeWriter>,
    reader: Option<thread::JoinHandle<()>>,
    shared: Arc<Shared>,
}

impl Pty {
    /// Start `program` with the environment and directory of `command`.
    pub(crate) fn spawn(command: &Command, options: &Options) -> Self {
        let (master, slave) = open(options);
        // setsid(1) gives the program a session with this controlling terminal, and execs, so that
        // the child's pid and status are the program's. `pre_exec` would need unsafe code.
        let mut words: Vec<_> = ["/usr/bin/setsid", "--ctty"].map(Into::into).to_vec();
        if let Some(user) = &options.user {
            words.extend(user.setpriv().into_iter().map(Into::into));
        }
        words.push(command.get_program().to_owned());
        words.extend(command.get_args().map(ToOwned::to_owned));
        let mut started = Command::new(&words[0]);
        started.args(&words[1..]).env_clear();
        started.envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        if let Some(dir) = command.get_current_dir() {
            started.current_dir(dir);
        }
        let copy = || Stdio::from(slave.try_clone().expect("a file can be duplicated"));
        started.stdin(copy()).stdout(copy()).stderr(copy());
        let child = started
            .spawn()
            .expect("setsid(1) of util-linux is installed");
        // Our copies of the other side keep the terminal open after the program has gone.
        drop((started, slave));
        let pid = Pid::from_child(&child);
        let shared = Arc::new(Shared::new(options.rows, options.cols, options.terminal));
        let (stopped, stop) = std::io::pipe().expect("a pipe can be made");
        let (mine, input) = (Arc::clone(&shared), master.try_clone().unwrap());
        let reader = thread::spawn(move || {
            read(input, &stopped, &mine);
            mine.change(|state| state.ended = true);
        });
        let mine = Arc::clone(&shared);
        thread::spawn(move || {
            // NOWAIT leaves the zombie to its owner, so the pid stays ours to signal until then.
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            let _ = waitid(WaitId::Pid(pid), options);
            mine.change(|state| state.exited = true);
        });
        let (master, stop, reader) = (Some(master), Some(stop), Some(reader));
        Self {
            child,
            pid,
            master,
            stop,
            reader,
            shared,
        }
    }

    /// Type these bytes.
    pub(crate) fn send(&self, bytes: impl AsRef<[u8]>) {
        let mut master = self.master.as_ref().expect("the terminal is not hung up");
        master
            .write_all(bytes.as_ref())
            .expect("the terminal takes input");
    }

    /// Type Ctrl and `key`, encoded as the program has asked this keyboard to.
    pub(crate) fn send_ctrl(&self, key: char) {
        let bytes = self.shared.lock().parser.callbacks().ctrl(key);
        self.send(bytes);
    }

    /// Answer now what a slow terminal was asked so far.
    pub(crate) fn answer(&self) {
        let mut state = self.shared.lock();
        let late = state.parser.callbacks_mut().take_late_replies();
        drop(state);
        self.send(late);
    }

    pub(crate) fn resize(&self, rows: u16, cols: u16) {
        let master = self.master.as_ref().expect("the terminal is not hung up");
        // The screen first: the program redraws as soon as it hears of the new size.
        self.shared.lock().parser.screen_mut().set_size(rows, cols);
        tcsetwinsize(master, size(rows, cols)).expect("the terminal has a size");
    }

    /// Look at the screen and the keyboard as they are now.
    pub(crate) fn look<T>(&self, at: impl FnOnce(&Screen, &Keyboard) -> T) -> T {
        let state = self.shared.lock();
        at(state.parser.screen(), state.parser.callbacks())
    }

    pub(crate) fn screen_text(&self) -> String {
        self.look(|screen, _| screen.contents())
    }

    /// Every byte that the program has written.
    pub(crate) fn raw(&self) -> Vec<u8> {
        self.shared.lock().raw.clone()
    }

    /// Modes that are switched on now: after a program that cleans up, none.
    pub(crate) fn leftovers(&self) -> Vec<String> {
        self.look(|screen, keyboard| keyboard.leftovers(screen))
    }

    /// Block until the program has written this so many times, on the screen still or not.
    pub(crate) fn wait_for_written(&self, text: &str, times: usize) {
        let so = self.shared.wait(PATIENCE, |state| {
            String::from_utf8_lossy(&state.raw).matches(text).count() >= times
        });
        assert!(so, "{text:?} was not written {times} times");
    }

    /// Block until exactly these modes are on.
    pub(crate) fn wait_for_modes(&self, modes: &[&str]) {
        let so = self.shared.wait(PATIENCE, |state| {
            let screen = state.parser.screen();
            state.parser.callbacks().leftovers(screen) == modes
        });
        assert!(so, "{:?} instead of {modes:?}", self.leftovers());
    }

    /// Block until the screen is so; fail with what it shows otherwise.
    pub(crate) fn wait_for(&self, what: &str, so: impl Fn(&Screen) -> bool) {
        if self.wait_within(PATIENCE, &so) {
            return;
        }
        let why = if self.shared.lock().ended {
            "the program ended"
        } else {
            "the time is up"
        };
        panic!(
            "waited for {what}, but {why}; the screen:\n{}",
            self.screen_text()
        );
    }

    /// Block until this text is on the screen.
    pub(crate) fn wait_for_text(&self, text: &str) {
        self.wait_for(&format!("{text:?}"), |screen| {
            screen.contents().contains(text)
        });
    }

    /// Whether the screen becomes so in this time. For proofs that something does *not* happen.
    pub(crate) fn wait_within(&self, within: Duration, so: impl Fn(&Screen) -> bool) -> bool {
        self.shared
            .wait(within, |state| so(state.parser.screen()) || state.ended)
            && so(self.shared.lock().parser.screen())
    }

    /// Block until the program has ended and its last output is on the screen.
    pub(crate) fn wait_exit(&mut self) -> ExitStatus {
        let ended = self
            .shared
            .wait(PATIENCE, |state| state.exited && state.ended);
        assert!(
            ended,
            "the program does not end; the screen:\n{}",
            self.screen_text()
        );
        self.child.wait().expect("the child is ours to wait for")
    }

    /// The program's process, which leads its session.
    pub(crate) fn pid(&self) -> Pid {
        self.pid
    }

    /// Close the terminal's window: its foreground gets SIGHUP.
    pub(crate) fn hang_up(&mut self) {
        self.stop.take();
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
        self.master.take();
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // Before the hang-up: SIGHUP would give the docker client time to do something about it.
        let _ = kill_process_group(self.pid, Signal::KILL);
        self.hang_up();
        let _ = self.child.wait();
    }
}

fn size(rows: u16, cols: u16) -> Winsize {
    Winsize {
        ws_row: rows,
        ws_col: cols,
        ws_xpixel: 0,
        ws_ypixel: 0,
    }
}

/// Both sides, closed on exec: a copy in some other test's child would keep the terminal open.
fn open(options: &Options) -> (File, File) {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    let master = openpt(flags).expect("a pty is free");
    grantpt(&master).expect("a new pty can be granted");
    unlockpt(&master).expect("a new pty can be unlocked");
    let name: CString = ptsname(&master, Vec::new()).expect("a pty has a name");
    let mut opening = OpenOptions::new();
    opening
        .read(true)
        .write(true)
        .custom_flags(nix::libc::O_NOCTTY);
    let slave = opening
        .open(std::ffi::OsStr::from_bytes(name.as_bytes()))
        .expect("a pty opens");
    tcsetwinsize(&master, size(options.rows, options.cols)).expect("a pty has a size");
    if let Some(user) = &options.user {
        // As login(1) does: programs open their terminal again by its name.
        std::os::unix::fs::fchown(&slave, Some(user.uid), None).expect("root may give a pty away");
    }
    (master.into(), slave)
}
