//! The state machine.

use std::collections::BTreeSet;

use super::allot::{Demand, allot};
use super::entry::{Entry, Project, TRIES};
use super::{Action, Event, Input, Spare, State, Summary, Terms, Want};

/// Milliseconds after a claim in which nothing is made: the start has the machine for itself.
const QUIET: i64 = 400;

/// Milliseconds that a start has to take what it was promised. It takes a few; one that was
/// suspended in between finds its spare gone, and starts without.
const LEASE: i64 = 5000;

/// How many are made at once: more would only make each slower, and the machine with them.
const AT_ONCE: usize = 1;

/// How many projects are known: others were not used for long.
const PROJECTS: usize = 8;

/// The pause after a spare that could not be made, doubled with every further one, and its bound.
const FIRST_PAUSE: i64 = 5_000;
const LONGEST_PAUSE: i64 = 300_000;

/// A spare that ends by itself sooner than this was not well.
const SHORT_LIFE: i64 = 60_000;

/// The pool. Times are milliseconds since 1970.
#[derive(Debug)]
pub struct Pool {
    terms: Terms,
    projects: Vec<Project>,
    /// In the order in which they were asked for.
    entries: Vec<Entry>,
    seed: String,
    made: u64,
    quiet_until: i64,
    pressure: bool,
    closing: bool,
    hits: u64,
    misses: u64,
    last_refusal: Option<Event>,
    last_failure: Option<Event>,
    /// What is to be done since the last answer.
    out: Vec<Action>,
}

impl Pool {
    /// A pool without spares, for these projects, the one used last first. The names that it gives
    /// contain `seed`, so that they are no earlier pool's.
    pub fn new(terms: Terms, wants: Vec<Want>, seed: String) -> Self {
        let mut pool = Self {
            terms,
            projects: Vec::new(),
            entries: Vec::new(),
            seed,
            made: 0,
            quiet_until: 0,
            pressure: false,
            closing: false,
            hits: 0,
            misses: 0,
            last_refusal: None,
            last_failure: None,
            out: Vec::new(),
        };
        for want in wants.into_iter().rev() {
            pool.note(want);
        }
        pool
    }

    /// Something happened: what to do about it.
    pub fn step(&mut self, input: Input, now: i64) -> Vec<Action> {
        match input {
            Input::Terms(terms) => self.terms = terms,
            Input::Used(want) => self.note(want),
            Input::Claim { ticket, want } => self.claim(ticket, want, now),
            Input::Unfit { ticket, spare, why } => {
                let key = self.find(&spare).map(|entry| entry.key.clone());
                self.leave(&spare, why.clone());
                self.hand(ticket, &key.unwrap_or_default(), &why, now);
            }
            Input::Taken(spare) => {
                if self.find(&spare).is_some() {
                    self.hits += 1;
                    self.entries.retain(|entry| entry.name != spare);
                }
            }
            Input::AtPrompt(spare) => self.at_prompt(&spare, now),
            Input::Gone { spare, why } => self.gone(&spare, why, now),
            Input::Seen { names, asked } => self.seen(&names, asked, now),
            Input::Outdated(why) => {
                for entry in &mut self.entries {
                    entry.outdated.get_or_insert_with(|| why.clone());
                }
            }
            Input::Pressure(pressure) => self.pressure = pressure,
            Input::Clock => {}
            Input::Close => self.closing = true,
        }
        self.give_up(now);
        self.make(now);
        std::mem::take(&mut self.out)
    }

    /// When [`Input::Clock`] would do something, as far as is known now.
    pub fn wake(&self, now: i64) -> Option<i64> {
        let promised = self.entries.iter().filter(|e| e.state == State::Promised);
        let leases = promised.map(|entry| entry.until);
        let idle = self.terms.idle_timeout * 1000;
        let extras = self.projects.iter().filter(|project| project.extra > 0);
        let extras = extras.map(|project| project.claimed + idle);
        let makes = (!self.wanting(now).is_empty()).then_some(self.quiet_until);
        let tried = |project: &&Project| project.failures < TRIES;
        let again = self.projects.iter().filter(tried).map(|it| it.not_before);
        let later = |time: &i64| *time > now;
        let times = leases.chain(extras).chain(makes).chain(again);
        times.filter(later).min()
    }

    /// What is to be remembered of it.
    pub fn remember(&self) -> (Terms, Vec<Want>) {
        let wants = self.projects.iter().map(|project| project.want.clone());
        (self.terms, wants.collect())
    }

    /// Whether a spare was given its name by this pool, be it one still or not.
    pub fn is_own(&self, spare: &str) -> bool {
        let number = spare.rsplit_once('-');
        number.is_some_and(|(before, _)| before.ends_with(&format!(".{}", self.seed)))
    }

