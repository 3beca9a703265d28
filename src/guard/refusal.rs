//! A request that is not passed on, in docker's own error shape.

use super::rule::{self, GuardRule};
use serde::Serialize;

/// What was wrong, where, by which rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// The HTTP status of the answer.
    pub status: u16,
    /// The rule.
    pub rule: &'static GuardRule,
    /// The offending field, parameter, header or object, with its path.
    pub field: String,
    /// The sentence that the client prints.
    pub message: String,
}

/// No more of what a client sent than this is repeated to it and in the audit.
const REPEATED: usize = 120;

impl Refusal {
    /// Understood, and not allowed (403).
    pub fn forbidden(
        rule: &'static GuardRule,
        field: impl Into<String>,
        cause: impl AsRef<str>,
    ) -> Self {
        Self::with_status(403, rule, field, cause)
    }

    /// Not understood (400).
    pub fn malformed(
        rule: &'static GuardRule,
        field: impl Into<String>,
        cause: impl AsRef<str>,
    ) -> Self {
        Self::with_status(400, rule, field, cause)
    }

    /// The engine's own answer for an object that does not exist (404): of what is not the
    /// session's not even the existence is told.
    pub fn absent(kind: &str, name: &str) -> Self {
        let name = printable(name);
        Self {
            status: 404,
            rule: rule::FOREIGN,
            message: match kind {
                "network" => format!("network {name} not found"),
                "volume" => format!("get {name}: no such volume"),
                "exec" => format!("No such exec instance: {name}"),
                kind => format!("No such {kind}: {name}"),
            },
            field: name,
        }
    }

    fn with_status(
        status: u16,
        rule: &'static GuardRule,
        field: impl Into<String>,
        cause: impl AsRef<str>,
    ) -> Self {
        let field = printable(&field.into());
        let cause = printable(cause.as_ref());
        let message = format!(
            "{field} {cause}: {}; {} (hal-9000 guard, {})",
            rule.stops, rule.instead, rule.id
        );
        Self {
            status,
            rule,
            field,
            message,
        }
    }

    /// The body of the answer.
    pub fn body(&self) -> String {
        message_body(&self.message)
    }
}

/// docker's error shape, which its client prints after `Error response from daemon:`.
pub fn message_body(message: &str) -> String {
    #[derive(Serialize)]
    struct Body<'a> {
        message: &'a str,
    }
    // a string always serialises
    serde_json::to_string(&Body { message }).unwrap_or_default()
}

/// What a client sent, without what would steer a terminal, and not endless.
pub(super) fn printable(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(REPEATED)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if shown.len() < text.len() && text.chars().nth(REPEATED).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_object_cause_and_way_out() {
        let refusal = Refusal::forbidden(rule::PRIVILEGED, "HostConfig.Privileged", "is set");
        assert_eq!(refusal.status, 403);
        assert_eq!(
            refusal.body(),
            "{\"message\":\"HostConfig.Privileged is set: a privileged container is root on the \
             host; leave out `--privileged` (hal-9000 guard, HAL-G-PRIVILEGED)\"}"
        );
    }

    #[test]
    fn what_is_repeated_is_short_and_harmless() {
        let refusal =
            Refusal::malformed(rule::QUERY, "\u{1b}[2J".to_owned() + &"x".repeat(500), "");
        assert!(!refusal.message.contains('\u{1b}'));
        assert!(refusal.field.chars().count() <= REPEATED + 1);
        assert_eq!(
            Refusal::absent("container", "x").message,
            "No such container: x"
        );
    }
}
