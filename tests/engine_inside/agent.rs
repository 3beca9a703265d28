//! The real Claude Code in a session, driven by a scripted Messages API.

use crate::inside::{BASE, Inside};
use crate::support::api::{Api, Kind, Turn};
use crate::support::claude_home::KEY;
use crate::support::sandbox::Output;

/// What Claude needs to talk to the script, handed on by name: values stay out of command lines.
const VARIABLES: [&str; 3] = [
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_BASE_URL",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
];

/// A session's Claude talks to this script.
fn scripted(test: &str, script: impl IntoIterator<Item = Turn>) -> Option<(Inside, Api)> {
    let inside = Inside::new(test)?;
    let api = Api::start(inside.docker.bridge(), script);
    let inside = inside.env(VARIABLES[0], KEY);
    let inside = inside.env(VARIABLES[1], &api.url());
    Some((inside.env(VARIABLES[2], "1"), api))
}

fn claude(inside: &Inside, args: &[&str], stdin: &[u8]) -> Output {
    let mut words = vec!["--quiet"];
    for name in VARIABLES {
        words.extend(["--env", name]);
    }
    words.push("claude");
    words.extend(args);
    inside.sandbox.feed(&words, stdin)
}

#[test]
fn an_agent_builds_and_runs_the_project_with_docker() {
    let test = "an_agent_builds_and_runs_the_project_with_docker";
    let Some((inside, api)) = scripted(test, []) else {
        return;
    };
    let (tag, label) = (
        inside.tag(),
        format!("--label=hal9000.test={}", inside.tag()),
    );
    let dockerfile = format!("FROM {BASE}\nCMD [\"sh\", \"-c\", \"cat /app/word | tr a-z A-Z\"]\n");
    api.push(Turn::bash(&format!(
        "cat > Dockerfile <<'EOF'\n{dockerfile}EOF\necho \"from $(id -un) in $PWD\" > word"
    )));
    api.push(Turn::bash(&format!(
        "docker build --quiet {label} --tag {tag} . >/dev/null && docker run --rm {label} -v \"$PWD\":/app {tag}"
    )));
    api.push(Turn::Results);
    let args = ["-p", "build it and run it", "--allowedTools", "Bash"];
    let done = claude(&inside, &args, b"").expect_code(0);
    let project = inside.sandbox.project().to_string_lossy();
    let expected = format!("from claude in {project}").to_uppercase();
    assert_eq!(done.stdout.lines().last(), Some(&*expected), "{done:?}");
    assert_eq!(done.stderr, "");
    assert_eq!(inside.own_file("Dockerfile"), dockerfile);
    assert_eq!((api.of(Kind::Main).len(), api.left()), (3, 0));
    inside.docker.ok(&["rmi", tag]);
    inside.assert_tidy();
}

#[test]
fn a_prompt_comes_through_a_pipe_and_bytes_stay_as_they_are() {
    let test = "a_prompt_comes_through_a_pipe_and_bytes_stay_as_they_are";
    let Some((inside, api)) = scripted(test, [Turn::text("naïve\tréponse ✓")]) else {
        return;
    };
    let log = "line one\r\nzweite Zeile – ü\n\ttabbed\n";
    let done = claude(&inside, &["-p"], log.as_bytes()).expect_code(0);
    assert_eq!(done.stdout, "naïve\tréponse ✓\n");
    assert_eq!(done.stderr, "");
    let asked = api.of(Kind::Main)[0].body["messages"].to_string();
    let quoted = serde_json::to_string(log.trim()).unwrap();
    assert!(asked.contains(quoted.trim_matches('"')), "{asked}");
    let state = inside
        .sandbox
        .run(&["--quiet", "shell", "ls", "/home/claude/.claude"]);
    assert!(state.expect_code(0).stdout.contains("projects"));
    inside.assert_tidy();
}

#[test]
fn claudes_own_failure_is_the_exit_status() {
    let test = "claudes_own_failure_is_the_exit_status";
    let refused = Turn::Refused {
        status: "400 Bad Request",
        message: "the script says no",
    };
    let Some((inside, _api)) = scripted(test, [refused]) else {
        return;
    };
    let done = claude(&inside, &["-p", "hello"], b"").expect_code(1);
    assert!(done.stdout.contains("the script says no"), "{done:?}");
    let done = claude(&inside, &["--no-such-option"], b"").expect_code(1);
    assert!(done.stderr.contains("--no-such-option"), "{done:?}");
    let done = claude(&inside, &["--version"], b"").expect_code(0);
    assert!(done.stdout.contains("(Claude Code)"), "{done:?}");
    inside.assert_tidy();
}

#[test]
fn claude_has_nothing_to_say_about_its_installation() {
    let test = "claude_has_nothing_to_say_about_its_installation";
    let Some((inside, _api)) = scripted(test, []) else {
        return;
    };
    let told = claude(&inside, &["doctor"], b"").expect_code(0).stdout;
    assert!(
        told.contains("Search: OK") && told.contains("disabled"),
        "{told}"
    );
    for complaint in ["broken", "is 'not set'", "claude install"] {
        assert!(!told.contains(complaint), "{told}");
    }
    inside.assert_tidy();
}

#[test]
fn a_key_that_is_not_handed_on_stays_here() {
    let test = "a_key_that_is_not_handed_on_stays_here";
    let Some((inside, api)) = scripted(test, []) else {
        return;
    };
    let done = inside.sandbox.run(&["shell", "env"]).expect_code(0);
    assert!(!done.stdout.contains(KEY), "{done:?}");
    assert!(done.stderr.contains("ANTHROPIC_API_KEY"), "{done:?}");
    let line = inside
        .sandbox
        .run(&["--print", "--env", "ANTHROPIC_API_KEY", "claude", "-p", "x"])
        .expect_code(0);
    assert!(!line.stdout.contains(KEY), "{line:?}");
    assert_eq!(api.requests().len(), 0);
    inside.assert_tidy();
}
