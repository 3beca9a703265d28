//! `hal-9000` itself.

use super::{NO, Row, YES, outside};

pub(super) const ROWS: &[Row] = &[
    outside(
        "a session: its output, its files, its exit status",
        YES,
        r#"test "$(hal-9000 shell sh -c 'echo said; echo kept > file')" = said
        test "$(cat file)" = kept; test "$(stat -c %u file)" = "$(id -u)"
        hal-9000 shell sh -c 'exit 7' && exit 1 || test $? = 7
        test -z "$(hal-9000 sessions 2>/dev/null)""#,
    ),
    outside(
        "its input, byte for byte",
        YES,
        "head -c 300000 /dev/zero | hal-9000 shell wc -c | grep -qx 300000",
    ),
    outside(
        "no privileges, and none to gain",
        YES,
        r#"status=$(hal-9000 shell cat /proc/self/status)
        for set in CapInh CapPrm CapEff CapBnd CapAmb; do
            echo "$status" | grep -q "^$set:.0000000000000000$"
        done
        echo "$status" | grep -q "^NoNewPrivs:.1$""#,
    ),
    outside(
        "limits of memory and processes",
        YES,
        "hal-9000 --memory 200m --pids-limit 50 shell sh -c 'test \"$(cat /sys/fs/cgroup/memory.max \
            || cat /sys/fs/cgroup/memory/memory.limit_in_bytes)\" = 209715200' 2>&1",
    ),
    outside(
        "in the background: `--detach`, `sessions`, `logs`, `kill`",
        YES,
        r#"name=$(hal-9000 --detach shell); hal-9000 sessions | grep -q "$name"
        hal-9000 logs "$name"; test "$(hal-9000 kill "$name")" = "$name""#,
    ),
    outside(
        "no docker inside, said once, where nobody chooses (`--docker=none`)",
        YES,
        "hal-9000 shell test ! -e /var/run/docker.sock 2>said; grep -q 'no docker inside' said
        hal-9000 shell true 2>said; ! grep 'no docker inside' said",
    ),
    outside(
        "the engine's own socket inside (`--docker=host`)",
        YES,
        "hal-9000 --docker=host shell docker ps",
    ),
    outside(
        "docker inside, guarded (`--docker=guard`): refused",
        NO,
        "hal-9000 --docker=guard shell true",
    )
    .saying("docker cannot be guarded on Podman"),
    outside(
        "`doctor` says what this engine does not do",
        YES,
        "hal-9000 doctor | grep -q '^warning *engine *Podman.*guarded docker and BuildKit do not'
        hal-9000 doctor | grep -q '^ok *docker inside *none'
        HAL9000_DOCKER=guard hal-9000 doctor | grep -q '^failure *docker inside'",
    ),
    outside(
        "a profile of one's own, built",
        YES,
        "mkdir -p ~/.config/hal-9000/profiles/own
        printf 'FROM hal9000/worker\\nRUN echo made > /made\\n' > ~/.config/hal-9000/profiles/own/Dockerfile
        hal-9000 --profile own shell cat /made | grep -qx made",
    ),
    outside(
        "the parent: ChromaDB, sessions through it, `daemon status`",
        YES,
        r#"hal-9000 daemon start
        hal-9000 --via-parent shell curl -sf http://localhost:8000/api/v2/heartbeat
        name=$(hal-9000 --detach --via-parent shell)
        hal-9000 daemon status | grep -q "$name""#,
    ),
    outside(
        "`daemon stop --force` beside sessions",
        NO,
        "hal-9000 daemon start; hal-9000 --detach --via-parent shell; hal-9000 daemon stop --force",
    )
    .saying("end the sessions in its network first"),
];
