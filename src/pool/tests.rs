use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn want(project: usize, key: usize) -> Want {
    Want {
        project: format!("/p{project}"),
        base: format!("hal-9000-p{project}"),
        key: format!("{project}.{key}"),
        image: "i".to_owned(),
        body: serde_json::Value::Null,
        answers: crate::terminal::Answers::plain(),
    }
}

fn terms(min: usize, max: usize) -> Terms {
    Terms {
        min,
        max,
        ..Terms::default()
    }
}

/// An engine that does what it is asked for some time later, in any order.
#[derive(Default)]
struct Engine {
    makes: Vec<(String, Want)>,
    removes: Vec<String>,
    /// Those that exist, and their key.
    spares: BTreeMap<String, String>,
    /// Those at their prompt.
    prompts: BTreeSet<String>,
    sessions: BTreeSet<String>,
    handed: BTreeSet<String>,
    promised: Vec<(u64, String)>,
    answered: BTreeSet<u64>,
}

struct World {
    pool: Pool,
    engine: Engine,
    now: i64,
    tickets: u64,
    max: usize,
    snapshot: Option<(Vec<String>, i64)>,
}

impl World {
    fn new(terms: Terms) -> Self {
        Self {
            pool: Pool::new(terms, Vec::new(), "s".to_owned()),
            engine: Engine::default(),
            now: 1_000_000,
            tickets: 0,
            max: terms.max,
            snapshot: None,
        }
    }

