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
    let find = |name: &str| findings.iter().find(|it| it["about"] == name).unwrap();
    let about = |name: &str| find(name)["health"].clone();
    assert_eq!(about("engine"), "ok");
    assert_eq!(about("docker inside"), "ok");
    assert_eq!(about("images"), "ok");
    assert_eq!(about("runtime"), "ok");
    assert_eq!(about("parent"), "ok");
    // What the engine says of itself arrives.
    let engine = find("engine")["says"].as_str().unwrap();
    assert!(
        engine.contains(", storage ") && engine.contains(", cgroup "),
        "{engine}"
    );
    let limits = find("limits")["says"].as_str().unwrap();
    assert!(
        limits.contains("100 processes; the engine has") && !limits.contains(" 0 "),
        "{limits}"
    );
    let disk = find("disk")["says"].as_str().unwrap();
    assert!(
        disk.contains("free") || disk.contains("not on this machine"),
        "{disk}"
    );

    // The shell at which somebody sits: what it lacks, with the line to add; nothing of one unknown.
    for (login, own, words) in [
        ("/bin/bash", "", "warning  shell"),
        (
            "/bin/bash",
            "",
            "add to ~/.bashrc: `eval \"$(hal-9000 shell-init bash)\"`",
        ),
        ("/bin/bash", "bash:1", "bash completes hal-9000's words"),
        ("/usr/bin/fish", "", "config.fish"),
        ("/bin/tcsh", "", ""),
    ] {
        let mut doctor = sessions.house.bench.sandbox.command(&["doctor"]);
        let output = doctor
            .env("SHELL", login)
            .env("HAL9000_SHELL", own)
            .output();
        let said = String::from_utf8_lossy(&output.unwrap().stdout).into_owned();
        assert!(said.contains(words), "{login} {own}: {said}");
        assert_eq!(
            said.contains(" shell "),
            !words.is_empty(),
            "{login}: {said}"
        );
    }

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
