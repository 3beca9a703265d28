//! A world for the pool: an engine that does what it is asked for some time later, in any order.

use crate::pool::{Action, Input, Pool, Terms, Want};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn want(project: usize, key: usize) -> Want {
    Want {
        project: format!("/p{project}"),
        base: format!("hal-9000-p{project}"),
        key: format!("{project}.{key}"),
        image: "i".to_owned(),
        body: serde_json::Value::Null,
        answers: crate::terminal::Answers::plain(),
    }
}

pub(super) fn terms(min: usize, max: usize) -> Terms {
    Terms {
        min,
        max,
        ..Terms::default()
    }
}

/// An engine that does what it is asked for some time later, in any order.
#[derive(Default)]
pub(super) struct Engine {
    pub(super) makes: Vec<(String, Want)>,
    pub(super) removes: Vec<String>,
    /// Those that exist, and their key.
    pub(super) spares: BTreeMap<String, String>,
    /// Those at their prompt.
    pub(super) prompts: BTreeSet<String>,
    pub(super) sessions: BTreeSet<String>,
    pub(super) handed: BTreeSet<String>,
    pub(super) promised: Vec<(u64, String)>,
    pub(super) answered: BTreeSet<u64>,
}

pub(super) struct World {
    pub(super) pool: Pool,
    pub(super) engine: Engine,
    pub(super) now: i64,
    pub(super) tickets: u64,
    pub(super) max: usize,
    pub(super) snapshot: Option<(Vec<String>, i64)>,
}

impl World {
    pub(super) fn new(terms: Terms) -> Self {
        Self {
            pool: Pool::new(terms, Vec::new(), "s".to_owned()),
            engine: Engine::default(),
            now: 1_000_000,
            tickets: 0,
            max: terms.max,
            snapshot: None,
        }
    }

    pub(super) fn tell(&mut self, input: Input) {
        let actions = self.pool.step(input, self.now);
        for action in actions {
            match action {
                Action::Make { spare, want } => {
                    let engine = &mut self.engine;
                    assert!(!engine.spares.contains_key(&spare), "{spare} is made twice");
                    engine.makes.push((spare, want));
                    let all = engine.makes.len() + engine.spares.len();
                    assert!(all <= self.max, "{all} of at most {}", self.max);
                }
                Action::Remove { spare, .. } => self.engine.removes.push(spare),
                Action::Hand { ticket, spare } => {
                    assert!(
                        self.engine.handed.insert(spare.clone()),
                        "{spare} is handed out twice"
                    );
                    assert!(
                        self.engine.answered.insert(ticket),
                        "{ticket} is answered twice"
                    );
                    self.engine.promised.push((ticket, spare));
                }
                Action::Refuse { ticket, why } => {
                    assert!(!why.is_empty());
                    assert!(
                        self.engine.answered.insert(ticket),
                        "{ticket} is answered twice"
                    );
                }
            }
        }
    }

    pub(super) fn claim(&mut self, project: usize, key: usize) {
        self.tickets += 1;
        let ticket = self.tickets;
        self.tell(Input::Claim {
            ticket,
            want: want(project, key),
        });
        assert!(
            self.engine.answered.contains(&ticket),
            "a claim never waits"
        );
    }

    /// The engine makes one that it was asked for.
    pub(super) fn make(&mut self, pick: usize, works: bool) {
        if self.engine.makes.is_empty() {
            return;
        }
        let (spare, want) = self.engine.makes.remove(pick % self.engine.makes.len());
        if works {
            self.engine.spares.insert(spare, want.key);
        } else {
            self.tell(Input::Gone {
                spare,
                why: Some("no image".to_owned()),
            });
        }
    }

