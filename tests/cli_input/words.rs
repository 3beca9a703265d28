//! Words, variables and files that make no sense.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

use hal9000::vars;

use crate::support::sandbox::finish;
use crate::{refused, sandbox};

#[test]
fn words_that_make_no_sense() {
    let sandbox = sandbox();
    let table: &[(&[&str], &[&str])] = &[
        (
            &["--memmory", "4g"],
            &["--memmory", "did you mean `--memory`?", "--memory"],
        ),
        (&["--no-such"], &["--no-such"]),
        (&["--memory", "4x"], &["`4x`", "--memory", "4g"]),
        (&["--memory="], &["--memory"]),
        (&["--memory", "1m"], &["minimum", "6m"]),
        (&["--memory", "-4g"], &["-4"]),
        (&["--cpus", "two"], &["`two`", "1.5"]),
        (&["--cpus", "0"], &["0.01"]),
        (
            &["--pids-limit", "0"],
            &["`0`", "at least 20", "--no-limits"],
        ),
        (&["--pids-limit", "-1"], &["`-1`", "--no-limits"]),
        (&["--pids-limit", "many"], &["`many`"]),
        (
            &["--profile", "pyton"],
            &[
                "`pyton`",
                "did you mean `python`?",
                "python, ",
                "rust",
                "Dockerfile",
            ],
        ),
        (&["--profile", "../x"], &["../x", "base"]),
        (&["--docker", "maybe"], &["`maybe`", "host", "none"]),
        (&["--workdir", "here"], &["`here`", "workspace"]),
        (&["--name", "a b"], &["`a b`", "name"]),
        (&["--name", "-x"], &["-x"]),
        (&[""], &["DIR"]),
        (&["--name", "x"], &["`x`"]),
        (&["--env", "=x"], &["`=x`", "NAME=value"]),
        (&["--env", "1A=x"], &["1A=x"]),
        (&["-e", "A B=x"], &["A B=x"]),
        (&["--volume", "data"], &["`data`", "SOURCE:TARGET"]),
        (&["--volume", "a:b"], &["`a:b`", "absolute"]),
        (&["--volume", ":/x"], &[":/x"]),
        (&["--volume", "a:/"], &["a:/"]),
        (&["-v", "a:/b:c:d"], &["a:/b:c:d"]),
        (
            &["-v", "./nope:/x"],
            &["./nope:/x", "No such file", "hint: "],
        ),
        (&["--publish", "0"], &["`0`", "8080:80"]),
        (&["--publish", "99999:80"], &["99999:80"]),
        (&["--publish", "80/http"], &["80/http"]),
        (&["--publish", "300.0.0.1:80:80"], &["300.0.0.1"]),
        (&["--network", "a b"], &["`a b`", "bridge"]),
        (&["--network", "--privileged"], &["--privileged"]),
        (&["--pull", "often"], &["often", "always", "never"]),
        (&["--print=xml"], &["xml", "shell", "argv", "json"]),
        (
            &["--no-limits", "--memory", "1g"],
            &["--no-limits", "--memory"],
        ),
        (
            &["--profile", "go", "--image", "x"],
            &["--profile", "--image"],
        ),
        (&["--print", "--explain"], &["--print", "--explain"]),
        (&["--quiet", "--verbose"], &["--quiet", "--verbose"]),
        (&["--shell", "shell"], &["--shell"]),
        (
            &["--context", "x", "-H", "unix:///x"],
            &["--host", "--context"],
        ),
        (&["--image", ""], &["image ``", "--image"]),
        (&["--image=--privileged"], &["`--privileged`", "--image"]),
        (&["--image", "a b"], &["`a b`"]),
        (&["one", "two"], &["two"]),
        (&["kill"], &["NAME"]),
        (&["kill", "--all", "x"], &["--all"]),
        (&["kill", "--al"], &["--al"]),
        (&["logs"], &["NAME"]),
        (&["image", "biuld"], &["biuld", "build"]),
        (
            &["--memory", "1g", "sessions"],
            &["--memory", "starts none"],
        ),
        (&["--yes", "sessions"], &["--yes", "starts none"]),
        (&["--pull=always", "sessions"], &["--pull", "starts none"]),
        (&["--print", "kill", "x"], &["--print", "starts none"]),
        (&["-d", "logs", "x"], &["--detach", "starts none"]),
        (&[".", "sessions"], &["a directory", "starts none"]),
    ];
    for (words, said) in table {
        refused(&sandbox.run(words), 2, said);
    }
}

#[test]
fn words_about_the_pool_that_make_no_sense() {
    let sandbox = sandbox();
    let table: &[(&[&str], &[&str])] = &[
        (
            &["pool", "start", "--min", "6", "--max", "3"],
            &["`--min 6`", "`--max 3`", "hint: "],
        ),
        (&["pool", "start", "--idle-timeout", "5"], &["`5`", "30m"]),
        (&["pool", "start", "--max", "101"], &["101", "100"]),
        (&["pool", "scale", "many"], &["many"]),
        (&["pool", "scale"], &["COUNT"]),
        (&["pool", "warn"], &["warn", "warm"]),
        (&["pool", "warm", "--new"], &["--new"]),
        (&["--memory", "1g", "pool", "warm"], &["--memory"]),
    ];
    for (words, said) in table {
        refused(&sandbox.run(words), 2, said);
    }
}

