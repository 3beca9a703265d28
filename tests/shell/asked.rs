//! Candidates at the key: asked in the real shells, through what `shell-init` gives them.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::time::Duration;

use hal9000::host::Env;
use hal9000::model::user_hash;

use crate::shells::{required, runs, typing};
use crate::support::engine::{self, Instance};
use crate::support::pty::Pty;
use crate::support::sandbox::Sandbox;

/// How often a machine under load may answer too late to be listened to.
const TRIES: usize = 50;

/// A machine without an engine, whose user has a profile.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new().env("DOCKER_HOST", "unix:///nonexistent/docker.sock");
    sandbox.write(
        "home/.config/hal-9000/profiles/zig/Dockerfile",
        "FROM hal9000/worker\n",
    );
    sandbox.make_dir("home/project/some where");
    sandbox
}

/// Type this until the screen has that.
fn completes(pty: &Pty, typed: &str, there: &str) {
    for _ in 0..TRIES {
        pty.send(format!("\x15{typed}\t"));
        if pty.wait_within(Duration::from_secs(2), |screen| {
            screen.contents().contains(there)
        }) {
            return;
        }
    }
    panic!(
        "{typed:?} is not completed to {there:?}: {}",
        pty.screen_text()
    );
}

/// A bash script that asks for candidates as bash does.
const ASK: &str = r#"
    eval "$(hal-9000 shell-init bash --cmd h)"
    ask() {
        COMP_LINE=$2 COMP_POINT=${#2} COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
        __hal9000_complete "$1"
        printf '%s|' "${COMPREPLY[@]}"; echo
    }
"#;

/// Run it until its answer is right.
fn until(right: impl Fn(&str) -> bool, ask: impl Fn() -> String) {
    let mut said = String::new();
    for _ in 0..TRIES {
        said = ask();
        if right(&said) {
            return;
        }
    }
    panic!("{said}");
}

#[test]
fn bash_is_told() {
    let Some(bash) = required("bash_is_told", "bash") else {
        return;
    };
    let sandbox = sandbox();
    let script = format!(
        "{ASK}
         ask h 'h atta'
         ask hal-9000 'hal-9000 --profile zi'
         ask claudy 'claudy -d --profile=zi'
         ask hal-9000 'hal-9000 nothing-like-it'
         ask hal-9000 'hal-9000 attach '
         ask hal-9000 'hal-9000 image list --'"
    );
    let right = "attach|\nzig|\nzig|\n|\n|\n--json|--host|--context|--help|\n";
    // Where there are no candidates, printf writes an empty one.
    until(
        |said| said == right,
        || runs(&sandbox, &bash, &script).stdout,
    );
}

#[test]
fn bash_completes_at_the_key_and_keeps_the_status() {
    let Some(bash) = required("bash_completes_at_the_key_and_keeps_the_status", "bash") else {
        return;
    };
    let sandbox = sandbox();
    let pty = typing(
        &sandbox,
        &bash,
        "eval \"$(hal-9000 shell-init bash)\"; (exit 3)",
    );
    pty.send("(exit 3)\r");
    completes(&pty, "hal-9000 --profile=zi", "--profile=zig ");
    // Directories are bash's to complete, and to quote.
    completes(&pty, "hal-9000 some", "hal-9000 some\\ where/");
    pty.send("\x15echo \"<$?>\"\r");
    pty.wait_for_text("<3>");
}

#[test]
fn zsh_is_told() {
    let Some(zsh) = required("zsh_is_told", "zsh") else {
        return;
    };
    let sandbox = sandbox();
    let start = "setopt nounset; autoload -Uz compinit; compinit -u -D; eval \"$(hal-9000 shell-init zsh --cmd h)\"";
    let pty = typing(&sandbox, &zsh, start);
    completes(&pty, "h atta", "h attach ");
    completes(&pty, "hal-9000 --profile zi", "hal-9000 --profile zig ");
    completes(&pty, "claudy --profile=zi", "claudy --profile=zig ");
    completes(&pty, "hal-9000 pool warm some", "warm some\\ where/");
    completes(&pty, "HAL9000_PROFILE=zi", "HAL9000_PROFILE=zig");
    pty.send("\x15(exit 3)\r");
    completes(&pty, "hal-9000 sess", "hal-9000 sessions ");
    pty.send("\x15echo \"<$?>\"\r");
    pty.wait_for_text("<3>");
}

#[test]
fn fish_is_told() {
    let Some(fish) = required("fish_is_told", "fish") else {
        return;
    };
    let sandbox = sandbox();
    for (typed, there) in [
        ("h atta", "attach\tJoin a running session\n"),
        ("hal-9000 --profile zi", "zig\ta profile\n"),
        ("claudy --profile=zi", "--profile=zig\ta profile\n"),
        ("hal-9000 pool warm some", "some where/"),
        ("hal-9000 man pool sca", "scale\tKeep so many\n"),
        ("hal-9000 --docker g", "guard\n"),
        ("hal-9000 config set docker.o", "docker.on_exit\t"),
        ("hal-9000 config set docker.on_exit k", "keep"),
        (
            "hal-9000 config set claude.version 2",
            hal9000::recipe::PINNED_CLAUDE,
        ),
    ] {
        let script = format!(
            "hal-9000 shell-init fish --cmd h | source
             complete -C {typed:?}"
        );
        until(
            |said| said.starts_with(there.trim_end()),
            || runs(&sandbox, &fish, &script).stdout,
        );
    }
}

#[test]
fn elvish_is_told() {
    let Some(elvish) = required("elvish_is_told", "elvish") else {
        return;
    };
    let sandbox = sandbox();
    let start = "eval (hal-9000 shell-init elvish --cmd h | slurp)";
    let pty = typing(&sandbox, &elvish, start);
    completes(&pty, "h atta", "h attach ");
    completes(&pty, "hal-9000 --profile zi", "hal-9000 --profile zig ");
    completes(&pty, "claudy pool warm some", "'some where/'");
}

#[test]
fn sessions_and_instances_are_asked_of_the_engine() {
    let test = "sessions_and_instances_are_asked_of_the_engine";
    let (Some(bash), Some(docker)) = (required(test, "bash"), engine::required(test)) else {
        return;
    };
    let image = "debian:trixie-slim";
    if !docker.has(test, image) {
        return;
    }
    let instance = Instance::new(&docker);
    let sandbox = Sandbox::new().instance(&instance);
    let own = instance.name();
    // As root the sandbox's user is nobody that passwd(5) knows.
    let user = match sandbox.user() {
        Some(_) => "tester".to_owned(),
        None => Env::capture().caller().name,
    };
    let labels = [
        "hal9000.session=true".to_owned(),
        format!("hal9000.instance={own}"),
        format!("hal9000.user={}", user_hash(&user)),
        "hal9000.project=/p".to_owned(),
    ];
    let labels = labels.map(|label| format!("--label={label}"));
    let name = format!("hal-9000-asked-{own}");
    let words = ["create", "--name", name.as_str(), "--network=none"];
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    docker.ok(&[&words[..], &labels, &[image, "true"]].concat());
    let script = format!(
        "{ASK}
         ask hal-9000 'hal-9000 kill hal-9000-asked'
         ask hal-9000 'hal-9000 attach hal-9000-asked'
         ask hal-9000 'hal-9000 --network hos'
         ask hal-9000 'hal-9000 --image debian:trix'
         hal-9000 __complete variable HAL9000_INSTANCE {own}"
    );
    let right = format!("{name}|\n|\nhost|\ntrixie-slim|\n{own}\tan instance\n");
    until(
        |said| said == right,
        || runs(&sandbox, &bash, &script).stdout,
    );
    instance.remove_all();
    // Only an audit was left of it, which there is none.
    instance.assert_nothing_left();
}

#[test]
fn an_engine_that_hangs_has_no_candidates_and_nothing_is_made() {
    let sandbox = Sandbox::new();
    let socket = sandbox.root().join("run/docker.sock");
    // It accepts, by its backlog, and never answers.
    let _listener = UnixListener::bind(&socket).unwrap();
    std::fs::set_permissions(&socket, std::fs::Permissions::from_mode(0o777)).unwrap();
    let sandbox = sandbox.env("DOCKER_HOST", &format!("unix://{}", socket.display()));
    let before = entries(&sandbox);
    for (words, there) in [
        (&["fish", "hal-9000", "attach", ""][..], ""),
        (&["fish", "hal-9000", "kill", "x"], ""),
        (&["fish", "hal-9000", "--image", ""], ""),
        (&["fish", "hal-9000", "pool", "warm", ""], ":dirs\n"),
        (
            &["fish", "hal-9000", "sessions", "--js"],
            "--json\tAs JSON\n",
        ),
        (&["bash"], ""),
        (&["variable", "HAL9000_INSTANCE", ""], ""),
        (&["variable", "HOME", ""], ""),
        (&["fish"], ""),
        (&[], ""),
    ] {
        let words = [&["__complete"], words].concat();
        let done = sandbox.run(&words).expect_code(0);
        assert_eq!(
            (done.stdout.as_str(), done.stderr.as_str()),
            (there, ""),
            "{words:?}"
        );
    }
    assert_eq!(entries(&sandbox), before);
}

/// Everything below the sandbox's root.
fn entries(sandbox: &Sandbox) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![sandbox.root().to_path_buf()];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory).unwrap().flatten() {
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
            }
            found.push(entry.path());
        }
    }
    found.sort();
    found
}

