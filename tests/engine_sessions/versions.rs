//! The release of Claude that sessions run.

use hal9000::recipe::PINNED_CLAUDE;

use crate::support::session::Bench;

#[test]
fn a_release_is_chosen_once_it_is_here() {
    let Some(bench) = Bench::new("a_release_is_chosen_once_it_is_here") else {
        return;
    };
    let file = bench.sandbox.home().join(".config/hal-9000/config.toml");
    let listed = || -> serde_json::Value {
        let said = bench.ok(&["claude-version", "list", "--json"]);
        serde_json::from_str(&said).unwrap()
    };
    let used = |listed: &serde_json::Value| -> (String, bool) {
        let mut all = listed["versions"].as_array().unwrap().iter();
        let it = all.find(|it| it["used"] == true).unwrap();
        (
            it["version"].as_str().unwrap().to_owned(),
            it["here"] == true,
        )
    };
    assert_eq!(used(&listed()), (PINNED_CLAUDE.to_owned(), true));

    // One that the registry has not: nothing is changed.
    let done = bench.run(&["claude-version", "use", "0.0.1-none"]);
    assert_eq!(done.code(), Some(1), "{done:?}");
    for words in ["hal9000/claude:0.0.1-none", "claude-version latest"] {
        assert!(done.stderr.contains(words), "{words}: {done:?}");
    }
    assert!(!file.exists());

    // One that was written down, and is not here.
    bench.ok(&["config", "set", "claude.version", "0.0.1"]);
    assert_eq!(used(&listed()), ("0.0.1".to_owned(), false));
    // hal-9000's own one is not written down.
    bench.ok(&["claude-version", "use", PINNED_CLAUDE]);
    assert_eq!(used(&listed()), (PINNED_CLAUDE.to_owned(), true));
    assert!(!std::fs::read_to_string(&file).unwrap().contains("version"));
    bench.end();
}
