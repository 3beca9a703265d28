//! What `shell-init` gives a shell: loaded under strict flags, twice, used, and undone.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use hal9000::shell::{Shell, Wish, deactivate, init};

use crate::shells::{required, runs, typing};
use crate::support::sandbox::Sandbox;

/// A program that says what it was called with, at a path that has to be quoted; and scripts that
/// do and undo everything with it.
fn with_stand_in(shell: Shell) -> (Sandbox, String, String) {
    let sandbox = Sandbox::new();
    let path = sandbox.write("a 'b/says", "#!/bin/sh\nprintf '<%s>' \"$@\"\nexit 7\n");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let wish = Wish {
        program: path.to_str().unwrap().to_owned(),
        cmd: Some("h-9".to_owned()),
        claude: true,
        docker: true,
    };
    let on = sandbox.write("on", &init(shell, &wish));
    let off = sandbox.write("off", deactivate(shell));
    let text = |path: std::path::PathBuf| path.to_str().unwrap().to_owned();
    (sandbox, text(on), text(off))
}

const CALLED: &str = "<claude><-p><a b>7\n<docker><ps>7\n<x>7\n";

#[test]
fn bash_has_the_names_and_loses_them() {
    let Some(bash) = required("bash_has_the_names_and_loses_them", "bash") else {
        return;
    };
    let (sandbox, on, off) = with_stand_in(Shell::Bash);
    let script = format!(
        "shopt -s expand_aliases; alias claude='echo mine'; docker() {{ echo mine too; }}
         complete -W x docker
         before=$(set; complete -p || :; alias)
         source {on}; source {on}
         printf '%s\n' \"$HAL9000_SHELL\" $$ ${{PROMPT_COMMAND-none}}
         (claude -p 'a b') || echo $?; (docker ps) || echo $?; (h-9 x) || echo $?
         source {off}; source {off}
         after=$(set; complete -p || :; alias)
         diff <(echo \"$before\") <(echo \"$after\") | grep -v '_=\\|^[0-9]*[acd,0-9]*$\\|before=' || :
         eval claude; docker"
    );
    let said = runs(&sandbox, &bash, &script).stdout;
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], format!("bash:{}", lines[1]));
    assert_eq!(lines[2], "none", "nothing runs at a prompt");
    let rest = lines[3..].join("\n") + "\n";
    let (called, after) = rest.split_at(CALLED.len());
    assert_eq!(called, CALLED);
    assert!(
        !after.contains("hal9000") && !after.contains("HAL9000"),
        "{after}"
    );
    assert!(after.ends_with("mine\nmine too\n"), "{after}");
}

#[test]
fn zsh_has_the_names_and_loses_them() {
    let Some(zsh) = required("zsh_has_the_names_and_loses_them", "zsh") else {
        return;
    };
    let (sandbox, on, off) = with_stand_in(Shell::Zsh);
    let names = "print -l ${(k)functions} ${(k)parameters} ${(k)_comps} ${(k)_patcomps}";
    for compinit in ["autoload -Uz compinit; compinit -u -D", ":"] {
        let script = format!(
            "{compinit}; typeset -gA _comps _patcomps
             alias claude='echo mine'; docker() {{ echo mine too; }}
             before=''; after=''; before=$({names} | sort)
             source {on}; source {on}
             print -l $HAL9000_SHELL $$ \"${{precmd_functions-none}}\"
             (claude -p 'a b') || echo $?; (docker ps) || echo $?; (h-9 x) || echo $?
             source {off}; source {off}
             after=$({names} | sort)
             diff <(echo $before) <(echo $after) || :
             alias claude; docker"
        );
        let said = runs(&sandbox, &zsh, &script).stdout;
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines[0], format!("zsh:{}", lines[1]));
        assert_eq!(lines[2], "none", "nothing runs at a prompt");
        let rest = lines[3..].join("\n") + "\n";
        assert_eq!(rest, format!("{CALLED}claude='echo mine'\nmine too\n"));
    }
}

