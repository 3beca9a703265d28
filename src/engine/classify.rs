//! What the engine's answers mean: the one place that looks at status codes and messages.

use bollard::errors::Error as Bollard;

/// Why a request to the engine failed, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The object does not exist (HTTP 404).
    #[error("{0}")]
    NotFound(String),
    /// The name is taken or the object is in use (HTTP 409).
    #[error("{0}")]
    Conflict(String),
    /// Others are in this container's network, and Podman removes them first or nothing.
    #[error("{0}")]
    Shared(String),
    /// The engine's disk is full (`no space left on device` in its message).
    #[error("{0}")]
    DiskFull(String),
    /// The image that a build starts from is not here and cannot be pulled.
    #[error("{0}")]
    NoBase(String),
    /// A certificate that the engine does not trust, on the way to a file.
    #[error("{0}")]
    Untrusted(String),
    /// The engine refused or failed the request; its own words.
    #[error("{0}")]
    Refused(String),
    /// The engine could not be talked to.
    #[error("cannot talk to the docker engine: {0}")]
    Unreachable(String),
}

impl EngineError {
    /// What helps, whatever was asked of the engine; none where that depends on it.
    pub fn way_out(&self) -> Option<&'static str> {
        match self {
            Self::DiskFull(_) => Some(
                "`hal-9000 image prune` and `docker system prune` make room; `docker system df` shows what takes it",
            ),
            Self::Shared(_) => Some("end the sessions in its network first: `hal-9000 kill --all`"),
            Self::Unreachable(_) => Some("`hal-9000 doctor` looks at the engine"),
            _ => None,
        }
    }

    /// Sort a message of the engine, wherever it came from (an answer or a build's stream).
    pub fn from_message(message: String) -> Self {
        if message.contains("no space left on device") {
            Self::DiskFull(message)
        } else if message.contains("x509: ") || message.contains("tls: failed to verify") {
            Self::Untrusted(message)
        } else if shares(&message) {
            Self::Shared(message)
        } else if message.contains("container name") && message.contains("is already in use") {
            // Podman 5 answers so with 500.
            Self::Conflict(message)
        } else {
            Self::Refused(message)
        }
    }

    /// The same error, when it ended a build in this instruction: whatever goes wrong in a `FROM`
    /// (a name that does not resolve, `pull access denied`, a proxy's certificate), the way out is
    /// to have the image.
    pub(super) fn in_build(self, step: Option<&str>) -> Self {
        let first = step.and_then(|step| step.split_whitespace().next());
        let from = first.is_some_and(|word| word.eq_ignore_ascii_case("from"));
        match self {
            Self::Refused(message) | Self::Untrusted(message) | Self::NotFound(message) if from => {
                Self::NoBase(message)
            }
            other => other,
        }
    }
}

impl From<Bollard> for EngineError {
    fn from(error: Bollard) -> Self {
        match error {
            Bollard::DockerResponseServerError {
                status_code,
                message,
            } => match status_code {
                404 => Self::NotFound(message),
                409 if !shares(&message) => Self::Conflict(message),
                _ => Self::from_message(message),
            },
            Bollard::DockerStreamError { error } => Self::from_message(error),
            other => Self::Unreachable(causes(&other)),
        }
    }
}

/// Podman's words, with 409 or 500.
fn shares(message: &str) -> bool {
    message.contains("has dependent containers")
}

/// An error and its sources on one line: bollard hides the io error deep in the chain.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_builds_are_sorted_by_what_helps() {
        let x509 = "Get \"https://x/\": x509: certificate signed by unknown authority";
        let denied = "pull access denied for x, repository does not exist";
        let lookup = "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup: no such host";
        let full = "write /x: no space left on device";
        let taken = "container create: the container name \"x\" is already in use by 1";
        let failed = "The command '/bin/sh -c false' returned a non-zero code: 1";
        let sort = |message: &str, step| {
            let error = EngineError::from_message(message.to_owned()).in_build(step);
            let text = format!("{error:?}");
            text.split('(').next().unwrap_or_default().to_owned()
        };
        for (message, step, expected) in [
            (x509, Some("FROM debian"), "NoBase"),
            (denied, Some("from debian AS x"), "NoBase"),
            (lookup, Some("FROM debian"), "NoBase"),
            (full, Some("FROM debian"), "DiskFull"),
            (x509, Some("ADD https://x/ /x"), "Untrusted"),
            (lookup, Some("ADD https://x/ /x"), "Refused"),
            (full, Some("RUN true"), "DiskFull"),
            (failed, Some("RUN false"), "Refused"),
            (taken, None, "Conflict"),
            ("container 1 has dependent containers which", None, "Shared"),
            (failed, None, "Refused"),
        ] {
            assert_eq!(sort(message, step), expected, "{message} in {step:?}");
        }
    }
}
