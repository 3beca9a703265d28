//! The engine, and objects that go away with the test.

use bytes::Bytes;
use hal9000::engine::{BuildEvent, Docker, EngineError, Images};
use hal9000::host::{self, Env, Selection};
use hal9000::images::{Event, Observer, Workshop};
use hal9000::recipe::{Content, ContextFile, Recipe, Role};
use std::collections::BTreeMap;
use std::process::Command;

/// The label of everything that these tests make, besides the images that the product itself has.
pub(crate) const LABEL: &str = "hal9000.test";

/// A connection, or none where the test is to be skipped (said aloud).
pub(crate) async fn engine(test: &str) -> Option<Docker> {
    let mode = std::env::var("HAL9000_TEST_ENGINE").unwrap_or_else(|_| "auto".to_owned());
    let reason = match mode.as_str() {
        "off" => "HAL9000_TEST_ENGINE=off".to_owned(),
        "auto" | "require" => match connect() {
            Ok(docker) => return Some(docker),
            Err(error) => error,
        },
        other => panic!("HAL9000_TEST_ENGINE is `{other}`, not auto, require or off"),
    };
    assert_ne!(mode, "require", "no engine: {reason}");
    eprintln!("SKIPPED: {test}: {reason}");
    None
}

fn connect() -> Result<Docker, String> {
    let env = Env::capture();
    let endpoint = host::resolve(&Selection::default(), &env).map_err(|error| error.to_string())?;
    let found = host::check(&endpoint, &env).map_err(|problem| format!("{problem:?}"))?;
    Docker::connect(&found.socket, found.api, found.kind).map_err(|error| error.to_string())
}

/// The tests' own executable: an ELF file of a realistic size that `--version` cannot harm.
pub(crate) fn executable() -> std::io::Result<Bytes> {
    std::fs::read(env!("CARGO_BIN_EXE_hal-9000")).map(Bytes::from)
}

pub(crate) fn workshop(engine: &Docker) -> Workshop<'_, Docker> {
    Workshop {
        engine,
        executable: &executable,
        source: None,
        proxies: BTreeMap::new(),
    }
}

/// Runs docker; the answer is its standard output.
pub(crate) fn docker(arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("docker").args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(text(&output.stderr))
    }
}

/// A recipe of a test: its image, volume and filler are removed when it goes out of scope, and
/// what an earlier run left behind when it is made.
pub(crate) struct TestRecipe(pub(crate) Recipe);

impl TestRecipe {
    /// A runtime of `megabytes` random files, of which no other test has the name.
    pub(crate) fn runtime(name: &str, megabytes: usize) -> Self {
        let dockerfile = format!(
            "FROM debian:trixie-slim AS fill\n\
             LABEL {LABEL}=stage hal9000.stage=hal9000-test/{name}:1\n\
             RUN mkdir -p /opt/hal9000/bin && cd /opt/hal9000/bin \
             && for n in $(seq {megabytes}); do head -c 1048576 /dev/urandom > f$n; done \
             && sha256sum * > ../sums\n\
             FROM scratch\nCOPY --from=fill /opt/hal9000 /opt/hal9000\n\
             LABEL {LABEL}={name}\n"
        );
        Self::new(name, Role::Runtime, &dockerfile)
    }

    pub(crate) fn new(name: &str, role: Role, dockerfile: &str) -> Self {
        let recipe = Self(Recipe {
            reference: format!("hal9000-test/{name}:1"),
            role,
            profile: None,
            dockerfile: dockerfile.to_owned(),
            args: BTreeMap::new(),
            files: Vec::new(),
            parents: Vec::new(),
            arch: None,
            same_as: None,
        });
        recipe.clean();
        recipe
    }

    pub(crate) fn with_file(mut self, name: &str, mode: u32, content: Content) -> Self {
        self.0.files.push(ContextFile {
            name: name.to_owned(),
            mode,
            content,
        });
        self
    }

    fn clean(&self) {
        let volume = self.0.volume();
        // Most of these are not there: an error says nothing.
        let _ = docker(&["rm", "--force", &volume]);
        let _ = docker(&["volume", "rm", &volume]);
        let _ = docker(&["rmi", "--force", &self.0.reference]);
    }
}

impl Drop for TestRecipe {
    fn drop(&mut self) {
        self.clean();
    }
}

/// Counts what it is told.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) built: Vec<String>,
    pub(crate) steps: usize,
    pub(crate) cached: usize,
    pub(crate) transfers: usize,
    pub(crate) filling: usize,
    pub(crate) discarded: usize,
    pub(crate) output: Vec<String>,
}

impl Observer for Counts {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Built { image } => self.built.push(image.to_owned()),
            Event::Build { event, .. } => match event {
                BuildEvent::Step { .. } => self.steps += 1,
                BuildEvent::Cached => self.cached += 1,
                BuildEvent::Transfer { .. } => self.transfers += 1,
                BuildEvent::Output(line) => self.output.push(line.clone()),
            },
            Event::Filling { .. } => self.filling += 1,
            Event::Discarded { .. } => self.discarded += 1,
            _ => {}
        }
    }
}

pub(crate) async fn size(engine: &Docker, reference: &str) -> Result<u64, EngineError> {
    let image = engine.image(reference).await?;
    Ok(image.map(|image| image.size).unwrap_or_default())
}
