//! A project's own settings: somebody else's text until it is trusted.

use std::fs;

use crate::support::session::Bench;

const FILE: &str = "home/project/.hal-9000.toml";

fn memory(bench: &Bench, options: &[&str]) -> (String, String) {
    let words = [
        options,
        &["--print=argv", "--docker=host", "--detach", "shell"],
    ]
    .concat();
    let done = bench.run(&words).expect_code(0);
    let mut words = done.stdout.lines().skip_while(|word| *word != "--memory");
    (words.nth(1).unwrap().to_owned(), done.stderr)
}

#[test]
fn what_is_not_trusted_does_not_count() {
    let bench = bench!("what_is_not_trusted_does_not_count");
    let path = bench.sandbox.write(FILE, "[limits]\nmemory = \"1g\"\n");
    let (limit, said) = memory(&bench, &[]);
    assert_eq!(limit, "4g");
    for word in [path.to_str().unwrap(), "not trusted", "--yes"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    // Trusted once, it is trusted as it is …
    assert_eq!(memory(&bench, &["--yes"]), ("1g".to_owned(), String::new()));
    assert_eq!(memory(&bench, &[]), ("1g".to_owned(), String::new()));
    // … and not when it has changed.
    bench.sandbox.write(FILE, "[limits]\nmemory = \"2g\"\n");
    assert_eq!(memory(&bench, &[]).0, "4g");
    bench.sandbox.write(FILE, "[limits]\nmemory = \"1g\"\n");
    assert_eq!(memory(&bench, &[]).0, "1g");
    bench.end();
}

#[test]
fn on_a_terminal_it_is_shown_and_asked_for() {
    let bench = bench!("on_a_terminal_it_is_shown_and_asked_for");
    bench
        .sandbox
        .write(FILE, "profile = \"base\"\n[limits]\nmemory = \"1g\"\n");
    let ask = |answer: &str| {
        let mut pty = bench.sandbox.pty(&["--print=argv", "shell"]);
        pty.wait_for_text("Trust this file");
        let text = pty.screen_text();
        assert!(
            text.contains("limits.memory = 1g") && text.contains("profile = base"),
            "{text}"
        );
        pty.send(answer);
        assert!(pty.wait_exit().success());
        String::from_utf8_lossy(&pty.raw()).into_owned()
    };
    for no in ["n\n", "\n", "\u{4}"] {
        let text = ask(no);
        assert!(
            text.contains("4g") && text.contains("not trusted"),
            "{text}"
        );
    }
    assert!(ask("y\n").contains("--memory\r\n1g"));
    assert_eq!(memory(&bench, &[]), ("1g".to_owned(), String::new()));
    bench.end();
}

#[test]
fn it_cannot_widen_anything_even_when_trusted() {
    let bench = bench!("it_cannot_widen_anything_even_when_trusted");
    for (text, word) in [
        ("[limits]\nmemory = \"5g\"\n", "limits.memory"),
        ("[limits]\npids = 101\n", "limits.pids"),
        ("[docker]\nmode = \"host\"\n", "docker.mode"),
        ("ca_bundle = \"/etc/passwd\"\n", "ca_bundle"),
        ("[secrets]\nA = \"/etc/shadow\"\n", "secrets.A"),
        ("[claude]\nversion = \"1.0.0\"\n", "claude.version"),
        ("detach_keys = \"a\"\n", "detach_keys"),
    ] {
        let path = bench.sandbox.write(FILE, text);
        let done = bench.run(&["--yes", "shell", "true"]).expect_code(2);
        assert!(done.stderr.contains(word), "{text}: {}", done.stderr);
        assert!(
            done.stderr.contains(path.to_str().unwrap()),
            "{}",
            done.stderr
        );
        // What was refused is not trusted either.
        assert!(!bench.sandbox.home().join(".local/state/hal-9000").exists());
    }
    bench.end();
}

#[test]
fn it_is_a_file_of_the_project_or_nothing() {
    let bench = bench!("it_is_a_file_of_the_project_or_nothing");
    let path = bench.sandbox.project().join(".hal-9000.toml");
    let elsewhere = bench
        .sandbox
        .write("home/elsewhere.toml", "[limits]\nmemory = \"1g\"\n");
    std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
    let refused = |word: &str| {
        let done = bench.run(&["--yes", "shell", "true"]).expect_code(2);
        assert!(
            done.stderr.contains(".hal-9000.toml") && done.stderr.contains(word),
            "{}",
            done.stderr
        );
    };
    refused("");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    refused("not a regular file");
    fs::remove_dir(&path).unwrap();
    let fifo = nix::unistd::mkfifo(
        &path,
        nix::sys::stat::Mode::S_IRWXU | nix::sys::stat::Mode::S_IRWXO,
    );
    fifo.unwrap();
    refused("");
    fs::remove_file(&path).unwrap();
    fs::write(&path, "#".repeat(70_000)).unwrap();
    refused("larger");
    fs::write(&path, b"profile = \"\xff\"").unwrap();
    refused("UTF-8");
    bench.end();
}
