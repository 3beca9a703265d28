//! One attempt, on both sockets.

use crate::guarded::{BASE, Guarded};
use crate::support::engine::{skipped, told};

/// What is foreign to the session, made on the raw socket.
pub(super) const FOREIGN: &str = "docker run -d --name $F --label hal9000.test=foreign --env SECRET=theirs -v $F:/v $I sh -c 'echo theirs > /v/f; echo said; sleep 600' \
    && docker network create $F && docker tag $I $F:1 && docker inspect --format '{{.Id}}' $F > $O/id \
    && docker exec -d $F sleep 600 && docker inspect --format '{{index .ExecIDs 0}}' $F > $O/exec \
    && until docker logs $F | grep -q said; do :; done";

/// Which engine it is that attempts are made on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    /// The machine's, which others use at the same time.
    Shared,
    /// One that goes with the test, without a network.
    Own,
}

/// How it is made.
#[derive(Debug)]
pub(super) enum How {
    /// By docker's client: it succeeds where it escapes.
    Script(&'static str),
    /// By a request that no client sends, and a script that succeeds where it escaped; `$R` is the id
    /// in the answer.
    Request {
        line: &'static str,
        body: &'static str,
        proof: &'static str,
    },
}

/// An attempt to get out.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) how: How,
    /// What the guard's answer has; nothing where it only does less than was asked.
    rule: &'static str,
    /// What has to be there first.
    prepare: &'static str,
    /// The minor version of the API from which on engines accept it.
    since: u32,
    /// Before this one they do.
    until: u32,
    /// The only engine that it can be tried on.
    only: Option<Engine>,
    /// Whether a part of it that is harmless is passed on.
    passes: bool,
}

pub(super) const fn script(script: &'static str, rule: &'static str) -> Attempt {
    Attempt {
        how: How::Script(script),
        rule,
        prepare: "",
        since: 0,
        until: u32::MAX,
        only: None,
        passes: false,
    }
}

pub(super) const fn request(
    line: &'static str,
    body: &'static str,
    proof: &'static str,
    rule: &'static str,
) -> Attempt {
    Attempt {
        how: How::Request { line, body, proof },
        ..script("", rule)
    }
}

/// A container that reads the secret outside, if it gets there.
pub(super) const fn create(body: &'static str, rule: &'static str) -> Attempt {
    request(
        "POST /v1.41/containers/create",
        body,
        "docker start -a $R | grep -q outside-the-project; S=$?; docker rm -f $R; exit $S",
        rule,
    )
}

/// A container that is only made.
pub(super) const fn made(body: &'static str, rule: &'static str) -> Attempt {
    request(
        "POST /v1.41/containers/create",
        body,
        "docker rm -f $R",
        rule,
    )
}

/// Less is done than was asked for: the answer is no refusal.
pub(super) const fn less(script: &'static str) -> Attempt {
    Attempt {
        passes: true,
        ..self::script(script, "")
    }
}

/// What came of an attempt.
struct Tried {
    done: bool,
    said: String,
    /// What came to the engine.
    sent: Vec<String>,
}

impl Attempt {
    pub(super) const fn after(self, prepare: &'static str) -> Self {
        Self { prepare, ..self }
    }

    pub(super) const fn since(self, since: u32) -> Self {
        Self { since, ..self }
    }

    pub(super) const fn until(self, until: u32) -> Self {
        Self { until, ..self }
    }

    /// The engine is asked, and refuses.
    pub(super) const fn passing(self) -> Self {
        Self {
            passes: true,
            ..self
        }
    }

    pub(super) const fn only(self, engine: Engine) -> Self {
        Self {
            only: Some(engine),
            ..self
        }
    }

    /// Whether no client sends it.
    pub(super) fn is_a_request(&self) -> bool {
        matches!(self.how, How::Request { .. })
    }

    /// Whether the machine's engine is none for it.
    pub(super) fn is_apart(&self) -> bool {
        self.only == Some(Engine::Own) || self.since > 0
    }

    fn is_tried_on(&self, engine: Engine, version: u32) -> bool {
        (self.since..self.until).contains(&version) && self.only.is_none_or(|only| only == engine)
    }

    /// Make it on one side, with what has to be there first, and clean up after it.
    fn on(&self, guarded: &Guarded, side: bool, name: &str) -> Tried {
        if !self.prepare.is_empty() {
            let prepared = guarded.script(side, "try", self.prepare);
            assert!(prepared.status.success(), "{name}: {prepared:?}");
        }
        guarded.sent();
        let (done, said) = self.tried(guarded, side);
        let sent = guarded.sent();
        if !self.prepare.is_empty() || self.passes || name.contains("$RAW") {
            let clean = "docker rm -fv $N; docker network rm $N; docker volume rm $N; docker rmi $N:1; true";
            guarded.script(false, "try", clean);
        }
        Tried { done, said, sent }
    }

