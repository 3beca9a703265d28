//! A database that a session starts, used by a project's tests as they are: at localhost.

use crate::inside::Inside;
use crate::support::engine::Docker;
use std::io::Write as _;
use std::process::Stdio;

const IMAGE: &str = "hal9000-test/postgres:17";

const PACKAGE: &str = r#"{ "name": "shop", "version": "1.0.0", "scripts": { "test": "node --test" },
  "dependencies": { "pg": "8.16.3" } }"#;

const TEST: &str = r#"
const { test } = require("node:test");
const assert = require("node:assert");
const { Client } = require("pg");

test("orders are kept", async () => {
  const client = new Client({ host: "localhost", port: 5432, user: "postgres", database: "postgres" });
  await client.connect();
  await client.query("create table orders (id int, what text)");
  await client.query("insert into orders values ($1, $2)", [1, "tea"]);
  const { rows } = await client.query("select what from orders where id = 1");
  assert.deepEqual(rows, [{ what: "tea" }]);
  await client.end();
});
"#;

/// Of Debian's packages: there is no registry.
fn database(docker: &Docker) {
    let mut words = vec!["build", "--quiet", "--force-rm", "--tag", IMAGE];
    for proxy in ["http_proxy", "https_proxy", "no_proxy"] {
        words.extend(["--build-arg", proxy]);
    }
    words.push("-");
    let mut build = docker.command(&words);
    build.stdin(Stdio::piped()).stdout(Stdio::null());
    let mut building = build.spawn().unwrap();
    let mut input = building.stdin.take().unwrap();
    input
        .write_all(include_bytes!("postgres.Dockerfile"))
        .unwrap();
    drop(input);
    assert!(building.wait().unwrap().success(), "{IMAGE}");
}

#[test]
fn a_node_project_is_tested_against_a_database_at_localhost() {
    let test = "a_node_project_is_tested_against_a_database_at_localhost";
    let Some(inside) = Inside::with_bundle(test, "https://registry.npmjs.org/pg") else {
        return;
    };
    database(&inside.docker);
    let files = [("package.json", PACKAGE), ("orders.test.js", TEST)];
    let inside = inside.project("orders", &files);
    let script = r"
        npm install --no-audit --no-fund --no-progress >&2
        docker run --detach --init --name $T-db $LABEL -p 5432:5432 @IMAGE@ >/dev/null
        until docker exec $T-db pg_isready --quiet; do :; done
        npm test 2>&1
        docker rm --force $T-db >/dev/null";
    let told = inside.ok(&script.replace("@IMAGE@", IMAGE));
    assert!(told.contains("pass 1") && told.contains("fail 0"), "{told}");
    inside.assert_tidy();
}
