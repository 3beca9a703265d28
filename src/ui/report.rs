//! Errors for people: what, why, and the way out; and the exit status that goes with each.

use super::hints;
use crate::config::{FileError, SettingError};
use crate::engine::EngineError;
use crate::host::{DockerMissing, EndpointError, Preflight, ProjectError};
use crate::model::{Exit, Invalid};
use crate::plan::PlanError;
use crate::session::{EndError, FindError};

/// What sort of failure, by what a script could do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The command line or a setting.
    Usage,
    /// The engine cannot be reached.
    NoEngine,
    /// No such session.
    NoSession,
    /// Anything else.
    Failed,
}

/// How a command's exit statuses are counted (contract §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// It starts a session: its own failures are 125, as docker's.
    Session,
    /// It manages.
    Management,
}

/// One failure, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The sort of failure.
    pub kind: Kind,
    /// What failed.
    pub message: String,
    /// Why.
    pub causes: Vec<String>,
    /// Ways out.
    pub hints: Vec<String>,
}

impl Report {
    /// A failure of this kind.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            causes: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// With a way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// With a cause.
    #[must_use]
    pub fn cause(mut self, cause: impl std::fmt::Display) -> Self {
        self.causes.push(cause.to_string());
        self
    }

    /// With the one of these that may have been meant, where one is near.
    #[must_use]
    pub fn similar(self, word: &str, known: &[String]) -> Self {
        match hints::similar(word, known.iter().map(String::as_str)) {
            Some(near) => self.meant(&[near]),
            None => self,
        }
    }

    /// With those that may have been meant, where there are any.
    #[must_use]
    pub fn meant(self, near: &[impl std::fmt::Display]) -> Self {
        match listed(near) {
            near if near.is_empty() => self,
            near => self.hint(format!("did you mean {near}?")),
        }
    }

    /// With all that could have been meant.
    #[must_use]
    pub fn there_are(self, known: &[impl std::fmt::Display]) -> Self {
        let known: Vec<String> = known.iter().map(ToString::to_string).collect();
        self.hint(format!("there are: {}", known.join(", ")))
    }

    /// A program that this machine does not run.
    pub fn cannot_run(program: &std::path::Path, error: &std::io::Error) -> Self {
        Self::new(Kind::Failed, format!("cannot run `{}`", program.display()))
            .cause(error)
            .hint("see that it is there, and that you can execute it: `ls -lL` shows both")
    }

    /// A file or directory that cannot be read; its name is in the words.
    pub fn unreadable(error: &std::io::Error) -> Self {
        Self::new(Kind::Usage, error.to_string())
            .hint("see what it is and who owns it: `ls -ld` shows both")
    }

    /// Words that exclude each other.
    pub fn together(one: &str, other: &str) -> Self {
        Self::new(
            Kind::Usage,
            format!("{one} and {other} cannot be used together"),
        )
        .hint(hints::ONE_OF_THEM)
    }

    /// What failed and why, where that is a part of something else.
    pub fn in_a_line(&self) -> String {
        [std::slice::from_ref(&self.message), &self.causes]
            .concat()
            .join(": ")
    }

    /// The exit status.
    pub fn exit(&self, face: Face) -> Exit {
        match (self.kind, face) {
            (Kind::Usage, _) => Exit::Usage,
            (_, Face::Session) => Exit::NotStarted,
            (Kind::NoEngine, Face::Management) => Exit::NoEngine,
            (Kind::NoSession, Face::Management) => Exit::NoSession,
            (Kind::Failed, Face::Management) => Exit::Failure,
        }
    }

    /// The failure as JSON.
    pub fn to_json(&self) -> serde_json::Value {
        let kind = match self.kind {
            Kind::Usage => "usage",
            Kind::NoEngine => "engine-unreachable",
            Kind::NoSession => "no-such-session",
            Kind::Failed => "failed",
        };
        serde_json::json!({ "error": {
            "kind": kind, "message": self.message, "causes": self.causes, "hints": self.hints,
        }})
    }
}

