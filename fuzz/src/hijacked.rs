//! `hijack`: attach and exec through a guard that runs, between a client and an engine of ours. What
//! goes in at one end comes out at the other, whole and in order, whatever the pieces, whoever begins
//! and whoever ends; and the engine is asked for what was decided, and for nothing else.

use super::session::WEB;
use hal9000::guard::ownership::{Kind, Record};
use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::io::{ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Longer than anything takes, on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(60);

const AGREED: &[u8] =
    b"HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

/// What is said on one connection.
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one choice of who does what when"
)]
struct Script {
    /// A command, or a container's own.
    exec: bool,
    /// Whether the client asks for an upgrade; one that does not only listens.
    upgrade: bool,
    /// The client's first piece comes with its request.
    early: bool,
    /// The engine's first piece comes with its answer.
    prompt: bool,
    /// The client ends its input, and then hears the rest.
    half_close: bool,
    /// The engine speaks before it listens.
    engine_first: bool,
    up: Vec<Vec<u8>>,
    down: Vec<Vec<u8>>,
}

impl Script {
    /// A byte of choices, one for the size of pieces each way, one for how often all is said.
    fn read(data: &[u8]) -> Option<Self> {
        let [choices, up, down, times, rest @ ..] = data else {
            return None;
        };
        let is = |bit: u8| choices & (1 << bit) != 0;
        let pieces = |text: &[u8], size: u8| -> Vec<Vec<u8>> {
            let all = text.repeat(usize::from(*times) + 1);
            // small ones and large ones, and no more of them than takes a moment
            let size = (usize::from(size) + 1) * (usize::from(size) + 1);
            let size = size.max(all.len() / 64);
            all.chunks(size).map(<[u8]>::to_vec).collect()
        };
        let (first, second) = rest.split_at(rest.len() / 2);
        let upgrade = is(1);
        Some(Self {
            exec: is(0),
            upgrade,
            early: is(2),
            prompt: is(3),
            half_close: is(4),
            engine_first: is(5),
            up: if upgrade {
                pieces(first, *up)
            } else {
                Vec::new()
            },
            down: pieces(second, *down),
        })
    }

    fn target(&self) -> String {
        if self.exec {
            "/v1.41/exec/e1/start".to_owned()
        } else {
            format!("/v1.41/containers/{WEB}/attach?stream=1&stdin=1&stdout=1")
        }
    }

    fn body(&self) -> &'static str {
        if self.exec {
            r#"{"Detach":false,"Tty":true}"#
        } else {
            ""
        }
    }
}

/// A guard, and the engine behind it.
struct Place {
    socket: PathBuf,
    script: Arc<Mutex<Script>>,
    /// The head and all else that the engine has read.
    seen: Receiver<(String, Vec<u8>)>,
}

static PLACE: LazyLock<Mutex<Place>> = LazyLock::new(|| Mutex::new(begin()));

fn directory() -> PathBuf {
    std::env::temp_dir().join(format!("hal9000-fuzz-{}", std::process::id()))
}

/// Leave no files behind.
pub fn forget() {
    drop(fs::remove_dir_all(directory()));
}

fn begin() -> Place {
    let top = directory();
    for name in ["project", "run", "state"] {
        fs::create_dir_all(top.join(name)).expect("a directory");
        fs::set_permissions(top.join(name), Permissions::from_mode(0o700)).expect("it is ours");
    }
    let top = top.canonicalize().expect("it is there");
    let (container, exec) = (WEB.to_owned(), "e1".to_owned());
    let of = Some(container.clone());
    let records = [(Kind::Container, container, None), (Kind::Exec, exec, of)];
    let lines = records.map(|(kind, id, of)| {
        Record::Made {
            kind,
            id,
            name: None,
            of,
        }
        .line()
    });
    fs::write(top.join("state/owned.jsonl"), lines.concat()).expect("it is ours");
    let engine = UnixListener::bind(top.join("engine.sock")).expect("a socket");
    let script = Arc::new(Mutex::new(Script::default()));
    let (told, seen) = channel();
    let shared = Arc::clone(&script);
    thread::spawn(move || serve(&engine, &shared, &told));
    let option = |name: &str, path: &Path| OsString::from(format!("--{name}={}", path.display()));
    let socket = top.join("run/docker.sock");
    let args = [
        option("socket", &socket),
        option("engine", &top.join("engine.sock")),
        option("project", &top.join("project")),
        option("state", &top.join("state")),
        "--session=fuzz".into(),
    ];
    thread::spawn(move || hal9000::proxy::run(args));
    while UnixStream::connect(&socket).is_err() {
        thread::yield_now();
    }
    Place {
        socket,
        script,
        seen,
    }
}

fn serve(engine: &UnixListener, script: &Mutex<Script>, told: &Sender<(String, Vec<u8>)>) {
    for stream in engine.incoming() {
        let mut stream = stream.expect("a connection");
        let (head, rest) = read_head(&mut stream);
        if head.starts_with("POST ") {
            let script = script
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
            let seen = talk(&mut stream, &script, rest);
            // nobody waits for it where the property has failed already
            drop(told.send((head, seen)));
            continue;
        }
        let body = match head.split(' ').nth(1) {
            Some("/version") => r#"{"ApiVersion":"1.41","MinAPIVersion":"1.12"}"#,
            _ => r#"{"Volumes":[]}"#,
        };
        let length = body.len();
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json";
        drop(write!(
            stream,
            "{head}\r\nContent-Length: {length}\r\n\r\n{body}"
        ));
    }
}

