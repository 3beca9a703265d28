//! The warm pool, at work: what it decides is done, and what happens is told to it.

use super::clock;
use super::log::{Level, log};
use super::registry::engine;
use super::spare::{self, Ready, Unfit};
use super::state::Shared;
use super::store;
use crate::ipc::{Answer, Order};
use crate::pool::{Action, Event, Input, Pool, Spare, State, Summary, Terms, Want};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;
use tokio::sync::{Notify, oneshot, watch};
use tokio::time::{sleep, timeout};

/// How often the machine's memory is looked at while nothing happens.
const NOW_AND_THEN: i64 = 15_000;

/// What a start is told.
#[derive(Debug)]
enum Verdict {
    Hand(String),
    Refuse(String),
}

/// The pool and those who wait for it.
#[derive(Debug)]
pub(super) struct Warm {
    pool: RefCell<Pool>,
    remembered: RefCell<(Terms, Vec<Want>)>,
    waiting: RefCell<BTreeMap<u64, oneshot::Sender<Verdict>>>,
    tickets: Cell<u64>,
    /// Something happened: when to look again may have changed.
    happened: Notify,
    /// The same, for those who wait for something to be so.
    changes: watch::Sender<()>,
    /// The sessions that came from the pool and run.
    busy: RefCell<Vec<String>>,
    /// What is known of those at their prompt, by name.
    ready: RefCell<BTreeMap<String, Ready>>,
}

impl Warm {
    /// The pool as it was remembered; none of its spares is: the network that they were in is gone.
    pub(super) fn new() -> Self {
        let remembered = store::load();
        let seed = format!("{:x}", clock::millis());
        let pool = Pool::new(remembered.0, remembered.1.clone(), seed);
        Self {
            pool: RefCell::new(pool),
            remembered: RefCell::new(remembered),
            waiting: RefCell::default(),
            tickets: Cell::default(),
            happened: Notify::new(),
            changes: watch::Sender::new(()),
            busy: RefCell::default(),
            ready: RefCell::default(),
        }
    }

    pub(super) fn summary(&self) -> Summary {
        self.pool.borrow().summary(self.busy.borrow().clone())
    }
}

fn now() -> i64 {
    i64::try_from(clock::millis()).unwrap_or(i64::MAX)
}

/// Tell the pool what happened, and begin what it decides.
pub(super) fn tell(shared: &Rc<Shared>, input: Input) {
    let actions = shared.warm.pool.borrow_mut().step(input, now());
    for action in actions {
        match action {
            Action::Make { spare, want } => {
                tokio::task::spawn_local(make(Rc::clone(shared), spare, want));
            }
            Action::Remove { spare, why } => {
                tokio::task::spawn_local(remove(Rc::clone(shared), spare, why));
            }
            Action::Hand { ticket, spare } => answer(shared, ticket, Verdict::Hand(spare)),
            Action::Refuse { ticket, why } => answer(shared, ticket, Verdict::Refuse(why)),
        }
    }
    let known = shared.warm.pool.borrow().names();
    shared
        .warm
        .ready
        .borrow_mut()
        .retain(|spare, _| known.contains(spare));
    let remember = shared.warm.pool.borrow().remember();
    if *shared.warm.remembered.borrow() != remember {
        if let Err(error) = store::save(&remember.0, &remember.1) {
            let fields: [(&str, &dyn std::fmt::Display); 1] = [("error", &error)];
            log(
                Level::Warn,
                "coordinator",
                "its terms cannot be kept",
                &fields,
            );
        }
        shared.warm.remembered.replace(remember);
    }
    shared.warm.happened.notify_one();
    shared.warm.changes.send_replace(());
}

fn answer(shared: &Shared, ticket: u64, verdict: Verdict) {
    if let Some(waiting) = shared.warm.waiting.borrow_mut().remove(&ticket) {
        // Whoever asked may have gone away; what was promised lapses.
        let _ = waiting.send(verdict);
    }
}

/// Let time pass for the pool, until everything ends.
pub(super) async fn keep(shared: Rc<Shared>) {
    let mut short = false;
    loop {
        let wake = shared.warm.pool.borrow().wake(now());
        let pause = wake.map_or(NOW_AND_THEN, |wake| (wake - now()).clamp(1, NOW_AND_THEN));
        tokio::select! {
            () = sleep(Duration::from_millis(pause.unsigned_abs())) => {
                let was = short;
                short = super::memory::is_short(was);
                if short != was {
                    log(Level::Warn, "coordinator", if short { "memory is short" } else { "memory is back" }, &[]);
                    tell(&shared, Input::Pressure(short));
                }
                tell(&shared, Input::Clock);
                // What that has set off was looked at.
                let _ = timeout(Duration::ZERO, shared.warm.happened.notified()).await;
            }
            () = shared.warm.happened.notified() => {}
        }
    }
}

/// What the engine has: the spares, and the sessions that were some. `asked` is when it was asked.
pub(super) fn seen(
    shared: &Rc<Shared>,
    spares: Vec<String>,
    busy: Vec<(String, String)>,
    asked: i64,
) {
    let mut names = Vec::new();
    for (spare, name) in busy {
        tell(shared, Input::Taken(spare));
        names.push(name);
    }
    shared.warm.busy.replace(names);
    let names = spares;
    tell(shared, Input::Seen { names, asked });
}