    /// Whether it succeeds, and what is said of it.
    fn tried(&self, guarded: &Guarded, side: bool) -> (bool, String) {
        match self.how {
            How::Script(script) => {
                let output = guarded.script(side, "try", script);
                let said = [&output.stdout[..], &output.stderr].concat();
                let said = String::from_utf8_lossy(&said).into_owned();
                (output.status.success(), said)
            }
            How::Request { line, body, proof } => {
                let answer = guarded.bytes(side, &bytes(guarded, line, body));
                let done = ["101", "200", "201", "204", "304"];
                let done = done
                    .iter()
                    .any(|status| answer.starts_with(&format!("HTTP/1.1 {status}")));
                if !done || side {
                    return (done, answer);
                }
                let id = answer.split("\"Id\":\"").nth(1);
                let id = id.and_then(|rest| rest.split('"').next());
                let proof = format!("R={}; {proof}", id.unwrap_or_default());
                let output = guarded.script(side, "try", &proof);
                (output.status.success(), format!("{answer}\n{output:?}"))
            }
        }
    }
}

/// A request with `$F`, `$N` and their like in it, as scripts have them.
fn bytes(guarded: &Guarded, line: &str, body: &str) -> Vec<u8> {
    let told = |file: &str| {
        let text = std::fs::read_to_string(guarded.path("outside").join(file));
        text.unwrap().trim().to_owned()
    };
    let (id, exec) = (told("id"), told("exec"));
    let foreign = guarded.name("foreign");
    let encoded: String = foreign
        .bytes()
        .flat_map(|byte| format!("%{byte:02x}").into_bytes())
        .map(char::from)
        .collect();
    let filled = |text: &str| {
        text.replace("$ID", &id)
            .replace("$X", &exec)
            .replace("$%F", &encoded)
            .replace("$F", &guarded.name("foreign"))
            .replace("$N", &guarded.name("try"))
            .replace("$P", guarded.path("project").to_str().unwrap())
            .replace("$O", guarded.path("outside").to_str().unwrap())
            .replace("$U", &guarded.web)
            .replace("$I", BASE)
    };
    let (line, body) = (filled(line), filled(body));
    // a line may bring headers of its own
    let (line, headers) = line.split_once('\n').unwrap_or((&line, ""));
    let headers = headers.replace('\n', "\r\n");
    let headers = if headers.is_empty() {
        headers
    } else {
        headers + "\r\n"
    };
    let kind = match (body.is_empty(), headers.contains("Content-Type")) {
        (false, false) => "Content-Type: application/json\r\n",
        _ => "",
    };
    let length = if headers.contains("Transfer-Encoding") {
        String::new()
    } else {
        format!("Content-Length: {}\r\n", body.len())
    };
    format!("{line} HTTP/1.1\r\nHost: d\r\nConnection: close\r\n{headers}{kind}{length}\r\n{body}")
        .into_bytes()
}

/// Make attempts, and say what is wrong.
pub(super) fn run<'a>(
    test: &str,
    guarded: &Guarded,
    engine: Engine,
    attempts: impl Iterator<Item = &'a Attempt>,
) -> Vec<String> {
    let made = guarded.script(false, "foreign", FOREIGN);
    assert!(made.status.success(), "{made:?}");
    let version = guarded.api();
    let mut wrong = Vec::new();
    let mut elsewhere = 0;
    for attempt in attempts {
        if !attempt.is_tried_on(engine, version) {
            elsewhere += 1;
            continue;
        }
        let name = match attempt.how {
            How::Script(script) => script.to_owned(),
            How::Request { line, body, .. } => format!("{line} {body}"),
        };
        // Real is what succeeds once: the engine, which others use too, has its moments. What gets
        // through the guard does so at the first time.
        let mut real = attempt.on(guarded, false, &name);
        for _ in 0..2 {
            if !real.done {
                told(&format!("{name}\n  is tried again: {}", real.said));
                real = attempt.on(guarded, false, &name);
            }
        }
        if !real.done {
            wrong.push(format!("{name}\n  is no attempt: {}", real.said));
        }
        let through = attempt.on(guarded, true, &name);
        let changes = |line: &&String| !line.starts_with("GET") && !line.starts_with("HEAD");
        if through.done || !through.said.contains(attempt.rule) {
            wrong.push(format!("{name}\n  passed: {}", through.said));
        } else if !attempt.passes && through.sent.iter().any(|line| changes(&line)) {
            wrong.push(format!("{name}\n  reached the engine: {:?}", through.sent));
        }
    }
    if elsewhere > 0 {
        let why = format!("{elsewhere} attempts are none on this engine (API 1.{version})");
        skipped(test, &why);
    }
    let name = guarded.name("foreign");
    let _ = guarded.docker.run(&["rmi", &format!("{name}:1")]);
    wrong
}
