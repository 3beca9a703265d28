//! The pictures of the terminal in the documentation are what a terminal shows: each is typed again, in a
//! real shell on a real terminal, on the engine.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests start programs, and fail by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

mod picture;
mod sitting;

use sitting::Sitting;
use support::markdown::{Block, blocks, pages};

/// Pages with many pictures, typed beside all others.
const LONG: [&str; 2] = ["README.md", "docs/DOCKER.md"];

/// Type the blocks of a page in one sitting: what one block leaves, the next one finds.
fn sit(test: &str, page: &str) {
    let all = blocks(page);
    let played = |block: &&Block| block.language == "console" && block.note("not run").is_none();
    let pictures: Vec<&Block> = all.iter().filter(played).collect();
    if pictures.is_empty() {
        return;
    }
    let Some(sitting) = Sitting::new(test, &all) else {
        return;
    };
    let compared = pictures.iter().map(|block| {
        let shown = sitting.play(block);
        picture::differs(block, &shown)
    });
    let wrong: Vec<String> = compared.flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_front_page_shows_what_happens() {
    sit("the_front_page_shows_what_happens", LONG[0]);
}

#[test]
fn docker_inside_is_as_shown() {
    sit("docker_inside_is_as_shown", LONG[1]);
}

#[test]
fn all_other_pages_show_what_happens() {
    let others = pages().into_iter().filter(|page| !LONG.contains(&&**page));
    for page in others {
        sit("all_other_pages_show_what_happens", &page);
    }
}