/// A start asks for a spare.
pub(super) async fn claim(shared: &Rc<Shared>, want: Want) -> Answer {
    let ticket = shared.warm.tickets.get() + 1;
    shared.warm.tickets.set(ticket);
    let mut input = Input::Claim { ticket, want };
    loop {
        let (sender, verdict) = oneshot::channel();
        shared.warm.waiting.borrow_mut().insert(ticket, sender);
        tell(shared, input);
        let spare = match verdict.await {
            Ok(Verdict::Hand(spare)) => spare,
            Ok(Verdict::Refuse(why)) => return Answer::NoSpare { why },
            Err(_) => {
                return Answer::NoSpare {
                    why: "the pool ends".to_owned(),
                };
            }
        };
        let Some(ready) = shared.warm.ready.borrow().get(&spare).cloned() else {
            let why = "it is not known".to_owned();
            input = Input::Unfit { ticket, spare, why };
            continue;
        };
        input = match spare::fit(&spare, &ready).await {
            Ok(()) => {
                let screen = ready.screen;
                return Answer::Spare { spare, screen };
            }
            Err(Unfit::Alone(why)) => Input::Unfit { ticket, spare, why },
            Err(Unfit::All(why)) => {
                tell(shared, Input::Outdated(why.to_owned()));
                let why = why.to_owned();
                Input::Unfit { ticket, spare, why }
            }
        };
    }
}

/// A start has taken its spare. One that an earlier coordinator has promised is in a network that is
/// gone.
pub(super) fn took(shared: &Rc<Shared>, spare: String) -> Answer {
    if !shared.warm.pool.borrow().is_own(&spare) {
        return Answer::Error {
            kind: "failed".to_owned(),
            message: "it was promised by another coordinator".to_owned(),
        };
    }
    let fields: [(&str, &dyn std::fmt::Display); 1] = [("spare", &spare)];
    log(Level::Info, "coordinator", "a spare is a session", &fields);
    tell(shared, Input::Taken(spare));
    Answer::Done
}

/// The next session of a project would be this: answer once one of it is ready, or cannot be.
pub(super) async fn warm(shared: &Rc<Shared>, want: Want, seconds: u32) -> Answer {
    let (project, began) = (want.project.clone(), now() / 1000);
    let mut changes = shared.warm.changes.subscribe();
    tell(shared, Input::Used(want));
    let settled = |summary: &Summary| {
        let mine = |spare: &Spare| spare.project == project && spare.state == State::Ready;
        let failed = |event: &Event| event.project == project && event.at >= began;
        summary.spares.iter().any(mine) || summary.last_failure.as_ref().is_some_and(failed)
    };
    let waiting =
        async { while !settled(&shared.warm.summary()) && changes.changed().await.is_ok() {} };
    let patience = Duration::from_secs(u64::from(seconds.min(600)));
    // Late or not: the summary tells.
    let _ = timeout(patience, waiting).await;
    Answer::Pool(Box::new(shared.warm.summary()))
}

/// What the user wants of the pool.
pub(super) async fn order(shared: &Rc<Shared>, order: Option<Order>) -> Answer {
    let terms = shared.warm.summary().terms;
    match order {
        None => {}
        Some(Order::Stop) => tell(shared, Input::Terms(Terms { on: false, ..terms })),
        Some(Order::Cleanup) => tell(shared, Input::Outdated("it was asked for".to_owned())),
        Some(Order::Start {
            min,
            max,
            idle_timeout,
        }) => {
            // Whoever names the one has not thought of the other.
            let max = max.unwrap_or(terms.max.max(min.unwrap_or(terms.min)));
            let terms = Terms {
                on: true,
                min: min.unwrap_or(terms.min.min(max)),
                max,
                idle_timeout: idle_timeout.unwrap_or(terms.idle_timeout),
            };
            tell(shared, Input::Terms(terms));
        }
    }
    let mut summary = shared.warm.summary();
    if let Ok(engine) = engine() {
        let sizes = summary
            .spares
            .iter()
            .map(|spare| engine.memory(&spare.name));
        let sizes = futures_util::future::join_all(sizes).await;
        for (spare, size) in summary.spares.iter_mut().zip(sizes) {
            spare.memory = size.ok().flatten();
        }
    }
    Answer::Pool(Box::new(summary))
}

async fn make(shared: Rc<Shared>, spare: String, want: Want) {
    let made = spare::make(&shared.config, &spare, &want).await;
    match made {
        Ok(ready) => {
            shared.warm.ready.borrow_mut().insert(spare.clone(), ready);
            log(
                Level::Info,
                "coordinator",
                "a spare is at its prompt",
                &[("spare", &spare)],
            );
            tell(&shared, Input::AtPrompt(spare));
        }
        Err(why) => {
            let fields: [(&str, &dyn std::fmt::Display); 2] = [("spare", &spare), ("why", &why)];
            log(
                Level::Warn,
                "coordinator",
                "a spare cannot be made",
                &fields,
            );
            // What was made of it goes, before others are made in its place.
            let _ = spare::end(&shared.config, &spare).await;
            let why = Some(why);
            tell(&shared, Input::Gone { spare, why });
        }
    }
}

async fn remove(shared: Rc<Shared>, spare: String, why: String) {
    let outcome = spare::end(&shared.config, &spare).await;
    let outcome = outcome
        .err()
        .map_or("removed".to_owned(), |error| error.to_string());
    let fields: [(&str, &dyn std::fmt::Display); 3] =
        [("spare", &spare), ("why", &why), ("outcome", &outcome)];
    log(Level::Info, "coordinator", "a spare is given up", &fields);
    tell(&shared, Input::Gone { spare, why: None });
}

/// Remove every spare: the parent ends.
pub(super) async fn close(shared: &Rc<Shared>) {
    tell(shared, Input::Close);
    let spares = shared.warm.summary().spares;
    let ends = spares
        .iter()
        .map(|spare| spare::end(&shared.config, &spare.name));
    futures_util::future::join_all(ends).await;
}