/// Names between backticks: "a", "a or b", "a, b or c".
fn listed(names: &[impl std::fmt::Display]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

impl From<Invalid> for Report {
    fn from(error: Invalid) -> Self {
        let report = Self::new(Kind::Usage, error.to_string());
        let near = hints::similar(&error.given, error.known.iter().copied());
        report.meant(near.as_slice())
    }
}

impl From<SettingError> for Report {
    fn from(error: SettingError) -> Self {
        let report = Self::new(Kind::Usage, error.to_string());
        match error {
            SettingError::Value { problem, .. } => Self {
                hints: Self::from(problem).hints,
                ..report
            },
            SettingError::NotForProjects { .. } => {
                report.hint("such a setting belongs into your own configuration file")
            }
            SettingError::Raised { key, .. } => report.hint(format!(
                "raise `{key}` in your own configuration file, or by its flag"
            )),
        }
    }
}

impl Report {
    /// A configuration file that cannot be understood.
    pub fn file(path: &std::path::Path, error: FileError) -> Self {
        let report = Self::new(Kind::Usage, format!("`{}`, {error}", path.display()));
        match error.suggestion {
            Some(key) => report.meant(&[key]),
            None => report.hint("`hal-9000 man 5 config` says what can be in such a file, and how"),
        }
    }
}

impl From<ProjectError> for Report {
    fn from(error: ProjectError) -> Self {
        let report = Self::new(Kind::Failed, error.to_string());
        match error {
            ProjectError::NoCurrent(_) => report.hint("change to a directory that exists"),
            ProjectError::Missing(path) => match path.to_str().and_then(hints::similar_command) {
                Some(flag) if flag.starts_with('-') => {
                    report.hint(format!("did you mean `{flag}`?"))
                }
                Some(command) => report.hint(format!("did you mean the command `{command}`?")),
                None => report.hint("name an existing directory, or run in the project itself"),
            },
            ProjectError::NotADirectory(_) => report.hint("name the directory that it is in"),
            ProjectError::Unreadable { .. } => {
                report.hint("the project has to be readable by the user who runs hal-9000")
            }
            ProjectError::Invalid(_) => report,
        }
    }
}

impl From<DockerMissing> for Report {
    fn from(error: DockerMissing) -> Self {
        Self::new(Kind::Failed, error.to_string())
            .hint("install the docker client, e.g. `apt-get install docker.io` or docker-ce-cli")
    }
}

impl From<EndpointError> for Report {
    fn from(error: EndpointError) -> Self {
        let kind = match error {
            EndpointError::Conflict => Kind::Usage,
            _ => Kind::NoEngine,
        };
        let report = Self::new(kind, error.to_string());
        match error {
            EndpointError::Conflict => report.hint(hints::ONE_OF_THEM),
            EndpointError::NoContext { .. } | EndpointError::BadContext { .. } => {
                report.hint("`docker context ls` shows the contexts there are")
            }
            EndpointError::Remote { .. } => report.hint(
                "select an engine on this machine: `--host unix:///var/run/docker.sock`, \
                 or `docker context use default`",
            ),
        }
    }
}

impl From<Preflight> for Report {
    fn from(problem: Preflight) -> Self {
        hints::preflight(&problem)
    }
}

impl From<EngineError> for Report {
    fn from(error: EngineError) -> Self {
        let kind = match error {
            EngineError::Unreachable(_) => Kind::NoEngine,
            _ => Kind::Failed,
        };
        let hint = error.way_out();
        let report = match error {
            EngineError::Unreachable(_) => Self::new(kind, error.to_string()),
            // The engine's words name what it was asked for, and not always who says so.
            _ => Self::new(kind, "the docker engine refused a request").cause(error),
        };
        report.hint(hint.unwrap_or(hints::ENGINES_WORDS))
    }
}

impl From<PlanError> for Report {
    fn from(error: PlanError) -> Self {
        let report = Self::new(Kind::Usage, error.to_string());
        match error {
            PlanError::NothingToPublishOn(_) => {
                report.hint("leave out `--network`, or publish where the network belongs to")
            }
            PlanError::ParentsPorts => {
                report.hint("leave out `--via-parent`: a direct session has a network of its own")
            }
            PlanError::NoGuard | PlanError::NotGuarded(_) => report.hint(
                "`--docker=none` goes without docker; `--docker=host` hands the engine's own socket over",
            ),
            PlanError::TargetTaken(_) => report.hint("mount it somewhere else"),
        }
    }
}

/// The session that may have been meant: by its name, or by what of it is the project's.
fn near_session<'a>(name: &str, names: &'a [String]) -> Option<&'a str> {
    let exact = hints::similar(name, names.iter().map(String::as_str));
    let project = |full: &'a str| {
        let (project, _hash) = full.strip_prefix("hal-9000-")?.rsplit_once('-')?;
        Some((project, full))
    };
    let projects: Vec<_> = names.iter().filter_map(|name| project(name)).collect();
    let near = hints::similar(name, projects.iter().map(|(project, _)| *project));
    let full = near.and_then(|near| projects.iter().find(|(project, _)| *project == near));
    exact.or(full.map(|(_, full)| *full))
}

impl From<FindError> for Report {
    fn from(error: FindError) -> Self {
        match error {
            FindError::Engine(error) => error.into(),
            FindError::NoSuch {
                ref name,
                ref names,
            } => {
                let report = Self::new(Kind::NoSession, error.to_string());
                match names.as_slice() {
                    [] => report.hint("no session is there; `hal-9000 DIR` starts one"),
                    names => report
                        .meant(near_session(name, names).as_slice())
                        .there_are(names),
                }
            }
        }
    }
}

impl From<EndError> for Report {
    fn from(error: EndError) -> Self {
        let why = error.source.to_string();
        Self {
            message: format!("cannot end the session `{}`", error.name),
            causes: vec![why],
            ..Self::from(error.source)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_statuses_are_the_contracts() {
        for (kind, session, management) in [
            (Kind::Usage, 2, 2),
            (Kind::NoEngine, 125, 3),
            (Kind::NoSession, 125, 5),
            (Kind::Failed, 125, 1),
        ] {
            let report = Report::new(kind, "x");
            assert_eq!(report.exit(Face::Session).code(), session, "{kind:?}");
            assert_eq!(report.exit(Face::Management).code(), management, "{kind:?}");
        }
    }

    #[test]
    fn nothing_is_lost_on_the_way() {
        let source = EngineError::from_message("write /x: no space left on device".to_owned());
        let report = Report::from(EndError {
            name: "ab".to_owned(),
            source,
        });
        assert!(report.message.contains("`ab`") && report.causes[0].contains("no space left"));
        assert!(
            report.hints.iter().any(|hint| hint.contains("prune")),
            "{report:?}"
        );
        let json = report.cause("why").to_json();
        let near = |name| {
            near_session(
                name,
                &["hal-9000-shop-6fec8fd0".to_owned(), "web".to_owned()],
            )
            .map(str::to_owned)
        };
        assert_eq!(near("wbe").as_deref(), Some("web"));
        assert_eq!(near("shpo").as_deref(), Some("hal-9000-shop-6fec8fd0"));
        assert_eq!(near("other"), None);
        assert_eq!(json["error"]["kind"], "failed");
        assert_eq!(json["error"]["causes"][1], "why");
    }
}
