//! What is said.

use crate::pool::{Summary, Want};
use serde::{Deserialize, Serialize};

/// The version of this protocol: changed when an older side would misunderstand a newer one.
/// Further fields are no such change: what is not known is ignored.
pub const PROTOCOL: u32 = 1;

/// What the coordinator can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "kebab-case")]
pub enum Request {
    /// Who are you?
    Hello,
    /// How is everything?
    Status,
    /// Answer once ChromaDB answers, or will not, or after so many seconds.
    WaitReady {
        /// The seconds.
        seconds: u32,
    },
    /// Start the services again; the network namespace and the workers stay.
    RestartServices,
    /// A start asks for a spare. It makes it its own by giving it another name, and says so.
    Claim {
        /// What it would start otherwise.
        want: Want,
    },
    /// The spare is a session now: the answer is `done` where the network that it is in lives.
    Took {
        /// The name that it had.
        spare: String,
    },
    /// The next session of a project would be this: have spares of it.
    Warm {
        /// The session.
        want: Want,
        /// Answer once one is ready or cannot be made, or after so many seconds.
        seconds: u32,
    },
    /// Change how the pool works, or only say how it is.
    Pool {
        /// What to change.
        order: Option<Order>,
    },
    /// The session of this name is for whoever keeps this connection: it ends with it. Answered
    /// only where it is refused.
    Hold {
        /// The session's name.
        worker: String,
    },
}

/// What the pool is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "kebab-case")]
pub enum Order {
    /// Keep spares, as many and as long as this; what is not said stays.
    Start {
        /// The minimum.
        min: Option<usize>,
        /// The maximum.
        max: Option<usize>,
        /// Seconds.
        idle_timeout: Option<i64>,
    },
    /// Keep none.
    Stop,
    /// Give up those that are there, and make new ones.
    Cleanup,
}

/// One answer, with who gives it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The protocol of whoever answers.
    pub protocol: u32,
    /// The release of whoever answers.
    pub version: String,
    /// The answer.
    #[serde(flatten)]
    pub answer: Answer,
}

/// What the coordinator answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// To `hello`.
    Hello(Hello),
    /// To `status`, and to `wait-ready`.
    Status(Box<Status>),
    /// To `claim`: this one.
    Spare {
        /// Its name.
        spare: String,
        /// What a terminal has to be told that takes it.
        screen: Screen,
    },
    /// To `claim`: none.
    NoSpare {
        /// Why.
        why: String,
    },
    /// To `pool` and `warm`.
    Pool(Box<Summary>),
    /// It is done.
    Done,
    /// It is not.
    Error {
        /// `protocol`, `unsupported`, `malformed`, `busy`, `failed`.
        kind: String,
        /// In words.
        message: String,
    },
}

/// The state in which a program expects its terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// Whether it draws on the alternate screen, which is its own.
    pub alternate: bool,
    /// What brings a terminal into this state.
    pub text: String,
}

/// Who the coordinator is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The identity of its build.
    pub build: String,
    /// When it started, in seconds since 1970.
    pub started: i64,
    /// The version of the labels that it understands.
    pub schema: u32,
}

/// How everything is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Who says so.
    #[serde(flatten)]
    pub hello: Hello,
    /// ChromaDB.
    pub chroma: Chroma,
    /// The sessions in this network namespace, by name.
    pub workers: Vec<Worker>,
    /// Bytes of memory of the whole container, where the kernel tells.
    pub memory: Option<u64>,
    /// The warm pool; none where the coordinator knows none.
    #[serde(default)]
    pub pool: Option<Summary>,
}

/// How ChromaDB is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chroma {
    /// In a word.
    pub state: ChromaState,
    /// Its release.
    pub version: String,
    /// Its process, in the container.
    pub pid: Option<u32>,
    /// When it came into this state, in seconds since 1970.
    pub since: i64,
    /// How often it was started again.
    pub restarts: u32,
    /// Its last words, where it ended.
    pub problem: Option<String>,
}

/// The states of ChromaDB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChromaState {
    /// Started, and not answering yet.
    Starting,
    /// It answers.
    Ready,
    /// It ended, and is about to be started again.
    Restarting,
    /// It ended too often: nobody starts it again but on request.
    Failed,
    /// A state that this side does not know.
    #[serde(other)]
    Unknown,
}

