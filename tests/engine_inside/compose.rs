//! docker compose in a session.

use crate::inside::{Inside, WORKER};

const FILE: &str = r#"
name: ${T}
services:
  web:
    image: @WORKER@
    command: python3 -u -m http.server 8000 --directory /srv
    init: true
    volumes: ["./site:/srv:ro", "data:/data"]
    networks: [inner]
    labels: &labels { hal9000.test: "${T}" }
    healthcheck:
      test: curl --fail --silent --output /dev/null http://localhost:8000/
      interval: 200ms
      retries: 100
  client:
    image: @WORKER@
    depends_on: { web: { condition: service_healthy } }
    command: sh -c 'curl --silent http://web:8000/page > /data/seen; cp /data/seen /out/seen; echo fetched'
    user: ${UIDGID}
    volumes: ["./out:/out", "data:/data"]
    networks: [inner]
    labels: *labels
volumes:
  data: { labels: *labels }
networks:
  inner: { labels: *labels }
"#;

#[test]
fn two_services_with_mounts_a_volume_and_a_network() {
    let test = "two_services_with_mounts_a_volume_and_a_network";
    let Some(inside) = Inside::new(test) else {
        return;
    };
    let files = [
        ("compose.yaml", &*FILE.replace("@WORKER@", WORKER)),
        ("site/page", "served from the project\n"),
        ("out/.keep", ""),
    ];
    let inside = inside.project("shop", &files);
    let told = inside.ok(r#"
        export UIDGID="$(id -u):$(id -g)" COMPOSE_PROGRESS=quiet
        # A new volume is root's: this is what makes it the user's.
        docker compose run --rm --no-deps --user root $LABEL client chmod 777 /data
        docker compose up --detach
        docker wait $(docker compose ps --all --quiet client)
        docker compose logs --no-log-prefix client
        docker compose ps --all --format '{{.Service}} {{.State}} {{.ExitCode}}'
        docker compose exec -T web cat /data/seen /srv/page
        docker compose logs web | grep --count 'GET /page'
        docker compose down --volumes
        docker compose ps --all --quiet"#);
    let expected = "0\nfetched\nclient exited 0\nweb running 0\n\
                    served from the project\nserved from the project\n1\n";
    // compose clears the line of a progress that it has not shown.
    assert_eq!(told.replace("\u{1b}[2K", ""), expected);
    assert_eq!(inside.own_file("out/seen"), "served from the project\n");
    inside.assert_tidy();
}