#[test]
fn dockers_words_are_asked_of_docker() {
    let test = "dockers_words_are_asked_of_docker";
    if required(test, "bash").is_none() || engine::required(test).is_none() {
        return;
    }
    let tree = hal9000::cli::tree();
    let env = Env::capture();
    for (words, there) in [
        (&["hal-9000", "docker", "ru"][..], "run\t"),
        (&["docker", "ru"], "run\t"),
        (&["hal-9000", "docker", "run", "--netw"], "--network\t"),
    ] {
        until(
            |said| said.starts_with(there),
            || hal9000::cli::offered(tree.clone(), words, &env),
        );
    }
}

#[test]
fn claudy_is_the_same_program() {
    let sandbox = sandbox();
    let claudy = sandbox.root().join("bin/claudy");
    std::os::unix::fs::symlink("hal-9000", &claudy).unwrap();
    let claudy = claudy.to_str().unwrap().to_owned();
    let run = |words: &[&str]| {
        let command = sandbox.program(&claudy, words);
        crate::support::sandbox::finish(command, b"")
    };
    let version = run(&["--version"]).expect_code(0).stdout;
    assert_eq!(version, sandbox.run(&["--version"]).stdout);
    for words in [&["--help"][..], &["kill", "--help"], &["kill"], &["--nwe"]] {
        let (ours, theirs) = (run(words), sandbox.run(words));
        assert_eq!(ours.stdout + &ours.stderr, theirs.stdout + &theirs.stderr);
    }
    // Without an engine: these are commands, as they were in the older tool.
    run(&["daemon", "status"]).expect_code(3);
    run(&["pool", "status"]).expect_code(3);
    run(&["--via-parent", "."]).expect_code(125);
    let script = run(&["shell-init", "bash"]).expect_code(0).stdout;
    assert!(
        script.contains(&format!("__hal9000_program='{claudy}'\n")),
        "{script}"
    );
}
