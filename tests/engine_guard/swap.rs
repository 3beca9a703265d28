//! A directory that becomes a link while containers are made and started with it.

use crate::guarded::{Guarded, SECRET};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use std::fs;
use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

const TURNS: usize = 50;

#[test]
fn a_link_that_comes_later_is_not_followed() {
    let Some(guarded) = Guarded::new("a_link_that_comes_later_is_not_followed") else {
        return;
    };
    let project = guarded.path("project");
    let (place, link) = (project.join("swap"), project.join("swapped"));
    // Between create and start, once on each socket.
    let swap = "mkdir -p $P/x && echo inside > $P/x/secret && docker create --name $N -v $P/x:/m $I cat /m/secret >/dev/null \
        && mv $P/x $P/y && ln -s ../outside $P/x; docker start -a $N; docker rm $N >/dev/null; rm -r $P/x $P/y";
    let [raw, through] = [false, true].map(|side| guarded.script(side, "swap", swap).stdout);
    assert_eq!(raw, SECRET.as_bytes(), "the attempt is not real");
    assert_eq!(through, b"inside\n");
    // And at any moment.
    fs::create_dir(&place).unwrap();
    fs::write(place.join("secret"), "inside").unwrap();
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
        let turn = "docker create --name $N -v $P/swap:/m $I cat /m/secret >/dev/null 2>&1 && docker start -a $N; docker rm $N >/dev/null 2>&1";
        let turns = (0..TURNS).map(|_| guarded.script(true, "race", turn).stdout);
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
    assert!(
        outputs.iter().any(|output| output == b"inside"),
        "it was never mounted"
    );
}
