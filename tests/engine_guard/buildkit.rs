//! Calls of gRPC that no client sends, written by hand, on both sockets.

use crate::guarded::Guarded;
use crate::plugins;
use crate::support::nested::Suite;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::client::conn::http2::SendRequest;
use hyper::rt::Executor;
use hyper_util::rt::TokioIo;
use std::path::Path;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::task::LocalSet;

#[derive(Debug, Clone, Copy)]
struct Here;

impl<F: Future<Output = ()> + 'static> Executor<F> for Here {
    fn execute(&self, future: F) {
        tokio::task::spawn_local(future);
    }
}

/// An upgraded connection.
async fn upgraded(socket: &Path) -> UnixStream {
    let mut stream = UnixStream::connect(socket).await.unwrap();
    let head = "POST /grpc HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.unwrap());
    }
    assert!(answer.starts_with(b"HTTP/1.1 101"), "{answer:?}");
    stream
}

async fn connected(socket: &Path) -> SendRequest<Full<Bytes>> {
    let stream = TokioIo::new(upgraded(socket).await);
    let made = hyper::client::conn::http2::handshake(Here, stream).await;
    let (sender, connection) = made.unwrap();
    tokio::task::spawn_local(async move { drop(connection.await) });
    sender
}

/// What came of a call: its status and what was said.
async fn called(
    sender: &mut SendRequest<Full<Bytes>>,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> (String, String) {
    let (status, said, _) = answered(sender, path, headers, body).await;
    (status, said)
}

/// The same, with all that was answered.
async fn answered(
    sender: &mut SendRequest<Full<Bytes>>,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> (String, String, Bytes) {
    let broken = |error: hyper::Error| ("broken".to_owned(), error.to_string(), Bytes::new());
    let mut request = Request::post(format!("http://localhost{path}"))
        .header("te", "trailers")
        .header("content-type", "application/grpc");
    for (name, value) in headers {
        request.headers_mut().unwrap().remove(*name);
        request = request.header(*name, *value);
    }
    let request = request
        .body(Full::new(Bytes::copy_from_slice(body)))
        .unwrap();
    let response = match sender.send_request(request).await {
        Ok(response) => response,
        Err(error) => return broken(error),
    };
    let (head, body) = response.into_parts();
    let mut all = head.headers;
    let body = match body.collect().await {
        Ok(body) => body,
        Err(error) => return broken(error),
    };
    all.extend(body.trailers().cloned().unwrap_or_default());
    let text = |name: &str| {
        let value = all.get(name).map(|value| value.to_str().unwrap());
        value.unwrap_or_default().to_owned()
    };
    (text("grpc-status"), text("grpc-message"), body.to_bytes())
}

fn frame(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&[0][..], &length, message].concat()
}

const CONTROL: &str = "/moby.buildkit.v1.Control/";
const BRIDGE: &str = "/moby.buildkit.v1.frontend.LLBBridge/";

/// A call, its headers and body, and what comes of it: on the raw socket (where that is worth knowing)
/// and through the guard.
type Row = (
    String,
    Vec<(&'static str, String)>,
    Vec<u8>,
    &'static str,
    (&'static str, &'static str),
);

/// What is of everybody, or of another build.
fn of_others() -> Vec<Row> {
    let control = |name: &str| format!("{CONTROL}{name}");
    let bridge = |name: &str| format!("{BRIDGE}{name}");
    let call = "HAL-G-BUILD-CALL";
    let build = |id: &str| vec![("buildkit-controlapi-buildid", id.to_owned())];
    let none = Vec::new;
    vec![
        (control("ListWorkers"), none(), frame(b""), "0", ("0", "")),
        // of everybody
        (control("DiskUsage"), none(), frame(b""), "0", ("12", call)),
        (
            control("Prune"),
            none(),
            frame(b"\x0a\x08id==none"),
            "0",
            ("12", call),
        ),
        // only those that run, and without waiting for more: of engines that keep a history
        (
            control("ListenBuildHistory"),
            none(),
            frame(b"\x08\x01\x18\x01"),
            "",
            ("12", call),
        ),
        (
            control("UpdateBuildHistory"),
            none(),
            frame(b"\x0a\x04none"),
            "",
            ("12", call),
        ),
        (control("Session"), none(), frame(b""), "", ("12", call)),
        (
            bridge("NewContainer"),
            build("x"),
            frame(b""),
            "",
            ("12", call),
        ),
        ("/x.Y/Z".to_owned(), none(), frame(b""), "12", ("12", call)),
        // of another build
        (
            control("Status"),
            none(),
            frame(b"\x0a\x05other"),
            "",
            ("7", "HAL-G-BUILD-REF"),
        ),
        (
            bridge("Ping"),
            build("other"),
            frame(b""),
            "",
            ("7", "HAL-G-BUILD-REF"),
        ),
        (
            bridge("Ping"),
            none(),
            frame(b""),
            "",
            ("7", "HAL-G-BUILD-REF"),
        ),
        (
            control("Solve"),
            none(),
            frame(b"\x0a\x01b\x2a\x05other"),
            "",
            ("7", "HAL-G-BUILD-SESSION"),
        ),
    ]
}

/// What is not exactly understood.
fn odd() -> Vec<Row> {
    let control = |name: &str| format!("{CONTROL}{name}");
    let two = [frame(b""), frame(b"")].concat();
    let large = [&[0][..], &(17u32 << 20).to_be_bytes(), b"x"].concat();
    let none = Vec::new;
    vec![
        (
            control("ListWorkers"),
            none(),
            frame(b"\x92\x01\x00"),
            "0",
            ("3", "HAL-G-BUILD-MESSAGE"),
        ),
        (
            control("Solve"),
            none(),
            frame(b"\x0a\x01b\x92\x03\x00"),
            "",
            ("3", "HAL-G-BUILD-MESSAGE"),
        ),
        (control("ListWorkers"), none(), two, "", ("3", "HAL-G-GRPC")),
        (
            control("ListWorkers"),
            none(),
            vec![0, 0, 0],
            "",
            ("3", "HAL-G-GRPC"),
        ),
        (
            control("ListWorkers"),
            none(),
            vec![1, 0, 0, 0, 0],
            "",
            ("3", "HAL-G-GRPC"),
        ),
        (
            control("ListWorkers"),
            none(),
            large,
            "",
            ("3", "HAL-G-SIZE"),
        ),
        (
            control("ListWorkers"),
            none(),
            frame(&vec![0; 17 << 20]),
            "",
            ("3", "HAL-G-SIZE"),
        ),
        (
            control("ListWorkers"),
            vec![("grpc-encoding", "gzip".to_owned())],
            frame(b""),
            "",
            ("3", "HAL-G-GRPC"),
        ),
        (
            control("ListWorkers"),
            vec![("content-type", "text/plain".to_owned())],
            frame(b""),
            "",
            ("3", "HAL-G-GRPC"),
        ),
        (
            control("ListWorkers"),
            vec![("user-agent", "x".repeat(20 << 10))],
            frame(b""),
            "",
            ("3", "HAL-G-GRPC"),
        ),
    ]
}

async fn tried(guarded: &Guarded) -> Vec<String> {
    let mut raw = connected(&guarded.socket(false)).await;
    let mut through = connected(&guarded.socket(true)).await;
    let mut wrong = Vec::new();
    for (path, headers, body, expected, (status, rule)) in of_others().into_iter().chain(odd()) {
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        if !expected.is_empty() {
            let found = called(&mut raw, &path, &headers, &body).await;
            if found.0 != expected {
                wrong.push(format!("{path}\n  raw: {found:?}"));
            }
        }
        let found = called(&mut through, &path, &headers, &body).await;
        if found.0 != status || !found.1.contains(rule) {
            wrong.push(format!("{path} {status} {rule}\n  guard: {found:?}"));
        }
    }
    // more headers than any build has: the call or the connection ends, and the guard does not
    let much = "x".repeat(2 << 20);
    let path = format!("{CONTROL}ListWorkers");
    let found = called(&mut through, &path, &[("user-agent", &much)], &frame(b"")).await;
    if found.0 == "0" {
        wrong.push("2 MiB of headers passed".to_owned());
    }
    // no HTTP/2 at all
    let mut stream = upgraded(&guarded.socket(true)).await;
    stream.write_all(&[b'x'; 100]).await.unwrap();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    let mut again = connected(&guarded.socket(true)).await;
    let found = called(&mut again, &path, &[], &frame(b"")).await;
    if found.0 != "0" {
        wrong.push(format!("afterwards: {found:?}"));
    }
    wrong
}

fn refused(guarded: &Guarded) {
    let before = guarded.descriptors();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let wrong = runtime.block_on(LocalSet::new().run_until(tried(guarded)));
    drop(runtime);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // the guard sees a moment later that nobody is there
    while guarded.descriptors() > before {
        std::thread::yield_now();
    }
}

#[test]
fn odd_calls_are_refused() {
    if let Some(guarded) = Guarded::new("odd_calls_are_refused") {
        refused(&guarded);
    }
}

#[test]
fn odd_calls_on_docker_26_1_are_refused() {
    let test = "odd_calls_on_docker_26_1_are_refused";
    let Some(guarded) = Guarded::on(test, Some(Suite::Trixie)) else {
        return;
    };
    refused(&guarded);
    if plugins::take(test, &guarded) {
        histories_are_their_builders(&guarded);
    }
}

/// What somebody else has built, with what they gave to it: real on the raw socket.
fn histories_are_their_builders(guarded: &Guarded) {
    let build = "export DOCKER_BUILDKIT=1
        printf 'FROM %s\\nARG TOKEN\\n' $I | docker build -q --build-arg TOKEN=of-somebody-else -";
    let built = guarded.script(false, "history", build);
    assert!(built.status.success(), "{built:?}");
    let history = async {
        let path = format!("{CONTROL}ListenBuildHistory");
        let mut found = Vec::new();
        for through in [false, true] {
            let mut sender = connected(&guarded.socket(through)).await;
            // what there is, and no waiting for more (`early_exit`)
            let (status, _, all) = answered(&mut sender, &path, &[], &frame(b"\x18\x01")).await;
            let all = String::from_utf8_lossy(&all).into_owned();
            found.push((status, all.contains("of-somebody-else")));
        }
        found
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let found = runtime.block_on(LocalSet::new().run_until(history));
    assert_eq!(found, [("0".to_owned(), true), ("12".to_owned(), false)]);
}
