//! The harness works, and can fail.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "these tests test the tests"
)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};
use support::api::{Api, Kind, Turn};

// --- api ---

fn ask(api: &Api, body: &Value) -> String {
    let mut stream = TcpStream::connect(api.url().trim_start_matches("http://")).unwrap();
    let body = body.to_string();
    write!(
        stream,
        "POST /v1/messages?beta=true HTTP/1.1\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn main_request(stream: bool) -> Value {
    let tools = json!([{ "name": "Bash", "input_schema": {} }]);
    json!({ "model": "m", "stream": stream, "tools": tools, "messages": [] })
}

#[test]
fn the_api_streams_the_events_in_order() {
    let api = Api::start("127.0.0.1:0", [Turn::bash("id")]);
    let answer = ask(&api, &main_request(true));
    let events: Vec<_> = answer
        .lines()
        .filter_map(|line| line.strip_prefix("event: "))
        .collect();
    assert_eq!(
        events,
        [
            "message_start",
            "content_block_start",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop"
        ]
    );
    assert!(
        answer.contains("text/event-stream") && answer.contains("\"tool_use\""),
        "{answer}"
    );
}

#[test]
fn the_api_answers_at_once_without_stream() {
    let api = Api::start("127.0.0.1:0", [Turn::text("hello")]);
    let answer = ask(&api, &main_request(false));
    let body: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(body["content"][0]["text"], "hello");
    assert_eq!(body["stop_reason"], "end_turn");
}

#[test]
fn side_requests_take_no_turn() {
    let api = Api::start("127.0.0.1:0", [Turn::text("hello")]);
    let title = json!({ "model": "m", "output_config": { "format": { "type": "json_schema" } } });
    let check = json!({ "model": "m", "system": "You are a security monitor for agents." });
    assert!(ask(&api, &title).contains("title"));
    assert!(ask(&api, &check).contains("<block>no</block>"));
    assert_eq!(
        (
            api.left(),
            api.of(Kind::Side).len(),
            api.of(Kind::Main).len()
        ),
        (1, 2, 0)
    );
    assert!(ask(&api, &main_request(true)).contains("hello"));
    assert_eq!(api.left(), 0);
    assert!(ask(&api, &main_request(true)).contains("the script is over"));
}

#[test]
fn the_api_stops_while_a_client_is_silent() {
    let api = Api::start("127.0.0.1:0", []);
    let address = api.url().trim_start_matches("http://").to_owned();
    let mut silent = TcpStream::connect(&address).unwrap();
    ask(&api, &main_request(true));
    // Whether the port still answers proves nothing: a child that another test has forked but not
    // yet exec'd holds a copy of the listener (260 of 3000 times, measured).
    drop(api);
    assert_eq!(silent.read(&mut [0]).unwrap_or(0), 0, "closed or reset");
}
