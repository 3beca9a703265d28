//! Somebody at a terminal, who types what the pictures of a page show.

use std::path::Path;
use std::time::Duration;

use hal9000::model::ProjectDir;
use vt100::Screen;

use crate::picture::{Step, TAB, answers, steps};
use crate::support::api::{Api, Turn};
use crate::support::claude_home;
use crate::support::markdown::Block;
use crate::support::pty::{Options, Pty};
use crate::support::session::Bench;

/// Where the pictures say that the home directory is.
const HOME: &str = "/home/ann";

/// The prompt of the pictures' own machine, which ends each of them.
const PROMPT: &str = "ann@box:";

/// What the pictures call a session's container: the first twelve digits of its id.
const CONTAINER: &str = "5d1f0c7a2b3e";

/// The directories of the pictures.
const PROJECTS: [&str; 2] = ["shop", "blog"];

/// What is below the home directory of the pictures, beside what a page says of files.
const FILES: [(&str, &str); 3] = [
    ("shop/notes.txt", "ship on Friday\n"),
    ("shop/src/.keep", ""),
    // of the older tool
    (
        ".hal9000/claude/claudy-shop-1a2b3c4d/.claude/history.jsonl",
        "{}\n",
    ),
];

/// As many rows as a block has at most, with room for Claude; so wide that no table is broken up, whose
/// paths are longer here.
const SIZE: (u16, u16) = (120, 120);

/// How often a machine under load may be too late.
const TRIES: usize = 50;

pub(crate) struct Sitting {
    bench: Bench,
    _api: Api,
}

impl Sitting {
    /// `None`, said on stderr, where there is no engine. The files are those that the page shows, and
    /// so is what Claude says: no model is asked.
    pub(crate) fn new(test: &str, all: &[Block]) -> Option<Self> {
        let mut bench = Bench::new(test)?;
        let turns = all.iter().flat_map(answers).map(Turn::text);
        let api = Api::start(bench.docker.bridge(), turns);
        let fixed = [
            ("USER", "ann"),
            ("PS1", r"ann@box:\w\$ "),
            ("INPUTRC", "/dev/null"),
            ("SHELL", "/bin/bash"),
        ];
        for (name, value) in fixed {
            bench.sandbox = bench.sandbox.env(name, value);
        }
        let sandbox = &bench.sandbox;
        // On an engine that others use, too, containers need names of their own.
        let compose = format!("COMPOSE_PROJECT_NAME=shop-{}\n", bench.instance.name());
        sandbox.write("home/shop/.env", &compose);
        for (name, text) in FILES {
            sandbox.write(&format!("home/{name}"), text);
        }
        for (name, block) in all.iter().filter_map(|it| Some((it.note("file")?, it))) {
            sandbox.write(&format!("home/{name}"), &block.text());
        }
        let projects = PROJECTS.map(|name| sandbox.make_dir(&format!("home/{name}")));
        let paths: Vec<&Path> = projects.iter().map(AsRef::as_ref).collect();
        let seed = sandbox.make_dir("home/project/seed");
        claude_home::seed_with_api(&seed, &paths, &api.url());
        sandbox.give_all(&seed);
        let copy = "cp seed/.claude.json seed/settings.json ~/.claude/";
        bench.ok(&["shell", "sh", "-c", copy]);
        // A first use says more than any other.
        if all
            .iter()
            .any(|block| block.text().contains("daemon start"))
        {
            bench.ok(&["image", "build", "parent"]);
        }
        Some(Self { bench, _api: api })
    }

