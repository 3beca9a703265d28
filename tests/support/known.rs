//! What `hal-9000` remembers of the terminals that it has asked.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::pty::Options;
use super::sandbox::Sandbox;
use super::terminal::Terminal;

/// How often a machine under load may answer too late.
const TRIES: usize = 50;

fn file(sandbox: &Sandbox) -> PathBuf {
    let path = ".local/state/hal-9000/terminals.json";
    sandbox.home().join(path)
}

/// Each kind of terminal with its answers, the one asked last first.
pub(crate) fn terminals(sandbox: &Sandbox) -> Vec<Value> {
    let text = fs::read(file(sandbox)).unwrap_or_else(|_| b"[]".to_vec());
    serde_json::from_slice(&text).expect("what is remembered is JSON")
}

/// Do what asks a terminal until it answers in time; then it is not asked again.
pub(crate) fn until_answered<T>(sandbox: &Sandbox, mut ask: impl FnMut() -> T) -> T {
    for _ in 0..TRIES {
        let asked = ask();
        if !terminals(sandbox)[0]["answers"].is_null() {
            return asked;
        }
        fs::remove_file(file(sandbox)).unwrap();
    }
    panic!("it answers too late each time");
}

/// Have this terminal asked, without an engine, so that nothing is started.
pub(crate) fn make_known(sandbox: &Sandbox, terminal: Terminal) {
    let options = Options {
        terminal,
        ..Options::default()
    };
    let host = "--host=unix:///nonexistent/docker.sock";
    until_answered(sandbox, || {
        let mut pty = sandbox.pty_with(&sandbox.binary(), &[host], &options);
        assert!(!pty.wait_exit().success());
    });
}
