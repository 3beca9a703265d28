//! A Claude that has waited knows no older state than one that is started now.

#[test]
fn what_claude_reads_once_is_as_it_is_now() {
    let kept = kept!("what_claude_reads_once_is_as_it_is_now");
    let house = &kept.house;
    // What docker's client hands to the containers that it makes; no client makes these.
    let config = r#"{"proxies":{"default":{"noProxy":"none.example"}}}"#;
    house
        .bench
        .sandbox
        .write("home/.docker/config.json", config);
    house.ok(&["pool", "start", "--min", "1"]);
    kept.warm();
    let mut before = kept.until_ready(1);
    let spare = before.first().unwrap();
    let env = house.bench.field(spare, "{{json .Config.Env}}");
    for variable in ["\"NO_PROXY=none.example\"", "\"no_proxy=none.example\""] {
        assert!(env.contains(variable), "{variable}: {env}");
    }
    for (file, text) in [
        ("CLAUDE.md", "Be brief."),
        (".git/HEAD", "ref: refs/heads/main\n"),
        (".git/logs/HEAD", "0 1 a commit\n"),
        (".claude/settings.json", "{\"model\": \"haiku\"}"),
    ] {
        house
            .bench
            .sandbox
            .write(&format!("home/project/{file}"), text);
        let pty = kept.claude(&["--verbose"]);
        assert!(kept.sessions().is_disjoint(&before), "{file}");
        house.ok(&["kill", "--all"]);
        drop(pty);
        house.until("one that knows it waits", || {
            kept.spares().is_disjoint(&before)
        });
        before = kept.until_ready_any();
        let pty = kept.claude(&[]);
        assert!(kept.sessions().is_subset(&before), "{file}");
        house.ok(&["kill", "--all"]);
        drop(pty);
        before = kept.until_ready_any();
    }

    // What is done at the start of a session is not done before.
    let hook = r#"{"hooks":{"SessionStart":[{"hooks":[{"type":"command","command":"true"}]}]}}"#;
    house
        .bench
        .sandbox
        .write("home/project/.claude/settings.local.json", hook);
    let pty = kept.claude(&["--verbose"]);
    assert!(pty.raw().windows(12).any(|it| it == b"SessionStart"));
    assert!(kept.sessions().is_disjoint(&before));
    house.ok(&["kill", "--all"]);
    drop(pty);
    kept.end();
}

#[test]
fn a_login_elsewhere_makes_them_anew() {
    let kept = kept!("a_login_elsewhere_makes_them_anew");
    let house = &kept.house;
    house.start();
    kept.warm();
    let before = kept.until_ready(2);
    let login = "echo '{}' > ~/.claude/.credentials.json";
    house.ok(&["shell", "sh", "-c", login]);
    let pty = kept.claude(&["--verbose"]);
    assert!(pty.raw().windows(13).any(|it| it == b"you logged in"));
    assert!(kept.sessions().is_disjoint(&before));
    house.until("others wait", || kept.spares().is_disjoint(&before));
    let after = kept.until_ready_any();
    let second = kept.claude(&["--new"]);
    assert_eq!(kept.sessions().intersection(&after).count(), 1);
    house.ok(&["kill", "--all"]);
    drop((pty, second));
    kept.end();
}

#[test]
fn a_project_in_which_claude_asks_first_is_not_kept_ready() {
    let kept = kept!("a_project_in_which_claude_asks_first_is_not_kept_ready");
    let house = &kept.house;
    house.start();
    // Claude asks whether this one is trusted.
    let dir = house.bench.sandbox.make_project("third", &[]);
    let warmed = house
        .run(&["pool", "warm", &dir.to_string_lossy()])
        .expect_code(1);
    assert!(warmed.stderr.contains("trust"), "{}", warmed.stderr);
    assert!(kept.spares().is_empty());
    kept.end();
}