    /// What a terminal shows on which this block is typed.
    pub(crate) fn play(&self, block: &Block) -> Vec<String> {
        let options = Options {
            rows: SIZE.0,
            cols: SIZE.1,
            ..Options::default()
        };
        let words = ["--noprofile", "--norc", "-i"];
        let pty = self.bench.sandbox.pty_with("/bin/bash", &words, &options);
        let hand = Hand { sitting: self, pty };
        let steps = steps(block);
        let first = steps.first().and_then(|step| match step {
            Step::Shell { prompt, .. } => prompt.strip_prefix(PROMPT)?.strip_suffix('$'),
            Step::Claude { .. } => None,
        });
        let first = first.unwrap_or_else(|| panic!("{}: begins with no prompt", block.place()));
        hand.begin(first);
        let (mut claude, mut inside, mut outside) = (None, false, true);
        for step in &steps {
            match step {
                Step::Shell { prompt, typed } => {
                    if std::mem::take(&mut inside) {
                        // Ctrl-6 twice.
                        hand.pty.send("\x1e\x1e");
                    }
                    hand.wait_for_prompt(prompt);
                    let entered = std::mem::replace(&mut outside, prompt.starts_with(PROMPT));
                    if entered && !outside {
                        hand.wait_for_size();
                    }
                    hand.type_line(prompt, typed);
                }
                Step::Claude { typed, until } => {
                    inside = true;
                    claude = Some(hand.tell_claude(typed, until));
                }
            }
        }
        hand.end(&claude.unwrap_or_default())
    }

    /// The same in the words of the pictures: their home directory, no instance.
    fn told(&self, text: &str) -> String {
        let home = self.bench.sandbox.home();
        let text = self
            .hashes()
            .iter()
            .fold(text.to_owned(), |text, pair| text.replace(&pair.1, &pair.0));
        let text = text.replace(home.to_str().unwrap(), HOME);
        let text = text.replace(&format!("-{}", self.bench.instance.name()), "");
        // The prompt inside: as long as an id is.
        match text.split_once("claude@") {
            Some((before, after)) if after.get(12..13) == Some(":") => {
                format!("{before}claude@{CONTAINER}{}", &after[12..])
            }
            _ => text,
        }
    }

    /// What is typed here for what a picture says.
    fn meant(&self, text: &str) -> String {
        let home = self.bench.sandbox.home();
        let text = text.replace(HOME, home.to_str().unwrap());
        let all = self.hashes();
        all.iter()
            .fold(text, |text, pair| text.replace(&pair.0, &pair.1))
    }

    /// The names of sessions have a hash of the project's path: the pictures', and what it is here.
    fn hashes(&self) -> [(String, String); 2] {
        let name = |home: &str, project: &str| {
            let path = ProjectDir::new(Path::new(&format!("{home}/{project}"))).unwrap();
            path.session_name().to_string()
        };
        let home = self.bench.sandbox.home();
        PROJECTS.map(|project| (name(HOME, project), name(home.to_str().unwrap(), project)))
    }
}

struct Hand<'a> {
    sitting: &'a Sitting,
    pty: Pty,
}