    fn tell(&mut self, input: Input) {
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

    fn claim(&mut self, project: usize, key: usize) {
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
    fn make(&mut self, pick: usize, works: bool) {
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
    fn fail(&mut self, project: &str) {
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

    fn prompt(&mut self, pick: usize) {
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

    fn remove(&mut self, pick: usize) {
        if self.engine.removes.is_empty() {
            return;
        }
        let spare = self.engine.removes.remove(pick % self.engine.removes.len());
        // By name: a session has another one.
        self.engine.spares.remove(&spare);
        self.tell(Input::Gone { spare, why: None });
    }

    /// A start takes what it was promised: the engine renames it, where it is still there.
    fn take(&mut self, pick: usize) {
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

    fn unfit(&mut self, pick: usize) {
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

    fn end(&mut self, pick: usize) {
        let spares: Vec<String> = self.engine.prompts.iter().cloned().collect();
        if spares.is_empty() {
            return;
        }
        let spare = spares[pick % spares.len()].clone();
        if self.engine.spares.remove(&spare).is_some() {
            self.tell(Input::Gone { spare, why: None });
        }
    }

    fn look(&mut self) {
        self.snapshot = Some((self.engine.spares.keys().cloned().collect(), self.now));
    }

    fn seen(&mut self) {
        if let Some((names, asked)) = self.snapshot.take() {
            self.tell(Input::Seen { names, asked });
        }
    }

    /// Everything that was begun ends, and nothing else happens.
    fn settle(&mut self) {
        self.engine.promised.clear();
        self.settle_until(i64::MAX);
    }

    fn settle_until(&mut self, end: i64) {
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

    fn at_prompt(&self) -> Vec<String> {
        let there = |spare: &&String| self.engine.prompts.contains(*spare);
        self.engine.spares.keys().filter(there).cloned().collect()
    }

    fn keys(&self) -> Vec<String> {
        self.engine.spares.values().cloned().collect()
    }
}

#[test]
fn a_used_project_gets_its_spares_and_a_claim_is_refilled() {
    let mut world = World::new(terms(2, 5));
    world.settle();
    assert_eq!(world.keys(), [""; 0]);
    world.claim(1, 0);
    world.settle_until(world.now + 60_000);
    assert_eq!(
        world.keys(),
        ["1.0", "1.0", "1.0"],
        "one more, since one was missed"
    );
    world.claim(1, 0);
    let before = world.now;
    assert!(
        world.engine.makes.is_empty(),
        "nothing is made in the way of a start"
    );
    world.take(0);
    world.settle();
    assert!(world.now >= before + 1000);
    assert_eq!(world.engine.sessions.len(), 1);
    // Long after, the extra one is gone.
    assert_eq!(world.keys(), ["1.0", "1.0"]);
    let summary = world.pool.summary(Vec::new());
    assert_eq!((summary.hits, summary.misses), (1, 1));
    assert_eq!(summary.last_refusal.unwrap().why, "it has no spare yet");
}

#[test]
fn what_would_start_otherwise_is_given_up() {
    let mut world = World::new(terms(2, 5));
    world.tell(Input::Used(want(1, 0)));
    world.settle();
    world.tell(Input::Used(want(1, 7)));
    world.settle();
    assert_eq!(world.keys(), ["1.7", "1.7"]);
    world.tell(Input::Used(want(2, 0)));
    world.settle();
    assert_eq!(world.keys(), ["1.7", "2.0"]);
    world.tell(Input::Outdated("you logged in".to_owned()));
    let removed = world.engine.removes.len();
    assert_eq!(removed, 2);
    world.settle();
    assert_eq!(world.keys(), ["1.7", "2.0"]);
    world.tell(Input::Pressure(true));
    world.settle();
    assert!(world.keys().is_empty());
    world.claim(1, 7);
    world.tell(Input::Pressure(false));
    world.settle();
    assert_eq!(world.keys().len(), 2);
    world.tell(Input::Close);
    world.settle();
    assert!(world.keys().is_empty());
}

#[test]
fn what_cannot_be_made_is_tried_less_and_less() {
    let mut world = World::new(terms(2, 5));
    world.tell(Input::Used(want(1, 0)));
    world.tell(Input::Used(want(2, 0)));
    let mut pauses = Vec::new();
    for _ in 0..2 {
        world.fail("/p1");
        let wake = world.pool.wake(world.now).unwrap();
        pauses.push((wake - world.now) / 1000);
        world.now = wake;
        world.tell(Input::Clock);
    }
    assert_eq!(pauses, [5, 10]);
    // Then it is let be, and others have its part.
    world.fail("/p1");
    world.settle();
    assert_eq!(world.keys(), ["2.0", "2.0"]);
    world.tell(Input::Used(want(1, 0)));
    assert_eq!(world.engine.makes.len(), 1);
    world.fail("/p1");
    world.claim(1, 0);
    let summary = world.pool.summary(Vec::new());
    assert!(summary.last_failure.is_some());
    world.settle_until(world.now + 2000);
    world.claim(1, 0);
    assert_eq!(world.engine.promised.len(), 1);
}

#[test]
fn a_promise_ends() {
    let mut world = World::new(terms(1, 2));
    world.tell(Input::Used(want(1, 0)));
    world.settle();
    world.claim(1, 0);
    let (_, spare) = world.engine.promised[0].clone();
    world.settle();
    assert!(!world.engine.spares.contains_key(&spare));
    assert_eq!(world.keys(), ["1.0"]);
}

#[test]
fn strangers_are_removed_and_projects_are_remembered() {
    let mut world = World::new(terms(1, 2));
    world
        .engine
        .spares
        .insert("old".to_owned(), "1.0".to_owned());
    world.look();
    world.seen();
    assert_eq!(world.engine.removes, ["old"]);
    for project in 0..20 {
        world.tell(Input::Used(want(project, 0)));
    }
    let (terms, wants) = world.pool.remember();
    assert_eq!(wants.len(), 8);
    assert_eq!(wants[0].project, "/p19");
    let again = Pool::new(terms, wants.clone(), "t".to_owned());
    assert_eq!(again.remember(), (terms, wants));
}

#[derive(Debug, Clone)]
enum Step {
    Claim(usize, usize),
    Used(usize, usize),
    Make(usize, bool),
    Prompt(usize),
    Remove(usize),
    Take(usize),
    Unfit(usize),
    End(usize),
    Look,
    Seen,
    Wait(i64),
    Outdated,
    Pressure(bool),
    Off(bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..3_usize, 0..2_usize).prop_map(|(p, k)| Step::Claim(p, k)),
        1 => (0..3_usize, 0..2_usize).prop_map(|(p, k)| Step::Used(p, k)),
        6 => (any::<usize>(), prop::bool::weighted(0.9)).prop_map(|(n, b)| Step::Make(n, b)),
        6 => any::<usize>().prop_map(Step::Prompt),
        4 => any::<usize>().prop_map(Step::Remove),
        4 => any::<usize>().prop_map(Step::Take),
        1 => any::<usize>().prop_map(Step::Unfit),
        1 => any::<usize>().prop_map(Step::End),
        1 => Just(Step::Look),
        1 => Just(Step::Seen),
        6 => (0..4000_i64).prop_map(Step::Wait),
        1 => Just(Step::Outdated),
        1 => any::<bool>().prop_map(Step::Pressure),
        1 => any::<bool>().prop_map(Step::Off),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Whatever happens in whatever order: never too many, never one for two, every claim answered
    /// at once; and once nothing happens any more, exactly what is wanted is there.
    #[test]
    fn it_keeps_its_limits_and_comes_to_rest(
        min in 0..4_usize, max in 0..6_usize, steps in prop::collection::vec(step(), 0..120),
    ) {
        let mut world = World::new(terms(min, max));
        for step in steps {
            match step {
                Step::Claim(project, key) => world.claim(project, key),
                Step::Used(project, key) => world.tell(Input::Used(want(project, key))),
                Step::Make(pick, works) => world.make(pick, works),
                Step::Prompt(pick) => world.prompt(pick),
                Step::Remove(pick) => world.remove(pick),
                Step::Take(pick) => world.take(pick),
                Step::Unfit(pick) => world.unfit(pick),
                Step::End(pick) => world.end(pick),
                Step::Look => world.look(),
                Step::Seen => world.seen(),
                Step::Wait(time) => {
                    world.now += time;
                    world.tell(Input::Clock);
                }
                Step::Outdated => world.tell(Input::Outdated("login".to_owned())),
                Step::Pressure(on) => world.tell(Input::Pressure(on)),
                Step::Off(off) => world.tell(Input::Terms(Terms { on: !off, ..terms(min, max) })),
            }
        }
        world.snapshot = None;
        world.tell(Input::Pressure(false));
        world.tell(Input::Terms(terms(min, max)));
        world.settle();
        let (_, wants) = world.pool.remember();
        let expected = if wants.is_empty() { 0 } else { min.min(max) };
        prop_assert_eq!(world.engine.spares.len(), expected, "{:?}", world.pool);
        prop_assert_eq!(world.at_prompt().len(), expected);
        let known: BTreeSet<String> = wants.into_iter().map(|want| want.key).collect();
        prop_assert!(world.keys().iter().all(|key| known.contains(key)));
        let summary = world.pool.summary(Vec::new());
        prop_assert_eq!(summary.spares.len(), expected, "it counts what is not there");
    }
}
