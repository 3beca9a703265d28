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
            Some(near) => self.hint(format!("did you mean `{near}`?")),
            None => self,
        }
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

impl From<Invalid> for Report {
    fn from(error: Invalid) -> Self {
        Self::new(Kind::Usage, error.to_string())
    }
}

impl From<SettingError> for Report {
    fn from(error: SettingError) -> Self {
        let report = Self::new(Kind::Usage, error.to_string());
        match error {
            SettingError::Value { .. } => report,
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
        let report = Self::new(Kind::Usage, format!("{}, {error}", path.display()));
        match error.suggestion {
            Some(key) => report.hint(format!("did you mean `{key}`?")),
            None => report,
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
            EndpointError::Conflict => report,
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
        let report = Self::new(kind, error.to_string());
        match error {
            EngineError::DiskFull(_) => report.hint(hints::DISK_FULL),
            EngineError::Shared(_) => {
                report.hint("end the sessions in its network first: `hal-9000 kill --all`")
            }
            _ => report,
        }
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
                        .similar(name, names)
                        .hint(format!("there are: {}", names.join(", "))),
                }
            }
        }
    }
}

impl From<EndError> for Report {
    fn from(error: EndError) -> Self {
        let inner = Self::from(error.source);
        Self {
            message: format!("cannot end the session `{}`: {}", error.name, inner.message),
            ..inner
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
        assert!(report.message.contains("`ab`") && report.message.contains("no space left"));
        assert!(
            report.hints.iter().any(|hint| hint.contains("prune")),
            "{report:?}"
        );
        let json = report.cause("why").to_json();
        assert_eq!(json["error"]["kind"], "failed");
        assert_eq!(json["error"]["causes"][0], "why");
    }
}
