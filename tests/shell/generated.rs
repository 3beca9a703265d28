//! What is generated and committed is what the code says.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use hal9000::{cli, vars};

/// The directories that hold generated files only.
const DIRECTORIES: [&str; 2] = ["completions", "man"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn committed() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for directory in DIRECTORIES {
        for entry in fs::read_dir(root().join(directory))
            .into_iter()
            .flatten()
            .flatten()
        {
            let name = entry.file_name().into_string().unwrap();
            let text = fs::read_to_string(entry.path()).unwrap();
            found.insert(format!("{directory}/{name}"), text);
        }
    }
    found
}

/// Make the committed files what they are to be.
fn write(made: &BTreeMap<String, String>) {
    for name in committed().keys().filter(|name| !made.contains_key(*name)) {
        fs::remove_file(root().join(name)).unwrap();
    }
    for (name, text) in made {
        let path = root().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
        fs::write(path, text).unwrap();
    }
}

#[test]
fn generated_files_are_what_the_code_says() {
    let made: BTreeMap<String, String> = cli::generated().into_iter().collect();
    assert!(made.len() >= 5, "{:?}", made.keys());
    if std::env::var(vars::TEST_GENERATE).is_ok_and(|value| value == "write") {
        write(&made);
    }
    let committed = committed();
    let same = |name: &&String| made.get(*name) == committed.get(*name);
    let names = made.keys().chain(committed.keys());
    let mut stale: Vec<&String> = names.filter(|name| !same(name)).collect();
    stale.dedup();
    assert!(
        stale.is_empty(),
        "`scripts/generate` makes these again: {stale:?}"
    );
}

#[test]
fn a_generated_file_is_the_same_every_time() {
    assert_eq!(cli::generated(), cli::generated());
}
