//! Builds, and images from one place to another.

use super::Script;

pub(super) const SCRIPTS: &[Script] = &[
    ("stages", "printf 'FROM %s AS first\\nARG WORD=none\\nRUN echo $WORD > /word\\nFROM first AS second\\nRUN echo second >> /word\\nFROM %s\\nCOPY --from=second /word /\\nENV A=b\\nWORKDIR /w\\nCMD cat /word\\n' $I $I > Dockerfile
        docker build -q --build-arg WORD=given -t $N:last . >/dev/null; docker run --rm $N:last; docker build -q --target first -t $N:first . >/dev/null; docker run --rm $N:first
        docker image inspect --format '{{.Config.Env}} {{.Config.WorkingDir}} {{.Config.Cmd}}' $N:last | sed 's/PATH=[^ ]* //'; docker rmi $N:last $N:first | grep Untagged"),
    ("ignored", "mkdir -p c/big c/keep; echo x > c/big/x; echo y > c/keep/y; echo '*.log\\nbig' > c/.dockerignore; printf 'big\\n*.log\\n!keep.log\\n' > c/.dockerignore; touch c/a.log c/keep.log
        printf 'FROM %s\\nCOPY . /c\\nCMD find /c | sort\\n' $I > c/Dockerfile; docker build -q -t $N c >/dev/null; docker run --rm $N; docker rmi $N | grep Untagged"),
    ("from-input", "printf 'FROM %s\\nCMD echo from input\\n' $I | docker build -q -t $N - >/dev/null; docker run --rm $N; docker rmi $N | grep Untagged
        mkdir d; echo content > d/f; printf 'FROM %s\\nCOPY f /f\\nCMD cat /f\\n' $I | docker build -q -t $N -f - d >/dev/null; docker run --rm $N; docker rmi $N | grep Untagged
        printf 'FROM %s\\nCOPY f /f\\nCMD cat /f\\n' $I > d/other; tar c -C d . | docker build -q -t $N -f other - >/dev/null; docker run --rm $N; docker rmi $N | grep Untagged
        tar cz -C d . | docker build -q -t $N -f other - >/dev/null; docker run --rm $N; docker rmi $N | grep Untagged"),
    ("owners", "mkdir d; echo a > d/a; ln -s a d/l; tar cf t.tar -C d a; printf 'FROM %s\\nADD t.tar /t\\nCOPY --chown=12:34 d /d\\nADD --chown=5 d/a /a\\nCMD stat -c \"%%n %%u:%%g %%F\" /t/a /d/a /d/l /a\\n' $I > Dockerfile
        docker build -q -t $N . >/dev/null; docker run --rm $N; docker rmi $N | grep Untagged"),
    ("failing", "printf 'FROM %s\\nRUN echo before; exit 9\\n' $I > Dockerfile; docker build --force-rm -t $N . > out 2>&1; echo $?; grep -E '^before|non-zero' out
        printf 'FROM %s\\nCOPY absent /\\n' $I > Dockerfile; docker build . > out 2>&1; echo $?; tail -1 out; echo NONSENSE > Dockerfile; docker build . 2>&1 | tail -1
        printf 'FROM %s-absent\\n' $N > Dockerfile; docker build . >/dev/null 2>&1; echo $?; docker build -f absent . >/dev/null 2>&1; echo $?; docker image inspect $N 2>&1"),
    ("flags", "printf 'FROM %s\\nRUN ls /sys/class/net > /net; id -u > /id; cat /etc/hosts | grep -c added >> /id\\nCMD cat /net /id\\n' $I > Dockerfile
        docker build -q --network none --no-cache --add-host added:1.2.3.4 --label one=1 --label two=2 --iidfile iid --memory 200m --shm-size 1m --ulimit nofile=50 --rm -t $N -t $N:second . > out
        cmp -s iid out || [ \"$(cat iid)\" = \"$(cat out)\" ] && echo same id; docker run --rm $(cat iid); docker image inspect --format '{{.Config.Labels.one}}{{.Config.Labels.two}}' $N
        docker image ls --format '{{.Tag}}' $N | sort; docker image ls -q --filter label=one=1 --filter reference=$N | wc -l; docker rmi $N $N:second | grep Untagged | sort"),
    ("cache", "printf 'FROM %s\\nRUN echo once\\nRUN echo %s\\n' $I $N > Dockerfile; docker build -q -t $N . >/dev/null; docker build -t $N:again . | grep -c 'Using cache' | sed 's/[1-9]/some/'; docker build -q --cache-from $N -t $N:third . >/dev/null; docker rmi $N $N:again $N:third | grep -c Untagged"),
    ("onbuild", "printf 'FROM %s\\nONBUILD RUN echo triggered > /o\\nHEALTHCHECK CMD true\\nEXPOSE 80/udp\\nVOLUME /v\\nSTOPSIGNAL SIGINT\\nUSER 7\\nSHELL [\"/bin/bash\", \"-c\"]\\nENTRYPOINT [\"id\"]\\n' $I | docker build -q -t $N - >/dev/null
        docker image inspect --format '{{.Config.OnBuild}} {{.Config.Healthcheck.Test}} {{.Config.ExposedPorts}} {{.Config.Volumes}} {{.Config.StopSignal}} {{.Config.Shell}}' $N; docker run --rm $N -u; docker rmi $N | grep Untagged"),
    ("moved", "docker tag $I $N:a; docker tag $I $N:b; docker save $N:a $N:b > two.tar; docker rmi $N:a $N:b; docker load < two.tar | sort; docker load -q -i two.tar | sort; gzip -1 two.tar; docker rmi $N:a $N:b; docker load -i two.tar.gz | sort
        docker save -o three.tar $N:a; tar tf three.tar | grep -c json; docker run --rm $N:a echo runs; docker rmi $N:a $N:b; echo nonsense | docker load >/dev/null 2>&1; echo $?; docker save ${N}x 2>&1 | tail -1"),
    ("between", "printf 'FROM %s\\nRUN echo mine > /mine\\nCMD cat /mine\\n' $I | docker build -q -t $N - >/dev/null; docker save $N | tee copy.tar | docker load; docker rmi $N | grep Untagged; docker load < copy.tar; docker run --rm $N; docker rmi -f $N | grep Untagged; docker run --rm --pull never $N 2>&1 | head -1"),
    ("imported", "mkdir -p r/bin; echo text > r/f; tar c -C r . | docker import -c 'CMD [\"/f\"]' -c 'ENV A=b' -m message - $N:1 >/dev/null; docker image inspect --format '{{.Config.Cmd}} {{.Config.Env}} {{.Comment}}' $N:1
        docker create --name $N $N:1 >/dev/null; docker cp $N:/f - | tar xO; docker rm $N; docker rmi $N:1 | grep Untagged; tar cf r.tar -C r .; docker import r.tar $N:2 >/dev/null; docker rmi $N:2 | grep Untagged"),
    ("shown", "docker image ls --format '{{.Repository}}:{{.Tag}}' $I; docker history --format '{{.Comment}}' $I | wc -l; docker image history -q --no-trunc $I | wc -l; docker image inspect --format '{{.Os}} {{.Architecture}} {{len .RootFS.Layers}}' $I
        docker images --digests --filter reference=$I --format '{{.Repository}}'; docker images -q --no-trunc $I | wc -c; docker image inspect ${N}x 2>&1; docker history ${N}x 2>&1; docker tag ${N}x y 2>&1"),
    ("removed", "docker tag $I $N:1; docker run --name $N $N:1 true; docker rmi $N:1 | grep -c Untagged; docker rm $N; docker tag $I $N:1; docker image rm --no-prune $N:1 | grep Untagged; docker tag $I 'Bad Name' 2>&1 | head -1"),
    ("committed", "docker run --name $N -e A=1 $I sh -c 'echo c > /c'; docker commit -a me -m said -c 'CMD cat /c' -c 'ENV B=2' -p=false $N $N:c >/dev/null; docker run --rm $N:c; docker image inspect --format '{{.Author}} {{.Comment}} {{.Config.Cmd}}' $N:c
        docker history --format '{{.Comment}}' $N:c | head -1; docker rm $N; docker rmi $N:c | grep Untagged; docker commit ${N}x y 2>&1"),
];
