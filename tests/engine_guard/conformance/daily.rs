//! The commands of every day.

use super::Script;

pub(super) const SCRIPTS: &[Script] = &[
    ("run", "docker run --rm --name $N $I sh -c 'echo out; echo err >&2; exit 7' 2>err; echo $?; cat err"),
    ("signal", "docker run --rm $I sh -c 'kill -9 $$'"),
    ("no-program", "docker run --rm $I nosuchprogram >/dev/null 2>&1"),
    ("stdin", "printf 'a\\nb\\n' | docker run --rm -i $I sh -c 'cat; echo end'"),
    ("half-close", "echo x | docker run --rm -i $I sh -c 'cat >/dev/null; sleep 1; echo after'"),
    ("tty", "docker run --rm -t $I sh -c 'test -t 1 && echo terminal'"),
    ("exec", "docker run -d --name $N $I sleep 60 >/dev/null
        echo x | docker exec -i $N cat; docker exec $N sh -c 'echo e >&2; exit 3' 2>&1; echo $?
        docker exec -d $N true; docker exec -w /tmp -e A=b -u 1 $N sh -c 'pwd; id -u; echo $A'
        docker exec $N nosuch >/dev/null 2>&1; echo $?; docker rm -f $N"),
    ("logs", "docker run -d --name $N $I sh -c 'for i in 1 2 3; do echo $i; sleep 0.2; done; echo e >&2' >/dev/null
        docker logs -f $N 2>&1; docker wait $N; docker logs --tail 1 $N 2>/dev/null; docker rm $N"),
    ("attach", "docker run -d --name $N $I sh -c 'sleep 2; echo said; exit 4' >/dev/null
        docker attach $N; echo $?; docker rm $N"),
    ("start", "docker create -i --name $N $I cat >/dev/null; echo x | docker start -ai $N; docker rm $N"),
    ("cp", "docker create --name $N $I true >/dev/null; mkdir -p d; echo data > d/f
        docker cp -q d $N:/tmp/; docker cp -q $N:/tmp/d/f back; cat back; docker cp d/f - 2>&1
        docker cp $N:/tmp/d - | tar tf - | sort; docker cp $N:/none . 2>/dev/null; echo $?; docker rm $N"),
    ("build", "printf 'FROM %s\\nARG A\\nCOPY f /f\\nRUN cat /f; echo $A > /x\\nCMD cat /x\\n' $I > Dockerfile; echo content > f
        docker build --build-arg A=arg -t $N . 2>/dev/null | grep -E 'content|tagged'
        docker run --rm $N; docker image inspect --format '{{.RepoTags}}' $N; docker rmi $N | grep Untagged
        printf 'FROM %s\\nRUN exit 9\\n' $I | docker build -q --force-rm - 2>&1 | tail -1"),
    ("file", "docker run --rm -v $P/src/file:/f:ro $I sh -c 'cat /f; echo x > /f' 2>/dev/null; docker run --rm --mount type=bind,source=$P/src/file,target=/new $I sh -c 'echo more >> /new'
        docker create --name $N -v $P/src/file:/f $I cat /f >/dev/null; docker start -a $N; docker inspect --format '{{range .Mounts}}{{.Type}} {{.Source}} {{.Destination}} {{.RW}}{{end}}' $N | sed s,$P,/workspace,; docker rm $N; printf inside > $P/src/file"),
    ("absent", "docker rmi ${N}x 2>&1; echo $?; docker rmi --force ${N}x:2 2>&1; echo $?"),
    ("tag", "docker tag $I $N:1; docker run --rm $N:1 echo tagged; docker rmi $N:1; docker image inspect $N:1 2>&1"),
    ("commit", "docker run --name $N $I touch /made; docker commit -m x $N $N >/dev/null; docker run --rm $N ls /made
        docker diff $N; docker export $N | tar tf - | grep made; docker rm $N; docker rmi $N | grep Untagged"),
    ("import", "echo x > f; tar c f | docker import - $N >/dev/null; docker image inspect --format '{{.Os}}' $N; docker rmi $N | grep Untagged"),
    ("save", "docker save $I | tar tf - | grep -c manifest.json"),
    ("volume", "docker volume create $N; docker run --rm -v $N:/v $I sh -c 'echo kept > /v/f'
        docker run --rm --mount source=$N,target=/v,readonly $I sh -c 'cat /v/f; touch /v/x' 2>err; cat err
        docker volume ls -q --filter name=$N; docker volume inspect --format '{{.Driver}} {{.Name}}' $N
        docker volume rm $N; docker volume inspect $N 2>&1"),
    ("implicit-volume", "docker run --rm -v $N:/v $I touch /v/a; docker run --rm -v $N:/v $I ls /v; docker volume rm $N"),
    ("anonymous-volume", "docker create --name $N -v /v $I true >/dev/null
        V=$(docker inspect --format '{{(index .Mounts 0).Name}}' $N); docker volume inspect --format '{{.Driver}}' $V
        docker rm -v $N; docker volume inspect $V >/dev/null 2>&1; echo $?"),
    ("network", "docker network create $N >/dev/null; docker run -d --name $N --network $N --network-alias web $I sleep 60 >/dev/null
        docker run --rm --network $N $I getent hosts web | awk '{print $2}'
        docker network inspect --format '{{.Driver}} {{len .Containers}}' $N; docker network ls --format '{{.Name}}' --filter name=$N
        docker network disconnect $N $N; docker network connect $N $N; docker rm -f $N; docker network rm $N"),
    ("mounts", "docker create --name $N -v $P/src:/s -v $P:/w:ro $I true >/dev/null
        docker inspect --format '{{range .Mounts}}{{.Type}} {{.Source}} {{.Destination}} {{.RW}};{{end}}' $N | tr ';' '\\n' | sed s,$P,/workspace, | sort
        docker rm $N; docker run --rm -v $P/src:/s $I cat /s/file; docker run --rm -v $P/src:/s:ro $I touch /s/x 2>&1
        docker run --rm -v $P:/w $I cat /w/src/file; docker run --rm -v $P/made/$N:/m $I touch /m/x; ls $P/made/$N"),
    ("upload", "head -c 100000000 /dev/zero | docker run --rm -i $I md5sum"),
    ("download", "docker run --rm $I head -c 100000000 /dev/zero | md5sum"),
    ("echo", "head -c 30000000 /dev/zero | docker run --rm -i $I cat | md5sum"),
    ("events", "S=$(date +%s); docker run --rm --name $N $I true
        docker events --since $S --until $(($(date +%s)+1)) --filter container=$N --format '{{.Type}} {{.Action}}'"),
    ("ps", "docker run -d --name $N --label k=v --expose 80 $I sleep 60 >/dev/null; docker ps -q --filter label=k=v --filter name=$N | wc -l
        docker ps --format '{{.Names}} {{.Image}} {{.Command}} {{.Ports}}' --filter name=$N; docker stop -t 0 $N
        docker ps -q --filter name=$N; docker ps -a --format '{{.Names}}' --filter status=exited --filter name=$N; docker rm $N"),
    ("life", "docker run -d --name $N $I sleep 60 >/dev/null; docker pause $N; docker unpause $N; docker restart -t 0 $N
        docker top $N -o args | tail -1; docker stats --no-stream --format '{{.Name}}' $N; docker update --cpus 1 $N
        docker rename $N $N-2; docker port $N-2; docker kill -s KILL $N-2; docker wait $N-2; docker rm $N-2"),
    ("conflict", "docker create --name $N $I >/dev/null; docker create --name $N $I 2>&1 | grep -c 'already in use'; docker rm $N"),
    ("absent", "for c in inspect rm stop logs start wait top port; do docker $c ${N}x 2>&1; echo $?; done
        docker volume rm ${N}x 2>&1; docker network rm ${N}x 2>&1; docker image inspect ${N}x 2>&1; docker run --pull never ${N}x 2>&1"),
    ("options", "docker run --rm -w /tmp -e A=b -u 1000:1000 --hostname h --entrypoint sh --read-only --tmpfs /t --init --memory 64m --cpus 1 \
        --pids-limit 50 --ulimit nofile=99 --shm-size 1m --network none --add-host x:1.2.3.4 --cap-drop ALL --security-opt no-new-privileges $I \
        -c 'pwd; id -u; echo $A; hostname; ulimit -n; grep x /etc/hosts; touch /t/x; touch /y' 2>err; cat err"),
];
