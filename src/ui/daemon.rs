//! How the parent is, in words.

use super::age;
use super::pool::pool_line;
use crate::daemon::Report;
use crate::ipc::{Chroma, ChromaState, Worker};
use std::fmt::Write as _;

/// Everything that is shown of the parent.
#[derive(Debug, Clone, Copy)]
pub struct DaemonView<'a> {
    /// Its name.
    pub name: &'a str,
    /// What was found; none where there is no container.
    pub report: Option<&'a Report>,
    /// The sessions in its network.
    pub workers: &'a [Worker],
    /// Its volumes, by what they hold.
    pub volumes: &'a [(&'static str, String)],
    /// Seconds since 1970.
    pub now: i64,
}

/// As text.
pub fn daemon_text(view: &DaemonView<'_>) -> String {
    let mut text = String::new();
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:9} {value}");
    };
    match view.report {
        None => row("parent", "does not run; `hal-9000 daemon start` starts it"),
        Some(report) => {
            let mut parent = format!("{} · {}", view.name, report.look.state);
            if let Ok(status) = &report.status {
                parent.push_str(&format!(" {}", age(view.now - status.hello.started)));
            }
            if let Some(version) = &report.version {
                parent.push_str(&format!(" · version {version}"));
            }
            if report.outdated {
                parent.push_str(" · outdated: `hal-9000 daemon restart`");
            }
            row("parent", &parent);
            match &report.status {
                Ok(status) => {
                    row("chroma", &chroma(&status.chroma, report.look.port));
                    let pool = status.pool.as_ref().map(pool_line);
                    row("pool", pool.as_deref().unwrap_or("none"));
                    if let Some(bytes) = status.memory {
                        row("memory", &format!("{} MB", bytes / 1_000_000));
                    }
                }
                Err(problem) => row("problem", &format!("the coordinator: {problem}")),
            }
        }
    }
    let volumes: Vec<&str> = view.volumes.iter().map(|(_, name)| name.as_str()).collect();
    row("volumes", &volumes.join(" "));
    if view.workers.is_empty() {
        row("workers", "none");
    }
    for worker in view.workers {
        let state = match (worker.running, worker.stranded) {
            (_, true) => "its network is gone: `hal-9000 daemon restart --workers`",
            (true, false) => "runs",
            (false, false) => "has ended",
        };
        row("worker", &format!("{} · {state}", worker.name));
    }
    text
}

fn chroma(chroma: &Chroma, port: Option<u16>) -> String {
    let state = match chroma.state {
        ChromaState::Starting => "starting",
        ChromaState::Ready => "ready",
        ChromaState::Restarting => "starting again",
        ChromaState::Failed => "failed: `hal-9000 daemon logs chroma`",
        ChromaState::Unknown => "unknown",
    };
    let mut text = format!("{state} · version {}", chroma.version);
    if let Some(port) = port {
        let _ = write!(text, " · http://127.0.0.1:{port}");
    }
    if chroma.restarts > 0 {
        let _ = write!(text, " · started again {} times", chroma.restarts);
    }
    if let Some(problem) = &chroma.problem {
        let _ = write!(text, "\n          {problem}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_says_what_to_do_and_strands_are_told() {
        let worker = Worker {
            name: "w".to_owned(),
            project: "/p".to_owned(),
            running: true,
            stranded: true,
        };
        let text = daemon_text(&DaemonView {
            name: "p",
            report: None,
            workers: &[worker],
            volumes: &[("chromadb", "v".to_owned())],
            now: 0,
        });
        assert!(
            text.contains("daemon start") && text.contains("restart --workers"),
            "{text}"
        );
    }
}
