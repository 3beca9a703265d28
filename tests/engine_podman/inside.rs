//! Docker's client in a session that has Podman's own socket.

use super::{NEWER, NO, Row, YES, inside};

/// Containers that a script makes go with it: the engine is not theirs alone.
macro_rules! cleaned {
    ($script:expr) => {
        concat!(
            "I=debian:trixie-slim; N=$HAL9000_SESSION-made\n",
            "trap 'set +e; docker rm -f $N $N-2 >/dev/null 2>&1; docker network rm $N >/dev/null 2>&1; docker volume rm $N >/dev/null 2>&1; docker rmi -f $N:1 >/dev/null 2>&1' EXIT\n",
            $script
        )
    };
}

const COMPOSE: &str = cleaned!(
    "printf 'services:
  a:
    image: debian:trixie-slim
    command: sleep 100
    volumes:
      - {type: volume, source: d, target: /d}
      - ./:/here
  b:
    image: debian:trixie-slim
    command: getent hosts a
    depends_on: [a]
volumes:
  d:
' > compose.yaml
    docker compose -p $N up -d; trap 'docker compose -p $N down -v -t 0' EXIT
    docker compose -p $N exec -T a test -e /here/compose.yaml
    until docker compose -p $N logs b | grep -q a.dns; do :; done"
);

const SHORT_VOLUME: &str = cleaned!(
    "printf 'services:
  a:
    image: debian:trixie-slim
    command: \"true\"
    volumes: [\"d:/d\"]
volumes:
  d:
' > compose.yaml
    trap 'docker compose -p $N down -v -t 0' EXIT; docker compose -p $N up"
);

const COMPOSE_BUILD: &str = cleaned!(
    "printf 'FROM debian:trixie-slim\\nRUN echo made > /made\\n' > Dockerfile
    printf 'services:
  a:
    build: .
    command: cat /made
' > compose.yaml
    trap 'docker compose -p $N down --rmi local' EXIT
    docker compose -p $N up --build | grep -q made"
);

pub(super) const ROWS: &[Row] = &[
    inside(
        "inside: `docker run`, with input, in the background, `ps`, `inspect`, `logs`",
        YES,
        cleaned!(
            "echo in | docker run --rm -i $I cat | grep -qx in
            docker run -d --name $N $I sh -c 'echo said; sleep 100'; docker ps | grep -q $N
            docker inspect $N; until docker logs $N | grep -q said; do :; done"
        ),
    ),
    inside(
        "inside: the exit status of `docker run`",
        YES,
        cleaned!("docker run --name $N $I sh -c 'exit 7' && exit 1 || test $? = 7"),
    ),
    inside(
        "inside: the exit status of `docker run --rm`",
        NEWER,
        cleaned!("docker run --rm $I sh -c 'exit 7' && exit 1 || test $? = 7"),
    ),
    inside(
        "inside: `docker exec`, with input, and its status",
        YES,
        cleaned!(
            "docker run -d --name $N $I sleep 100; echo in | docker exec -i $N cat | grep -qx in
            docker exec $N sh -c 'exit 7' && exit 1 || test $? = 7"
        ),
    ),
    inside(
        "inside: `docker cp`",
        YES,
        cleaned!(
            "docker create --name $N $I true; echo there > file; docker cp file $N:/file
            docker cp $N:/file back; cmp file back"
        ),
    ),
    inside(
        "inside: `docker stop`, `restart`, `pause`, `rename`, `wait`, `diff`, `export`, `stats`",
        YES,
        cleaned!(
            "docker run -d --name $N $I sleep 100; docker pause $N; docker unpause $N; docker restart -t 0 $N
            docker stats --no-stream $N; docker diff $N; docker export $N | tar t >/dev/null
            docker rename $N $N-2; docker stop -t 0 $N-2; docker wait $N-2"
        ),
    ),
    inside(
        "inside: `docker top`",
        NEWER,
        cleaned!("docker run -d --name $N $I sleep 100; docker top $N"),
    )
    .saying("EOF"),
    inside(
        "inside: `docker update`",
        NEWER,
        cleaned!("docker run -d --name $N $I sleep 100; docker update --memory 100m --memory-swap 200m $N"),
    )
    .saying("Not Found"),
    inside(
        "inside: `docker events`",
        YES,
        cleaned!(
            "docker run --name $N $I true
            timeout 30 docker events --since 5m --filter container=$N | grep -m 1 'die.*exitCode=0'"
        ),
    ),
    inside(
        "inside: volumes, filled from the image",
        YES,
        cleaned!(
            "docker run --rm -v $N:/etc/apt $I true; docker run --rm -v $N:/v $I test -e /v/sources.list.d
            docker volume ls | grep -q $N; docker volume rm $N"
        ),
    ),
    inside(
        "inside: the project mounted at its own path",
        YES,
        cleaned!("echo there > file; docker run --rm -v $PWD:/p $I grep -qx there /p/file"),
    ),
    inside(
        "inside: networks, with names in them",
        YES,
        cleaned!(
            "docker network create $N; docker run -d --name $N --network $N $I sleep 100
            docker run --rm --network $N $I getent hosts $N"
        ),
    ),
    inside(
        "inside: published ports",
        YES,
        cleaned!("docker run -d --name $N -p 127.0.0.1::80 $I sleep 100; docker port $N | grep -q 127.0.0.1"),
    ),
    inside(
        "inside: `docker build`, without BuildKit",
        YES,
        cleaned!(
            "printf 'FROM debian:trixie-slim\\nRUN echo made > /made\\n' > Dockerfile
            docker build -t $N:1 .; docker run --rm $N:1 cat /made"
        ),
    ),
    inside(
        "inside: `docker buildx build`",
        NO,
        cleaned!("printf 'FROM debian:trixie-slim\\n' > Dockerfile; docker buildx build --load -t $N:1 ."),
    )
    .saying("buildkit"),
    inside(
        "inside: `docker commit`",
        NEWER,
        cleaned!("docker create --name $N $I true; docker commit $N $N:1"),
    )
    .saying("EOF"),
    inside(
        "inside: `docker tag`, `rmi`, `save`, `load`",
        YES,
        cleaned!("docker tag $I $N:1; docker save $N:1 | docker load; docker rmi $N:1"),
    ),
    inside("inside: `docker compose up`, `exec`, `logs`, `down`", YES, COMPOSE),
    inside("inside: compose, a named volume in one word (`data:/data`)", NO, SHORT_VOLUME)
    .saying("invalid container path"),
    inside("inside: `docker compose up --build`", YES, COMPOSE_BUILD),
];
