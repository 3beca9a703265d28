//! The terminal of a session: the real binary on a real terminal, the real Claude in a real container.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "an engine test runs docker and may stop at any surprise"
)]

mod support;

use support::api::{Api, Turn};
use support::engine::{Docker, Instance};
use support::pty::{Options, Pty};
use support::sandbox::Sandbox;
use support::terminal::Terminal;
use support::{claude_home, engine, known};

/// One user with one project.
struct Bench {
    docker: Docker,
    sandbox: Sandbox,
    api: Api,
    // Last: what the tests leave is removed when nothing runs any more.
    instance: Instance,
}

impl Bench {
    fn new(test: &str, script: impl IntoIterator<Item = Turn>) -> Option<Self> {
        let docker = engine::required(test)?;
        let instance = Instance::new(&docker);
        let sandbox = Sandbox::new().instance(&instance);
        let api = Api::start(docker.bridge(), script);
        let seed = sandbox.make_dir("home/project/seed");
        claude_home::seed(&seed, &[sandbox.project()]);
        sandbox.give_all(&seed);
        let copy = "cp seed/.claude.json seed/settings.json ~/.claude/ && rm -r seed";
        sandbox.run(&["shell", "sh", "-c", copy]).expect_code(0);
        assert!(!seed.exists());
        Some(Self {
            docker,
            sandbox,
            api,
            instance,
        })
    }

    /// `hal-9000` with these flags, its Claude talking to the script.
    fn claude(&self, terminal: Terminal) -> Pty {
        let pairs: Vec<String> = claude_home::env("/".as_ref(), &self.api.url())
            .into_iter()
            .filter(|(name, _)| name != "CLAUDE_CONFIG_DIR")
            .map(|(name, value)| format!("--env={name}={value}"))
            .collect();
        let args: Vec<&str> = pairs.iter().map(String::as_str).collect();
        let options = Options {
            terminal,
            ..Options::default()
        };
        self.sandbox
            .pty_with(&self.sandbox.binary(), &args, &options)
    }

    /// The one session that runs.
    fn running(&self) -> String {
        let filter = format!("label=hal9000.instance={}", self.instance.name());
        let args = ["ps", "--filter", &filter, "--format={{.Names}}"];
        self.docker.ok(&args)
    }

    /// Wait until the session has ended and its container is gone.
    fn wait_gone(&self, name: &str) {
        // Fails where it is gone already, which is as good.
        self.docker.run(&["wait", name]);
        assert_eq!(self.running(), "");
    }
}

/// Everything that Claude switches on, where the keyboard is a plain one.
const MODES: [&str; 6] = [
    "alternate screen",
    "bracketed paste",
    "mouse",
    "hidden cursor",
    "mode 1004",
    "mode 2031",
];

/// The same on a terminal that has joined: Claude hides the cursor again with the next key.
const JOINED: [&str; 5] = [
    "alternate screen",
    "bracketed paste",
    "mouse",
    "mode 1004",
    "mode 2031",
];

/// Ctrl-6 twice, as a terminal without and with the kitty protocol sends it.
const LEAVE: [&str; 2] = ["\x1e\x1e", "\x1b[54;5u\x1b[54;5u"];

fn leave(pty: &mut Pty, keys: &str) {
    pty.send(keys);
    assert_eq!(pty.wait_exit().code(), Some(0), "{}", pty.screen_text());
    assert!(
        pty.screen_text().contains("goes on"),
        "{}",
        pty.screen_text()
    );
    assert!(pty.leftovers().is_empty(), "{:?}", pty.leftovers());
}

/// A line of the input box: it is as wide as the terminal that Claude believes in.
fn rule(columns: usize) -> String {
    "─".repeat(columns)
}

#[test]
fn a_session_of_claude_from_its_prompt_to_its_end() {
    let test = "a_session_of_claude_from_its_prompt_to_its_end";
    let script = [Turn::text("All is well."), Turn::text("Still here.")];
    let Some(bench) = Bench::new(test, script) else {
        return;
    };
    let mut pty = bench.claude(Terminal::PLAIN);
    pty.wait_for_text("? for shortcuts");
    pty.wait_for_modes(&MODES);
    pty.send("how are you?");
    pty.wait_for_text("how are you?");
    pty.send("\r");
    pty.wait_for_text("All is well.");

    pty.resize(24, 77);
    pty.wait_for("a narrower Claude", |screen| {
        let text = screen.contents();
        text.lines().any(|line| line == rule(77))
    });
    // Claude hears it; we and docker's client do not.
    pty.send_ctrl('c');
    pty.wait_for_text("again to exit");
    let name = bench.running();
    leave(&mut pty, LEAVE[0]);
    assert_eq!(bench.running(), name, "it goes on");

    let mut pty = bench.claude(Terminal::PLAIN);
    pty.wait_for_text("All is well.");
    pty.send("and now?");
    pty.wait_for_text("and now?");
    pty.send("\r");
    pty.wait_for_text("Still here.");
    for _ in 0..2 {
        pty.send_ctrl('c');
    }
    assert_eq!(pty.wait_exit().code(), Some(0), "{}", pty.screen_text());
    assert!(pty.leftovers().is_empty(), "{:?}", pty.leftovers());
    bench.wait_gone(&name);
}

