//! `profiles` and `claude-version`, as far as no engine is asked.

use crate::{refused, sandbox};

#[test]
fn profiles_are_told_with_what_asks_for_them() {
    let sandbox = sandbox();
    sandbox.write("home/project/Cargo.toml", "");
    let own = sandbox.write(
        "home/.config/hal-9000/profiles/zig/Dockerfile",
        "FROM hal9000/worker\nRUN true\n",
    );
    let listed = sandbox.run(&["profiles", "list"]).expect_code(0).stdout;
    let row = |name: &str| {
        let line = listed.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(row("rust"), "rust here Cargo.toml built in");
    assert_eq!(row("node"), "node package.json built in");
    assert_eq!(row("zig"), format!("zig {}", own.display()));
    let json = sandbox.run(&["profiles", "ls", "--json"]).expect_code(0);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let profiles = json["profiles"].as_array().unwrap();
    let here: Vec<_> = profiles.iter().filter(|it| it["here"] == true).collect();
    assert_eq!((here.len(), &here[0]["name"]), (1, &"rust".into()));
    let zig = profiles.iter().find(|it| it["name"] == "zig").unwrap();
    assert_eq!(zig["dockerfile"], own.to_str().unwrap());

    // A profile that was chosen is the one that counts.
    let chosen = sandbox.env("HAL9000_PROFILE", "zig");
    let listed = chosen.run(&["profiles", "list"]).expect_code(0).stdout;
    assert!(
        listed
            .lines()
            .any(|line| line.starts_with("zig") && line.contains("here"))
    );
    let shown = chosen
        .run(&["profiles", "show", "zig"])
        .expect_code(0)
        .stdout;
    assert!(
        shown.starts_with("FROM hal9000/worker:") && shown.ends_with("RUN true\n"),
        "{shown}"
    );
    let shown = chosen
        .run(&["profiles", "show", "node"])
        .expect_code(0)
        .stdout;
    assert!(shown.contains("FROM ${HAL9000_WORKER}"), "{shown}");
}

#[test]
fn what_is_no_profile_or_release_is_refused_before_anything_is_asked() {
    let sandbox = sandbox();
    for words in [["profiles", "show", "nod"], ["profiles", "build", "nod"]] {
        refused(
            &sandbox.run(&words),
            2,
            &["no profile `nod`", "did you mean `node`?"],
        );
    }
    refused(
        &sandbox.run(&["profiles", "build", "runtime"]),
        2,
        &["no profile `runtime`"],
    );
    refused(
        &sandbox.run(&["claude-version", "use", "newest"]),
        2,
        &["`newest` is not a release", "claude-version latest"],
    );
    let said = sandbox.run(&["claude-version"]).expect_code(0);
    assert_eq!(said.stdout, format!("{}\n", hal9000::recipe::PINNED_CLAUDE));
    let other = sandbox.env("HAL9000_CLAUDE_VERSION", "2.1.1");
    let said = other.run(&["claude-version"]).expect_code(0);
    assert_eq!(said.stdout, "2.1.1\n");
    assert!(
        said.stderr.contains("variable HAL9000_CLAUDE_VERSION"),
        "{said:?}"
    );
    // Nothing answers there.
    for words in [
        &["claude-version", "list"][..],
        &["claude-version", "latest"],
        &["claude-version", "use", "2.1.1"],
    ] {
        assert_eq!(other.run(words).code(), Some(3), "{words:?}");
    }
}
