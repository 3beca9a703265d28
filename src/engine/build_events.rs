//! What a build says while it runs: the classic builder's stream, as events.

use bollard::models::BuildInfo;

/// How the builder says that everything is done.
const BUILT: &str = "Successfully built ";

/// One thing that happened in a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BuildEvent {
    /// An instruction of the Dockerfile begins.
    Step {
        /// Its number, from 1.
        n: usize,
        /// How many there are.
        total: usize,
        /// The instruction.
        text: String,
    },
    /// The instruction's result was in the engine's cache.
    Cached,
    /// A line of a command's output, without colours and other control characters.
    Output(String),
    /// Bytes on their way: an `ADD`ed file, or a layer of a base image.
    Transfer {
        /// The layer; none for a file.
        id: Option<String>,
        /// What happens to it: `Downloading`, `Extracting`.
        action: String,
        /// Bytes so far.
        current: u64,
        /// Bytes in all, where known.
        total: Option<u64>,
    },
}

/// Turns the stream's pieces into events. A piece is not a line: output is cut anywhere.
#[derive(Debug, Default)]
pub(super) struct Parser {
    line: String,
    step: Option<String>,
    image: Option<String>,
    built: bool,
}

impl Parser {
    /// The instruction that runs.
    pub(super) fn step(&self) -> Option<&str> {
        self.step.as_deref()
    }

    /// The id of the result, once the builder has said that it is complete: it names the image of
    /// every stage, and a stream that was cut after one of them is no success.
    pub(super) fn image(&self) -> Option<&str> {
        self.image.as_deref().filter(|_| self.built)
    }

    /// Take one message of the stream.
    pub(super) fn take(&mut self, info: BuildInfo, on_event: &mut dyn FnMut(BuildEvent)) {
        if let Some(id) = info.aux.and_then(|aux| aux.id) {
            self.image = Some(id);
        }
        if let Some(text) = info.stream {
            self.text(&text, on_event);
        }
        let detail = info.progress_detail.unwrap_or_default();
        if let (Some(action), Some(current)) = (info.status, detail.current) {
            on_event(BuildEvent::Transfer {
                id: info.id,
                action,
                current: u64::try_from(current).unwrap_or(0),
                total: detail
                    .total
                    .and_then(|n| u64::try_from(n).ok())
                    .filter(|n| *n > 0),
            });
        }
    }

    /// The output that did not end in a newline.
    pub(super) fn finish(&mut self, on_event: &mut dyn FnMut(BuildEvent)) {
        self.end_line(on_event);
    }

    fn text(&mut self, text: &str, on_event: &mut dyn FnMut(BuildEvent)) {
        for piece in text.split_inclusive(['\n', '\r']) {
            let content = piece.trim_end_matches(['\n', '\r']);
            self.line.push_str(content);
            if content.len() < piece.len() {
                self.end_line(on_event);
            }
        }
    }

    fn end_line(&mut self, on_event: &mut dyn FnMut(BuildEvent)) {
        let line = plain(&std::mem::take(&mut self.line));
        if let Some(id) = line.strip_prefix(BUILT) {
            self.built = true;
            // The full id came before, from Docker; Podman says only this.
            self.image.get_or_insert_with(|| id.trim().to_owned());
        } else if let Some((n, total, text)) = step(&line) {
            self.step = Some(text.clone());
            on_event(BuildEvent::Step { n, total, text });
        } else if line.trim() == "---> Using cache" {
            on_event(BuildEvent::Cached);
        } else if !line.trim().is_empty() && !bookkeeping(&line) {
            on_event(BuildEvent::Output(line));
        }
    }
}

/// `Step 3/9 : RUN …`
fn step(line: &str) -> Option<(usize, usize, String)> {
    let (numbers, text) = line.strip_prefix("Step ")?.split_once(" : ")?;
    let (n, total) = numbers.split_once('/')?;
    Some((n.parse().ok()?, total.parse().ok()?, text.to_owned()))
}