#[test]
fn variables_that_make_no_sense() {
    for (name, value, words) in [
        (vars::MEMORY, "4x", vec!["`4x`", vars::MEMORY]),
        (vars::CPUS, "-1", vec!["`-1`", vars::CPUS]),
        (vars::PIDS_LIMIT, "1", vec!["at least 20", vars::PIDS_LIMIT]),
        (vars::DOCKER, "guarded", vec!["`guarded`", vars::DOCKER]),
        (
            vars::DOCKER_ON_EXIT,
            "x",
            vec!["`x`", "keep", vars::DOCKER_ON_EXIT],
        ),
        (
            vars::DOCKER_BUILDER,
            "x",
            vec!["`x`", "classic", vars::DOCKER_BUILDER],
        ),
        (vars::PROFILE, "pyton", vec!["`pyton`", "python"]),
        (vars::WORKDIR, "x", vec!["`x`", vars::WORKDIR]),
        (
            vars::DETACH_KEYS,
            "ctrl-1",
            vec!["`ctrl-1`", "a-z", vars::DETACH_KEYS],
        ),
        (vars::DETACH_KEYS, ",", vec![vars::DETACH_KEYS]),
        (
            vars::CLAUDE_VERSION,
            "newest",
            vec!["`newest`", vars::CLAUDE_VERSION],
        ),
        (vars::CLAUDE_VERSION, "../../x", vec!["../../x"]),
        (
            vars::CA_BUNDLE,
            "/no/such",
            vec!["/no/such", vars::CA_BUNDLE, "hint: "],
        ),
        (vars::CA_BUNDLE, "relative", vec!["relative", "absolute"]),
        (vars::CA_BUNDLE, "/", vec!["not a regular file"]),
        (vars::INSTANCE, "a b", vec!["`a b`", "40"]),
        (vars::INSTANCE, "default", vec!["`default`"]),
    ] {
        let done = sandbox().env(name, value).run(&["shell", "true"]);
        refused(&done, 2, &words);
    }
    // An empty one is as if it were not set.
    let done = sandbox()
        .env(vars::MEMORY, "")
        .env(vars::INSTANCE, "")
        .run(&["shell", "true"]);
    assert_eq!(done.code(), Some(125));
    assert!(done.stderr.contains("no-engine"), "{done:#?}");
}

#[test]
fn files_that_make_no_sense() {
    let sandbox = sandbox();
    let path = "home/.config/hal-9000/config.toml";
    for (text, words) in [
        (
            "\nprofil = \"go\"",
            vec!["line 2", "profil", "did you mean `profile`"],
        ),
        (
            "[limits]\nmemroy = \"8g\"",
            vec!["line 2", "did you mean `limits.memory`"],
        ),
        (
            "memory = \"8g\"",
            vec!["line 1", "did you mean `limits.memory`"],
        ),
        ("[nonsense]\n", vec!["line 1", "nonsense"]),
        ("profile = ", vec!["line 1"]),
        ("profile = \"go\"\nprofile = \"go\"", vec!["line 2"]),
        ("profile = true", vec!["line 1"]),
        ("[limits]\npids = 0", vec!["`0`", "user file", ":2"]),
        ("profile = \"pyton\"", vec!["`pyton`", "python"]),
        (
            "[secrets]\nKEY = \"~/nope\"",
            vec!["KEY", "/home/nope", "No such file", ":2"],
        ),
        ("[secrets]\nKEY = \"nope\"", vec!["KEY", "absolute"]),
    ] {
        let file = sandbox.write(path, text);
        let done = sandbox.run(&["shell", "true"]);
        refused(&done, 2, &words);
        assert!(
            done.stderr.contains(file.to_str().unwrap()) || text.contains("pyton"),
            "{done:#?}"
        );
    }
    let file = sandbox.write(path, "");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    if sandbox.user().is_some() {
        refused(
            &sandbox.run(&["shell", "true"]),
            2,
            &["config.toml", "Permission denied"],
        );
    }
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    refused(
        &sandbox.run(&["shell", "true"]),
        2,
        &["config.toml", "not a regular file"],
    );
}

#[test]
fn words_for_the_container_are_text() {
    let sandbox = sandbox();
    let mut command = sandbox.command(&["shell", "echo"]);
    command.arg(OsStr::from_bytes(b"\xff"));
    refused(&finish(command, b""), 2, &["not UTF-8", "standard input"]);
}

#[test]
fn a_group_of_commands_alone_is_explained() {
    let done = sandbox().run(&["image"]).expect_code(2);
    assert!(
        done.stdout.is_empty() && done.stderr.contains("build") && done.stderr.contains("prune")
    );
}

#[test]
fn what_cannot_be_pulled_is_said_before_the_engine_is_asked() {
    let done = sandbox().run(&["image", "pull"]);
    refused(
        &done,
        2,
        &["`image.registry` is not set", "config set", "image build"],
    );
    let with = |registry| sandbox().env("HAL9000_REGISTRY", registry);
    let done = with("https://ghcr.io/acme").run(&["image", "pull"]);
    refused(
        &done,
        2,
        &[
            "`https://ghcr.io/acme`",
            "HAL9000_REGISTRY",
            "`ghcr.io/acme`",
        ],
    );
    let done = with("ghcr.io/acme").run(&["image", "pull", "rutime"]);
    refused(&done, 2, &["did you mean `runtime`?"]);
}

#[test]
fn what_everybody_uses_is_not_removed_unasked() {
    let done = sandbox().run(&["image", "prune", "--all"]);
    refused(&done, 2, &["everybody's", "no terminal", "`--yes`"]);
    let done = sandbox().run(&["image", "prune", "--yes"]);
    refused(&done, 2, &["--all"]);
}
