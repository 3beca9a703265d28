//! `docker compose`, the plugin as sessions have it.

use super::ran;
use crate::guarded::Guarded;
use crate::plugins;
use std::fs;
use std::thread;

const FILE: &str = "
services:
  web:
    build: { context: app, args: { WORD: built } }
    image: ${N}-web
    init: true
    volumes: [ './conf:/conf:ro', 'data:/data' ]
    networks: { inner: { aliases: [ site ] } }
    ports: [ '127.0.0.1::80', '8000' ]
    environment: { A: b }
    healthcheck: { test: [ CMD, test, -e, /data/ready ], interval: 1s, retries: 30 }
    stop_grace_period: 1s
  client:
    image: ${I}
    init: true
    depends_on: { web: { condition: service_healthy } }
    command: sh -c 'getent hosts site >/dev/null && echo found; exec sleep 600'
    networks: [ inner ]
    stop_grace_period: 1s
volumes: { data: { name: '${N}-data' } }
networks: { inner: { name: '${N}-inner' } }
";

const DOCKERFILE: &str = "FROM debian:trixie-slim
ARG WORD=none
COPY word /word
RUN echo $WORD >> /word
CMD [\"sh\", \"-c\", \"cat /word /conf/s; touch /data/ready; echo up; exec sleep 600\"]
";

/// What it says while it works comes in any order, and is not compared.
pub(super) const SCRIPT: &str = "
    export COMPOSE_PROJECT_NAME=$N COMPOSE_PROGRESS=quiet COMPOSE_ANSI=never; C='docker compose'
    mkdir -p $P/$N; cp -r $P/shop/. $P/$N; cd $P/$N
    $C up -d --quiet-pull >/dev/null; echo up $?
    $C ps --format '{{.Service}} {{.State}} {{.Health}}'
    $C logs --no-color --no-log-prefix web | tr -d '\\033' | sed 's/^.2K//'
    $C exec -T web sh -c 'echo $A; cat /conf/s'; $C exec -T client false; echo exec $?
    echo x | $C exec -T client cat; $C exec -T -u 1:2 -w /tmp client sh -c 'id -u; pwd'
    $C run --rm --no-deps -T client echo ran; $C run --rm --no-deps -T client sh -c 'exit 4'; echo run $?
    $C port web 80 | sed 's/:[0-9]*$/:P/'
    $C restart client; echo restart $?
    $C up -d --scale client=3 --no-recreate; $C ps -q client | wc -l
    $C images --format json | tr , '\\n' | grep '\"Tag\"'
    $C config --services; $C ls --format json | grep -c $N; $C top | grep -c 'sleep 600'
    $C cp web:/word w; cat w; $C cp w client:/copied; $C exec -T --index 1 client cat /copied
    $C pause client; $C ps --status paused -q | wc -l; $C unpause client
    $C stop; $C ps -a --format '{{.Service}} {{.State}}'; $C start; $C kill client; $C rm -f client >/dev/null
    echo changed > conf/s; $C up -d --force-recreate --wait web; $C exec -T web cat /conf/s
    $C build --no-cache web >/dev/null; echo build $?; $C create client
    $C down -v --timeout 0; echo down $?; docker rmi $N-web | grep -c Untagged
    $C ps -aq; docker volume ls -q --filter name=$N; docker network ls -q --filter name=$N; docker images -q $N-web; rm -r $P/$N";

/// A shop with a database, what fills it once, a server and what is before it.
const SHOP: &str = "
services:
  db:
    image: ${I}
    init: true
    command: sh -c 'cat /run/secrets/password > /store/word; exec sleep 600'
    secrets: [ password, { source: token, target: key } ]
    volumes: [ 'store:/store' ]
    networks: [ back ]
    healthcheck: { test: test -s /store/word, interval: 200ms, retries: 100 }
  filled:
    image: ${I}
    command: sh -c 'tr a-z A-Z < /store/word > /store/filled'
    volumes: [ 'store:/store' ]
    networks: [ back ]
    depends_on: { db: { condition: service_healthy } }
  server:
    build: { context: server, target: run, args: { WORD: built }, labels: { made: by-compose } }
    image: ${N}-server
    init: true
    env_file: [ server.env ]
    configs: [ { source: settings, target: /etc/settings } ]
    volumes: [ { type: volume, source: store, target: /store, read_only: true } ]
    networks: { back: { }, front: { aliases: [ api ] } }
    depends_on: { filled: { condition: service_completed_successfully } }
    read_only: true
    tmpfs: [ '/tmp' ]
    user: '65534'
    cap_drop: [ ALL ]
    security_opt: [ 'no-new-privileges:true' ]
    extra_hosts: [ 'elsewhere:10.9.8.7' ]
    deploy: { resources: { limits: { memory: 64m } } }
  web:
    image: ${I}
    init: true
    command: sh -c 'getent hosts api >/dev/null && echo api; getent hosts db || echo no db; exec sleep 600'
    networks: [ front ]
    ports: [ '127.0.0.1::80' ]
    depends_on: [ server ]
  tool: { image: '${I}', command: 'echo tool', networks: [ back ], profiles: [ tools ] }
volumes: { store: { name: '${N}-store', labels: { a: b } } }
networks: { back: { name: '${N}-back', internal: true }, front: { name: '${N}-front' } }
secrets: { password: { file: password }, token: { file: keys/token } }
configs: { settings: { file: ./settings } }
";

const STAGES: &str = "FROM debian:trixie-slim AS base
ARG WORD=none
RUN echo $WORD > /word
FROM base AS run
CMD [\"sh\", \"-c\", \"cat /word /etc/settings /store/filled; echo $FROM_FILE; exec sleep 600\"]
FROM base AS other
RUN false
";

pub(super) const ROUND: &str = "
    export COMPOSE_PROJECT_NAME=$N COMPOSE_PROGRESS=quiet COMPOSE_ANSI=never; C='docker compose'
    cp -r $P/three $P/$N; cd $P/$N; plain() { tr -d '\\033' | sed 's/^.2K//'; }
    $C up -d --quiet-pull >/dev/null; echo up $?
    $C ps -a --format '{{.Service}} {{.State}} {{.ExitCode}}' | sort
    $C logs --no-color --no-log-prefix server | plain; $C logs --no-color --no-log-prefix web | plain
    $C exec -T db sh -c 'cat /run/secrets/password /run/secrets/key; stat -c %F /run/secrets/key'
    $C exec -T server sh -c 'id -u; touch /x 2>/dev/null; echo $?; touch /store/x 2>/dev/null; echo $?; touch /tmp/x; echo $?; getent hosts elsewhere; grep -E \"NoNewPrivs|CapEff\" /proc/self/status'
    docker inspect --format '{{.HostConfig.Memory}} {{.Config.Labels.made}}' $($C ps -q server)
    $C --profile tools run --rm -T tool; echo run $?
    $C down -v --timeout 0; echo down $?; docker rmi $N-server | grep -c Untagged
    $C ps -aq; docker volume ls -q --filter name=$N; docker network ls -q --filter name=$N; rm -r $P/$N";

#[test]
fn compose_of_three_services_does_the_same() {
    let Some(guarded) = Guarded::new("compose_of_three_services_does_the_same") else {
        return;
    };
    if !plugins::take("compose_of_three_services_does_the_same", &guarded) {
        return;
    }
    let three = guarded.path("project/three");
    for (name, content) in [
        ("compose.yaml", SHOP),
        ("server/Dockerfile", STAGES),
        ("server.env", "FROM_FILE=from the file\n"),
        ("settings", "a setting\n"),
        ("password", "a word\n"),
        ("keys/token", "a token\n"),
    ] {
        let file = three.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }
    let run = |side| ran(&guarded, side, &format!("three-{side}"), ROUND);
    let (raw, through) = thread::scope(|scope| {
        let raw = scope.spawn(|| run(false));
        let through = run(true);
        (raw.join().unwrap(), through)
    });
    let (status, told, wrong) = through;
    assert_eq!((raw.0, &raw.1), (status, &told), "{}\n{wrong}", raw.2);
    for part in [
        "up 0", "api", "no db", "A WORD", "a token", "tool", "down 0",
    ] {
        assert!(told.contains(part), "{part}: {told}\n{wrong}");
    }
}

#[test]
fn compose_does_the_same() {
    same("compose_does_the_same", "");
}

#[test]
fn compose_does_the_same_with_buildkit() {
    let build = "docker compose -f $P/shop/compose.yaml -p $N build -q; echo built $?
        cd $P/shop; docker compose -p $N up -d --build --quiet-pull web >/dev/null 2>&1; docker compose -p $N logs --no-log-prefix --no-color web | tail -1 | tr -d '\\033' | sed 's/^.2K//'
        docker compose -p $N down -v --timeout 0 >/dev/null 2>&1; echo down $?; cd /; ";
    same(
        "compose_does_the_same_with_buildkit",
        &format!("export DOCKER_BUILDKIT=1; {build}"),
    );
}

fn same(test: &str, first: &str) {
    let Some(guarded) = Guarded::new(test) else {
        return;
    };
    if !plugins::take(test, &guarded) {
        return;
    }
    let shop = guarded.path("project/shop");
    fs::create_dir_all(shop.join("app")).unwrap();
    fs::create_dir_all(shop.join("conf")).unwrap();
    for (name, content) in [
        ("compose.yaml", FILE),
        ("app/Dockerfile", DOCKERFILE),
        ("app/word", "word\n"),
        ("conf/s", "setting\n"),
    ] {
        fs::write(shop.join(name), content).unwrap();
    }
    let script = format!("{first}{SCRIPT}");
    let [raw, through] = [false, true].map(|side| ran(&guarded, side, "shop", &script));
    assert_eq!(
        (raw.0, raw.1),
        (through.0, through.1),
        "{}\n{}",
        raw.2,
        through.2
    );
}
