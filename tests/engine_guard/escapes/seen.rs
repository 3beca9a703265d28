//! What a session sees: of the engine only what is its own.

use super::attempt::FOREIGN;
use crate::guarded::Guarded;

#[test]
fn the_socket_in_a_container_is_the_guards() {
    let Some(guarded) = Guarded::new("the_socket_in_a_container_is_the_guards") else {
        return;
    };
    // which has no docker client; the socket's inode tells
    let inode = "docker run --rm -v /var/run/docker.sock:/var/run/docker.sock $I stat -c %i /var/run/docker.sock";
    let output = guarded.script(true, "socket", inode);
    let inside = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let of = |side| {
        use std::os::unix::fs::MetadataExt as _;
        std::fs::metadata(guarded.socket(side))
            .unwrap()
            .ino()
            .to_string()
    };
    assert_eq!(inside, of(true), "{output:?}");
    assert_ne!(inside, of(false));
}

#[test]
fn what_is_foreign_is_not_listed() {
    let Some(guarded) = Guarded::new("what_is_foreign_is_not_listed") else {
        return;
    };
    let made = guarded.script(false, "foreign", FOREIGN);
    assert!(made.status.success(), "{made:?}");
    let list = "docker ps -a; docker volume ls; docker network ls; docker system df -v | sed -n '/Containers space/,$p'; docker info
        docker events --since 60m --until $(date +%s) --filter type=container --filter type=volume --filter type=network";
    let name = guarded.name("foreign");
    let [raw, through] = [false, true].map(|side| {
        let output = guarded.script(side, "list", list);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stdout)
            .matches(&name)
            .count()
    });
    let _ = guarded.docker.run(&["rmi", &format!("{name}:1")]);
    assert!(raw >= 4, "{raw}");
    assert_eq!(through, 0);
}