    /// The names of the spares.
    pub fn names(&self) -> BTreeSet<String> {
        self.entries
            .iter()
            .map(|entry| entry.name.clone())
            .collect()
    }

    /// How it is; who is busy, only the engine knows.
    pub fn summary(&self, busy: Vec<String>) -> Summary {
        let spare = |entry: &Entry| Spare {
            name: entry.name.clone(),
            project: entry.project.clone(),
            state: entry.state,
            since: entry.since / 1000,
            memory: None,
        };
        let projects = self.projects.iter().map(|p| p.want.project.clone());
        Summary {
            terms: self.terms,
            spares: self.entries.iter().map(spare).collect(),
            projects: projects.collect(),
            busy,
            hits: self.hits,
            misses: self.misses,
            last_refusal: self.last_refusal.clone(),
            last_failure: self.last_failure.clone(),
        }
    }

    fn find(&self, spare: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == spare)
    }

    /// The project is the one used last, and its next session would be this.
    fn note(&mut self, want: Want) {
        let same = |project: &Project| project.want.project == want.project;
        let known = self.projects.iter().position(same);
        let known = known.map(|at| self.projects.remove(at));
        let unchanged = known.filter(|project| project.want.key == want.key);
        let project = match unchanged {
            // Something may have changed: what was in the way is looked at again.
            Some(project) => Project {
                want,
                failures: 0,
                not_before: 0,
                ..project
            },
            None => Project::new(want),
        };
        self.projects.insert(0, project);
        self.projects.truncate(PROJECTS);
    }

    fn claim(&mut self, ticket: u64, want: Want, now: i64) {
        let (key, project) = (want.key.clone(), want.project.clone());
        let others = self
            .entries
            .iter()
            .any(|e| e.project == project && e.key != key);
        self.note(want);
        self.quiet_until = now + QUIET;
        if let Some(project) = self.projects.first_mut() {
            project.claimed = now;
        }
        if !self.terms.on || self.closing {
            let why = "the pool is off".to_owned();
            self.out.push(Action::Refuse { ticket, why });
            return;
        }
        let why = if others {
            "its spares were made for other options, or by another version"
        } else if self.pressure {
            "memory is short"
        } else {
            "it has no spare yet"
        };
        self.hand(ticket, &key, why, now);
    }

    fn hand(&mut self, ticket: u64, key: &str, why: &str, now: i64) {
        let fits = |entry: &&mut Entry| {
            entry.key == key && entry.state == State::Ready && entry.outdated.is_none()
        };
        if let Some(entry) = self.entries.iter_mut().find(fits) {
            entry.state = State::Promised;
            entry.until = now + LEASE;
            let spare = entry.name.clone();
            self.out.push(Action::Hand { ticket, spare });
            return;
        }
        self.misses += 1;
        let at = |state| {
            self.entries
                .iter()
                .any(|e| e.key == key && e.state == state)
        };
        let project = self.projects.iter_mut().find(|p| p.want.key == key);
        let why = match &project {
            _ if at(State::Starting) => "its spare is not at its prompt yet".to_owned(),
            _ if at(State::Promised) => "its spares are being taken by others".to_owned(),
            Some(project) if project.failures > 0 => project.problem.clone(),
            _ => why.to_owned(),
        };
        if let Some(project) = project {
            project.extra = (project.extra + 1).min(self.terms.max);
            let project = project.want.project.clone();
            let (at, why) = (now / 1000, why.clone());
            self.last_refusal = Some(Event { at, project, why });
        }
        self.out.push(Action::Refuse { ticket, why });
    }

    fn at_prompt(&mut self, spare: &str, now: i64) {
        let mine = |entry: &&mut Entry| entry.name == spare && entry.state == State::Starting;
        let Some(entry) = self.entries.iter_mut().find(mine) else {
            return;
        };
        entry.state = State::Ready;
        entry.ready = now;
        let key = entry.key.clone();
        let project = self.projects.iter_mut().find(|p| p.want.key == key);
        if let Some(project) = project {
            project.failures = 0;
        }
    }

    fn gone(&mut self, spare: &str, why: Option<String>, now: i64) {
        let Some(at) = self.entries.iter().position(|entry| entry.name == spare) else {
            return;
        };
        let entry = self.entries.remove(at);
        let short = entry.state == State::Ready && now - entry.since < SHORT_LIFE;
        let why = why.or_else(|| short.then(|| "it ended by itself".to_owned()));
        let project = self.projects.iter_mut().find(|p| p.want.key == entry.key);
        if let (Some(why), Some(project)) = (why, project) {
            project.failures += 1;
            let doublings = (project.failures - 1).min(10);
            let pause = (FIRST_PAUSE << doublings).min(LONGEST_PAUSE);
            project.not_before = now + pause;
            project.problem.clone_from(&why);
            let (at, project) = (now / 1000, entry.project);
            self.last_failure = Some(Event { at, project, why });
        }
    }

    fn seen(&mut self, names: &[String], asked: i64, now: i64) {
        for name in names {
            if self.find(name).is_none() {
                let (spare, why) = (name.clone(), "it is no longer known".to_owned());
                self.out.push(Action::Remove { spare, why });
            }
        }
        let lost = |entry: &&Entry| {
            entry.state == State::Ready && entry.ready < asked && !names.contains(&entry.name)
        };
        let lost = self.entries.iter().filter(lost).map(|e| e.name.clone());
        for name in lost.collect::<Vec<_>>() {
            self.gone(&name, None, now);
        }
    }

    /// Remove it, if it waits.
    fn leave(&mut self, spare: &str, why: String) {
        let waits = |entry: &&mut Entry| {
            entry.name == spare && matches!(entry.state, State::Ready | State::Promised)
        };
        if let Some(entry) = self.entries.iter_mut().find(waits) {
            entry.state = State::Leaving;
            let spare = spare.to_owned();
            self.out.push(Action::Remove { spare, why });
        }
    }

    fn targets(&self, now: i64) -> Vec<usize> {
        if !self.terms.on || self.pressure || self.closing {
            return vec![0; self.projects.len()];
        }
        let demand = |project: &Project| Demand {
            extra: project.extra,
            able: project.able(now),
        };
        let demands: Vec<Demand> = self.projects.iter().map(demand).collect();
        allot(&demands, self.terms.min, self.terms.max)
    }

    /// The spares of this kind that wait or soon will.
    fn live<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(move |entry| {
            entry.key == key
                && entry.outdated.is_none()
                && matches!(entry.state, State::Starting | State::Ready)
        })
    }

    /// Remove what is no longer wanted. What is still starting is removed when it has started.
    fn give_up(&mut self, now: i64) {
        let idle = self.terms.idle_timeout * 1000;
        for project in &mut self.projects {
            if now - project.claimed >= idle {
                project.extra = 0;
            }
        }
        let mut leaving: Vec<(String, String)> = Vec::new();
        for entry in &self.entries {
            let why = match (entry.state, &entry.outdated) {
                (State::Promised, _) if entry.until <= now => Some("nobody came for it".to_owned()),
                (State::Ready, Some(why)) => Some(why.clone()),
                (State::Ready, None) if self.projects.iter().all(|p| p.want.key != entry.key) => {
                    Some("its project would start otherwise now".to_owned())
                }
                _ => None,
            };
            leaving.extend(why.map(|why| (entry.name.clone(), why)));
        }
        for (project, target) in self.projects.iter().zip(self.targets(now)) {
            let live: Vec<&Entry> = self.live(&project.want.key).collect();
            // That no more can be made is no reason to give up what is there.
            let wanted = self.terms.on && !self.pressure && !self.closing;
            let paused = wanted && !project.able(now);
            let kept = if paused { live.len() } else { target };
            let surplus = live.len().saturating_sub(kept);
            let ready = live.iter().filter(|entry| entry.state == State::Ready);
            let why = match (self.terms.on, self.pressure) {
                (false, _) => "the pool is off",
                (_, true) => "memory is short",
                _ => "more wait than are wanted",
            };
            leaving.extend(
                ready
                    .take(surplus)
                    .map(|e| (e.name.clone(), why.to_owned())),
            );
        }
        for (spare, why) in leaving {
            self.leave(&spare, why);
        }
    }

    /// The projects that want more, by place, and how many they have.
    fn wanting(&self, now: i64) -> Vec<(usize, usize)> {
        let targets = self.targets(now);
        let have = self.projects.iter().map(|p| self.live(&p.want.key).count());
        let all = have.zip(targets).enumerate();
        let less = all.filter(|(_, (have, target))| have < target);
        less.map(|(at, (have, _))| (at, have)).collect()
    }

    fn make(&mut self, now: i64) {
        let starting = |entry: &&Entry| entry.state == State::Starting;
        while now >= self.quiet_until
            && self.entries.iter().filter(starting).count() < AT_ONCE
            && self.entries.len() < self.terms.max
        {
            let wanting = self.wanting(now).into_iter();
            let mut able = wanting.filter(|(at, _)| self.projects[*at].not_before <= now);
            // The one with the fewest; of these, the one used last.
            let first = able.next();
            let Some((at, _)) = able.fold(first, |best, next| match best {
                Some((_, fewest)) if next.1 < fewest => Some(next),
                best => best,
            }) else {
                return;
            };
            let want = self.projects[at].want.clone();
            self.made += 1;
            let name = format!("{}.{}-{}", want.base, self.seed, self.made);
            self.entries.push(Entry::new(&name, &want, now));
            self.out.push(Action::Make { spare: name, want });
        }
    }
}
