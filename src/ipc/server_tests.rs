use super::*;
use crate::ipc::LONGEST;
use std::os::unix::fs::MetadataExt;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::task::LocalSet;

/// Answers `hello` at once, and `wait-ready` never.
struct Slow;

impl Handler for Slow {
    fn version(&self) -> String {
        "1.2.3".to_owned()
    }

    async fn answer(&self, request: Request) -> Answer {
        match request {
            Request::WaitReady { .. } => std::future::pending().await,
            _ => Answer::Done,
        }
    }
}

/// Run `client` against a server on a socket of its own.
fn with_server<F: Future<Output = ()>>(
    uid: Option<u32>,
    client: impl FnOnce(std::path::PathBuf) -> F,
) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s");
    let own = std::fs::metadata(dir.path()).unwrap().uid();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(LocalSet::new().run_until(async {
        let listener = UnixListener::bind(&path).unwrap();
        let access = Access {
            uid: uid.unwrap_or(own),
        };
        let server = tokio::task::spawn_local(serve(listener, access, Rc::new(Slow)));
        client(path.clone()).await;
        server.abort();
    }));
}

async fn say(stream: &mut UnixStream, line: &str) -> serde_json::Value {
    stream.write_all(line.as_bytes()).await.unwrap();
    stream.write_all(b"\n").await.unwrap();
    let mut answer = String::new();
    let mut reader = BufReader::new(stream);
    reader.read_line(&mut answer).await.unwrap();
    serde_json::from_str(&answer).unwrap()
}

const HELLO: &str = r#"{"protocol":1,"request":"hello"}"#;

#[test]
fn root_and_the_user_may_connect() {
    let access = Access { uid: 1000 };
    assert!(access.allows(0) && access.allows(1000));
    assert!(!access.allows(1001) && !access.allows(990));
}

#[test]
fn a_connection_has_many_requests_and_survives_nonsense() {
    with_server(None, |path| async move {
        let mut stream = UnixStream::connect(path).await.unwrap();
        for (line, answer, kind) in [
            (HELLO, "done", ""),
            ("nonsense", "error", "malformed"),
            (r#"{"protocol":9,"request":"hello"}"#, "error", "protocol"),
            (r#"{"protocol":1,"request":"x"}"#, "error", "unsupported"),
            (HELLO, "done", ""),
        ] {
            let said = say(&mut stream, line).await;
            assert_eq!(said["answer"], answer, "{line}");
            assert_eq!(said["kind"].as_str().unwrap_or(""), kind, "{line}");
            assert_eq!(said["protocol"], PROTOCOL);
            assert_eq!(said["version"], "1.2.3");
        }
    });
}

#[test]
fn an_endless_line_is_refused_and_ends_the_connection() {
    with_server(None, |path| async move {
        let mut stream = UnixStream::connect(path).await.unwrap();
        let endless = vec![b'x'; LONGEST * 2];
        let (mut reader, mut writer) = stream.split();
        let mut answer = String::new();
        let write = async {
            // The server may close before everything is written.
            let _ = writer.write_all(&endless).await;
        };
        let read = async {
            let _ = reader.read_to_string(&mut answer).await;
        };
        tokio::join!(write, read);
        assert!(
            answer.contains("malformed") || answer.is_empty(),
            "{answer}"
        );
    });
}

#[tokio::test(start_paused = true)]
async fn whoever_says_nothing_is_left() {
    let (mut there, here) = tokio::io::duplex(1024);
    let serve = converse(here, &Slow);
    there.write_all(b"{\"protocol\":1").await.unwrap();
    // The clock of the test runs ahead while everybody waits.
    serve.await.unwrap();
    let mut rest = Vec::new();
    there.read_to_end(&mut rest).await.unwrap();
    assert!(rest.is_empty());
}

#[tokio::test]
async fn whoever_goes_away_is_not_waited_for() {
    let (mut there, here) = tokio::io::duplex(1024);
    let line = format!("{}\n", Request::WaitReady { seconds: 9 }.to_json());
    there.write_all(line.as_bytes()).await.unwrap();
    drop(there);
    converse(here, &Slow).await.unwrap();
}

#[test]
fn many_silent_peers_keep_others_waiting_and_not_out() {
    with_server(None, |path| async move {
        let mut silent = Vec::new();
        for _ in 0..CONNECTIONS {
            silent.push(UnixStream::connect(&path).await.unwrap());
        }
        let mut late = UnixStream::connect(&path).await.unwrap();
        let answer = say(&mut late, HELLO);
        let leave = async {
            tokio::task::yield_now().await;
            drop(silent);
        };
        let (answer, ()) = tokio::join!(answer, leave);
        assert_eq!(answer["answer"], "done");
    });
}
