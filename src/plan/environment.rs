//! The environment of a session: its own, the terminal's, and what the user asked for.

use super::parent::CHROMA_PORT;
use super::session::Planner;
use super::{Note, paths, terminal};
use crate::model::{Builder, ContainerName, DockerMode, EnvValue, EnvVar, Field, Origin, Stdio};
use crate::vars;

/// Variables by which the usual programs find certificates: OpenSSL, Node, Python's requests and
/// pip, curl, git, cargo, the AWS client.
const CA_VARIABLES: &[&str] = &[
    "SSL_CERT_FILE",
    "NODE_EXTRA_CA_CERTS",
    "REQUESTS_CA_BUNDLE",
    "PIP_CERT",
    "CURL_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "CARGO_HTTP_CAINFO",
    "AWS_CA_BUNDLE",
];

/// By themselves the clients of Testcontainers take a container that they run in for one that sees the
/// engine's networks, and look for ports at a gateway.
const TESTCONTAINERS: &[(&str, &str, &str)] = &[
    (
        "TESTCONTAINERS_HOST_OVERRIDE",
        "localhost",
        "where published ports are",
    ),
    (
        "TESTCONTAINERS_CONNECTION_MODE",
        "docker_host",
        "Testcontainers for Python connects to them there",
    ),
    (
        "TESTCONTAINERS_DOCKER_SOCKET_OVERRIDE",
        paths::SOCKET,
        "the socket that the container gets which clears up",
    ),
    (
        "TESTCONTAINERS_RYUK_CONTAINER_PRIVILEGED",
        "false",
        "that container needs no privileges, and would get none",
    ),
];

/// Why a session builds without `BuildKit`.
const CLASSIC: &str = "images are built by the classic builder, as BuildKit's cache is shared";

impl Planner<'_> {
    pub(super) fn environment(&mut self, name: &ContainerName, stdio: Stdio) -> Vec<EnvVar> {
        let caller = &self.facts.caller;
        let here = |name: &str| {
            caller
                .environment
                .get(name)
                .filter(|value| !value.is_empty())
        };
        let built_in = Origin::BuiltIn;
        let without_buildkit = self.without_buildkit();
        let mut env = Vec::new();
        let mut add = |name: &str, value: &str, origin: &Origin, why: &str| {
            env.push(EnvVar::given(name, value));
            self.reasons.add(Field::Env(name.to_owned()), origin, why);
        };
        let project = self.facts.project.as_str();
        add(
            vars::MARKER,
            "1",
            &built_in,
            "tells programs that they run in a session",
        );
        add(
            vars::SESSION,
            name.as_str(),
            &built_in,
            "the session's name",
        );
        add(
            vars::PROJECT,
            project,
            &built_in,
            "the project's path on the host",
        );
        add(
            vars::WORKSPACE,
            paths::WORKSPACE,
            &built_in,
            "where the project always is",
        );
        add(
            "CLAUDE_CONFIG_DIR",
            paths::CLAUDE_STATE,
            &built_in,
            "Claude's state is in its volume",
        );
        let why = "Claude is in a read-only volume: hal-9000 updates it";
        add("DISABLE_AUTOUPDATER", "1", &built_in, why);
        // It would call itself broken at every start, for want of a ~/.local/bin/claude.
        add("DISABLE_INSTALLATION_CHECKS", "1", &built_in, why);
        let own = |name: &str| Origin::Variable(name.to_owned());
        if let Some(term) = here("TERM") {
            add("TERM", term, &own("TERM"), "the terminal it is shown on");
        } else {
            let why = "the most usual terminal: none is named here";
            add("TERM", "xterm-256color", &built_in, why);
        }
        if let Some(color) = here("COLORTERM") {
            let why = "the colours of that terminal";
            add("COLORTERM", color, &own("COLORTERM"), why);
        }
        // On a pipe nobody sees a terminal.
        if stdio == Stdio::Terminal {
            let answers = self.facts.terminal.as_ref();
            for (name, value, why) in terminal::handed_on(&caller.environment, answers) {
                add(name, &value, &own(name), why);
            }
        }
        add(
            "LANG",
            "C.UTF-8",
            &built_in,
            "the one UTF-8 locale that every image has",
        );
        if let Some(zone) = &caller.timezone {
            let origin = match here("TZ") {
                Some(_) => own("TZ"),
                None => Origin::Found("the host's time zone".to_owned()),
            };
            add("TZ", zone, &origin, "times are the user's");
        }
        let guarded = self.settings.docker.value == DockerMode::Guard;
        if let Some((origin, why)) = &without_buildkit {
            add("DOCKER_BUILDKIT", "0", origin, why);
        }
        if guarded {
            for (name, value, why) in TESTCONTAINERS {
                add(name, value, &built_in, why);
            }
        }
        if let Some(bundle) = &self.settings.ca_bundle {
            for name in CA_VARIABLES {
                add(
                    name,
                    paths::CA_BUNDLE,
                    &bundle.origin,
                    "where programs look for certificates",
                );
            }
        }
        self.parents_environment(&mut env);
        self.requested_environment(&mut env);
        env
    }

    /// Whether docker's client has to be told not to build with `BuildKit`: who says so, and why.
    fn without_buildkit(&self) -> Option<(Origin, &'static str)> {
        let builder = &self.settings.docker_builder;
        let engine = self.facts.engine;
        match self.settings.docker.value {
            DockerMode::Guard if builder.value == Builder::Classic => {
                Some((builder.origin.clone(), CLASSIC))
            }
            DockerMode::Host if !engine.has_buildkit() => {
                let origin = Origin::Found(engine.name().to_owned());
                Some((origin, "the engine builds without BuildKit"))
            }
            _ => None,
        }
    }

    fn parents_environment(&mut self, env: &mut Vec<EnvVar>) {
        if self.parent().is_some() {
            let port = CHROMA_PORT.to_string();
            for (name, value) in [("CHROMADB_HOST", "localhost"), ("CHROMADB_PORT", &port)] {
                env.push(EnvVar::given(name, value));
                let why = "where the parent's ChromaDB answers";
                self.reasons
                    .add(Field::Env(name.to_owned()), &Origin::BuiltIn, why);
            }
        }
    }

    fn requested_environment(&mut self, env: &mut Vec<EnvVar>) {
        let flag = Origin::Flag("--env".to_owned());
        for wanted in &self.request.env {
            let here = self.facts.caller.environment.get(&wanted.name);
            let value = match (&wanted.value, here) {
                (Some(value), _) => EnvValue::Given(value.clone()),
                (None, Some(value)) => EnvValue::Inherited(value.clone()),
                (None, None) => {
                    self.notes.push(Note::VariableNotSet(wanted.name.clone()));
                    continue;
                }
            };
            env.retain(|variable| variable.name != wanted.name);
            self.reasons
                .add(Field::Env(wanted.name.clone()), &flag, "as asked");
            env.push(EnvVar {
                name: wanted.name.clone(),
                value,
            });
        }
        let key = "ANTHROPIC_API_KEY";
        let provided = env.iter().any(|variable| variable.name == key)
            || self.settings.secrets.contains_key(key);
        if !provided && self.facts.caller.environment.contains_key(key) {
            self.notes.push(Note::ApiKeyStaysHere);
        }
        if self.facts.caller.home.as_deref() == Some(self.facts.project.as_str()) {
            self.notes.push(Note::ProjectIsHome);
        }
    }
}
