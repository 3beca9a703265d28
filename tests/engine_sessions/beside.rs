//! Sessions beside one another, and beside containers that are somebody else's.

use std::collections::BTreeSet;
use std::thread;

use hal9000::vars;

use crate::support::engine::{Instance, skipped};
use crate::support::sandbox::Sandbox;
use crate::support::session::{Bench, Piped};
use crate::support::user::User;

/// The first name of the project's sessions.
fn first_name(bench: &Bench) -> String {
    let text = bench.ok(&["--print=argv", "--detach"]);
    let mut words = text.lines().skip_while(|word| *word != "--name");
    words.nth(1).unwrap().to_owned()
}

#[test]
fn a_name_that_is_somebody_elses() {
    let bench = bench!("a_name_that_is_somebody_elses");
    let name = first_name(&bench);
    let label = bench.instance.label();
    for running in [false, true] {
        bench.docker.ok(&[
            "create",
            "--name",
            &name,
            &label,
            "debian:trixie-slim",
            "sleep",
            "inf",
        ]);
        if running {
            bench.docker.ok(&["start", &name]);
        }
        let before = bench.docker.ok(&["inspect", &name]);
        let done = bench
            .run(&["shell", "sh", "-c", "echo $HAL9000_SESSION"])
            .expect_code(0);
        assert_eq!(done.stdout, format!("{name}-2\n"));
        assert!(done.stderr.contains(&name), "{}", done.stderr);
        let taken = bench
            .run(&["--name", &name, "shell", "true"])
            .expect_code(125);
        assert!(taken.stderr.contains("is taken"), "{}", taken.stderr);
        for words in [
            vec!["kill", &name],
            vec!["attach", &name],
            vec!["logs", &name],
        ] {
            bench.run(&words).expect_code(5);
        }
        assert_eq!(bench.ok(&["kill", "--all"]), "");
        assert_eq!(bench.docker.ok(&["inspect", &name]), before);
        bench.docker.ok(&["rm", "--force", &name]);
    }
    bench.end();
}

/// Start so many sessions at once; the name of each.
fn at_once(bench: &Bench, count: usize) -> BTreeSet<String> {
    let script = "echo $HAL9000_SESSION; cat";
    let starting: Vec<_> = (0..count)
        .map(|_| {
            let command = bench.sandbox.command(&["shell", "sh", "-c", script]);
            thread::spawn(move || {
                let mut session = Piped::spawn(command);
                (session.line(), session)
            })
        })
        .collect();
    let running: Vec<_> = starting
        .into_iter()
        .map(|one| one.join().unwrap())
        .collect();
    let names = running.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(
        bench.containers().into_iter().collect::<BTreeSet<_>>(),
        names
    );
    for (name, session) in running {
        let (status, rest) = session.end();
        assert!(
            status.success() && rest.is_empty(),
            "{name}: {status} {rest}"
        );
    }
    names
}

#[test]
fn several_at_once() {
    let bench = bench!("several_at_once");
    let name = first_name(&bench);
    let numbered = |count: usize| {
        let more = (2..=count).map(|number| format!("{name}-{number}"));
        [name.clone()]
            .into_iter()
            .chain(more)
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(at_once(&bench, 2), numbered(2));
    assert_eq!(at_once(&bench, 5), numbered(5));
    bench.end();
}

#[test]
fn several_in_the_background_at_once() {
    let bench = bench!("several_in_the_background_at_once");
    let starts: Vec<_> = (0..3)
        .map(|_| {
            let command = bench.sandbox.command(&["--detach", "--new", "shell"]);
            thread::spawn(move || crate::support::sandbox::finish(command, b""))
        })
        .collect();
    let names: BTreeSet<String> = starts
        .into_iter()
        .map(|start| {
            start
                .join()
                .unwrap()
                .expect_code(0)
                .stdout
                .trim()
                .to_owned()
        })
        .collect();
    assert_eq!(
        bench.containers().into_iter().collect::<BTreeSet<_>>(),
        names
    );
    assert_eq!(names.len(), 3);
    assert_eq!(bench.ok(&["kill", "--all"]).lines().count(), 3);
    bench.end();
}

#[test]
fn two_instances_do_not_meet() {
    let mut bench = bench!("two_instances_do_not_meet");
    let name = bench.ok(&["--detach", "shell"]);
    let before = bench.field(&name, "{{json .State}}");
    let other = Instance::new(&bench.docker);
    let mine = bench.instance.name().to_owned();
    bench.sandbox = bench.sandbox.env(vars::INSTANCE, other.name());
    assert_eq!(bench.ok(&["sessions"]), "");
    assert_eq!(bench.ok(&["kill", "--all"]), "");
    bench.run(&["kill", &name]).expect_code(5);
    bench.run(&["attach"]).expect_code(5);
    let second = bench.ok(&["--detach", "shell"]);
    assert_ne!(second, name);
    assert_eq!(bench.ok(&["kill", "--all"]), second);
    other.assert_nothing_left_but_volumes();
    bench.sandbox = bench.sandbox.env(vars::INSTANCE, &mine);
    assert_eq!(bench.field(&name, "{{json .State}}"), before);
    assert_eq!(bench.ok(&["kill", &name]), name);
    bench.end();
}

#[test]
fn two_users_do_not_meet() {
    let bench = bench!("two_users_do_not_meet");
    let Some(user) = bench.sandbox.user().cloned() else {
        return skipped("two_users_do_not_meet", "only root can be another user");
    };
    let name = bench.ok(&["--detach", "shell"]);
    let user = User {
        uid: 4243,
        gid: 4243,
        groups: user.groups,
    };
    let other = Sandbox::with_user(Some(user))
        .instance(&bench.instance)
        .env("USER", "other")
        .dir(bench.sandbox.project());
    assert_eq!(other.run(&["sessions"]).expect_code(0).stdout, "");
    other.run(&["kill", &name]).expect_code(5);
    assert_eq!(
        other.run(&["kill", "--all"]).expect_code(0).stdout.trim(),
        ""
    );
    let state = other.run(&["shell", "sh", "-c", "echo $HAL9000_SESSION; id -u"]);
    assert_eq!(state.expect_code(0).stdout, format!("{name}-2\n4243\n"));
    assert_eq!(bench.ok(&["kill", "--all"]), name);
    bench.end();
}
