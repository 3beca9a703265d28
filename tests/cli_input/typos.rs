//! Slips of the fingers: what was meant is named where it is near, and only there.

use crate::{refused, sandbox};
use hal9000::vars;

/// What is typed, the status, and what is said of it.
type Slip = (&'static [&'static str], i32, &'static [&'static str]);

const SLIPS: &[Slip] = &[
    // A word that is no command is a directory to begin with.
    (
        &["sesions"],
        125,
        &[
            "no such directory: `sesions`",
            "did you mean the command `sessions`?",
        ],
    ),
    (
        &["sesions", "--all"],
        2,
        &["`--all`", "is taken for", "did you mean `sessions`?"],
    ),
    (
        &["atach", "shop"],
        2,
        &["`shop`", "is taken for", "did you mean `attach`?"],
    ),
    (&["doctr"], 125, &["did you mean the command `doctor`?"]),
    (&["help"], 125, &["did you mean `--help`?"]),
    (&["pool", "scael"], 2, &["`scael`", "did you mean `scale`?"]),
    (
        &["daemon", "strat"],
        2,
        &[
            "`hal-9000 daemon` has no command `strat`",
            "did you mean `start`?",
        ],
    ),
    // What the older tool called it.
    (&["--diagnose"], 2, &["did you mean `doctor`?"]),
    (&["config", "sett"], 2, &["did you mean `set`?"]),
    (&["image", "biuld"], 2, &["did you mean `build`?"]),
    // Options, and what they take.
    (
        &["--profil", "node"],
        2,
        &[
            "`hal-9000` has no option `--profil`",
            "did you mean `--profile`?",
        ],
    ),
    (
        &["daemon", "stop", "--froce"],
        2,
        &["did you mean `--force`?"],
    ),
    (&["--profile", "nod"], 2, &["`nod`", "did you mean `node`?"]),
    (
        &["image", "build", "wroker"],
        2,
        &["`wroker`", "did you mean `worker`?"],
    ),
    (
        &["image", "build", "pyhton"],
        2,
        &["did you mean `python`?"],
    ),
    (
        &["--docker=gaurd"],
        2,
        &["`gaurd`", "did you mean `guard`?"],
    ),
    (
        &["--workdir=hosst"],
        2,
        &["`hosst`", "did you mean `host`?"],
    ),
    (&["--pull=alwys"], 2, &["`alwys`", "did you mean `always`?"]),
    (&["--print=jsno"], 2, &["`jsno`", "did you mean `json`?"]),
    (
        &["completions", "zhs"],
        2,
        &["`zhs`", "did you mean `zsh`?"],
    ),
    (&["daemon", "logs", "chrma"], 2, &["did you mean `chroma`?"]),
    (
        &["config", "get", "limits.memroy"],
        2,
        &["`limits.memroy`", "did you mean `limits.memory`?"],
    ),
    (
        &["config", "set", "profil", "go"],
        2,
        &["did you mean `profile`?"],
    ),
    (
        &["config", "set", "docker.on_exit", "keeep"],
        2,
        &["`keeep`", "did you mean `keep`?"],
    ),
    (&["man", "posl"], 2, &["`posl`", "did you mean `pool`?"]),
    // Options of Claude's own.
    (
        &["--model", "opus"],
        2,
        &["`--model`", "`hal-9000 claude --model`"],
    ),
];

#[test]
fn what_was_meant_is_named() {
    let sandbox = sandbox();
    for (words, status, said) in SLIPS {
        refused(&sandbox.run(words), *status, said);
    }
}

#[test]
fn what_is_not_near_is_not_guessed_at() {
    let sandbox = sandbox();
    let table: &[(&[&str], i32)] = &[
        (&["nowhere"], 125),
        (&["--nonsense"], 2),
        (&["pool", "dance"], 2),
        (&["--profile", "cobol"], 2),
        (&["config", "get", "zzz"], 2),
        (&["my-project", "extra"], 2),
    ];
    for (words, status) in table {
        let done = sandbox.run(words);
        refused(&done, *status, &["hint: "]);
        assert!(!done.stderr.contains("did you mean"), "{done:#?}");
    }
}

#[test]
fn slips_in_files_and_variables() {
    let sandbox = sandbox();
    for (name, value, near) in [
        (vars::DOCKER, "gaurd", "guard"),
        (vars::DOCKER_ON_EXIT, "remov", "remove"),
        (vars::DOCKER_BUILDER, "clasic", "classic"),
        (vars::WORKDIR, "hots", "host"),
        (vars::PROFILE, "pyton", "python"),
    ] {
        let done = crate::sandbox().env(name, value).run(&["shell", "true"]);
        let near = format!("did you mean `{near}`?");
        refused(&done, 2, &[&format!("`{value}`"), &near]);
    }
    let own = "home/.config/hal-9000/config.toml";
    let projects = "home/project/.hal-9000.toml";
    for (path, text, near) in [
        (own, "profil = \"go\"", "profile"),
        (own, "[limits]\nmemroy = \"1g\"", "limits.memory"),
        (own, "[docker]\nmode = \"gaurd\"", "guard"),
        (projects, "workdri = \"host\"", "workdir"),
        (projects, "[limits]\npid = 50", "limits.pids"),
    ] {
        let file = sandbox.write(path, text);
        let done = sandbox.run(&["--yes", "shell", "true"]);
        let near = format!("did you mean `{near}`?");
        refused(&done, 2, &[file.to_str().unwrap(), &near]);
        sandbox.write(path, "");
    }
}

#[test]
fn a_line_that_asks_for_json_is_refused_in_json() {
    let done = sandbox().run(&["sessions", "--jsn", "--json"]);
    assert_eq!(done.code(), Some(2), "{done:#?}");
    let said: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(said["error"]["kind"], "usage");
    // Claude's own words are none of ours.
    let done = sandbox().run(&["--jsn", "claude", "--json"]);
    refused(&done, 2, &["`--jsn`"]);
}