#[test]
fn ctrl_z_in_claude_is_a_redraw() {
    let Some(bench) = Bench::new("ctrl_z_in_claude_is_a_redraw", []) else {
        return;
    };
    let mut pty = bench.claude(Terminal::PLAIN);
    pty.wait_for_text("? for shortcuts");
    pty.wait_for_modes(&MODES);
    for (times, text) in [(1, "one "), (2, "two ")] {
        pty.send_ctrl('z');
        pty.wait_for_written("Claude Code is suspended", times);
        pty.wait_for_modes(&MODES);
        pty.send(text);
        pty.wait_for_text(text);
    }
    let name = bench.running();
    bench.docker.ok(&["stop", "--time=60", &name]);
    assert_eq!(
        pty.wait_exit().code(),
        Some(143),
        "Claude's own: {}",
        pty.screen_text()
    );
    assert!(pty.leftovers().is_empty(), "{:?}", pty.leftovers());
}

/// With the kitty protocol, where the terminal has it.
fn on(terminal: Terminal, modes: &[&'static str]) -> Vec<&'static str> {
    let mut modes = modes.to_vec();
    if terminal.kitty {
        let numbered = |mode: &&str| mode.starts_with("mode ");
        let place = modes.iter().position(numbered).unwrap_or(modes.len());
        modes.insert(place, "kitty keyboard");
    }
    modes
}

fn joined(test: &str, (terminal, term, keys): (Terminal, &str, &str)) {
    let Some(mut bench) = Bench::new(test, []) else {
        return;
    };
    bench.sandbox = bench.sandbox.env("TERM", term);
    known::make_known(&bench.sandbox, terminal);
    let mut pty = bench.claude(terminal);
    pty.wait_for_text("? for shortcuts");
    pty.wait_for_modes(&on(terminal, &MODES));
    leave(&mut pty, keys);
    let mut pty = bench.claude(terminal);
    pty.wait_for_text("? for shortcuts");
    pty.wait_for_modes(&on(terminal, &JOINED));
    leave(&mut pty, keys);
}

#[test]
fn a_joined_terminal_gets_claudes_modes() {
    let plain = (Terminal::PLAIN, "xterm-256color", LEAVE[0]);
    joined("a_joined_terminal_gets_claudes_modes", plain);
}

#[test]
fn a_joined_kitty_gets_claudes_modes() {
    let kitty = (Terminal::KITTY, "xterm-kitty", LEAVE[1]);
    joined("a_joined_kitty_gets_claudes_modes", kitty);
}

#[test]
fn whoever_answers_as_kitty_is_left_as_kitty() {
    let kitty = (Terminal::KITTY, "xterm-256color", LEAVE[1]);
    joined("whoever_answers_as_kitty_is_left_as_kitty", kitty);
}

#[test]
fn whoever_is_called_kitty_and_is_not_is_left_as_any_other() {
    let plain = (Terminal::PLAIN, "xterm-kitty", LEAVE[0]);
    joined(
        "whoever_is_called_kitty_and_is_not_is_left_as_any_other",
        plain,
    );
}

#[test]
fn answers_that_come_late_are_not_typed() {
    let Some(bench) = Bench::new("answers_that_come_late_are_not_typed", []) else {
        return;
    };
    let mut pty = bench.claude(Terminal::SLOW);
    pty.wait_for_text("? for shortcuts");
    pty.answer();
    pty.send("hello");
    pty.wait_for("what was typed and nothing else", |screen| {
        let text = screen.contents();
        let mut lines = text.lines();
        lines.any(|line| line.trim_end() == "❯\u{a0}hello")
    });
    let name = bench.running();
    bench.docker.ok(&["stop", "--time=60", &name]);
    assert_eq!(pty.wait_exit().code(), Some(143), "{}", pty.screen_text());
    assert!(pty.leftovers().is_empty(), "{:?}", pty.leftovers());
}

#[test]
fn a_closed_window_leaves_claude_running() {
    let Some(bench) = Bench::new("a_closed_window_leaves_claude_running", []) else {
        return;
    };
    let mut pty = bench.claude(Terminal::PLAIN);
    pty.wait_for_text("? for shortcuts");
    pty.send("half a sent");
    pty.wait_for_text("half a sent");
    let name = bench.running();
    pty.hang_up();
    pty.wait_exit();
    assert_eq!(bench.running(), name);
    let mut pty = bench.claude(Terminal::PLAIN);
    pty.send("ence");
    pty.wait_for_text("half a sentence");
    leave(&mut pty, LEAVE[0]);
}

#[test]
fn a_shell_controls_its_jobs_and_its_status_is_ours() {
    let Some(bench) = Bench::new("a_shell_controls_its_jobs_and_its_status_is_ours", []) else {
        return;
    };
    let mut pty = bench.sandbox.pty(&["shell"]);
    pty.send("echo at ho''me\r");
    pty.wait_for_text("at home");
    let job = "trap 'echo go''es on' CONT; echo st''arted; while :; do sleep 0.1; done";
    pty.send(format!("bash -c \"{job}\"\r"));
    pty.wait_for_text("started");
    pty.send_ctrl('z');
    pty.wait_for_text("Stopped");
    pty.send("fg\r");
    pty.wait_for_text("goes on");
    pty.send_ctrl('c');
    pty.send("echo status $?\r");
    pty.wait_for_text("status 130");
    leave(&mut pty, LEAVE[0]);
    let mut pty = bench.sandbox.pty(&["shell"]);
    pty.send("echo ba''ck\r");
    pty.wait_for_text("back");
    pty.send("exit 7\r");
    assert_eq!(pty.wait_exit().code(), Some(7), "{}", pty.screen_text());
    assert!(pty.leftovers().is_empty(), "{:?}", pty.leftovers());
}