/// The engine's part.
fn talk(stream: &mut UnixStream, script: &Script, mut seen: Vec<u8>) -> Vec<u8> {
    let wanted = script.body().len() + script.up.concat().len();
    while seen.len() < script.body().len() {
        more(stream, &mut seen);
    }
    let mut down = script.down.iter();
    let mut first = AGREED.to_vec();
    first.extend(
        script
            .prompt
            .then(|| down.next())
            .flatten()
            .into_iter()
            .flatten(),
    );
    drop(stream.write_all(&first));
    let mut speak = |stream: &mut UnixStream| {
        for piece in down.by_ref() {
            drop(stream.write_all(piece));
        }
    };
    if script.engine_first {
        speak(stream);
    }
    while seen.len() < wanted && more(stream, &mut seen) {}
    if script.half_close && script.upgrade {
        while more(stream, &mut seen) {}
    }
    speak(stream);
    seen
}

fn more(stream: &mut UnixStream, into: &mut Vec<u8>) -> bool {
    let mut piece = vec![0; 65_536];
    // The fuzzer's clock interrupts: a socket with a timeout is not read on by itself (signal(7)).
    let length = loop {
        match stream.read(&mut piece) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => break read.unwrap_or(0),
        }
    };
    into.extend(&piece[..length]);
    length > 0
}

fn read_head(stream: &mut UnixStream) -> (String, Vec<u8>) {
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    let mut read = Vec::new();
    loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            let rest = read.split_off(end + 4);
            return (String::from_utf8_lossy(&read).into_owned(), rest);
        }
        if !more(stream, &mut read) {
            return (String::new(), read);
        }
    }
}

/// See [`Script::read`].
pub fn hijack(data: &[u8]) {
    let Some(script) = Script::read(data) else {
        return;
    };
    let place = PLACE.lock().unwrap_or_else(PoisonError::into_inner);
    script.clone_into(&mut place.script.lock().unwrap_or_else(PoisonError::into_inner));
    let mut client = UnixStream::connect(&place.socket).expect("the guard listens");
    let (target, body) = (script.target(), script.body());
    let mut request = format!(
        "POST {target} HTTP/1.1\r\nHost: d\r\nContent-Length: {}\r\n",
        body.len()
    );
    if script.exec {
        request.push_str("Content-Type: application/json\r\n");
    }
    if script.upgrade {
        request.push_str("Connection: Upgrade\r\nUpgrade: tcp\r\n");
    }
    let mut request = format!("{request}X-Odd: y\r\n\r\n{body}").into_bytes();
    let mut up = script.up.iter();
    request.extend(
        script
            .early
            .then(|| up.next())
            .flatten()
            .into_iter()
            .flatten(),
    );
    client.write_all(&request).expect("the guard reads");
    let (head, mut got) = read_head(&mut client);
    let expected = script.down.concat();
    if script.engine_first && script.upgrade {
        while got.len() < expected.len() && more(&mut client, &mut got) {}
    }
    for piece in up {
        client.write_all(piece).expect("the guard reads");
    }
    if script.half_close && script.upgrade {
        client.shutdown(Shutdown::Write).expect("it is open");
    }
    if script.upgrade {
        while more(&mut client, &mut got) {}
    } else {
        while !got.ends_with(b"0\r\n\r\n") && more(&mut client, &mut got) {}
        got = unchunked(&got);
    }
    let (asked, seen) = place
        .seen
        .recv_timeout(PATIENCE)
        .expect("the engine was asked");
    let status = if script.upgrade {
        "HTTP/1.1 101 "
    } else {
        "HTTP/1.1 200 "
    };
    assert!(head.starts_with(status), "{head}");
    assert!(
        got == expected,
        "{} bytes of {} came to the client",
        got.len(),
        expected.len()
    );
    is_asked(&asked, &script);
    let expected = [body.as_bytes(), &script.up.concat()].concat();
    assert!(
        seen == expected,
        "{} bytes of {} came to the engine",
        seen.len(),
        expected.len()
    );
}

/// The engine gets the guard's own head.
fn is_asked(head: &str, script: &Script) {
    let mut lines = head.trim_end().split("\r\n");
    assert_eq!(
        lines.next(),
        Some(&*format!("POST {} HTTP/1.1", script.target()))
    );
    let mut named: Vec<String> = lines.map(str::to_lowercase).collect();
    named.sort();
    let length = format!("content-length: {}", script.body().len());
    let mut expected = vec!["connection: upgrade", "host: docker", "upgrade: tcp"];
    if script.exec {
        expected.splice(1..1, [&*length, "content-type: application/json"]);
    }
    assert_eq!(named, expected);
}

fn unchunked(mut text: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = text.windows(2).position(|two| two == b"\r\n") {
        let size = String::from_utf8_lossy(&text[..end]);
        let count = usize::from_str_radix(&size, 16);
        let count = count.unwrap_or_else(|_| panic!("after {} bytes: {size:?}", whole.len()));
        whole.extend(&text[end + 2..end + 2 + count]);
        text = &text[end + 4 + count..];
    }
    whole
}
