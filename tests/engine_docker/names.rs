//! What the session's containers are called, in the session.

use std::fs;

const PROJECT: &str = "
services:
  web:
    image: debian:trixie-slim
    init: true
    command: sleep 600
    depends_on: [db]
    networks: {default: {ipv4_address: 10.213.57.3}, inner: {}}
  db:
    image: debian:trixie-slim
    init: true
    command: sleep 600
    networks: {default: {ipv4_address: 10.213.57.4, aliases: [database]}}
networks:
  default: {ipam: {config: [{subnet: 10.213.57.0/28}]}}
  inner: {internal: true}
";

/// The address that the session's first network would give to it is one that the next service asks for.
#[test]
fn services_of_a_compose_project_are_known_by_their_names() {
    let sessions = guarded!("services_of_a_compose_project_are_known_by_their_names");
    let project = sessions.house.bench.sandbox.project();
    fs::write(project.join("compose.yaml"), PROJECT).unwrap();
    let said = sessions.said(
        &[],
        "way() { awk '$2 == \"00000000\" { print $1, $3 }' /proc/net/route; }
         known() { getent hosts $1 | cut -d' ' -f1; }
         way > before; known db; known web
         docker compose --progress quiet -p $N up -d && way | diff before - && known db && known database
         docker network inspect --format '{{len .Containers}}' ${N}_default
         docker compose --progress quiet -p $N stop web && known db
         docker compose --progress quiet -p $N up -d && getent hosts web > /dev/null && echo again
         docker compose --progress quiet -p $N down && known db; way | diff before -
         docker network ls --quiet --filter name=$N | wc -l",
    );
    let lines: Vec<&str> = said.lines().collect();
    let db = "10.213.57.4";
    assert_eq!(lines, [db, db, "2", db, "again", "0"]);
    sessions.end();
}

#[test]
fn a_network_that_the_session_is_in_goes_like_any_other() {
    let sessions = guarded!("a_network_that_the_session_is_in_goes_like_any_other");
    let said = sessions.said(
        &[],
        "known() { getent hosts $1 | wc -l; }
         one() { docker run -d --rm --init --name $N-$1 --network $2 $I sleep 600 > /dev/null; }
         docker network create $N > /dev/null; one a $N; known $N-a
         docker network rm $N 2>&1 | grep -c 'active endpoints'; known $N-a
         docker network connect --alias me $N $(hostname); known me
         docker rm -f $N-a > /dev/null; docker network rm $N > /dev/null; known $N-a
         docker network create $N > /dev/null; one b $N; known $N-b; docker rm -f $N-b > /dev/null
         docker network prune --force | grep -c $N
         docker network create $N > /dev/null; one c bridge; known $N-c
         docker network connect $N $N-c; known $N-c",
    );
    let lines: Vec<&str> = said.lines().collect();
    let own = ["1", "1", "1", "1", "0", "1", "1", "0", "1"];
    assert_eq!(lines, own);
    sessions.until_over(&sessions.session());
    assert_eq!(sessions.there("network"), [""; 0]);
    sessions.end();
}

/// The engine would let the session out through such a network, before Docker 28.
#[test]
fn the_sessions_way_out_stays_what_it_is() {
    let sessions = guarded!("the_sessions_way_out_stays_what_it_is");
    let said = sessions.said(
        &[],
        "way() { awk '$2 == \"00000000\" { print $1, $3 }' /proc/net/route; }
         way > before; docker network create a-$N > /dev/null
         docker run -d --init --name $N --network a-$N $I sleep 600 > /dev/null; way | diff before - && echo same
         [ $(getent hosts $N | wc -l) = $(docker version --format '{{.Server.APIVersion}}' | awk -F. '{ print ($2 >= 48) }') ] && echo as told
         docker rm -f $N > /dev/null; docker network rm a-$N > /dev/null",
    );
    assert_eq!(said.lines().collect::<Vec<_>>(), ["same", "as told"]);
    sessions.end();
}
