//! Toolchains in a session: node beside a container, certificates, a profile of the user's own.

use crate::inside::{Inside, WORKER};

const PACKAGE: &str =
    r#"{ "name": "shop", "version": "1.0.0", "scripts": { "test": "node --test" } }"#;

const TEST: &str = r#"
const { test, before, after } = require("node:test");
const assert = require("node:assert");
const { execFileSync, spawn } = require("node:child_process");
const docker = (...words) => execFileSync("docker", words, { encoding: "utf8" }).trim();
const name = `${process.env.T}-backend`;

before(async () => {
  docker("run", "--detach", "--init", "--name", name, process.env.LABEL, "-v", `${process.cwd()}/site:/srv:ro`,
    "@WORKER@", "python3", "-u", "-m", "http.server", "8000", "--directory", "/srv");
  const logs = spawn("docker", ["logs", "--follow", name]);
  for await (const chunk of logs.stdout) if (String(chunk).includes("Serving")) break;
  logs.kill();
});
after(() => docker("rm", "--force", name));

test("the backend serves the project's page", async () => {
  const address = docker("inspect", "--format", "{{.NetworkSettings.IPAddress}}", name);
  const answer = await fetch(`http://${address}:8000/page`);
  assert.equal(await answer.text(), "from the project\n");
});
"#;

#[test]
fn a_node_project_is_tested_beside_a_container_that_it_started() {
    let test = "a_node_project_is_tested_beside_a_container_that_it_started";
    let Some(inside) = Inside::new(test) else {
        return;
    };
    let files = [
        ("package.json", PACKAGE),
        ("backend.test.js", &*TEST.replace("@WORKER@", WORKER)),
        ("site/page", "from the project\n"),
    ];
    let inside = inside.project("node", &files);
    let explained = inside.sandbox.run(&["--explain"]).expect_code(0).stdout;
    assert!(
        explained.contains("the project's files ask for node"),
        "{explained}"
    );
    let told = inside.ok("npm test 2>&1");
    assert!(told.contains("pass 1") && told.contains("fail 0"), "{told}");
    inside.assert_tidy();
}

#[test]
fn npm_trusts_the_configured_certificates() {
    let test = "npm_trusts_the_configured_certificates";
    let Some(inside) = Inside::with_bundle(test, "https://registry.npmjs.org/is-number") else {
        return;
    };
    let inside = inside.project("npm", &[("package.json", PACKAGE)]);
    inside.ok("npm install --no-audit --no-fund --no-progress is-number@7.0.0 >&2");
    let says = inside.ok("node --print 'require(\"is-number\")(\"5e3\")'");
    assert_eq!(says, "true\n");
    assert!(inside.own_file("package-lock.json").contains("is-number"));
    inside.assert_owned(
        &inside
            .sandbox
            .project()
            .join("node_modules/is-number/index.js"),
    );
    inside.assert_tidy();
}

#[test]
fn pip_trusts_the_configured_certificates() {
    let test = "pip_trusts_the_configured_certificates";
    let Some(inside) = Inside::with_bundle(test, "https://pypi.org/simple/iniconfig/") else {
        return;
    };
    let inside = inside.project("pip", &[("requirements.txt", "iniconfig==2.0.0\n")]);
    let says = inside.ok(
        "python3 -m venv .venv
         .venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
         .venv/bin/python -c 'import iniconfig; print(iniconfig.__name__)'
         curl --fail --silent --output /dev/null https://pypi.org/simple/iniconfig/
         git -c http.lowSpeedTime=30 ls-remote https://pypi.org/no.git 2>&1 | grep -c certificate || true",
    );
    assert_eq!(says, "iniconfig\n0\n");
    inside.assert_tidy();
}

#[test]
fn a_profile_of_the_users_own_is_built_and_used() {
    let test = "a_profile_of_the_users_own_is_built_and_used";
    let Some(inside) = Inside::new(test) else {
        return;
    };
    // The image is named after the profile, so the profile is named after the test.
    let name = inside.tag().to_owned();
    let directory = format!("home/.config/hal-9000/profiles/{name}");
    let label = format!("hal9000.test={name}");
    let dockerfile = format!(
        "FROM hal9000/worker\nLABEL {label}\nCOPY tool.sh /usr/local/bin/zig\nRUN chmod +x /usr/local/bin/zig\nENV ZIG=yes\n"
    );
    inside
        .sandbox
        .write(&format!("{directory}/Dockerfile"), &dockerfile);
    inside.sandbox.write(
        &format!("{directory}/tool.sh"),
        "#!/bin/sh\necho \"zig $ZIG for $(id -un)\"\n",
    );
    let done = inside
        .script_with(&["--profile", &name], "zig; echo $PWD")
        .expect_code(0);
    let project = inside.sandbox.project().display();
    assert_eq!(done.stdout, format!("zig yes for claude\n{project}\n"));
    // Said once in the user's file, it needs no flag; nothing is built again.
    let config = format!("profile = \"{name}\"\n");
    inside
        .sandbox
        .write("home/.config/hal-9000/config.toml", &config);
    let done = inside.sandbox.run(&["shell", "zig"]).expect_code(0);
    assert_eq!(done.stdout, "zig yes for claude\n");
    assert!(!done.stderr.contains("building"), "{done:?}");
    let reference = format!("hal9000/{name}:{}", env!("CARGO_PKG_VERSION"));
    inside.docker.ok(&["rmi", &reference]);
    inside.assert_tidy();
}
