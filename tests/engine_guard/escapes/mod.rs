//! Ways out of a session, each real: on the raw socket it reads or changes what is not the session's;
//! through the guard it does not, and nothing that changes anything reaches the engine.

mod attempt;
mod buildkit;
mod containers;
mod http;
mod images;
mod mounts;
mod networks;
mod privileges;
mod seen;
mod swarm;

use crate::guarded::Guarded;
use crate::plugins;
use crate::support::nested::{self, Suite};
use attempt::{Attempt, Engine, run};

const THEMES: &[(&str, &[Attempt])] = &[
    ("buildkit", buildkit::ATTEMPTS),
    ("containers", containers::ATTEMPTS),
    ("http", http::ATTEMPTS),
    ("images", images::ATTEMPTS),
    ("mounts", mounts::ATTEMPTS),
    ("networks", networks::ATTEMPTS),
    ("privileges", privileges::ATTEMPTS),
    ("swarm", swarm::ATTEMPTS),
];

fn closed(test: &str, theme: &str) {
    let Some(guarded) = Guarded::new(test) else {
        return;
    };
    if theme == "buildkit" && !plugins::take(test, &guarded) {
        return;
    }
    let attempts = THEMES.iter().filter(|(name, _)| *name == theme);
    let attempts = attempts.flat_map(|(_, attempts)| attempts.iter());
    let engine = if nested::is_around() {
        Engine::Own
    } else {
        Engine::Shared
    };
    let wrong = run(test, &guarded, engine, attempts);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ways_out_through_mounts_are_closed() {
    closed("ways_out_through_mounts_are_closed", "mounts");
}

#[test]
fn ways_out_of_buildkit_are_closed() {
    closed("ways_out_of_buildkit_are_closed", "buildkit");
}

#[test]
fn ways_out_of_buildkit_of_docker_26_1_are_closed() {
    let test = "ways_out_of_buildkit_of_docker_26_1_are_closed";
    let Some(guarded) = Guarded::on(test, Some(Suite::Trixie)) else {
        return;
    };
    if !plugins::take(test, &guarded) {
        return;
    }
    let wrong = run(test, &guarded, Engine::Own, buildkit::ATTEMPTS.iter());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ways_out_through_privileges_are_closed() {
    closed("ways_out_through_privileges_are_closed", "privileges");
}

#[test]
fn ways_to_the_containers_of_others_are_closed() {
    closed("ways_to_the_containers_of_others_are_closed", "containers");
}

#[test]
fn ways_out_through_networks_are_closed() {
    closed("ways_out_through_networks_are_closed", "networks");
}

#[test]
fn ways_to_the_images_of_others_are_closed() {
    closed("ways_to_the_images_of_others_are_closed", "images");
}

#[test]
fn requests_that_are_read_in_two_ways_are_refused() {
    closed("requests_that_are_read_in_two_ways_are_refused", "http");
}

#[test]
fn ways_out_of_docker_26_1_are_closed() {
    let test = "ways_out_of_docker_26_1_are_closed";
    let Some(guarded) = Guarded::on(test, Some(Suite::Trixie)) else {
        return;
    };
    // All of them take three minutes there; here are those that need it, all requests that are
    // written by hand, and of the others each fifth.
    let themes = THEMES.iter().filter(|(name, _)| *name != "buildkit");
    let attempts = themes.flat_map(|(_, attempts)| attempts.iter());
    let attempts = attempts
        .enumerate()
        .filter(|(index, attempt)| index % 5 == 0 || attempt.is_a_request() || attempt.is_apart());
    let attempts = attempts.map(|(_, attempt)| attempt);
    let wrong = run(test, &guarded, Engine::Own, attempts);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Enough, and none of them twice.
#[test]
fn there_are_many_ways() {
    let all = THEMES.iter().flat_map(|(_, attempts)| attempts.iter());
    let mut all: Vec<_> = all.map(|attempt| format!("{:?}", attempt.how)).collect();
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count, "an attempt is there twice");
    assert!(count >= 300, "{count}");
}