#[test]
fn fish_has_the_names_and_loses_them() {
    let Some(fish) = required("fish_has_the_names_and_loses_them", "fish") else {
        return;
    };
    let (sandbox, on, off) = with_stand_in(Shell::Fish);
    let script = format!(
        "function claude; echo mine; end
         set before (functions --all --names; set --names; complete)
         source {on}; source {on}
         printf '%s\n' $HAL9000_SHELL $fish_pid
         claude -p 'a b'; echo $status; docker ps; echo $status; h-9 x; echo $status
         source {off}; source {off}
         for name in (functions --all --names; set --names; complete)
             contains -- $name $before; or echo left: $name
         end
         claude"
    );
    let said = runs(&sandbox, &fish, &script).stdout;
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], format!("fish:{}", lines[1]));
    let rest: Vec<&str> = lines[2..]
        .iter()
        .copied()
        // fish's own, from asking.
        .filter(|line| !["left: before", "left: name"].contains(line))
        .collect();
    assert_eq!(rest.join("\n") + "\n", format!("{CALLED}mine\n"));
}

#[test]
fn elvish_has_the_names_and_loses_them() {
    let Some(elvish) = required("elvish_has_the_names_and_loses_them", "elvish") else {
        return;
    };
    let (sandbox, on, off) = with_stand_in(Shell::Elvish);
    let pty = typing(&sandbox, &elvish, &format!("eval (slurp < {on})"));
    pty.send(format!("eval (slurp < {on}); put $E:HAL9000_SHELL\r"));
    pty.wait_for_text("h-9,claude,docker");
    pty.send("try { claude -p 'a b' } catch e { put $e[reason][exit-status] }\r");
    pty.wait_for_text("<claude><-p><a b>");
    pty.wait_for_text("▶ 7");
    pty.send("try { h-9 x } catch _ { nop }\r");
    pty.wait_for_text("<x>");
    pty.send(format!(
        "eval (slurp < {off}); eval (slurp < {off}); put [$E:HAL9000_SHELL]\r"
    ));
    pty.wait_for_text("▶ ['']");
    pty.send("put (has-key $edit:completion:arg-completer claudy)\r");
    pty.wait_for_text("▶ $false");
    pty.send("h-9 x\r");
    pty.wait_for_text("\"h-9\": executable file not found");
}

#[test]
fn the_scripts_are_clean() {
    let source = |name: &str| {
        let path = format!("{}/src/shell/{name}", env!("CARGO_MANIFEST_DIR"));
        fs::read_to_string(path).unwrap()
    };
    for (program, words, names) in [
        ("shellcheck", &[][..], ["init.bash", "undo.bash"]),
        ("bash", &["-n"], ["init.bash", "undo.bash"]),
        ("zsh", &["-n"], ["init.zsh", "undo.zsh"]),
        ("fish", &["-n"], ["init.fish", "undo.fish"]),
        ("fish_indent", &["--check"], ["init.fish", "undo.fish"]),
    ] {
        let Some(program) = required("the_scripts_are_clean", program) else {
            continue;
        };
        for name in names {
            let sandbox = Sandbox::new();
            let path = sandbox.write(name, &source(name));
            let words = [words, &[path.to_str().unwrap()]].concat();
            let done = std::process::Command::new(&program).args(words).output();
            assert!(done.unwrap().status.success(), "{program} {name}");
        }
    }
}

#[test]
fn a_name_that_no_shell_takes_is_refused() {
    let sandbox = Sandbox::new();
    for name in ["", "a b", "1a", "a;b", "$x", "-x"] {
        let word = format!("--cmd={name}");
        sandbox.run(&["shell-init", "bash", &word]).expect_code(2);
    }
    let done = sandbox.run(&["shell-init", "fsh"]).expect_code(2);
    assert!(done.stderr.contains("`fish`"), "{done:?}");
}
