//! What is said of it all.

#[test]
fn the_level_in_force_is_named_with_what_remains() {
    let sessions = guarded!("the_level_in_force_is_named_with_what_remains");
    let said = sessions.house.ok(&["doctor"]);
    for words in [
        "guarded (variable HAL9000_DOCKER)",
        "what remains",
        "docs/SECURITY.md",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let json = sessions.house.ok(&["doctor", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let findings = json["findings"].as_array().unwrap();
    let about = |name: &str| {
        let found = findings.iter().find(|it| it["about"] == name);
        found.unwrap()["health"].clone()
    };
    assert_eq!(about("engine"), "ok");
    assert_eq!(about("docker inside"), "ok");
    assert_eq!(about("images"), "ok");

    let sandbox = sessions.house.bench.sandbox.command(&["doctor"]);
    let mut unguarded = sandbox;
    let output = unguarded.env("HAL9000_DOCKER", "host").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("warning  docker inside") && said.contains("--docker=guard"),
        "{said}"
    );
    sessions.end();
}
