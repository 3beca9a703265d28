//! What sessions are made from, and what they are told of this machine.

use super::*;
use crate::plan::checkup::certificates;

#[test]
fn what_sessions_are_made_from_is_here_or_how_it_gets_here() {
    let materials = |change: fn(&mut Materials)| {
        move |seen: &mut Checkup| change(engine(seen).materials.as_mut().unwrap())
    };
    let text = only(
        "images",
        Health::Warning,
        materials(|it| it.image_here = false),
    );
    has(&text, &["hal9000/node:1", "`hal-9000 image build`"]);
    let own = materials(|it| (it.image_here, it.image_made) = (false, false));
    has(
        &only("images", Health::Warning, own),
        &["`docker pull hal9000/node:1`"],
    );
    let absent = materials(|it| it.filled = Filled::Absent);
    has(
        &only("runtime", Health::Warning, absent),
        &["hal9000-runtime-1", "(built in)"],
    );
    let partly = materials(|it| it.filled = Filled::Partly);
    has(
        &only("runtime", Health::Warning, partly),
        &["not full", "image build"],
    );
    let hindered = materials(|it| it.filled = Filled::Hindered(trouble("somebody else's")));
    has(
        &only("runtime", Health::Failure, hindered),
        &["somebody else's\na way out"],
    );
    only("images", Health::Failure, |seen| {
        engine(seen).materials = Err(trouble("no profile `x`"));
    });
}

#[test]
fn the_parent_and_its_pool_are_told_with_what_mends_them() {
    let state = |change: fn(&mut ParentState)| {
        move |seen: &mut Checkup| {
            let parent = engine(seen).parent.as_mut().unwrap();
            change(parent.state.as_mut().unwrap());
        }
    };
    for (change, part) in [
        (state(|it| it.outdated = true), "`hal-9000 daemon restart`"),
        (
            state(|it| it.services = Err("late".to_owned())),
            "not ready: late",
        ),
        (
            state(|it| (it.running, it.state, it.pool) = (false, "exited".to_owned(), None)),
            "hal9000-parent is exited",
        ),
    ] {
        has(&only("parent", Health::Warning, change), &[part]);
    }
    let gone = |seen: &mut Checkup| engine(seen).parent.as_mut().unwrap().state = None;
    has(&only("parent", Health::Well, gone), &["does not run"]);
    let text = only("parent", Health::Warning, |seen| {
        engine(seen).parent.as_mut().unwrap().stranded = vec!["hal-9000-x".to_owned()];
    });
    has(
        &text,
        &["runs", "hal-9000-x", "`hal-9000 daemon restart --workers`"],
    );
    let text = only("parent", Health::Warning, |seen| {
        gone(seen);
        engine(seen).parent.as_mut().unwrap().stranded = vec!["hal-9000-x".to_owned()];
    });
    has(&text, &["`hal-9000 daemon start`"]);
    only("parent", Health::Failure, |seen| {
        engine(seen).parent = Err(trouble("somebody else has it"));
    });
    let failed = state(|it| {
        it.pool.as_mut().unwrap().last_failure = Some(Event {
            at: 0,
            project: "/p".to_owned(),
            why: "no image".to_owned(),
        });
    });
    has(
        &only("pool", Health::Warning, failed),
        &["/p", "no image", "pool status"],
    );
    let off = state(|it| it.pool.as_mut().unwrap().terms.on = false);
    has(&only("pool", Health::Well, off), &["pool start"]);
}

