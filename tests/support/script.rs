//! What the scripted model says, and how the Messages API puts it.

use serde_json::{Value, json};

/// What the model does next.
#[derive(Debug, Clone)]
pub(crate) enum Turn {
    /// Say this and end the turn.
    Text(String),
    /// Use a tool; its result arrives with the next request.
    Tool { name: String, input: Value },
    /// Say what the tools have answered, and end the turn.
    Results,
    /// From now on the API refuses, with this status line and message.
    Refused {
        status: &'static str,
        message: &'static str,
    },
}

impl Turn {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub(crate) fn bash(command: &str) -> Self {
        let input = json!({ "command": command, "description": "as the script says" });
        Self::Tool {
            name: "Bash".to_owned(),
            input,
        }
    }
}

/// The text of the tool results in a request, one a line.
pub(crate) fn tool_results(request: &Value) -> String {
    let mut lines = Vec::new();
    // Reminders can follow as messages of their own, so the last one need not hold the result.
    let messages = request["messages"].as_array().into_iter().flatten();
    for block in messages
        .filter_map(|message| message["content"].as_array())
        .flatten()
    {
        if block["type"] != "tool_result" {
            continue;
        }
        match &block["content"] {
            Value::Array(parts) => {
                lines.extend(parts.iter().filter_map(|part| part["text"].as_str()));
            }
            content => lines.extend(content.as_str()),
        }
    }
    lines.join("\n")
}

/// Status, content type and body of an answer.
pub(crate) type Answer = (&'static str, &'static str, String);

/// The answer to `request` with this turn; `number` makes its ids unique.
pub(crate) fn play(turn: Turn, number: usize, request: &Value) -> Answer {
    let turn = match turn {
        Turn::Results => Turn::Text(tool_results(request)),
        Turn::Refused { status, message } => {
            let error = json!({ "type": "invalid_request_error", "message": message });
            let body = json!({ "type": "error", "error": error });
            return (status, "application/json", body.to_string());
        }
        turn => turn,
    };
    let (block, delta, reason) = match turn {
        Turn::Results | Turn::Refused { .. } => unreachable!("played above"),
        Turn::Text(text) => (
            json!({ "type": "text", "text": text }),
            json!({ "type": "text_delta", "text": text }),
            "end_turn",
        ),
        Turn::Tool { name, input } => (
            json!({
                "type": "tool_use", "id": format!("toolu_{}", number),
                "name": name, "input": input,
            }),
            json!({ "type": "input_json_delta", "partial_json": input.to_string() }),
            "tool_use",
        ),
    };
    let mut message = json!({
        "id": format!("msg_{}", number), "type": "message", "role": "assistant",
        "model": request["model"], "content": [], "stop_reason": null, "stop_sequence": null,
        "usage": { "input_tokens": 10, "output_tokens": 1 },
    });
    if request["stream"] != true {
        message["content"] = json!([block]);
        message["stop_reason"] = json!(reason);
        return ("200 OK", "application/json", message.to_string());
    }
    let mut empty = block;
    if empty["type"] == "text" {
        empty["text"] = json!("");
    } else {
        empty["input"] = json!({});
    }
    let events = [
        json!({ "type": "message_start", "message": message }),
        json!({ "type": "content_block_start", "index": 0, "content_block": empty }),
        json!({ "type": "content_block_delta", "index": 0, "delta": delta }),
        json!({ "type": "content_block_stop", "index": 0 }),
        json!({
            "type": "message_delta", "usage": { "output_tokens": 5 },
            "delta": { "stop_reason": reason, "stop_sequence": null },
        }),
        json!({ "type": "message_stop" }),
    ];
    let lines = events.iter().map(|event| {
        format!(
            "event: {}\ndata: {event}\n\n",
            event["type"].as_str().unwrap_or_default()
        )
    });
    ("200 OK", "text/event-stream", lines.collect())
}

/// An answer that each known asker understands: the namer of sessions wants JSON, the watcher over
/// auto mode a verdict, and would refuse every tool without one.
pub(crate) fn side_answer(body: &Value) -> String {
    if body["output_config"]["format"]["type"] == "json_schema" {
        return json!({ "title": "Scripted session" }).to_string();
    }
    if body["system"].to_string().contains("security monitor") {
        return "<block>no</block>".to_owned();
    }
    "ok".to_owned()
}
