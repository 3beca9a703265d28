//! What was the session's and is no more is forgotten, and not found again in what has its name.

use crate::guarded::Guarded;

#[test]
fn what_is_gone_is_forgotten() {
    let Some(mut guarded) = Guarded::new("what_is_gone_is_forgotten") else {
        return;
    };
    // each ends where it does not come true, by the limit on scripts
    for (name, script) in [
        (
            "removed-by-itself",
            "docker run --rm --name $N -v /v $I true; until grep -c '\"removed\"' $J | grep -qx 2; do :; done",
        ),
        (
            "volume",
            "docker volume create $N >/dev/null && docker -H $RAW volume rm $N >/dev/null && docker -H $RAW volume create $N >/dev/null
            while docker volume inspect $N; do :; done 2>said; grep -q 'no such volume' said && docker -H $RAW volume rm $N",
        ),
        (
            // its own stays its own, whenever the engine tells of the first
            "again",
            "for i in 1 2 3 4 5; do docker volume create $N >/dev/null && docker volume rm $N >/dev/null; done; docker volume create $N >/dev/null
            docker -H $RAW volume create $N-2 >/dev/null; docker -H $RAW volume rm $N-2 >/dev/null; docker volume inspect $N && docker volume rm $N",
        ),
        (
            "network",
            "docker network create $N >/dev/null && docker -H $RAW network rm $N && docker -H $RAW network create $N >/dev/null
            until docker network rm $N 2>&1 | grep -q \"network $N not found\"; do :; done; docker -H $RAW network rm $N",
        ),
    ] {
        let script = format!(
            "J={}; {script}",
            guarded.path("state/owned.jsonl").display()
        );
        let output = guarded.script(true, name, &script);
        let journal = std::fs::read_to_string(guarded.path("state/owned.jsonl"));
        assert!(output.status.success(), "{name}: {output:?} {journal:?}");
    }

    // the same for what goes while there is no guard
    let make = "docker create --name $N $I && docker volume create $N && docker network create $N";
    assert!(guarded.script(true, "meanwhile", make).status.success());
    guarded.restart_after(|guarded| {
        let remake = "docker rm $N && docker volume rm $N && docker network rm $N && docker volume create $N";
        assert!(guarded.script(false, "meanwhile", remake).status.success());
    });
    let kept = std::fs::read_to_string(guarded.path("state/owned.jsonl")).unwrap();
    let name = guarded.name("meanwhile");
    let change = |word: &str| kept.matches(&format!("\"{word}\"")).count();
    assert_eq!(change("removed"), change("made"), "{kept}");
    let output = guarded.script(true, "meanwhile", "docker volume rm $N");
    assert!(!output.status.success(), "{name}: {output:?}");
}