#[test]
fn certificates_of_this_machine_are_no_sessions() {
    let here = |name: Option<(&str, &str)>, added: bool, system: Option<&str>| {
        only("certificates", Health::Warning, |seen| {
            let own = |(name, path): (&str, &str)| (name.to_owned(), path.to_owned());
            seen.certificates.variables = name.map(own).into_iter().collect();
            seen.certificates.added = added.then(|| ("/usr/local/x".to_owned(), 2));
            seen.certificates.system = system.map(str::to_owned);
        })
    };
    let text = here(None, true, Some("/etc/all.crt"));
    has(
        &text,
        &[
            "2 in /usr/local/x",
            "`hal-9000 config set ca_bundle /etc/all.crt`",
        ],
    );
    let text = here(
        Some(("NODE_EXTRA_CA_CERTS", "/x.pem")),
        false,
        Some("/etc/all.crt"),
    );
    has(
        &text,
        &["`cat /etc/all.crt /x.pem > ", "config set ca_bundle ~/"],
    );
    let text = here(
        Some(("SSL_CERT_FILE", "/etc/all.crt")),
        true,
        Some("/etc/all.crt"),
    );
    has(&text, &["`hal-9000 config set ca_bundle /etc/all.crt`"]);
    here(None, true, None);

    let bundle = |bytes: &[u8]| {
        let bytes = bytes.to_vec();
        move |seen: &mut Checkup| {
            seen.settings = settings(&[("ca_bundle", "/ca.pem")]);
            seen.certificates.bundle = Some(Ok(bytes));
            // What else the machine trusts is no matter then.
            seen.certificates.added = Some(("/usr/local/x".to_owned(), 2));
        }
    };
    let pem = certificates::tests::SHORT.as_bytes();
    has(
        &only("certificates", Health::Well, bundle(pem)),
        &["/ca.pem", "1 in it"],
    );
    let text = only("certificates", Health::Failure, |seen| {
        bundle(pem)(seen);
        seen.certificates.now = i64::MAX;
    });
    has(&text, &["expired"]);
    for (bytes, part) in [
        (&b"hello"[..], "BEGIN CERTIFICATE"),
        (&pem[..200], "number 1"),
        (&certificates::tests::der(), "`openssl x509 -inform der"),
    ] {
        has(
            &only("certificates", Health::Failure, bundle(bytes)),
            &[part],
        );
    }
    only("certificates", Health::Failure, |seen| {
        bundle(b"")(seen);
        let found = std::mem::take(&mut seen.certificates);
        seen.certificates = found.unreadable(trouble("Permission denied"));
    });
}

#[test]
fn a_proxy_of_this_environment_is_no_sessions() {
    let proxies = |variables: &[&str], handed: &[&str], local| {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let (variables, handed) = (own(variables), own(handed));
        move |seen: &mut Checkup| {
            (seen.proxies.variables, seen.proxies.handed) = (variables, handed);
            seen.proxies.local = local;
        }
    };
    let text = only(
        "proxy",
        Health::Warning,
        proxies(&["HTTPS_PROXY", "NO_PROXY"], &[], false),
    );
    has(
        &text,
        &[
            "/home/ann/.docker/config.json",
            "`hal-9000 -e HTTPS_PROXY -e NO_PROXY`",
        ],
    );
    only("proxy", Health::Well, proxies(&["no_proxy"], &[], false));
    let text = only(
        "proxy",
        Health::Well,
        proxies(&["HTTPS_PROXY"], &["HTTPS_PROXY"], false),
    );
    has(
        &text,
        &["hands HTTPS_PROXY", "the engine pulls through none"],
    );
    let text = only(
        "proxy",
        Health::Warning,
        proxies(&[], &["HTTP_PROXY"], true),
    );
    has(&text, &["HTTP_PROXY", "docker0"]);
}

#[test]
fn what_is_around_a_session_is_told() {
    only("settings", Health::Failure, |seen| {
        seen.file = Err(trouble("unknown key"));
    });
    only("settings", Health::Well, |seen| seen.file = Ok(None));
    only("docker client", Health::Failure, |seen| {
        seen.client = Err(trouble("none"));
    });
    let text = only("shell", Health::Warning, |seen| {
        let lacks = ("~/.zshrc".to_owned(), "eval".to_owned());
        seen.shell.as_mut().unwrap().lacks = Some(lacks);
    });
    has(&text, &["add to ~/.zshrc: `eval`"]);
    only("terminal", Health::Well, |seen| seen.terminal.here = false);
    for term in [None, Some("dumb".to_owned())] {
        let text = only("terminal", Health::Warning, |seen| {
            seen.terminal.term = term;
        });
        has(&text, &["`export TERM=xterm-256color`"]);
    }
    let text = only("terminal", Health::Well, |seen| seen.terminal.size = (0, 0));
    has(&text, &["of unknown size"]);
    let podman = checkup(&with(|seen| {
        engine(seen).machine.kind = EngineKind::Podman { major: 5 }
    }));
    let engine = podman.iter().find(|it| it.about == "engine").unwrap();
    assert_eq!(engine.health, Health::Warning);
}
