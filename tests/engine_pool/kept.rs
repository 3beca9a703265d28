//! A house with a pool, whose Claude is past its first questions and talks to a script.

use crate::support::api::{Api, Turn};
use crate::support::claude_home;
use crate::support::house::House;
use crate::support::pty::{Options, Pty};
use crate::support::terminal::Terminal;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

pub(crate) struct Kept {
    pub(crate) house: House,
    pub(crate) api: Api,
    _room: Room,
}

/// Fifty at once take the machine: beside them no other Claude comes to its prompt in time.
static MACHINE: RwLock<()> = RwLock::new(());

#[expect(dead_code, reason = "held until the test ends")]
enum Room {
    Shared(RwLockReadGuard<'static, ()>),
    Alone(RwLockWriteGuard<'static, ()>),
}

impl Kept {
    /// `None`, said on stderr, where there is no engine.
    pub(crate) fn new(test: &str) -> Option<Self> {
        Self::with(test, [])
    }

    /// With no other test of these beside it.
    pub(crate) fn alone(test: &str) -> Option<Self> {
        let room = MACHINE.write().unwrap_or_else(PoisonError::into_inner);
        Self::made(test, [], Room::Alone(room))
    }

    /// Claude's answers are these.
    pub(crate) fn with(test: &str, script: impl IntoIterator<Item = Turn>) -> Option<Self> {
        let room = MACHINE.read().unwrap_or_else(PoisonError::into_inner);
        Self::made(test, script, Room::Shared(room))
    }

    fn made(test: &str, script: impl IntoIterator<Item = Turn>, room: Room) -> Option<Self> {
        let house = House::new(test)?;
        let api = Api::start(house.bench.docker.bridge(), script);
        let sandbox = &house.bench.sandbox;
        let seed = sandbox.make_dir("home/project/seed");
        let second = sandbox.home().join("second");
        claude_home::seed_with_api(&seed, &[sandbox.project(), &second], &api.url());
        sandbox.give_all(&seed);
        let copy = "cp seed/.claude.json seed/settings.json ~/.claude/ && rm -r seed";
        sandbox.run(&["shell", "sh", "-c", copy]).expect_code(0);
        Some(Self {
            house,
            api,
            _room: room,
        })
    }

    /// `hal-9000` with these words on a terminal.
    pub(crate) fn on(&self, terminal: Terminal, args: &[&str]) -> Pty {
        let options = Options {
            terminal,
            ..Options::default()
        };
        let sandbox = &self.house.bench.sandbox;
        sandbox.pty_with(&sandbox.binary(), args, &options)
    }

    /// The same, up to Claude's prompt.
    pub(crate) fn claude(&self, args: &[&str]) -> Pty {
        let pty = self.on(Terminal::PLAIN, args);
        pty.wait_for_text("? for shortcuts");
        pty
    }

    /// `pool warm` for a terminal like the ones that sessions are started on.
    pub(crate) fn warm(&self) {
        self.warm_on(Terminal::PLAIN);
    }

    /// The same for this terminal.
    pub(crate) fn warm_on(&self, terminal: Terminal) {
        let mut pty = self.on(terminal, &["pool", "warm"]);
        assert_eq!(pty.wait_exit().code(), Some(0), "{}", pty.screen_text());
    }

    /// `pool status --json`, the pool's part.
    pub(crate) fn status(&self) -> Value {
        let text = self.house.ok(&["pool", "status", "--json"]);
        serde_json::from_str::<Value>(&text).unwrap()["pool"].clone()
    }

    /// The containers that wait, by id.
    pub(crate) fn spares(&self) -> BTreeSet<String> {
        let names = self.listed("{{.Names}} {{.Label \"hal9000.spare\"}} {{.ID}}");
        let spare = |line: &String| {
            let words: Vec<&str> = line.split(' ').collect();
            (words[0] == words[1]).then(|| words[2].to_owned())
        };
        names.iter().filter_map(spare).collect()
    }

    /// The sessions, by id.
    pub(crate) fn sessions(&self) -> BTreeSet<String> {
        let all = self.listed("{{.ID}} {{.Label \"hal9000.session\"}}");
        let sessions = all.iter().filter_map(|line| line.strip_suffix(" true"));
        let sessions: BTreeSet<String> = sessions.map(str::to_owned).collect();
        &sessions - &self.spares()
    }

    /// The containers of this instance that run, each as this template.
    pub(crate) fn listed(&self, format: &str) -> Vec<String> {
        let instance = self.house.bench.instance.name();
        let filter = format!("--filter=label=hal9000.instance={instance}");
        let format = format!("--format={format}");
        let text = self
            .house
            .bench
            .docker
            .ok(&["ps", "--no-trunc", &filter, &format]);
        text.lines().map(str::to_owned).collect()
    }

    /// Wait until so many wait at their prompt, and no others are there or coming.
    pub(crate) fn until_ready(&self, count: usize) -> BTreeSet<String> {
        self.house.until(&format!("{count} wait"), || {
            let status = self.status();
            let spares = status["spares"].as_array().unwrap();
            spares.len() == count
                && spares.iter().all(|spare| spare["state"] == "ready")
                && self.spares().len() == count
        });
        self.spares()
    }

    /// Wait until those that wait are at their prompt, however many.
    pub(crate) fn until_ready_any(&self) -> BTreeSet<String> {
        self.house.until("they are ready", || {
            let status = self.status();
            let spares = status["spares"].as_array().unwrap();
            !spares.is_empty()
                && spares.iter().all(|spare| spare["state"] == "ready")
                && self.spares().len() == spares.len()
        });
        self.spares()
    }

    /// Say something to the coordinator.
    pub(crate) fn say(&self, request: &Value) -> Value {
        let mut stream = UnixStream::connect(self.house.socket()).unwrap();
        stream.write_all(format!("{request}\n").as_bytes()).unwrap();
        let mut answer = String::new();
        BufReader::new(stream).read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    /// What the coordinator remembers that the next session would be.
    pub(crate) fn want(&self) -> Value {
        let file = "/var/lib/hal9000/state/pool.json";
        let text = self
            .house
            .inside(&self.house.parent(), &format!("cat {file}"));
        serde_json::from_str::<Value>(&text).unwrap()["wants"][0].clone()
    }

    pub(crate) fn end(self) {
        self.house.end();
    }
}