/// Lines of the builder itself that say nothing to a person.
fn bookkeeping(line: &str) -> bool {
    const STARTS: [&str; 3] = [
        " ---> ",
        "Removing intermediate container ",
        "Successfully tagged ",
    ];
    line == " --->" || STARTS.iter().any(|start| line.starts_with(start))
}

/// Without escape sequences (the builder colours standard error) and other control characters:
/// a build's output must not steer the terminal that it is shown on.
fn plain(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            if letters.next() == Some('[') {
                // Parameters, up to the letter that ends the sequence.
                letters.find(|c| ('\u{40}'..='\u{7e}').contains(c));
            }
        } else if letter == '\t' || !letter.is_control() {
            result.push(letter);
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(messages: &[&str]) -> (Vec<BuildEvent>, Parser) {
        let mut parser = Parser::default();
        let mut events = Vec::new();
        for message in messages {
            let info: BuildInfo = serde_json::from_str(message).unwrap();
            parser.take(info, &mut |event| events.push(event));
        }
        parser.finish(&mut |event| events.push(event));
        (events, parser)
    }

    fn output(text: &str) -> BuildEvent {
        BuildEvent::Output(text.to_owned())
    }

    #[test]
    fn steps_and_output_are_told_apart() {
        let (events, parser) = events(&[
            r#"{"stream":"Step 1/2 : FROM debian:trixie-slim"}"#,
            r#"{"stream":"\n"}"#,
            r#"{"stream":" ---\u003e 1989ae3a7007\n"}"#,
            r#"{"stream":"Step 2/2 : RUN echo a : b"}"#,
            r#"{"stream":"\n"}"#,
            r#"{"stream":" ---\u003e Running in 2dd6d48e8e6e\n"}"#,
            r#"{"stream":"one\ntw"}"#,
            r#"{"stream":"o\r\n10%\r20%"}"#,
            r#"{"stream":"\u001b[91mred\u001b[0m\u0007\n"}"#,
            r#"{"stream":"Removing intermediate container 2dd6d48e8e6e\n"}"#,
            r#"{"aux":{"ID":"sha256:ab"}}"#,
            r#"{"stream":"Successfully built ab\n"}"#,
            r#"{"stream":"last words"}"#,
        ]);
        let step = |n, text: &str| BuildEvent::Step {
            n,
            total: 2,
            text: text.to_owned(),
        };
        let expected = [
            step(1, "FROM debian:trixie-slim"),
            step(2, "RUN echo a : b"),
            output("one"),
            output("two"),
            output("10%"),
            output("20%red"),
            output("last words"),
        ];
        assert_eq!(events, expected);
        assert_eq!(parser.image(), Some("sha256:ab"));
        assert_eq!(parser.step(), Some("RUN echo a : b"));
    }

    #[test]
    fn a_stream_that_ends_after_a_stage_has_no_result() {
        let stage = r#"{"aux":{"ID":"sha256:ab"}}"#;
        assert_eq!(events(&[stage]).1.image(), None);
        let end = r#"{"stream":"Successfully built cd\n"}"#;
        assert_eq!(events(&[stage, end]).1.image(), Some("sha256:ab"));
        assert_eq!(events(&[end]).1.image(), Some("cd"));
    }

    #[test]
    fn transfers_and_the_cache_are_events() {
        let (events, _) = events(&[
            r#"{"status":"Downloading","progressDetail":{"current":5,"total":10},"progress":"x"}"#,
            r#"{"status":"Extracting","progressDetail":{"current":7},"id":"abc"}"#,
            r#"{"status":"Pull complete","progressDetail":{},"id":"abc"}"#,
            r#"{"stream":" ---\u003e Using cache\n"}"#,
        ]);
        let transfer = |id: Option<&str>, action: &str, current, total| BuildEvent::Transfer {
            id: id.map(str::to_owned),
            action: action.to_owned(),
            current,
            total,
        };
        let expected = [
            transfer(None, "Downloading", 5, Some(10)),
            transfer(Some("abc"), "Extracting", 7, None),
            BuildEvent::Cached,
        ];
        assert_eq!(events, expected);
    }
}
