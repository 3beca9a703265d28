//! The line that the audit keeps of a decision. It says what was asked and what was made of it, and no
//! secret: no body, no header, no value of a build argument.

use super::path::{Query, Request, percent_encode};
use super::refusal::{Refusal, printable};
use super::schema::Change;
use serde::{Deserialize, Serialize};

/// What became of a request, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Sent to the engine as it was asked.
    Allowed,
    /// Sent to the engine with changes.
    Rewritten,
    /// Not sent.
    Refused,
}

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// When, as the caller writes times.
    pub time: String,
    /// The session.
    pub session: String,
    /// The method, as the client wrote it.
    pub method: String,
    /// The path, without the version; what could not be read is shown as it came, without its query.
    pub path: String,
    /// The query, with secrets left out.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub query: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The rule that refused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// The field for which it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What was changed, and by which rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<Changed>,
}

/// A changed field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Its path.
    pub field: String,
    /// The rule.
    pub rule: &'static str,
}

/// A line of the audit as it is read again: rules may be those of another version.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of a Decision")]
pub struct Written {
    pub time: String,
    pub session: String,
    pub method: String,
    pub path: String,
    #[serde(default)]
    pub query: String,
    pub outcome: Outcome,
    pub rule: Option<String>,
    pub field: Option<String>,
    #[serde(default)]
    pub changed: Vec<WrittenChange>,
}

/// A changed field of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of a Changed")]
pub struct WrittenChange {
    pub field: String,
    pub rule: String,
}

impl Written {
    /// Read a line.
    pub fn parse(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }
}

/// Parameters whose values are secret or can hold one (`ENV TOKEN=…` as a change of an image).
const SECRET: &[&str] = &["buildargs", "changes", "labels", "ps_args"];

impl Decision {
    /// A request that is sent on.
    pub fn allowed(time: &str, session: &str, request: &Request, changes: &[Change]) -> Self {
        Self {
            query: redacted(&request.query),
            ..Self::sent(
                request.row.method.as_str(),
                &request.audited_path(),
                (time, session),
                changes,
            )
        }
    }

    /// A call of gRPC that is sent on, with what is told of it.
    pub fn called(
        time: &str,
        session: &str,
        path: &str,
        told: &[(&'static str, String)],
        changes: &[Change],
    ) -> Self {
        let told = told.iter().map(|(name, value)| {
            let mut shown = format!("{name}=");
            percent_encode(&printable(value), "/:@,", &mut shown);
            shown
        });
        Self {
            query: told.collect::<Vec<_>>().join("&"),
            ..Self::sent("POST", path, (time, session), changes)
        }
    }

    fn sent(method: &str, path: &str, (time, session): (&str, &str), changes: &[Change]) -> Self {
        Self {
            outcome: match changes {
                [] => Outcome::Allowed,
                _ => Outcome::Rewritten,
            },
            changed: changes
                .iter()
                .map(|change| Changed {
                    field: printable(&change.field),
                    rule: change.rule.id,
                })
                .collect(),
            ..Self::of(time, session, method, path)
        }
    }

    /// A request that is not sent on. `target` is what the client wrote.
    pub fn refused(
        time: &str,
        session: &str,
        (method, target): (&str, &[u8]),
        refusal: &Refusal,
    ) -> Self {
        let target = String::from_utf8_lossy(target);
        let path = target.split('?').next().unwrap_or_default();
        Self {
            rule: Some(refusal.rule.id),
            field: Some(refusal.field.clone()),
            ..Self::of(time, session, method, path)
        }
    }

    fn of(time: &str, session: &str, method: &str, path: &str) -> Self {
        Self {
            time: time.to_owned(),
            session: session.to_owned(),
            method: printable(method),
            path: printable(path),
            query: String::new(),
            outcome: Outcome::Refused,
            rule: None,
            field: None,
            changed: Vec::new(),
        }
    }

    /// The line, with its end.
    pub fn line(&self) -> String {
        // strings and lists of them always serialise
        let mut line = serde_json::to_string(self).unwrap_or_default();
        line.push('\n');
        line
    }
}

fn redacted(query: &Query) -> String {
    let mut shown = query.clone();
    for name in SECRET {
        if shown.get(name).is_some() {
            shown.set(name, "***");
        }
    }
    shown.encode()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::path::{Speaks, parse};
    use crate::guard::rule;

    const TIME: &str = "2026-01-02T03:04:05Z";

    #[test]
    fn a_line_says_what_became_of_a_request() {
        let speaks = Speaks::new("1.47", None).unwrap();
        let target = b"/v1.45/build?t=a:b&buildargs=%7B%22TOKEN%22%3A%22hunter2%22%7D";
        let request = parse("POST", target, speaks).unwrap();
        let line = Decision::allowed(TIME, "s1", &request, &[]).line();
        assert!(
            !line.contains("hunter2") && !line.contains("TOKEN"),
            "{line}"
        );
        assert!(
            line.contains(
                r#""path":"/build","query":"t=a%3Ab&buildargs=%2A%2A%2A","outcome":"allowed""#
            ),
            "{line}"
        );
        let change = Change {
            field: "HostConfig.CapDrop".to_owned(),
            rule: rule::MKNOD,
        };
        let line = Decision::allowed(TIME, "s1", &request, &[change]).line();
        let changed = r#""changed":[{"field":"HostConfig.CapDrop","rule":"HAL-G-MKNOD"}]}"#;
        assert!(
            line.contains("rewritten") && line.trim_end().ends_with(changed),
            "{line}"
        );
        assert_eq!(line.matches('\n').count(), 1);
        let read = Written::parse(&line).unwrap();
        assert_eq!(
            (read.path.as_str(), read.outcome),
            ("/build", Outcome::Rewritten)
        );
        assert_eq!(read.changed[0].rule, rule::MKNOD.id);
        assert_eq!(Written::parse(&line[1..]), None);
    }

    #[test]
    fn a_refused_line_has_the_rule_and_no_query() {
        let refusal = Refusal::forbidden(rule::ROUTE, "x", "is refused");
        let target = b"/a\x1b\nb?secret=1";
        let line = Decision::refused(TIME, "s1", ("GET", target), &refusal).line();
        assert!(
            line.contains("\"rule\":\"HAL-G-ROUTE\"") && !line.contains("secret"),
            "{line}"
        );
        assert_eq!(line.matches('\n').count(), 1);
    }
}