    /// Everything can be made but what is of this project.
    pub(super) fn fail(&mut self, project: &str) {
        let fails = |it: &(String, Want)| it.1.project == project;
        while !self.engine.makes.iter().any(fails) {
            assert!(
                !self.engine.makes.is_empty() || self.engine.spares.len() > self.at_prompt().len()
            );
            self.make(0, true);
            self.prompt(0);
        }
        let at = self.engine.makes.iter().position(fails).unwrap();
        self.make(at, false);
    }

    pub(super) fn prompt(&mut self, pick: usize) {
        let waiting = self
            .engine
            .spares
            .keys()
            .filter(|s| !self.engine.prompts.contains(*s));
        let waiting: Vec<String> = waiting.cloned().collect();
        if !waiting.is_empty() {
            let spare = waiting[pick % waiting.len()].clone();
            self.engine.prompts.insert(spare.clone());
            self.tell(Input::AtPrompt(spare));
        }
    }

    pub(super) fn remove(&mut self, pick: usize) {
        if self.engine.removes.is_empty() {
            return;
        }
        let spare = self.engine.removes.remove(pick % self.engine.removes.len());
        // By name: a session has another one.
        self.engine.spares.remove(&spare);
        self.tell(Input::Gone { spare, why: None });
    }

    /// A start takes what it was promised: the engine renames it, where it is still there.
    pub(super) fn take(&mut self, pick: usize) {
        if self.engine.promised.is_empty() {
            return;
        }
        let at = pick % self.engine.promised.len();
        let (_, spare) = self.engine.promised.remove(at);
        if self.engine.spares.remove(&spare).is_some() {
            assert!(
                self.engine.sessions.insert(spare.clone()),
                "{spare} is two sessions"
            );
            self.tell(Input::Taken(spare));
        }
    }

    pub(super) fn unfit(&mut self, pick: usize) {
        if self.engine.promised.is_empty() {
            return;
        }
        let at = pick % self.engine.promised.len();
        let (ticket, spare) = self.engine.promised.remove(at);
        self.engine.answered.remove(&ticket);
        self.tell(Input::Unfit {
            ticket,
            spare,
            why: "it was stopped".to_owned(),
        });
        assert!(
            self.engine.answered.contains(&ticket),
            "a claim never waits"
        );
    }

    pub(super) fn end(&mut self, pick: usize) {
        let spares: Vec<String> = self.engine.prompts.iter().cloned().collect();
        if spares.is_empty() {
            return;
        }
        let spare = spares[pick % spares.len()].clone();
        if self.engine.spares.remove(&spare).is_some() {
            self.tell(Input::Gone { spare, why: None });
        }
    }

    pub(super) fn look(&mut self) {
        self.snapshot = Some((self.engine.spares.keys().cloned().collect(), self.now));
    }

    pub(super) fn seen(&mut self) {
        if let Some((names, asked)) = self.snapshot.take() {
            self.tell(Input::Seen { names, asked });
        }
    }

    /// Everything that was begun ends, and nothing else happens.
    pub(super) fn settle(&mut self) {
        self.engine.promised.clear();
        self.settle_until(i64::MAX);
    }

    pub(super) fn settle_until(&mut self, end: i64) {
        for _ in 0..10_000 {
            if !self.engine.makes.is_empty() {
                self.make(0, true);
            } else if !self.engine.removes.is_empty() {
                self.remove(0);
            } else if self.engine.spares.len() > self.at_prompt().len() {
                self.prompt(0);
            } else if let Some(wake) = self.pool.wake(self.now).filter(|wake| *wake <= end) {
                assert!(wake > self.now);
                self.now = wake;
                self.tell(Input::Clock);
            } else {
                return;
            }
        }
        panic!("it never comes to rest: {:?}", self.pool);
    }

    pub(super) fn at_prompt(&self) -> Vec<String> {
        let there = |spare: &&String| self.engine.prompts.contains(*spare);
        self.engine.spares.keys().filter(there).cloned().collect()
    }

    pub(super) fn keys(&self) -> Vec<String> {
        self.engine.spares.values().cloned().collect()
    }
}
