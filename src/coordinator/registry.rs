//! The workers: found by their labels, again after every event of theirs, and after every silence.

use super::clock;
use super::log::{Level, log};
use super::pool;
use super::state::Shared;
use crate::engine::{Containers, Docker, EngineError, Look, Member, Parents};
use crate::ipc::Worker;
use crate::model::{EngineKind, is_spare, label_keys};
use crate::plan::paths;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

/// The API of Docker 20.10: everything that is used here, and spoken by all engines.
const API: u16 = 41;

/// How long a container may stay made and not started: docker's client does both in one go.
const UNSTARTED: i64 = 120;

pub(super) fn engine() -> Result<Docker, EngineError> {
    // Nothing that is asked here is otherwise with another one.
    Docker::connect(Path::new(paths::SOCKET), API, EngineKind::Docker)
}

/// Keep the registry up to date for ever.
pub(super) async fn keep(shared: Rc<Shared>) {
    loop {
        // Events that happened while nobody listened are not told again.
        shared.worker_starts.borrow_mut().clear();
        refresh(&shared).await;
        let (changed, mut changes) = tokio::sync::mpsc::unbounded_channel();
        let labels = shared.config.sessions();
        let listening = async {
            let engine = engine()?;
            let mut on_event = |action: &str, id: &str| {
                if matters(action) {
                    shared.worker_starts.borrow_mut().remove(id);
                    let _ = changed.send(());
                }
            };
            engine.container_events(&labels, &mut on_event).await
        };
        let refreshing = async {
            while changes.recv().await.is_some() {
                // A start is several events, and twenty starts are many more: one look for all.
                tokio::time::sleep(Duration::from_millis(50)).await;
                while changes.try_recv().is_ok() {}
                refresh(&shared).await;
            }
        };
        tokio::select! {
            ended = listening => {
                let why = ended.err().map_or("it hung up".to_owned(), |error| error.to_string());
                log(Level::Warn, "coordinator", "the engine's events ended", &[("why", &why)]);
            }
            () = refreshing => {}
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Whether what happened to a container changes what is known about it.
fn matters(action: &str) -> bool {
    let changing = [
        "create", "start", "die", "destroy", "rename", "pause", "unpause",
    ];
    changing.contains(&action)
}

/// Look at the engine, and remove what a crash has left.
pub(super) async fn refresh(shared: &Rc<Shared>) {
    if let Err(error) = try_refresh(shared).await {
        log(
            Level::Warn,
            "coordinator",
            "cannot list the workers",
            &[("error", &error)],
        );
    }
}

async fn try_refresh(shared: &Rc<Shared>) -> Result<(), EngineError> {
    let engine = engine()?;
    let asked = i64::try_from(clock::millis()).unwrap_or(i64::MAX);
    let sessions = shared.config.sessions();
    let (own, found) = tokio::join!(engine.look(&shared.config.name), engine.members(&sessions));
    let (own, found) = (own?.unwrap_or_default(), found?);
    for leftover in found
        .iter()
        .filter(|m| is_leftover(m, clock::now()) && !is_spare(&m.labels, &m.name))
    {
        let removed = engine.remove(&leftover.id, false).await;
        let outcome = removed
            .err()
            .map_or("removed".to_owned(), |e| e.to_string());
        let fields: [(&str, &dyn std::fmt::Display); 2] =
            [("container", &leftover.name), ("outcome", &outcome)];
        log(
            Level::Warn,
            "coordinator",
            "a leftover of a start that failed",
            &fields,
        );
    }
    let spares = |member: &&Member| is_spare(&member.labels, &member.name);
    let names = found
        .iter()
        .filter(spares)
        .map(|m| m.name.clone())
        .collect();
    let busy = found
        .iter()
        .filter(|member| !spares(member) && is_running(member));
    let busy =
        busy.filter_map(|m| Some((m.labels.get(label_keys::SPARE)?.clone(), m.name.clone())));
    pool::seen(shared, names, busy.collect(), asked);
    let mut workers = Vec::new();
    for member in found
        .into_iter()
        .filter(|member| is_worker(member, &shared.config.name))
    {
        let running = is_running(&member);
        let started = if running && member.network_of == own.id {
            started(shared, &engine, &member.id).await?
        } else {
            None
        };
        workers.push(worker(member, &own, running, started.as_deref()));
    }
    workers.sort_by(|a, b| a.name.cmp(&b.name));
    tell(&shared.workers.borrow(), &workers);
    shared.workers.replace(workers);
    shared.owners.look_again();
    Ok(())
}

async fn started(
    shared: &Shared,
    engine: &Docker,
    id: &str,
) -> Result<Option<String>, EngineError> {
    let known = shared.worker_starts.borrow().get(id).cloned();
    if known.is_some() {
        return Ok(known);
    }
    let started = engine.look(id).await?.map(|look| look.started);
    if let Some(started) = started.clone() {
        shared
            .worker_starts
            .borrow_mut()
            .insert(id.to_owned(), started);
    }
    Ok(started)
}

fn is_worker(member: &Member, parent: &str) -> bool {
    let via = member.labels.get(label_keys::VIA).map(String::as_str);
    via == Some(parent) && !is_spare(&member.labels, &member.name)
}

fn is_running(member: &Member) -> bool {
    matches!(member.state.as_str(), "running" | "restarting" | "paused")
}

/// Made and never started: whoever made it is gone, and nothing was ever done in it.
fn is_leftover(member: &Member, now: i64) -> bool {
    member.state == "created" && now - member.created > UNSTARTED
}

/// A worker is stranded when the network namespace that it joined is not the one of this run of
/// the parent: another parent's, or the one before the last start.
fn worker(member: Member, own: &Look, running: bool, started: Option<&str>) -> Worker {
    let here = member.network_of == own.id;
    let before = started.is_none_or(|started| started < own.started.as_str());
    let project = member.labels.get(label_keys::PROJECT).cloned();
    Worker {
        stranded: running && (before || !here),
        running,
        project: project.unwrap_or_default(),
        name: member.name,
    }
}

fn tell(before: &[Worker], after: &[Worker]) {
    let say = |worker: &Worker, what: &str| {
        let level = if worker.stranded {
            Level::Warn
        } else {
            Level::Info
        };
        log(level, "coordinator", what, &[("worker", &worker.name)]);
    };
    for worker in after.iter().filter(|worker| !before.contains(worker)) {
        let what = match (worker.running, worker.stranded) {
            (true, false) => "a worker runs",
            (true, true) => "a worker is stranded",
            (false, _) => "a worker has ended",
        };
        say(worker, what);
    }
    let gone = |worker: &&Worker| after.iter().all(|other| other.name != worker.name);
    for worker in before.iter().filter(gone) {
        say(worker, "a worker is gone");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(network_of: &str, state: &str) -> Member {
        Member {
            name: "w".to_owned(),
            network_of: network_of.to_owned(),
            state: state.to_owned(),
            created: 1000,
            ..Member::default()
        }
    }

    #[test]
    fn a_worker_is_stranded_when_its_namespace_is_gone() {
        let own = Look {
            id: "p".to_owned(),
            started: "2026-01-01T00:00:05.0".to_owned(),
            ..Look::default()
        };
        for (network_of, started, running, stranded) in [
            ("p", Some("2026-01-01T00:00:06.0"), true, false),
            ("p", Some("2026-01-01T00:00:04.0"), true, true),
            ("old", Some("2026-01-01T00:00:06.0"), true, true),
            ("old", None, false, false),
            ("p", None, false, false),
        ] {
            let found = worker(member(network_of, "running"), &own, running, started);
            assert_eq!(
                found.stranded, stranded,
                "{network_of} {started:?} {running}"
            );
        }
    }

    #[test]
    fn only_what_was_never_started_is_a_leftover_and_only_after_a_while() {
        for (state, now, leftover) in [
            ("created", 1000 + UNSTARTED, false),
            ("created", 1001 + UNSTARTED, true),
            ("running", 9_999_999, false),
            ("exited", 9_999_999, false),
        ] {
            assert_eq!(
                is_leftover(&member("p", state), now),
                leftover,
                "{state} {now}"
            );
        }
    }
}
