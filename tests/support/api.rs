//! A server of the Messages API that plays a script, so that the real Claude Code works without an
//! account.

use std::collections::VecDeque;
use std::io::BufReader;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use serde_json::Value;

pub(crate) use super::script::Turn;
use super::script::{Answer, play, side_answer, tool_results};
use super::{PATIENCE, http};

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The conversation: it brings Claude's tools, and takes the next turn of the script.
    Main,
    /// A title, a safety check, a quota probe: measured with 2.1.330, none of them brings a tool.
    Side,
    /// Not `POST /v1/messages`.
    Other,
}

/// One recorded request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) kind: Kind,
    pub(crate) http: http::Message,
    /// The body, or null where it is not JSON.
    pub(crate) body: Value,
}

impl Request {
    fn new(http: http::Message) -> Self {
        let body: Value = serde_json::from_slice(&http.body).unwrap_or(Value::Null);
        let path = http.path.split('?').next().unwrap_or_default();
        let kind = if http.method != "POST" || path != "/v1/messages" {
            Kind::Other
        } else if has_client_tools(&body) {
            Kind::Main
        } else {
            Kind::Side
        };
        Self { kind, http, body }
    }

    /// The text of the tool results in it, one a line.
    pub(crate) fn tool_results(&self) -> String {
        tool_results(&self.body)
    }
}

/// Server-side tools (a web search as a request of its own) have a type and no schema.
fn has_client_tools(body: &Value) -> bool {
    body["tools"]
        .as_array()
        .is_some_and(|tools| tools.iter().any(|tool| tool["input_schema"].is_object()))
}

#[derive(Debug, Default)]
struct State {
    script: VecDeque<Turn>,
    requests: Vec<Request>,
    /// To be shut when the server stops: their threads block in a read.
    connections: Vec<TcpStream>,
    answered: usize,
    stopping: bool,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

/// The server. It stops when it is dropped.
#[derive(Debug)]
pub(crate) struct Api {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

impl Api {
    /// Serve on `address`, e.g. `127.0.0.1:0`, or the bridge's gateway where containers reach it.
    pub(crate) fn start(
        address: impl ToSocketAddrs,
        script: impl IntoIterator<Item = Turn>,
    ) -> Self {
        let listener = TcpListener::bind(address).expect("the address of the scripted API is free");
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        shared.state.lock().unwrap().script.extend(script);
        let mine = Arc::clone(&shared);
        let acceptor = thread::spawn(move || accept(&listener, &mine));
        Self {
            address,
            shared,
            acceptor: Some(acceptor),
        }
    }

    /// What `ANTHROPIC_BASE_URL` is set to.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn push(&self, turn: Turn) {
        self.shared.state.lock().unwrap().script.push_back(turn);
    }

    /// Turns not taken yet.
    pub(crate) fn left(&self) -> usize {
        self.shared.state.lock().unwrap().script.len()
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.state.lock().unwrap().requests.clone()
    }

    /// The requests of one kind so far.
    pub(crate) fn of(&self, kind: Kind) -> Vec<Request> {
        self.requests()
            .into_iter()
            .filter(|request| request.kind == kind)
            .collect()
    }

    /// Block until this many main requests have arrived, and return them.
    pub(crate) fn wait_for_main(&self, count: usize) -> Vec<Request> {
        let state = self.shared.state.lock().unwrap();
        let mains = |state: &State| {
            state
                .requests
                .iter()
                .filter(|it| it.kind == Kind::Main)
                .count()
        };
        let (state, timeout) = self
            .shared
            .changed
            .wait_timeout_while(state, PATIENCE, |state| mains(state) < count)
            .unwrap();
        assert!(
            !timeout.timed_out(),
            "{} of {count} main requests came",
            mains(&state)
        );
        drop(state);
        self.of(Kind::Main)
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        let connections = {
            // A panicking test must still stop its server.
            let mut state = self
                .shared
                .state
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            state.stopping = true;
            std::mem::take(&mut state.connections)
        };
        for connection in connections {
            let _ = connection.shutdown(Shutdown::Both);
        }
        // The acceptor blocks in accept: one last connection lets it see that it is to stop.
        let woken = TcpStream::connect(self.address).is_ok();
        if let Some(acceptor) = self.acceptor.take().filter(|_| woken) {
            let _ = acceptor.join();
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    let mut workers = Vec::new();
    for stream in listener.incoming() {
        let Ok(stream) = stream else { break };
        {
            let mut state = shared.state.lock().unwrap();
            if state.stopping {
                break;
            }
            state.connections.extend(stream.try_clone());
        }
        let mine = Arc::clone(shared);
        workers.push(thread::spawn(move || {
            // A client that leaves in the middle is no concern of the script.
            let _ = serve(&stream, &mine);
            // The copy that stops the server would keep the connection open.
            let _ = stream.shutdown(Shutdown::Both);
        }));
    }
    for worker in workers {
        let _ = worker.join();
    }
}

fn serve(stream: &TcpStream, shared: &Shared) -> std::io::Result<()> {
    let (mut from, mut to) = (BufReader::new(stream), stream);
    while let Some(message) = http::read(&mut from, &mut to)? {
        let request = Request::new(message);
        let head_only = request.http.method == "HEAD";
        let (status, kind, body) = {
            let mut state = shared.state.lock().unwrap();
            state.requests.push(request.clone());
            state.answered += 1;
            shared.changed.notify_all();
            reply(&mut state, &request)
        };
        http::write(&mut to, head_only, (status, kind), &body)?;
    }
    Ok(())
}

fn reply(state: &mut State, request: &Request) -> Answer {
    let turn = match request.kind {
        Kind::Other if request.http.path.contains("count_tokens") => {
            return (
                "200 OK",
                "application/json",
                r#"{"input_tokens":10}"#.to_owned(),
            );
        }
        Kind::Other => return ("200 OK", "application/json", "{}".to_owned()),
        // An empty script ends the conversation rather than hang it; the text says whose fault it is.
        Kind::Main => next(&mut state.script),
        Kind::Side => Turn::Text(side_answer(&request.body)),
    };
    play(turn, state.answered, &request.body)
}

fn next(script: &mut VecDeque<Turn>) -> Turn {
    let Some(turn) = script.pop_front() else {
        return Turn::text("(the script is over)");
    };
    // Claude tries again in other ways.
    if matches!(turn, Turn::Refused { .. }) {
        script.push_front(turn.clone());
    }
    turn
}
