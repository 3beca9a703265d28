//! The machine, the engine's limits, and where the project is.

use super::*;

#[test]
fn limits_are_held_against_the_machine() {
    let machine =
        |change: fn(&mut Machine)| move |seen: &mut Checkup| change(&mut engine(seen).machine);
    // The built-in one gives way to a small machine, not to an engine elsewhere.
    let text = only("limits", Health::Well, machine(|it| it.cpus = 1));
    has(&text, &["1 cpus, 100 processes"]);
    let text = only(
        "limits",
        Health::Failure,
        machine(|it| (it.cpus, it.name) = (1, "elsewhere".to_owned())),
    );
    has(
        &text,
        &[
            "`limits.cpus` is 2 (built in)",
            "`hal-9000 config set limits.cpus 1`",
        ],
    );
    let text = only("limits", Health::Failure, |seen| {
        seen.settings = settings(&[("limits.cpus", "1.5")]);
        engine(seen).machine.cpus = 1;
    });
    has(&text, &["1.5", "`hal-9000 config set limits.cpus 1`"]);
    let text = only("limits", Health::Warning, machine(|it| it.memory = 2 << 30));
    has(
        &text,
        &["2.1 GB in all", "`hal-9000 config set limits.memory 1g`"],
    );
    let text = only(
        "limits",
        Health::Warning,
        machine(|it| it.memory = 600 * MIB),
    );
    has(&text, &["`hal-9000 config set limits.memory 450m`"]);
    let text = only("limits", Health::Warning, |seen| {
        seen.settings = settings(&[("limits.pids", "40000")]);
    });
    has(
        &text,
        &["40000", "32768", "`hal-9000 config unset limits.pids`"],
    );
    // What an engine does not say is not held against it.
    only(
        "limits",
        Health::Well,
        machine(|it| (it.cpus, it.memory) = (0, 0)),
    );
    let text = only("memory", Health::Warning, |seen| {
        seen.host.memory = Some((16 << 30, 200 * MIB));
    });
    has(&text, &["209 MB of 17.1 GB", "pool stop"]);
}

#[test]
fn a_limit_that_the_engine_cannot_hold_is_a_warning_with_what_delegates_it() {
    let lacking = |version: &str, rootless: bool, held: [Option<bool>; 3]| {
        only("limits", Health::Warning, |seen| {
            let machine = &mut engine(seen).machine;
            let [memory, cpus, pids] = held;
            machine.cgroup = Cgroup {
                version: version.to_owned(),
                driver: "none".to_owned(),
                memory,
                cpus,
                pids,
            };
            if rootless {
                machine.security.push("name=rootless".to_owned());
            }
        })
    };
    let (no, yes) = (Some(false), Some(true));
    let text = lacking("2", true, [no, no, no]);
    has(
        &text,
        &[
            "memory, cpu, pids",
            "Delegate=cpu cpuset io memory pids",
            "daemon-reload",
        ],
    );
    let text = lacking("2", true, [yes, no, yes]);
    has(&text, &["cannot limit cpu:", "Delegate="]);
    has(
        &lacking("1", true, [no, no, no]),
        &["unified_cgroup_hierarchy=1"],
    );
    has(
        &lacking("2", false, [no, yes, None]),
        &["cannot limit memory:", "cgroup_enable=memory"],
    );
    has(
        &lacking("1", false, [no, yes, no]),
        &["memory, pids", "`docker info`"],
    );
}

#[test]
fn little_room_is_named_with_what_makes_more() {
    let text = only("disk", Health::Warning, |seen| {
        seen.host.engine.as_mut().unwrap().free = 2_500_000_000;
    });
    has(
        &text,
        &[
            "2.5 GB",
            "/var/lib/docker",
            "3.0 GB",
            "`hal-9000 image prune`",
        ],
    );
    let text = only("disk", Health::Warning, |seen| {
        seen.host.engine.as_mut().unwrap().files = Some(10);
    });
    has(&text, &["10 files", "`df -i`"]);
    only("disk", Health::Well, |seen| {
        seen.host.engine.as_mut().unwrap().files = None;
    });
    let text = only("disk", Health::Well, |seen| seen.host.engine = None);
    has(&text, &["not on this machine"]);
    let text = only("state", Health::Warning, |seen| {
        seen.host.state.as_mut().unwrap().free = 1_000_000;
    });
    has(&text, &["1 MB", "XDG_STATE_HOME"]);
}