impl Hand<'_> {
    fn begin(&self, directory: &str) {
        self.pty.wait_for_text("$");
        self.pty.send(format!("cd {directory} && clear\r"));
        let prompt = format!("{PROMPT}{directory}$");
        self.pty.wait_for("an empty screen", |screen| {
            screen.contents().trim_end() == prompt
        });
    }

    /// Block until the shell asks, with nothing typed yet.
    fn wait_for_prompt(&self, prompt: &str) {
        self.pty.wait_for(prompt, |screen| {
            let line = self.sitting.told(&line(screen));
            // At what was typed already when candidates were shown.
            line == prompt || line.starts_with(&format!("{prompt} "))
        });
    }

    /// Until docker has told the container how wide the terminal is, its shell believes in 80 columns,
    /// and takes the line above along when it draws again what was typed already.
    fn wait_for_size(&self) {
        let line = self.pty.look(|screen, _| line(screen));
        let container = line.split(['@', ':']).nth(1).unwrap_or_default();
        let told = format!("{} {}", SIZE.0, SIZE.1);
        let ask = ["exec", "--user=claude", container];
        let ask = [&ask[..], &["stty", "--file=/dev/console", "size"]].concat();
        let docker = &self.sitting.bench.docker;
        let known = (0..TRIES).any(|_| docker.ok(&ask) == told);
        assert!(known, "{container} is not told its size");
    }

    /// Type a command behind what is there already, and Enter.
    fn type_line(&self, prompt: &str, typed: &str) {
        let command = self.sitting.meant(typed.trim_end_matches(TAB));
        let there = self.pty.look(|screen, _| line(screen));
        let there = there.rsplit_once("$ ").map_or("", |(_, there)| there);
        let rest = command
            .strip_prefix(there)
            .unwrap_or_else(|| panic!("`{prompt} {there}` is there, and not `{command}`"));
        self.pty.send(rest);
        let whole = format!("$ {}", command.trim_end());
        let echoed = |screen: &Screen| screen.contents().trim_end().ends_with(&whole);
        self.pty.wait_for(&whole, echoed);
        let row = self.row();
        if typed.ends_with(TAB) {
            return self.press_tab(typed, &command, row);
        }
        self.pty.send("\r");
        self.pty.wait_for("Enter", |screen| {
            screen.cursor_position().0 > row || screen.alternate_screen()
        });
    }

    /// Twice, until candidates are shown; they come in time or not at all.
    fn press_tab(&self, typed: &str, command: &str, row: u16) {
        for _ in 0..TRIES {
            self.pty.send("\t\t");
            let shown = |screen: &Screen| {
                screen.cursor_position().0 > row && line(screen).contains(command.trim_end())
            };
            if self.pty.wait_within(Duration::from_secs(2), shown) {
                return;
            }
            self.pty.send(format!("\x15{command}"));
        }
        panic!("{typed}: no candidates: {}", self.pty.screen_text());
    }

    /// Type this at Claude's prompt; what it shows then.
    fn tell_claude(&self, typed: &str, until: &str) -> String {
        self.pty.wait_for_text("? for shortcuts");
        let (mode, command) = typed.split_once(' ').unwrap();
        self.press(mode);
        self.pty.send(self.sitting.meant(command));
        self.pty.wait_for_text(command);
        self.pty.send("\r");
        self.pty.wait_for_text(until);
        let text = self.pty.screen_text();
        // What follows is told otherwise each time, and the figure before moves.
        let (before, _) = text.split_once(until).unwrap();
        let (above, told) = before.split_once("\n! ").unwrap();
        let word = |letter: char| letter.is_alphanumeric() || letter == '/';
        let above = above
            .lines()
            .map(|line| line.trim_start_matches(|it| !word(it)));
        let above: Vec<&str> = above.collect();
        format!("{}\n! {told}{until}", above.join("\n"))
    }

    /// Its first key: one that comes before it listens is lost, although it shows a prompt.
    fn press(&self, mode: &str) {
        for _ in 0..TRIES {
            self.pty.send(mode);
            let heard = |screen: &Screen| screen.contents().contains("for shell mode");
            if self.pty.wait_within(Duration::from_secs(2), heard) {
                return;
            }
            self.pty.send("\x7f");
        }
        panic!("Claude does not listen: {}", self.pty.screen_text());
    }

    /// Wait for the last prompt; all that was shown, with Claude's screen where it was.
    fn end(&self, claude: &str) -> Vec<String> {
        self.pty.wait_for(PROMPT, |screen| {
            let line = line(screen);
            line.starts_with(PROMPT) && line.ends_with('$')
        });
        let text = self.pty.screen_text();
        let mut lines: Vec<&str> = text.trim_end().lines().collect();
        lines.pop();
        // Other tests have parents, too.
        lines.retain(|line| !line.contains(" is taken: ChromaDB is at "));
        let mut shown = Vec::new();
        for line in lines {
            shown.push(self.sitting.told(line));
            if line.starts_with("hal-9000: session ") {
                shown.extend(claude.lines().map(|line| self.sitting.told(line)));
            }
        }
        shown
    }

    fn row(&self) -> u16 {
        self.pty.look(|screen, _| screen.cursor_position().0)
    }
}

/// The line that the cursor is on.
fn line(screen: &Screen) -> String {
    let row = usize::from(screen.cursor_position().0);
    let mut rows = screen.rows(0, screen.size().1);
    rows.nth(row).unwrap_or_default().trim_end().to_owned()
}
