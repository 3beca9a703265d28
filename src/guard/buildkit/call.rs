//! One call to the engine, judged.

use super::control::{self, solve};
use super::export::{self, Images};
use super::gateway;
use super::methods::{Does, Method};
use super::options::options;
use super::session::is_id;
use super::shape::{At, Moment};
use super::wire::{Message, parts, read};
use crate::guard::Refusal;
use crate::guard::rule;
use crate::guard::schema::Change;
use crate::guard::verdict::Claim;

/// What is done with a call.
#[derive(Debug, PartialEq, Eq)]
pub enum Call {
    /// This is sent.
    Send(Vec<u8>),
    /// This is sent for a build of this session, by its id.
    Watch(String, Vec<u8>),
    /// A step of a build: this is sent, and it says so of itself.
    Step(Vec<u8>, Told),
    /// A build begins.
    Solve(Box<Solve>),
    /// Nothing is sent, and nothing is the answer.
    Swallow,
}

/// What the audit has of a call: no value of a build argument.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// In the form of a query.
    pub shown: Vec<(&'static str, String)>,
    /// What the guard changed.
    pub changes: Vec<Change>,
}

/// A build.
#[derive(Debug, PartialEq, Eq)]
pub struct Solve {
    /// The message for the engine.
    pub message: Vec<u8>,
    /// Its id.
    pub reference: String,
    /// Names that must not be anybody's yet.
    pub claims: Vec<Claim>,
    /// The names that it writes.
    pub names: Vec<String>,
    /// Whether the engine gets an image, with a name or without.
    pub stores: bool,
    /// For the audit.
    pub told: Told,
}

/// The id of a build and its session, before it is judged: the session can be opened a moment later.
pub fn named(method: &Method, message: &[u8]) -> Option<(String, String)> {
    let Does::Solves = method.does else {
        return None;
    };
    let message = parts(message).ok()?;
    let [build, session] = [solve::REF, solve::SESSION].map(|number| message.text(number));
    is_id(build).then(|| (build.to_owned(), session.to_owned()))
}

/// The image that an answer to a build names.
pub fn made(answer: &[u8]) -> Vec<String> {
    let told = parts(answer).map(|answer| answer.texts(1));
    let told = told.unwrap_or_default();
    let keys = ["containerimage.digest", "containerimage.config.digest"];
    let id = keys.into_iter().find_map(|key| told.get(key));
    let whole = |id: &&String| {
        let digits = id.strip_prefix("sha256:").unwrap_or_default();
        digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit())
    };
    id.filter(whole).cloned().into_iter().collect()
}

/// Judge the message of a call.
pub fn judge(method: &Method, message: &[u8], moment: &Moment<'_>) -> Result<Call, Refusal> {
    let name = method.path.rsplit('/').next().unwrap_or_default();
    let at = At::new(moment, name);
    match method.does {
        Does::Asks(shape) | Does::Drives(shape) => {
            Ok(Call::Send(read(message, shape, &at)?.encode()))
        }
        Does::Watches(shape) => {
            let message = read(message, shape, &at)?;
            let reference = reference(&message, &at)?;
            Ok(Call::Watch(reference, message.encode()))
        }
        Does::Steps => step(message, &at),
        Does::Solves => Ok(Call::Solve(Box::new(build(message, &at)?))),
        Does::Swallowed => Ok(Call::Swallow),
        Does::Streams => Err(at.forbidden(rule::BUILD_CALL, "is not the engine's")),
    }
}

fn reference(message: &Message<'_>, at: &At<'_>) -> Result<String, Refusal> {
    let reference = message.text(solve::REF);
    if is_id(reference) {
        return Ok(reference.to_owned());
    }
    let cause = format!("is `{reference}`");
    Err(at.under("ref").forbidden(rule::BUILD_REF, cause))
}

fn step(message: &[u8], at: &At<'_>) -> Result<Call, Refusal> {
    use gateway::solve::{FRONTEND, FRONTEND_OPT};
    let mut message = read(message, &gateway::SOLVE, at)?;
    let told = frontend(
        &mut message,
        (FRONTEND, FRONTEND_OPT),
        &at.under("frontend_opt"),
    )?;
    Ok(Call::Step(message.encode(), told))
}

/// The options of a frontend; a build without one has none that anybody reads.
fn frontend(
    message: &mut Message<'_>,
    (name, attrs): (u32, u32),
    at: &At<'_>,
) -> Result<Told, Refusal> {
    let mut given = message.texts(attrs);
    let frontend = message.text(name).to_owned();
    let mut shown = Vec::new();
    if !frontend.is_empty() {
        shown.push(("frontend", frontend.clone()));
    }
    for key in ["filename", "target", "platform", "context"] {
        let value = given.get(key).filter(|value| !value.is_empty());
        shown.extend(value.map(|value| (key, value.clone())));
    }
    // also where no frontend is named: the engine could give them to one
    let changes = options(&mut given, at)?;
    if !frontend.is_empty() {
        message.set_texts(attrs, &given);
    }
    Ok(Told { shown, changes })
}

fn build(bytes: &[u8], at: &At<'_>) -> Result<Solve, Refusal> {
    let mut message = read(bytes, &control::SOLVE, at)?;
    let reference = reference(&message, at)?;
    let mut found = Images::default();
    let exporter = message.text(solve::EXPORTER).to_owned();
    let mut attrs = message.texts(solve::EXPORTER_ATTRS);
    let here = at.under("exporter_attrs_deprecated");
    export::exporter(&exporter, &mut attrs, &mut found, &here)?;
    message.set_texts(solve::EXPORTER_ATTRS, &attrs);
    let mut exporters = Vec::new();
    for entry in message.all(solve::EXPORTERS) {
        let here = at.under("exporters");
        let mut entry = read(entry, &control::EXPORTER, &here)?;
        let kind = entry.text(1).to_owned();
        let mut attrs = entry.texts(2);
        export::exporter(&kind, &mut attrs, &mut found, &here)?;
        entry.set_texts(2, &attrs);
        exporters.push(entry.encode());
    }
    message.remove(solve::EXPORTERS);
    for entry in exporters {
        message.push(solve::EXPORTERS, entry);
    }
    let keys = (solve::FRONTEND, solve::FRONTEND_ATTRS);
    let mut told = frontend(&mut message, keys, &at.under("frontend_attrs"))?;
    found.names.sort();
    found.names.dedup();
    found.claims.dedup();
    let names = found.names.iter().map(|name| ("t", name.clone()));
    told.shown.splice(0..0, names);
    Ok(Solve {
        message: message.encode(),
        reference,
        claims: found.claims,
        names: found.names,
        stores: found.stores,
        told,
    })
}

#[cfg(test)]
mod tests;
