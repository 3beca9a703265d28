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

/// Have this terminal asked, until it has answered in time; then it is not asked again. Without an
/// engine, so that nothing is started.
pub(crate) fn make_known(sandbox: &Sandbox, terminal: Terminal) {
    let options = Options {
        terminal,
        ..Options::default()
    };
    let host = "--host=unix:///nonexistent/docker.sock";
    for _ in 0..TRIES {
        let mut pty = sandbox.pty_with(&sandbox.binary(), &[host], &options);
        assert!(!pty.wait_exit().success());
        if !terminals(sandbox)[0]["answers"].is_null() {
            return;
        }
        fs::remove_file(file(sandbox)).unwrap();
    }
    panic!("{terminal:?} answers too late each time");
}
