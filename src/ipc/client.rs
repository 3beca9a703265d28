//! The host's side.

use super::codec::{CodecError, Lines, encode};
use super::message::{Answer, Hello, PROTOCOL, Reply, Request};
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::time::timeout;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// Nobody listens, or the connection ended.
    #[error("no coordinator answers: {0}")]
    Unreachable(String),
    /// What came is no answer.
    #[error("the coordinator's answer cannot be understood: {0}")]
    Strange(String),
    /// It took too long.
    #[error("the coordinator did not answer in time")]
    Late,
}

impl CallError {
    /// An answer, and not to what was asked.
    pub fn another() -> Self {
        Self::Strange("it answers something else".to_owned())
    }
}

/// What a coordinator is to this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// It speaks our protocol.
    Ready(Hello),
    /// It speaks another one.
    Stale {
        /// Its release.
        version: String,
        /// Its protocol.
        protocol: u32,
    },
    /// It does not answer.
    Unreachable {
        /// Why.
        why: String,
    },
}

/// Ask over the socket at `path`.
pub async fn call(path: &Path, request: &Request, patience: Duration) -> Result<Reply, CallError> {
    let work = async {
        let stream = UnixStream::connect(path).await;
        let stream = stream.map_err(|error| CallError::Unreachable(error.to_string()))?;
        converse(stream, request).await
    };
    timeout(patience, work)
        .await
        .unwrap_or(Err(CallError::Late))
}

/// Ask over any connection.
async fn converse<S>(stream: S, request: &Request) -> Result<Reply, CallError>
where
    S: AsyncRead + AsyncWrite,
{
    let gone = |error: CodecError| CallError::Unreachable(error.to_string());
    let (reader, mut writer) = tokio::io::split(stream);
    let line = encode(&request.to_json()).map_err(gone)?;
    let written = writer.write_all(&line).await;
    written.map_err(|error| CallError::Unreachable(error.to_string()))?;
    match Lines::new(reader).next().await {
        Ok(Some(line)) => read_reply(&line),
        Ok(None) => Err(CallError::Unreachable("it hung up".to_owned())),
        Err(error) => Err(gone(error)),
    }
}

/// Understand an answer, as far as it can be.
pub fn read_reply(line: &[u8]) -> Result<Reply, CallError> {
    let strange = |error: serde_json::Error| CallError::Strange(error.to_string());
    let value: serde_json::Value = serde_json::from_slice(line).map_err(strange)?;
    let protocol = value.get("protocol").and_then(serde_json::Value::as_u64);
    // Another protocol may word everything else differently.
    if let Some(protocol) = protocol.filter(|protocol| *protocol != u64::from(PROTOCOL)) {
        let version = value.get("version").and_then(serde_json::Value::as_str);
        return Ok(Reply {
            protocol: u32::try_from(protocol).unwrap_or(u32::MAX),
            version: version.unwrap_or("unknown").to_owned(),
            answer: Answer::Error {
                kind: "protocol".to_owned(),
                message: format!("protocol {protocol} is not {PROTOCOL}"),
            },
        });
    }
    serde_json::from_value(value).map_err(strange)
}

/// Whether the coordinator behind the socket at `path` can be worked with.
pub async fn probe(path: &Path, patience: Duration) -> Probe {
    judge(call(path, &Request::Hello, patience).await)
}

/// What an answer to `hello` means.
pub fn judge(answer: Result<Reply, CallError>) -> Probe {
    match answer {
        Ok(reply) if reply.protocol != PROTOCOL => Probe::Stale {
            version: reply.version,
            protocol: reply.protocol,
        },
        Ok(Reply {
            answer: Answer::Hello(hello),
            ..
        }) => Probe::Ready(hello),
        Ok(reply) => Probe::Stale {
            version: reply.version,
            protocol: reply.protocol,
        },
        Err(error) => Probe::Unreachable {
            why: error.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn judged(line: &str) -> Probe {
        judge(read_reply(line.as_bytes()))
    }

    #[test]
    fn a_coordinator_is_ready_stale_or_not_there() {
        let hello = r#"{"protocol":1,"version":"9","answer":"hello","build":"b","started":1,"schema":1,"new":[]}"#;
        assert!(matches!(judged(hello), Probe::Ready(hello) if hello.build == "b"));
        for (line, protocol) in [
            (r#"{"protocol":0,"version":"0.0.1","reply":"whatever"}"#, 0),
            (r#"{"protocol":7,"version":"9","answer":"dance"}"#, 7),
            (r#"{"protocol":1,"version":"9","answer":"done"}"#, 1),
        ] {
            let stale = judged(line);
            assert!(
                matches!(stale, Probe::Stale { protocol: p, .. } if p == protocol),
                "{stale:?}"
            );
        }
        for line in ["", "{}", "[1]", r#"{"protocol":1}"#] {
            assert!(matches!(judged(line), Probe::Unreachable { .. }), "{line}");
        }
    }

    #[tokio::test]
    async fn nobody_there_is_said_at_once_and_silence_after_a_while() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s");
        let patience = Duration::from_millis(50);
        let unreachable = |probe| matches!(probe, Probe::Unreachable { .. });
        assert!(unreachable(probe(&path, patience).await));
        let listener = tokio::net::UnixListener::bind(&path).unwrap();
        assert!(matches!(
            call(&path, &Request::Hello, patience).await,
            Err(CallError::Late)
        ));
        drop(listener);
        assert!(unreachable(probe(&path, patience).await));
    }

    proptest! {
        #[test]
        fn no_answer_makes_it_panic(line in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = judge(read_reply(&line));
        }
    }
}
