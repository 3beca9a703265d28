//! The real shells, as far as this machine has them.

use std::path::Path;

use hal9000::vars;

use crate::support::engine::{Gate, skipped};
use crate::support::pty::{Options, Pty};
use crate::support::sandbox::{Output, Sandbox, finish};

/// Where a shell is, or `None` after saying that the test does not run without it.
pub(crate) fn required(test: &str, program: &str) -> Option<String> {
    let found = which::which_in(program, Some("/usr/bin:/bin"), "/");
    let problem = found.is_err().then(|| format!("there is no {program}"));
    let gate = Gate::parse(std::env::var(vars::TEST_ENGINE).ok().as_deref());
    // Without an engine there is a shell all the same.
    let gate = if gate == Gate::Off { Gate::Auto } else { gate };
    if let Err(why) = gate.decide(problem.as_deref()) {
        skipped(test, &why);
    }
    let path = found.ok()?;
    Some(path.to_str().expect("the path is text").to_owned())
}

/// Words that make a shell start without anybody's settings, and stop at what is not set or fails.
pub(crate) fn strict(shell: &str) -> &'static [&'static str] {
    match shell {
        "bash" => &["--noprofile", "--norc", "-eu", "-o", "pipefail", "-c"],
        "zsh" => &[
            "-f", "-o", "errexit", "-o", "nounset", "-o", "pipefail", "-c",
        ],
        "fish" => &["--no-config", "-c"],
        "elvish" => &["-norc", "-c"],
        other => panic!("how is {other} started?"),
    }
}

/// Run a script in a strict shell; it has to succeed, and to have nothing to complain of.
#[track_caller]
pub(crate) fn runs(sandbox: &Sandbox, program: &str, script: &str) -> Output {
    let name = Path::new(program).file_name().and_then(|it| it.to_str());
    let words = [strict(name.unwrap_or_default()), &[script]].concat();
    let done = finish(sandbox.program(program, &words), b"").expect_code(0);
    assert_eq!(done.stderr, "", "{script}");
    done
}

/// The shell on a terminal, after it has run this.
pub(crate) fn typing(sandbox: &Sandbox, program: &str, script: &str) -> Pty {
    let words: &[&str] = match Path::new(program).file_name().and_then(|it| it.to_str()) {
        Some("bash") => &["--noprofile", "--norc", "-i"],
        Some("zsh") => &["-f", "-i"],
        Some("fish") => &["--no-config", "-i"],
        _ => &["-norc"],
    };
    let pty = sandbox.pty_with(program, words, &Options::default());
    // Read back joined: what is echoed is not what is waited for.
    pty.send(format!("{script}\recho RE''ADY\r"));
    pty.wait_for_text("READY");
    pty
}
