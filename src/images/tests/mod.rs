//! The use-cases on an engine in memory, with every fault that it can have.

mod builds;
mod clear;
mod fill;
mod pull;

use super::*;
use crate::engine::EngineError;
use crate::engine::fake_images::Fake;
use crate::recipe::{self, Arch, ClaudeVersion, Labels, Recipe, VERSION, keys};
use bytes::Bytes;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::io;

fn runtime_recipe() -> Recipe {
    let arch = Arch::of_this_executable().unwrap();
    recipe::runtime(&ClaudeVersion::default(), arch, None)
}

fn profile(name: &str) -> Recipe {
    recipe::builtin(&name.parse().unwrap()).unwrap()
}

fn workshop(engine: &Fake) -> Workshop<'_, Fake> {
    Workshop {
        engine,
        executable: &|| Ok(Bytes::from_static(b"ELF")),
        proxies: BTreeMap::new(),
        source: None,
    }
}

/// Remembers what it was told, as short words.
#[derive(Default)]
struct Told(Vec<String>);

impl Observer for Told {
    fn event(&mut self, event: Event<'_>) {
        self.0.push(match event {
            Event::Building { image } => format!("building {image}"),
            Event::Built { image } => format!("built {image}"),
            Event::Pulling { image } => format!("pulling {image}"),
            Event::Pulled { image } => format!("pulled {image}"),
            Event::NotPulled { error } => error.to_string(),
            Event::Filling { .. } => "filling".to_owned(),
            Event::Waiting { .. } => "waiting".to_owned(),
            Event::Discarded { .. } => "discarded".to_owned(),
            Event::Build { .. } => return,
        });
    }
}

fn fail_build(engine: &Fake, output: &[&str], error: EngineError) {
    let output = output.iter().map(|line| (*line).to_owned()).collect();
    let mut state = engine.state.borrow_mut();
    state.build_faults.push_back((output, error));
}

const RUNTIME_LABELS: [(&str, &str); 2] = [("hal9000.role", "runtime"), ("hal9000.size", "77")];
