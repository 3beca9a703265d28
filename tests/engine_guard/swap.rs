//! A directory that becomes a link while containers are made and started with it.

use crate::guarded::{Guarded, SECRET};
use crate::support::nested::Suite;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use std::fs;
use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

const TURNS: usize = 60;

/// What begins each: a directory that will be swapped for a link to the outside.
const BEGIN: &str = "mkdir -p $P/x/sub && echo inside > $P/x/secret && cp $P/x/secret $P/x/sub && ";

/// Swaps at certain moments: on the raw socket each ends with the secret.
const SWAPS: &[(&str, &str)] = &[
    (
        "create-start",
        "docker create --name $N -v $P/x:/m $I cat /m/secret >/dev/null
        mv $P/x $P/y && ln -s ../outside $P/x; docker start -a $N; docker rm $N >/dev/null; rm -r $P/x $P/y",
    ),
    (
        // of a directory on the way
        "way",
        "mkdir $O/sub && cp $O/secret $O/sub; docker create --name $N -v $P/x/sub:/m $I cat /m/secret >/dev/null
        mv $P/x $P/y && ln -s ../outside $P/x; docker start -a $N; docker rm $N >/dev/null; rm -r $P/x $P/y $O/sub",
    ),
    (
        "start-start",
        "docker create --name $N -v $P/x:/m $I cat /m/secret >/dev/null; docker start -a $N >/dev/null
        mv $P/x $P/y && ln -s ../outside $P/x; docker start -a $N; docker rm $N >/dev/null; rm -r $P/x $P/y",
    ),
    (
        "restart",
        "docker run -d --name $N -v $P/x:/m $I sleep 600 >/dev/null
        mv $P/x $P/y && ln -s ../outside $P/x; docker restart -t 0 $N >/dev/null 2>&1; docker exec $N cat /m/secret
        docker rm -f $N >/dev/null; rm -r $P/x $P/y",
    ),
    (
        "mount",
        "docker create --name $N --mount type=bind,source=$P/x,target=/m $I cat /m/secret >/dev/null
        rm -r $P/x && ln -s ../outside $P/x; docker start -a $N; docker rm $N >/dev/null; rm -r $P/x",
    ),
    (
        // what another container mounts, at the time that this one is started
        "volumes-from",
        "docker create --name $N-2 -v $P/x:/m $I true >/dev/null; docker create --name $N --volumes-from $N-2 $I cat /m/secret >/dev/null
        mv $P/x $P/y && ln -s ../outside $P/x; docker start -a $N; docker rm $N $N-2 >/dev/null; rm -r $P/x $P/y",
    ),
    (
        // as compose binds: the engine makes what is missing, beyond the link
        "made",
        "mv $P/x $P/y && ln -s ../outside $P/x; docker run --rm -v $P/x/made:/m $I true
        test -d $O/made && rmdir $O/made && cat $O/secret; rm -r $P/x $P/y",
    ),
    (
        "made-later",
        "docker create --name $N -v $P/x/made:/m $I true >/dev/null; mv $P/x $P/y && ln -s ../outside $P/x; docker start -a $N
        test -d $O/made && rmdir $O/made && cat $O/secret; docker rm $N >/dev/null; rm -r $P/x $P/y",
    ),
];

#[test]
fn a_link_that_comes_later_is_not_followed() {
    let Some(guarded) = Guarded::new("a_link_that_comes_later_is_not_followed") else {
        return;
    };
    at_certain_moments(&guarded);
    at_any_moment(&guarded);
}

#[test]
fn a_link_that_comes_later_is_not_followed_by_docker_26_1() {
    let test = "a_link_that_comes_later_is_not_followed_by_docker_26_1";
    let Some(guarded) = Guarded::on(test, Some(Suite::Trixie)) else {
        return;
    };
    at_certain_moments(&guarded);
    at_any_moment(&guarded);
}

fn at_certain_moments(guarded: &Guarded) {
    let mut wrong = Vec::new();
    for (name, swap) in SWAPS {
        let script = format!("{BEGIN} {{ {swap}\n}}");
        let [raw, through] = [false, true].map(|side| {
            let output = guarded.script(side, name, &script);
            (String::from_utf8_lossy(&output.stdout).into_owned(), output)
        });
        // A container that is made of a directory that is missing by then is made anew by old engines.
        if raw.0 != SECRET {
            wrong.push(format!("{name} is no attempt: {:?}", raw.1));
        }
        if !["", "inside\n"].contains(&through.0.as_str()) {
            wrong.push(format!("{name} passed: {:?}", through.1));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn at_any_moment(guarded: &Guarded) {
    let project = guarded.path("project");
    let (place, link) = (project.join("swap"), project.join("swapped"));
    fs::create_dir_all(place.join("sub")).unwrap();
    fs::create_dir(guarded.path("outside/sub")).unwrap();
    for directory in [&place, &place.join("sub")] {
        fs::write(directory.join("secret"), "inside").unwrap();
    }
    fs::write(guarded.path("outside/sub/secret"), SECRET).unwrap();
    symlink("../outside", &link).unwrap();
    let stop = AtomicBool::new(false);
    let outputs: Vec<Vec<u8>> = thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                // at once: the guard makes a directory that is missing
                let exchange = RenameFlags::EXCHANGE;
                renameat_with(CWD, &place, CWD, &link, exchange).unwrap();
            }
        });
        let turns = (0..TURNS).map(|turn| {
            let path = ["swap", "swap/sub", &format!("swap/new-{turn}/er")][turn % 3].to_owned();
            let turn = format!(
                "docker create --name $N -v $P/{path}:/m $I sh -c 'cat /m/secret || printf inside' >/dev/null 2>&1 && docker start -a $N 2>/dev/null; docker rm $N >/dev/null 2>&1"
            );
            guarded.script(true, "race", &turn).stdout
        });
        let outputs = turns.collect();
        stop.store(true, Ordering::Relaxed);
        outputs
    });
    assert!(
        outputs
            .iter()
            .all(|output| output.is_empty() || output == b"inside"),
        "{outputs:?}"
    );
    // All that keeps it from being mounted is the link.
    if !place.join("secret").exists() || place.is_symlink() {
        renameat_with(CWD, &place, CWD, &link, RenameFlags::EXCHANGE).unwrap();
    }
    for path in ["swap", "swap/sub", "swap/new/er"] {
        let mount = format!(
            "docker run --rm -v $P/{path}:/m $I sh -c 'cat /m/secret || printf inside' 2>/dev/null"
        );
        let output = guarded.script(true, "race", &mount).stdout;
        assert_eq!(output, b"inside", "{path}: {outputs:?}");
    }
    let mut outside: Vec<_> = fs::read_dir(guarded.path("outside")).unwrap().collect();
    outside.retain(|entry| {
        !["secret", "sub"].contains(&entry.as_ref().unwrap().file_name().to_str().unwrap())
    });
    assert!(outside.is_empty(), "made outside: {outside:?}");
}
