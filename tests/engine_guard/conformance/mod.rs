//! Ordinary work is the same through the guard: each script is run on both sockets.

use crate::guarded::Guarded;
use crate::support::engine::told;

mod buildkit;
mod compose;
mod daily;
mod images;
mod options;

/// A name, and what is run in a directory of its own.
type Script = (&'static str, &'static str);

/// Hexadecimal ids are different each time.
fn normal(output: &[u8], name: &str) -> String {
    let text = String::from_utf8_lossy(output).replace(name, "NAME");
    let mut normal = String::new();
    for piece in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let word = piece.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let hex = word.len() >= 12 && word.bytes().all(|b| b.is_ascii_hexdigit());
        normal.push_str(if hex { "ID" } else { word });
        normal.push_str(piece.strip_prefix(word).unwrap_or_default());
    }
    normal
}

/// What is compared: the exit status, and the output without ids.
fn same(guarded: &Guarded, scripts: &[Script]) {
    let mut different = Vec::new();
    for (name, script) in scripts {
        let both = |name: &str| [false, true].map(|side| ran(guarded, side, name, script));
        let [mut raw, mut through] = both(name);
        if raw.0 != through.0 || raw.1 != through.1 {
            // the engine has its moments: a difference is one that is there again
            told(&format!(
                "{name} is run again:\n  raw   {raw:?}\n  guard {through:?}"
            ));
            [raw, through] = both(&format!("{name}-again"));
        }
        if (raw.0, &raw.1) != (through.0, &through.1) {
            different.push(format!("{name}:\n  raw   {raw:?}\n  guard {through:?}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

fn ran(guarded: &Guarded, side: bool, name: &str, script: &str) -> (Option<i32>, String, String) {
    let output = guarded.script(side, name, script);
    let name = guarded.name(name);
    let out = normal(&output.stdout, &name);
    (output.status.code(), out, normal(&output.stderr, &name))
}

fn all_the_same(test: &str, scripts: &[Script]) {
    if let Some(guarded) = Guarded::new(test) {
        same(&guarded, scripts);
    }
}

#[test]
fn ordinary_work_is_the_same() {
    all_the_same("ordinary_work_is_the_same", daily::SCRIPTS);
}

#[test]
fn options_do_the_same() {
    all_the_same("options_do_the_same", options::SCRIPTS);
}

#[test]
fn objects_are_shown_the_same() {
    all_the_same("objects_are_shown_the_same", options::OBJECTS);
}

#[test]
fn images_are_made_the_same() {
    all_the_same("images_are_made_the_same", images::SCRIPTS);
}

/// What is different on purpose: what only the guard says, and why. What is the same by now does not
/// belong here.
#[test]
fn known_differences_are_still_there() {
    let Some(guarded) = Guarded::new("known_differences_are_still_there") else {
        return;
    };
    let mut wrong = Vec::new();
    for (name, says, script) in options::DIFFERENT {
        let raw = ran(&guarded, false, name, script);
        let through = ran(&guarded, true, name, script);
        let said = |(_, out, err): &(_, String, String)| format!("{out}{err}").contains(says);
        if said(&raw) || !said(&through) {
            wrong.push(format!("{name}:\n  raw   {raw:?}\n  guard {through:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_owned_outlives_the_guard() {
    let Some(mut guarded) = Guarded::new("what_is_owned_outlives_the_guard") else {
        return;
    };
    let make = "docker create --name $N $I true && docker volume create $N && docker create --name $N-2 -v $P/src:/s $I true";
    assert!(guarded.script(true, "kept", make).status.success());
    guarded.restart();
    let output = guarded.script(
        true,
        "kept",
        "docker ps -aq | wc -l; docker start -a $N && docker volume inspect $N",
    );
    assert!(output.status.success(), "{output:?}");
    let count = output.stdout.split(|byte| *byte == b'\n').next().unwrap();
    let output = guarded.script(true, "kept", "docker start $N-2 && docker rm -f $N-2");
    if guarded.api() >= 45 {
        assert!(count == b"2" && output.status.success(), "{output:?}");
    } else {
        // its directory was a descriptor of a process that is gone
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            count == b"1" && said.contains("No such container"),
            "{output:?}"
        );
    }
    let output = guarded.script(
        true,
        "kept",
        "docker rm $N && docker volume rm $N && docker ps -aq | wc -l",
    );
    assert!(output.stdout.ends_with(b"0\n"), "{output:?}");
}

#[test]
fn a_prune_takes_what_is_the_sessions() {
    let Some(guarded) = Guarded::new("a_prune_takes_what_is_the_sessions") else {
        return;
    };
    let make = "docker run --name $N $I sh -c 'echo content > /made'; docker volume create $N; docker network create $N";
    assert!(guarded.script(false, "foreign", make).status.success());
    assert!(guarded.script(true, "own", make).status.success());
    let prune = "docker container prune -f; docker volume prune -f --filter all=1 || docker volume prune -f; docker network prune -f";
    let output = guarded.script(true, "own", prune);
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let space = said.lines().find(|line| line.contains("reclaimed space"));
    assert_eq!(space, Some("Total reclaimed space: 8B"), "{said}");
    let see =
        "docker inspect --type container $N; docker volume inspect $N; docker network inspect $N";
    let left = |name| {
        let output = guarded.script(false, name, see);
        String::from_utf8_lossy(&output.stdout)
            .matches("\"Name\": \"")
            .count()
    };
    assert_eq!(left("own"), 0);
    assert!(left("foreign") >= 3);
}

/// On the guarded socket alone: on the engine's own these would take what is everybody's.
#[test]
fn a_prune_of_everything_is_one_of_the_sessions() {
    let Some(guarded) = Guarded::new("a_prune_of_everything_is_one_of_the_sessions") else {
        return;
    };
    let script = "docker create --name $N $I >/dev/null; docker volume create $N >/dev/null; docker network create $N >/dev/null
        docker builder prune -f --filter label=x >/dev/null 2>&1; echo builder $?; docker container prune -f --filter until=yesterday >/dev/null 2>&1; echo odd $?
        docker container prune -f --filter until=1h >/dev/null; docker network prune -f --filter until=1h >/dev/null; docker ps -aq | wc -l; docker network ls -q --filter name=$N | wc -l
        docker container prune -f >/dev/null; docker network prune -f >/dev/null; docker image prune -f >/dev/null; docker ps -aq | wc -l; docker network ls -q --filter name=$N | wc -l
        docker volume rm $N >/dev/null; docker volume rm -f $N";
    guarded.sent();
    let output = guarded.script(true, "all", script);
    let name = guarded.name("all");
    let said = normal(&output.stdout, &name);
    assert_eq!(said, "builder 0\nodd 1\n1\n1\n0\n0\nNAME\n", "{output:?}");
    let prunes: Vec<String> = guarded.sent();
    assert!(
        prunes.iter().all(|line| !line.contains("/prune")),
        "{prunes:?}"
    );
}

/// A script that is run on the engine of everybody names what it removes.
#[test]
fn no_script_takes_what_is_everybodys() {
    let all = [
        daily::SCRIPTS,
        options::SCRIPTS,
        options::OBJECTS,
        images::SCRIPTS,
        buildkit::SCRIPTS,
        &[("compose", compose::SCRIPT), ("three", compose::ROUND)],
    ];
    for (name, script) in all.into_iter().flatten() {
        for command in script.split([';', '\n', '|', '&']) {
            assert!(!command.contains(" prune"), "{name}: {command}");
            assert!(
                !command.contains("--rmi") && !command.contains("rmi $I"),
                "{name}: {command}"
            );
        }
    }
}
