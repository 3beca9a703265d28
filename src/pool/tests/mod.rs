//! The pool in a world of its own: its rules one by one, and whatever happens in whatever order.

mod world;

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;
use world::{World, terms, want};

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
    assert!(world.now >= before + 400);
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
fn one_that_ends_by_itself_takes_no_other_along() {
    let mut world = World::new(terms(2, 5));
    world.tell(Input::Used(want(1, 0)));
    world.settle();
    world.end(0);
    assert!(world.engine.removes.is_empty());
    assert_eq!(world.pool.names().len(), 1);
    let wake = world.pool.wake(world.now).unwrap();
    world.now = wake;
    world.tell(Input::Clock);
    world.settle();
    assert_eq!(world.keys(), ["1.0", "1.0"]);
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
    let own = |name: &str| (world.pool.is_own(name), again.is_own(name));
    assert_eq!(own("hal-9000-p.s-7"), (true, false));
    assert_eq!(own("hal-9000-p.t-12"), (false, true));
    assert_eq!(own("t"), (false, false));
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
