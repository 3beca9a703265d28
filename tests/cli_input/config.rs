//! `config`: settings shown with their origins, and one's own file changed.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::{refused, sandbox};

const TEXT: &str = "# mine\nprofile = \"node\" # for now\n\n[limits]\ncpus = 3\n";

#[test]
fn settings_are_shown_with_where_they_come_from() {
    let sandbox = sandbox().env("HAL9000_MEMORY", "6g");
    let path = sandbox.write("home/.config/hal-9000/config.toml", TEXT);
    sandbox.write("home/project/.hal-9000.toml", "[limits]\npids = 50\n");
    let own = path.display();
    let shown = sandbox.run(&["config", "show"]).expect_code(0);
    let row = |name: &str| {
        let line = shown.stdout.lines().find(|line| line.starts_with(name));
        line.unwrap()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        row("limits.cpus"),
        format!("limits.cpus 3 user file {own}:5")
    );
    assert_eq!(
        row("limits.memory"),
        "limits.memory 6g variable HAL9000_MEMORY"
    );
    assert_eq!(row("workdir"), "workdir host built in");
    assert_eq!(row("ca_bundle"), "ca_bundle - not set");
    // Somebody else's text, before it is trusted: told of, and not obeyed.
    assert_eq!(row("limits.pids"), "limits.pids 100 built in");
    assert!(shown.stderr.contains("is not trusted"), "{}", shown.stderr);

    let json = sandbox.run(&["config", "show", "--json"]).expect_code(0);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let settings = json["settings"].as_array().unwrap();
    let found = settings
        .iter()
        .find(|row| row["name"] == "profile")
        .unwrap();
    assert_eq!(found["value"], "node");
    assert_eq!(found["from"], format!("user file {own}:2"));

    let told = sandbox.run(&["config", "path"]).expect_code(0);
    assert_eq!(told.stdout, format!("{own}\n"));
    let got = sandbox.run(&["config", "get", "profile"]).expect_code(0);
    assert_eq!(got.stdout, "node\n");
}

#[test]
fn a_file_of_ones_own_is_changed_and_keeps_its_comments() {
    let sandbox = sandbox();
    let set = |key: &str, value: &str| sandbox.run(&["config", "set", key, value]).expect_code(0);
    set("limits.memory", "8g");
    let path = sandbox.home().join(".config/hal-9000/config.toml");
    let text = || fs::read_to_string(&path).unwrap();
    assert_eq!(text(), "[limits]\nmemory = \"8g\"\n");
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );

    // A link into somebody's dotfiles stays one.
    let dotfile = sandbox.write("home/dotfiles/hal.toml", TEXT);
    fs::remove_file(&path).unwrap();
    symlink(&dotfile, &path).unwrap();
    set("limits.cpus", "2");
    set("profile", "go");
    let unset = sandbox
        .run(&["config", "unset", "limits.cpus"])
        .expect_code(0);
    assert_eq!(unset.stdout + &unset.stderr, "");
    assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
    assert_eq!(text(), "# mine\nprofile = \"go\" # for now\n\n[limits]\n");

    let told = sandbox
        .run(&["config", "get", "limits.memory"])
        .expect_code(0);
    assert_eq!(told.stdout, "4g\n");
}

#[test]
fn what_has_the_last_word_is_named() {
    let sandbox = sandbox().env("HAL9000_MEMORY", "6g");
    let set = sandbox
        .run(&["config", "set", "limits.memory", "8g"])
        .expect_code(0);
    let told = "`6g` in this directory all the same: variable HAL9000_MEMORY comes after your file";
    assert!(set.stderr.contains(told), "{}", set.stderr);
}

#[test]
fn settings_that_cannot_be_are_refused_and_nothing_is_changed() {
    let sandbox = sandbox();
    let path = sandbox.write("home/.config/hal-9000/config.toml", TEXT);
    for (words, status, said) in [
        (
            vec!["set", "limits.cpu", "2"],
            2,
            vec![
                "unknown setting `limits.cpu`",
                "did you mean `limits.cpus`?",
            ],
        ),
        (
            vec!["set", "zzz", "2"],
            2,
            vec!["unknown setting `zzz`", "hint: `hal-9000 config show`"],
        ),
        (
            vec!["set", "limits.cpus", "many"],
            2,
            vec!["many", "config.toml:5"],
        ),
        (vec!["set", "limits.cpus", "-1"], 2, vec!["-1"]),
        (
            vec!["set", "docker.mode", "gaurd"],
            2,
            vec!["gaurd", "guard"],
        ),
        (
            vec!["set", "secrets.A_KEY", "/no/such/file"],
            2,
            vec!["/no/such/file", "No such file"],
        ),
        (
            vec!["set", "secrets.A KEY", "/etc/hostname"],
            2,
            vec!["unknown setting"],
        ),
        (vec!["get", "profil"], 2, vec!["did you mean `profile`?"]),
        (
            vec!["get", "ca_bundle"],
            1,
            vec!["`ca_bundle` is not set", "config set ca_bundle"],
        ),
        (
            vec!["unset", "limits.pids"],
            1,
            vec!["is not set in", "config show"],
        ),
        (vec!["set", "limits.cpus"], 2, vec!["VALUE"]),
        (vec!["sett"], 2, vec!["set"]),
    ] {
        let words = [vec!["config"], words].concat();
        refused(&sandbox.run(&words), status, &said);
        assert_eq!(fs::read_to_string(&path).unwrap(), TEXT, "{words:?}");
    }
    fs::write(&path, "profile = ").unwrap();
    refused(
        &sandbox.run(&["config", "set", "limits.cpus", "2"]),
        2,
        &["config.toml`, line 1"],
    );
    refused(
        &sandbox.run(&["config", "show"]),
        2,
        &["config.toml`, line 1"],
    );
    if sandbox.user().is_some() {
        fs::write(&path, TEXT).unwrap();
        let directory = path.parent().unwrap();
        fs::set_permissions(directory, fs::Permissions::from_mode(0o555)).unwrap();
        let done = sandbox.run(&["config", "set", "limits.cpus", "2"]);
        fs::set_permissions(directory, fs::Permissions::from_mode(0o755)).unwrap();
        refused(
            &done,
            1,
            &[
                "config.toml` cannot be written",
                "Permission denied",
                "nothing was changed",
            ],
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), TEXT);
    }
}