/// A session that was started through the parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worker {
    /// Its name.
    pub name: String,
    /// Its project on the host.
    pub project: String,
    /// Whether it runs.
    pub running: bool,
    /// Whether the network namespace that it is in is no longer the parent's.
    pub stranded: bool,
}

/// A request on the wire.
#[derive(Debug, Serialize, Deserialize)]
struct Envelope {
    protocol: u32,
    #[serde(flatten)]
    request: Request,
}

impl Request {
    /// As it is sent.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!(Envelope {
            protocol: PROTOCOL,
            request: self.clone()
        })
    }
}

/// Understand a line, or say why not.
pub fn read_request(line: &[u8]) -> Result<Request, Answer> {
    let refuse = |kind: &str, message: String| Answer::Error {
        kind: kind.to_owned(),
        message,
    };
    let value: serde_json::Value = serde_json::from_slice(line)
        .map_err(|error| refuse("malformed", format!("not JSON: {error}")))?;
    let protocol = value.get("protocol").and_then(serde_json::Value::as_u64);
    let Some(protocol) = protocol else {
        return Err(refuse("malformed", "no `protocol`".to_owned()));
    };
    if protocol != u64::from(PROTOCOL) {
        let message = format!("protocol {protocol} is not {PROTOCOL}");
        return Err(refuse("protocol", message));
    }
    let Some(name) = value.get("request").and_then(serde_json::Value::as_str) else {
        return Err(refuse("malformed", "no `request`".to_owned()));
    };
    let name = name.escape_debug().take(60).collect::<String>();
    serde_json::from_value::<Envelope>(value)
        .map(|envelope| envelope.request)
        .map_err(|error| refuse("unsupported", format!("`{name}`: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kind(line: &[u8]) -> String {
        match read_request(line) {
            Err(Answer::Error { kind, .. }) => kind,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn requests_are_what_they_were() {
        let want = Want {
            project: "/p".to_owned(),
            base: "p".to_owned(),
            key: "k".to_owned(),
            image: "i".to_owned(),
            body: serde_json::json!({"Env": ["A=b"]}),
            answers: crate::terminal::Answers::plain(),
        };
        for request in [
            Request::Claim { want: want.clone() },
            Request::Warm { want, seconds: 3 },
            Request::Pool { order: None },
            Request::Pool {
                order: Some(Order::Stop),
            },
            Request::Hello,
            Request::Status,
            Request::WaitReady { seconds: 5 },
            Request::RestartServices,
            Request::Hold {
                worker: "w".to_owned(),
            },
        ] {
            let line = request.to_json().to_string();
            assert_eq!(read_request(line.as_bytes()), Ok(request), "{line}");
        }
        let more = br#"{"protocol":1,"request":"hello","colour":"red"}"#;
        assert_eq!(read_request(more), Ok(Request::Hello));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (line, expected) in [
            (&b""[..], "malformed"),
            (b"hello", "malformed"),
            (b"[]", "malformed"),
            (b"{}", "malformed"),
            (br#"{"protocol":1}"#, "malformed"),
            (br#"{"protocol":"1","request":"hello"}"#, "malformed"),
            (br#"{"protocol":1,"request":7}"#, "malformed"),
            (br#"{"protocol":2,"request":"hello"}"#, "protocol"),
            (br#"{"protocol":1,"request":"dance"}"#, "unsupported"),
            (br#"{"protocol":1,"request":"wait-ready"}"#, "unsupported"),
            (b"\xff\xfe", "malformed"),
        ] {
            assert_eq!(kind(line), expected, "{}", String::from_utf8_lossy(line));
        }
        let deep = "[".repeat(60_000);
        assert_eq!(kind(deep.as_bytes()), "malformed");
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(line in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read_request(&line);
        }

        #[test]
        fn no_json_makes_it_panic(protocol in any::<i64>(), name in ".{0,80}", field in ".{0,9}") {
            let value = serde_json::json!({ "protocol": protocol, "request": name, field: [1] });
            let _ = read_request(value.to_string().as_bytes());
        }
    }
}
