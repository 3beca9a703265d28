//! How the warm pool is, in words.

use super::{age, table};
use crate::pool::{Event, State, Summary};
use std::fmt::Write as _;

/// As text, for a terminal of so many columns.
pub fn pool_text(pool: &Summary, now: i64, terminal: Option<usize>) -> String {
    let mut text = format!("pool      {}\n", pool_line(pool));
    let idle = age(pool.terms.idle_timeout);
    let terms = &pool.terms;
    let _ = writeln!(
        text,
        "keeps     {} at least, {} at most, the others for {idle}",
        terms.min, terms.max
    );
    let _ = writeln!(
        text,
        "taken     {} starts, {} found none",
        pool.hits, pool.misses
    );
    let mut event = |name: &str, event: &Option<Event>| {
        if let Some(event) = event {
            let project = event.project.escape_debug();
            let _ = writeln!(
                text,
                "{name:9} {} ago, {project}: {}",
                age(now - event.at),
                event.why
            );
        }
    };
    event("refused", &pool.last_refusal);
    event("failed", &pool.last_failure);
    if !pool.busy.is_empty() {
        let _ = writeln!(text, "busy      {}", pool.busy.join(" "));
    }
    if pool.spares.is_empty() {
        if pool.terms.on && pool.projects.is_empty() {
            text.push_str("projects  none yet: the next session through the parent is the first\n");
        }
        return text;
    }
    let heading = ["PROJECT", "STATE", "AGE", "MEMORY"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    for spare in &pool.spares {
        let memory = spare
            .memory
            .map(|bytes| format!("{} MB", bytes / 1_000_000));
        rows.push(vec![
            spare.project.escape_debug().to_string(),
            state(spare.state).to_owned(),
            age(now - spare.since),
            memory.unwrap_or_default(),
        ]);
    }
    text.push('\n');
    text.push_str(&table(&rows, terminal));
    text
}

/// In one line.
pub(super) fn pool_line(pool: &Summary) -> String {
    if !pool.terms.on {
        return "off; `hal-9000 pool start` switches it on".to_owned();
    }
    let count = |state| {
        pool.spares
            .iter()
            .filter(|spare| spare.state == state)
            .count()
    };
    let mut text = format!("{} ready", count(State::Ready));
    if count(State::Starting) > 0 {
        let _ = write!(text, " · {} starting", count(State::Starting));
    }
    if !pool.busy.is_empty() {
        let _ = write!(text, " · {} in use", pool.busy.len());
    }
    text
}

fn state(state: State) -> &'static str {
    match state {
        State::Starting => "starting",
        State::Ready => "ready",
        State::Promised => "being taken",
        State::Leaving => "leaving",
        State::Unknown => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::{Spare, Terms};

    #[test]
    fn everything_is_told() {
        let event = |why: &str| Event {
            at: 40,
            project: "/p\u{1b}".to_owned(),
            why: why.to_owned(),
        };
        let pool = Summary {
            terms: Terms::default(),
            spares: vec![Spare {
                name: "s".to_owned(),
                project: "/p".to_owned(),
                state: State::Ready,
                since: 10,
                memory: Some(130_000_000),
            }],
            projects: vec!["/p".to_owned()],
            busy: vec!["hal-9000-x".to_owned()],
            hits: 3,
            misses: 1,
            last_refusal: Some(event("it has no spare yet")),
            last_failure: Some(event("no image")),
        };
        let text = pool_text(&pool, 100, None);
        for part in [
            "1 ready · 1 in use",
            "2 at least, 5 at most, the others for 30m",
            "3 starts, 1 found none",
            "refused   1m ago, /p\\u{1b}: it has no spare yet",
            "failed    1m ago",
            "busy      hal-9000-x",
            "/p       ready  1m   130 MB",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        let off = Summary {
            terms: Terms {
                on: false,
                ..Terms::default()
            },
            spares: Vec::new(),
            projects: Vec::new(),
            ..pool
        };
        assert!(pool_text(&off, 100, None).contains("pool start"));
    }
}
