//! Builds by BuildKit, as people type them.

use super::{Script, same};
use crate::guarded::Guarded;
use crate::plugins;
use crate::support::nested::Suite;
use std::fs;

#[rustfmt::skip]
pub(super) const SCRIPTS: &[Script] = &[
    ("plain", "export DOCKER_BUILDKIT=1; printf 'FROM %s\\nRUN echo hello > /hello\\nCMD cat /hello\\n' $I > Dockerfile; docker build -q -t $N . >/dev/null; echo $?; docker run --rm $N
        docker build --progress=plain -t $N . 2>&1 | grep -c 'CACHED .*RUN'; docker build --progress=plain --no-cache -t $N . 2>&1 | grep -c 'CACHED .*RUN'; docker run --rm $N; docker rmi $N | grep Untagged"),
    ("stages", "export DOCKER_BUILDKIT=1; printf 'FROM %s AS first\\nARG WORD=none\\nRUN echo $WORD > /word\\nFROM first AS second\\nRUN echo second >> /word\\nFROM %s\\nCOPY --from=second /word /\\nENV A=b\\nWORKDIR /w\\nCMD cat /word\\n' $I $I > Dockerfile
        docker build -q --build-arg WORD=given --label one=1 -t $N:last . >/dev/null; docker run --rm $N:last; docker build -q --target first -t $N:first . >/dev/null; docker run --rm $N:first
        docker image inspect --format '{{.Config.Env}} {{.Config.WorkingDir}} {{.Config.Cmd}} {{.Config.Labels.one}}' $N:last | sed 's/PATH=[^ ]* //'; docker rmi $N:last $N:first | grep Untagged"),
    ("mounts", "export DOCKER_BUILDKIT=1; echo hidden > ../secret-$N; echo bound > f; printf 'FROM %s AS a\\nARG T\\nRUN --mount=type=cache,id=%s,target=/c echo kept $T >> /c/x\\nRUN --mount=type=secret,id=s --mount=type=bind,source=f,target=/b --mount=type=tmpfs,target=/t cat /run/secrets/s /b > /s; touch /t/x\\nRUN --mount=type=cache,id=%s,target=/c cat /c/x > /x\\nFROM scratch\\nCOPY --from=a /s /x /\\n' $I $N $N > Dockerfile
        docker build -q --secret id=s,src=../secret-$N --output type=local,dest=out . >/dev/null; echo $?; cat out/s; sort -u out/x; A=abc docker build -q --secret id=s,env=A --output out . >/dev/null; cat out/s; docker build -q . >/dev/null 2>&1; echo $?; rm ../secret-$N"),
    ("outputs", "export DOCKER_BUILDKIT=1; echo text > f; printf 'FROM scratch\\nCOPY f /d/f\\n' > Dockerfile; docker build -q --output type=tar,dest=t.tar . >/dev/null; tar tf t.tar; docker build -q -o out . >/dev/null; cat out/d/f; docker build -q -o - . | tar tf -
        docker buildx build -q --output type=docker,dest=d.tar . >/dev/null 2>&1; echo $?; docker buildx build -q --load -t $N . >/dev/null; docker image ls -q $N | wc -l; docker rmi $N | grep Untagged"),
    ("ignored", "export DOCKER_BUILDKIT=1; mkdir -p c/big c/keep; echo x > c/big/x; echo y > c/keep/y; printf 'big\\n*.log\\n!keep.log\\n' > c/.dockerignore; touch c/a.log c/keep.log
        i=0; while [ $i -lt 2000 ]; do echo pattern-$i-that-matches-nothing >> c/.dockerignore; i=$((i+1)); done
        printf 'FROM %s\\nCOPY . /c\\nCMD find /c | grep -v ignore | sort\\n' $I > c/Dockerfile; docker build -q -t $N c >/dev/null; docker run --rm $N; docker rmi $N | grep Untagged"),
    ("from-input", "export DOCKER_BUILDKIT=1; printf 'FROM %s\\nCMD echo from input\\n' $I | docker build -q -t $N - >/dev/null; docker run --rm $N; docker rmi $N | grep Untagged
        mkdir d; echo content > d/f; printf 'FROM %s\\nCOPY f /f\\nCMD cat /f\\n' $I | docker build -q -t $N -f - d >/dev/null; docker run --rm $N; docker rmi $N | grep Untagged
        printf 'FROM %s\\nCOPY f /f\\nCMD cat /f\\n' $I > d/other; tar c -C d . | docker build -q -t $N -f other - >/dev/null; docker run --rm $N; docker rmi $N | grep Untagged; head -c 30000000 /dev/zero > d/large; docker build -q -f d/other -t $N d > /dev/null; docker rmi $N | grep Untagged"),
    ("failing", "export DOCKER_BUILDKIT=1; printf 'FROM %s\\nRUN echo before; exit 9\\n' $I > Dockerfile; docker build --progress=plain --no-cache -t $N . > out 2>&1; echo $?; grep -cE '[0-9] before$' out; tail -1 out
        printf 'FROM %s\\nCOPY absent /\\n' $I > Dockerfile; docker build . > out 2>&1; echo $?; grep -c 'absent' out | sed 's/[1-9].*/some/'; echo NONSENSE > Dockerfile; docker build . 2>&1 | tail -1
        printf 'FROM %s-absent\\n' $N > Dockerfile; docker build . >/dev/null 2>&1; echo $?; docker build -f absent . 2>&1 | tail -1 | sed 's/mount[0-9]*/mount/'; docker build absent 2>&1 | tail -1; docker image inspect $N 2>&1"),
    ("files", "export DOCKER_BUILDKIT=1; printf 'FROM %s\\nCMD echo ran\\n' $I > Dockerfile; docker buildx build --progress=plain --iidfile i --metadata-file m -t $N -t $N:second . >/dev/null 2>&1; echo $?; docker run --rm $(cat i); grep -o '\"[a-z.]*\":' m | sort
        docker image ls --format '{{.Tag}}' $N | sort; [ $(docker build -q .) = $(cat i) ] && echo same id; docker rmi $N $N:second | grep Untagged | sort"),
    ("options", "export DOCKER_BUILDKIT=1; printf 'FROM %s\\nRUN ls /sys/class/net > /net; cat /etc/hosts | grep -c added >> /net\\nCMD cat /net\\n' $I > Dockerfile; docker build -q --network none --no-cache --add-host added:1.2.3.4 --shm-size 1m --ulimit nofile=50 -t $N . >/dev/null; docker run --rm $N
        docker build -q --build-arg BUILDKIT_INLINE_CACHE=1 --cache-from $N -t $N:c . >/dev/null; echo $?; docker build -q --pull=false --platform linux/amd64 . >/dev/null; echo $?; docker rmi $N $N:c | grep -c Untagged"),
    ("heredoc", "export DOCKER_BUILDKIT=1; printf 'FROM %s\\nCOPY <<EOF /f\\ncontent\\nEOF\\nRUN <<EOF\\necho two >> /f\\nEOF\\nCMD cat /f\\n' $I > Dockerfile; docker build -q -t $N . >/dev/null 2>&1; s=$?; echo $s; [ $s != 0 ] || { docker run --rm $N; docker rmi $N | grep Untagged; }"),
    ("bake", "mkdir a; echo x > a/f; printf 'FROM %s AS one\\nCOPY f /one\\nFROM %s AS two\\nCOPY --from=one /one /two\\nCMD ls /two\\n' $I $I > a/Dockerfile; printf 'group \"default\" {\\n targets = [\"one\", \"two\"]\\n}\\ntarget \"one\" {\\n context = \"a\"\\n target = \"one\"\\n tags = [\"%s:one\"]\\n}\\ntarget \"two\" {\\n context = \"a\"\\n target = \"two\"\\n tags = [\"%s:two\"]\\n}\\n' $N $N > docker-bake.hcl
        docker buildx bake --progress=plain >/dev/null 2>&1; echo $?; docker run --rm $N:two; docker rmi $N:one $N:two | grep Untagged | sort; docker buildx bake --print | grep -c tags"),
    ("contexts", "export DOCKER_BUILDKIT=1; mkdir o; echo other > o/f; printf 'FROM %s\\nCOPY --from=other f /f\\nCMD cat /f\\n' $I > Dockerfile; docker buildx build -q --build-context other=o -t $N . >/dev/null 2>&1; s=$?; echo $s; [ $s != 0 ] || { docker run --rm $N; docker rmi $N | grep Untagged; }"),
    ("told", "docker buildx version; docker buildx ls | head -3; docker buildx inspect | grep -E 'Driver|Status|BuildKit'; docker buildx imagetools inspect ${N}x >/dev/null 2>&1; echo $?"),
    ("ssh", "export DOCKER_BUILDKIT=1; printf 'FROM %s\\nRUN --mount=type=ssh test -S $SSH_AUTH_SOCK\\n' $I > Dockerfile; command -v ssh-agent >/dev/null || exit 0; eval $(ssh-agent) >/dev/null; docker build -q --no-cache --ssh default . >/dev/null; echo $?; kill $SSH_AGENT_PID"),
];

fn on(test: &str, suite: Option<Suite>) {
    let Some(guarded) = Guarded::on(test, suite) else {
        return;
    };
    if plugins::take(test, &guarded) {
        same(&guarded, SCRIPTS);
    }
}

#[test]
fn buildkit_does_the_same() {
    on("buildkit_does_the_same", None);
}

#[test]
fn buildkit_of_docker_26_1_does_the_same() {
    on("buildkit_of_docker_26_1_does_the_same", Some(Suite::Trixie));
}

/// What runs of a build, by its command line.
fn runs(word: &str) -> bool {
    let all = fs::read_dir("/proc").unwrap().flatten();
    let lines = all.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    // not of those that were told what to build
    lines
        .map(|line| String::from_utf8_lossy(&line).into_owned())
        .any(|line| line.starts_with("sleep\0") && line.contains(word))
}

#[test]
fn a_build_ends_with_its_client() {
    let test = "a_build_ends_with_its_client";
    let Some(guarded) = Guarded::new(test) else {
        return;
    };
    if !plugins::take(test, &guarded) {
        return;
    }
    let before = guarded.descriptors();
    for (round, signal) in ["KILL", "INT"].into_iter().enumerate() {
        let seconds = format!("9{}{round}", std::process::id());
        let script = format!(
            "export DOCKER_BUILDKIT=1; printf 'FROM %s\\nRUN exec sleep {seconds}\\n' $I > Dockerfile
            docker buildx build . >/dev/null 2>&1 & B=$!
            until pgrep -x -a sleep | grep -qw {seconds}; do kill -0 $B || exit 1; done
            kill -{signal} $(pgrep -P $B) $B; wait $B; echo ended"
        );
        let output = guarded.script(true, "killed", &script);
        assert_eq!(output.stdout, b"ended\n", "{output:?}");
        // until the engine has heard of it; the test's own limit is the bound
        while runs(&seconds) {
            std::thread::yield_now();
        }
    }
    while guarded.descriptors() > before {
        std::thread::yield_now();
    }
    let output = guarded.script(true, "after", "docker ps -q");
    assert!(output.status.success(), "{output:?}");
}
