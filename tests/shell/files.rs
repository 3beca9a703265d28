//! The files that packages install: each loads in its shell, and answers there.

use hal9000::shell::{Shell, file_name};

use crate::help::commands;
use crate::shells::{required, runs, typing};
use crate::support::sandbox::Sandbox;

/// A sandbox, and the path in it of a shell's file, as it is committed.
fn installed(shell: Shell) -> (Sandbox, String) {
    let sandbox = Sandbox::new();
    let name = file_name(shell);
    let path = format!("{}/completions/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let path = sandbox.write(&format!("completions/{name}"), &text);
    let path = path.to_str().unwrap().to_owned();
    (sandbox, path)
}

#[test]
fn files_have_the_names_that_packages_expect() {
    let names = Shell::ALL.map(file_name);
    let expected = [
        "hal-9000.bash",
        "_hal-9000",
        "hal-9000.fish",
        "hal-9000.elv",
        "_hal-9000.ps1",
    ];
    assert_eq!(names, expected);
}

#[test]
fn the_file_is_what_the_command_prints() {
    for shell in Shell::ALL {
        let (sandbox, path) = installed(shell);
        // Neither an engine nor a home is asked.
        let sandbox = sandbox
            .env("HOME", "/nonexistent")
            .env("DOCKER_HOST", "unix:///nonexistent");
        let done = sandbox.run(&["completions", shell.name()]).expect_code(0);
        assert_eq!(done.stdout, std::fs::read_to_string(path).unwrap());
        assert_eq!(done.stderr, "");
    }
}

#[test]
fn bash_loads_its_file_and_asks_it() {
    let Some(bash) = required("bash_loads_its_file_and_asks_it", "bash") else {
        return;
    };
    let (sandbox, path) = installed(Shell::Bash);
    let mut script = format!(
        "source {path}
         words() {{
             COMP_WORDS=(\"$@\") COMP_CWORD=$(($# - 1)) COMP_LINE=\"$*\" COMP_POINT=${{#COMP_LINE}}
             # Without a candidate it fails, as the functions of bash-completion do.
             _hal__9000 \"$1\" \"${{@: -1}}\" \"${{@: -2:1}}\" || :
             echo \"${{COMPREPLY[@]}}\"
         }}
         complete -p hal-9000
         complete -p claudy
         words claudy se
         words hal-9000 pool s
         words hal-9000 image build --no\n"
    );
    for (path, _) in commands() {
        script.push_str(&format!("words hal-9000 {} -\n", path.join(" ")));
    }
    let said = runs(&sandbox, &bash, &script).stdout;
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].contains("-F _hal__9000"), "{said}");
    assert!(lines[1].contains("-F _hal__9000"), "{said}");
    let some = ["sessions", "start stop scale status", "--no-cache"];
    assert_eq!(lines[2..5], some);
    for ((path, command), line) in commands().iter().zip(&lines[5..]) {
        let offered: Vec<&str> = line.split(' ').collect();
        for long in command.get_arguments().filter_map(|arg| arg.get_long()) {
            let flag = format!("--{long}");
            assert!(offered.contains(&flag.as_str()), "{path:?} {flag}: {line}");
        }
    }
}

#[test]
fn zsh_loads_its_file_and_asks_it() {
    let Some(zsh) = required("zsh_loads_its_file_and_asks_it", "zsh") else {
        return;
    };
    let (sandbox, path) = installed(Shell::Zsh);
    let directory = path.rsplit_once('/').unwrap().0;
    let compinit = "autoload -Uz compinit; compinit -u -D";
    runs(&sandbox, &zsh, &format!("{compinit}; source {path}"));
    // As a package has it: on the path of functions.
    let pty = typing(
        &sandbox,
        &zsh,
        &format!("fpath=({directory} $fpath); {compinit}"),
    );
    pty.send("hal-9000 sess\t");
    pty.wait_for_text("hal-9000 sessions ");
    pty.send("--js\t");
    pty.wait_for_text("hal-9000 sessions --json ");
    sandbox.make_dir("home/project/beside");
    pty.send("\x15claudy bes\t");
    pty.wait_for_text("claudy beside/");
}

#[test]
fn fish_loads_its_file_and_asks_it() {
    let Some(fish) = required("fish_loads_its_file_and_asks_it", "fish") else {
        return;
    };
    let (sandbox, path) = installed(Shell::Fish);
    let script = format!(
        "source {path}
         complete -C 'hal-9000 sess'
         complete -C 'hal-9000 pool s'
         complete -C 'claudy daemon st'"
    );
    let said = runs(&sandbox, &fish, &script).stdout;
    for line in [
        "sessions\tList sessions",
        "scale\tKeep so many",
        "stop\tStop it; what is in ChromaDB stays",
    ] {
        assert!(said.contains(line), "{said}");
    }
}

#[test]
fn elvish_loads_its_file_and_asks_it() {
    let Some(elvish) = required("elvish_loads_its_file_and_asks_it", "elvish") else {
        return;
    };
    let (sandbox, path) = installed(Shell::Elvish);
    let pty = typing(&sandbox, &elvish, &format!("eval (slurp < {path})"));
    pty.send("hal-9000 sess\t");
    pty.wait_for_text("hal-9000 sessions");
    // Elvish inserts what it is given, and no space of its own.
    pty.send(" --js\t");
    pty.wait_for_text("hal-9000 sessions --json");
    pty.send("\x15claudy sess\t");
    pty.wait_for_text("claudy sessions");
}
