//! What the guard is told: made on the host, from the session's description.

use crate::guard::Policy;
use crate::model::{Labels, Limits, OnExit};
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;

/// Whose guard this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Config {
    /// Where it listens, on the engine's machine.
    pub(super) socket: PathBuf,
    /// The engine's own socket.
    pub(super) engine: PathBuf,
    /// The project on the engine's machine.
    pub(super) project: String,
    /// Where the session has the project, beside that path.
    pub(super) seen_as: Vec<String>,
    /// The session, for the audit and for names of volumes.
    pub(super) session: String,
    /// Where the journal and the audit are.
    pub(super) state: PathBuf,
    /// What the project's sessions know together of their images; none where this one is alone.
    pub(super) images: Option<PathBuf>,
    /// When it ends by itself.
    pub(super) until: Until,
    /// What becomes of what the session has made, if it ends with the session.
    pub(super) on_exit: OnExit,
    /// What is allowed.
    pub(super) policy: Policy,
}

/// When a guard ends, unless it is told to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// Never.
    Told,
    /// When its standard input closes.
    Closed,
    /// When its standard input is closed, so that nobody starts the session any more, and the session
    /// does not run.
    Ended,
}

/// Read `--NAME VALUE`, `--NAME=VALUE`, `--until-closed`, `--until-ended`, `--read-only` and
/// `--classic-builder`.
pub(super) fn parse(args: impl IntoIterator<Item = OsString>) -> io::Result<Config> {
    let mut given: Vec<(String, String)> = Vec::new();
    let mut until = Until::Told;
    let mut read_only = false;
    let mut classic_builder = false;
    let mut args = args.into_iter();
    while let Some(word) = args.next() {
        let text = |word: OsString| {
            let word = word.into_string();
            word.map_err(|word| bad(format!("`{}` is not text", word.display())))
        };
        let word = text(word)?;
        let Some(name) = word.strip_prefix("--") else {
            return Err(bad(format!("`{word}` is not understood")));
        };
        match (name, name.split_once('=')) {
            ("until-closed", _) => until = Until::Closed,
            ("until-ended", _) => until = Until::Ended,
            ("read-only", _) => read_only = true,
            ("classic-builder", _) => classic_builder = true,
            (_, Some((name, value))) => given.push((name.to_owned(), value.to_owned())),
            (name, None) => {
                let value = args.next().ok_or_else(|| missing(name))?;
                given.push((name.to_owned(), text(value)?));
            }
        }
    }
    let known = [
        "socket",
        "engine",
        "project",
        "seen-as",
        "session",
        "state",
        "images",
        "on-exit",
        "label",
        "memory",
        "cpus",
        "pids",
        "capability",
        "cgroup-parent",
        "default-network",
        "publish-on",
        "reserved-image",
        "restarts",
    ];
    if let Some((name, _)) = given
        .iter()
        .find(|(name, _)| !known.contains(&name.as_str()))
    {
        return Err(bad(format!("`--{name}` is not understood")));
    }
    let given = Given(given);
    Ok(Config {
        socket: given.one("socket")?.into(),
        engine: given.one("engine")?.into(),
        project: given.one("project")?,
        seen_as: given.all("seen-as").map(str::to_owned).collect(),
        session: session(given.one("session")?)?,
        state: given.one("state")?.into(),
        images: given.maybe("images").map(PathBuf::from),
        until,
        on_exit: given.parsed("on-exit")?.unwrap_or(OnExit::Remove),
        policy: Policy {
            read_only,
            classic_builder,
            ..policy(&given)?
        },
    })
}

fn policy(given: &Given) -> io::Result<Policy> {
    let labels: Option<Labels> = given
        .all("label")
        .map(|label| {
            label
                .split_once('=')
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
        })
        .collect();
    let limits = match (
        given.parsed("memory")?,
        given.parsed("cpus")?,
        given.parsed("pids")?,
    ) {
        (Some(memory), Some(cpus), Some(pids)) => Some(Limits { memory, cpus, pids }),
        (None, None, None) => None,
        _ => {
            return Err(bad(
                "`--memory`, `--cpus` and `--pids` go together".to_owned()
            ));
        }
    };
    let list = |name| given.all(name).map(str::to_owned).collect();
    Ok(Policy {
        capabilities: list("capability"),
        limits,
        cgroup_parent: given.maybe("cgroup-parent"),
        default_network: given.maybe("default-network"),
        publish_on: given.parsed("publish-on")?,
        labels: labels.ok_or_else(|| bad("`--label` is `KEY=VALUE`".to_owned()))?,
        reserved_images: list("reserved-image"),
        restarts: given.parsed("restarts")?.unwrap_or_default(),
        ..Policy::default()
    })
}

/// It becomes part of the names of volumes and of files.
fn session(name: String) -> io::Result<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    if !name.is_empty() && name.len() <= 300 && name.chars().all(plain) {
        return Ok(name);
    }
    Err(bad(format!("`--session {name}` is not a session's name")))
}

struct Given(Vec<(String, String)>);

impl Given {
    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let values = self.0.iter().filter(move |(given, _)| given == name);
        values.map(|(_, value)| value.as_str())
    }

    fn maybe(&self, name: &str) -> Option<String> {
        self.all(name).last().map(str::to_owned)
    }

    fn one(&self, name: &str) -> io::Result<String> {
        self.maybe(name).ok_or_else(|| missing(name))
    }

    fn parsed<T: FromStr>(&self, name: &str) -> io::Result<Option<T>> {
        let Some(text) = self.maybe(name) else {
            return Ok(None);
        };
        let value = text.parse();
        value
            .map(Some)
            .map_err(|_| bad(format!("`--{name}={text}` is not understood")))
    }
}

fn missing(name: &str) -> io::Error {
    bad(format!(
        "`--{name}` is missing: the host starts this, not you"
    ))
}

fn bad(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> io::Result<Config> {
        parse(words.iter().map(OsString::from))
    }

    const ALL: &[&str] = &[
        "--socket",
        "/s",
        "--engine=/e",
        "--project",
        "/p",
        "--session=a",
        "--state",
        "/t",
    ];

    #[test]
    fn what_the_host_writes_is_understood() {
        let more = [
            "--seen-as=/workspace",
            "--label=a=b=c",
            "--until-closed",
            "--restarts=3",
        ];
        let config = read(&[ALL, &more].concat()).unwrap();
        assert_eq!(config.seen_as, ["/workspace"]);
        assert_eq!(config.policy.labels["a"], "b=c");
        assert!(config.until == Until::Closed && config.policy.restarts == 3);
        let config = read(&[ALL, &["--until-ended", "--on-exit=keep", "--read-only"]].concat());
        let config = config.unwrap();
        assert_eq!((config.until, config.on_exit), (Until::Ended, OnExit::Keep));
        assert!(config.policy.read_only);
        for bad in [
            &["x"][..],
            &["--odd=1"],
            &["--label=x"],
            &["--memory=1g"],
            &["--on-exit=x"],
            &["--session=a/b"],
        ] {
            assert!(read(&[ALL, bad].concat()).is_err(), "{bad:?}");
        }
        assert!(read(&ALL[2..]).is_err());
    }
}
