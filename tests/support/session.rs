//! Real sessions: a sandbox with an instance of its own on an engine that has the images.

use std::fmt::{self, Write as _};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::Once;

use super::engine::{self, Docker, Instance};
use super::sandbox::{Output, Sandbox};

/// What a test of sessions needs. Whatever of its instance is left on the engine at the end is
/// removed; [`Bench::end`] fails over a container.
pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    pub(crate) instance: Instance,
    pub(crate) docker: Docker,
}

impl fmt::Debug for Bench {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.instance.name())
    }
}

impl Bench {
    /// `None`, said on stderr, where there is no engine.
    pub(crate) fn new(test: &str) -> Option<Self> {
        static IMAGES: Once = Once::new();
        let docker = engine::required(test)?;
        let instance = Instance::new(&docker);
        let sandbox = Sandbox::new().instance(&instance);
        IMAGES.call_once(|| {
            let built = sandbox.run(&["image", "build", "worker", "runtime"]);
            built.expect_code(0);
        });
        Some(Self {
            sandbox,
            instance,
            docker,
        })
    }

    /// Run the binary.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.sandbox.run(args)
    }

    /// Run the binary; it has to succeed. Its standard output.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        self.run(args).expect_code(0).stdout.trim().to_owned()
    }

    /// Names of this instance's containers, ended ones too.
    pub(crate) fn containers(&self) -> Vec<String> {
        let filter = format!("--filter=label=hal9000.instance={}", self.instance.name());
        let text = self
            .docker
            .ok(&["ps", "--all", "--format={{.Names}}", &filter]);
        let mut names: Vec<String> = text.lines().map(str::to_owned).collect();
        names.sort();
        names
    }

    /// One field of a container, in the template language of `docker inspect`.
    pub(crate) fn field(&self, name: &str, template: &str) -> String {
        self.docker.ok(&["inspect", "--format", template, name])
    }

    /// Fail if a container is left.
    pub(crate) fn end(self) {
        assert_eq!(self.containers(), Vec::<String>::new());
    }
}

/// A program in a pipe, which is spoken with line by line.
#[derive(Debug)]
pub(crate) struct Piped {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Piped {
    /// Start it; its stderr is the test's.
    pub(crate) fn spawn(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            input,
            output,
        }
    }

    /// Block until it says something.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Close its input, read what it still says, and wait for its end.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        self.input.take();
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap(), rest)
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Piped {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