#[test]
fn windows_and_machines_in_machines_have_ways_of_their_own() {
    let text = only("project", Health::Warning, |seen| {
        seen.host.wsl = Some("Ubuntu".to_owned());
        let project = seen.project.as_mut().unwrap();
        project.path = "/mnt/c/Users/Ann B/shop".to_owned();
        project.mounted_at = "/mnt/c".to_owned();
        project.file_system = "9p".to_owned();
    });
    has(
        &text,
        &[
            "Windows's disk (/mnt/c)",
            "`cp -r '/mnt/c/Users/Ann B/shop' ~/`",
        ],
    );
    // Elsewhere such a file system is as good as another.
    only("project", Health::Well, |seen| {
        seen.project.as_mut().unwrap().file_system = "9p".to_owned();
    });
    let text = only("engine", Health::Failure, |seen| {
        seen.host.wsl = Some("Ubuntu".to_owned());
        seen.engine = Some(Err(trouble("nothing there")));
    });
    has(&text, &["a way out", "WSL integration"]);
    let text = only("limits", Health::Warning, |seen| {
        seen.host.wsl = Some("Ubuntu".to_owned());
        engine(seen).machine.memory = 3 << 30;
    });
    has(&text, &[".wslconfig", "`wsl --shutdown`"]);
    let text = only("docker inside", Health::Warning, |seen| {
        seen.host.wsl = Some("Ubuntu".to_owned());
        engine(seen).machine.system = "Docker Desktop".to_owned();
    });
    has(
        &text,
        &[
            "not tried with Docker Desktop",
            "`hal-9000 shell docker version`",
        ],
    );

    let elsewhere = |product: Product, path: &str| {
        let path = path.to_owned();
        move |seen: &mut Checkup| {
            seen.address.as_mut().unwrap().product = Some(product);
            seen.project.as_mut().unwrap().path = path;
        }
    };
    for (product, path, shared, part) in [
        (Product::Desktop, "/home/ann/shop", true, ""),
        (Product::Desktop, "/srv/shop", false, "File sharing"),
        (Product::Colima, "/home/ann/shop", true, ""),
        (
            Product::Colima,
            "/home/anne/shop",
            false,
            "--mount /home/anne/shop:w",
        ),
        (Product::Lima, "/srv/shop", false, "`mounts`"),
        (Product::OrbStack, "/srv/shop", true, ""),
        (Product::Rootless, "/srv/shop", true, ""),
    ] {
        let health = if shared {
            Health::Well
        } else {
            Health::Warning
        };
        let text = only("project", health, elsewhere(product, path));
        has(&text, &[part]);
    }
    let text = only("limits", Health::Failure, |seen| {
        seen.address.as_mut().unwrap().product = Some(Product::Colima);
        engine(seen).machine.cpus = 1;
        engine(seen).machine.name = "colima".to_owned();
    });
    has(&text, &["`colima stop && colima start --cpu 4 --memory 8`"]);
}

#[test]
fn a_file_system_that_keeps_root_out_keeps_the_engine_out() {
    let closed = |seen: &mut Checkup| {
        let project = seen.project.as_mut().unwrap();
        project.file_system = "fuse.sshfs".to_owned();
        project.closed = true;
    };
    has(
        &only("project", Health::Warning, closed),
        &["fuse.sshfs", "`allow_other`"],
    );
    only("project", Health::Well, |seen| {
        closed(seen);
        engine(seen)
            .machine
            .security
            .push("name=rootless".to_owned());
    });
    only("project", Health::Failure, |seen| {
        seen.project = Err(trouble("gone"));
    });
}

#[test]
fn engines_that_see_less_are_named() {
    let text = only("engine", Health::Warning, |seen| {
        engine(seen).machine.root = "/var/snap/docker/common/var-lib-docker".to_owned();
    });
    has(&text, &["from a snap", "`sudo snap remove docker"]);
    let text = only("SELinux", Health::Warning, |seen| {
        let security = &mut engine(seen).machine.security;
        security.push("name=selinux".to_owned());
    });
    has(&text, &["`sudo chcon -Rt container_file_t .`"]);
}
