//! From method and target to a [`Request`].

use super::query::{percent_decode_segment, percent_encode};
use super::{ApiVersion, Method, Permission, Query, ROUTES, Row, Speaks};
use crate::guard::Refusal;
use crate::guard::ownership::Kind;
use crate::guard::rule;

/// The longest target: build arguments and filters are in the query.
const LONGEST: usize = 64 * 1024;

/// The longest name that docker gives or takes.
const LONGEST_NAME: usize = 255;

/// The object in a path, by the name that the client used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// What it is.
    pub kind: Kind,
    /// Its name, id or reference: decoded, and of the grammar of its kind.
    pub name: String,
}

/// A request line that is understood.
#[derive(Debug, Clone)]
pub struct Request {
    /// The row of the table; never a refused one.
    pub row: &'static Row,
    /// The version to speak with the engine.
    pub version: ApiVersion,
    /// The object in the path.
    pub object: Option<Object>,
    /// The parameters.
    pub query: Query,
}

impl Request {
    /// The path for the engine, with `name` in place of the object's: the full id that the name was
    /// resolved to. Built from the table, never from what the client sent.
    pub fn path(&self, name: Option<&str>) -> String {
        let name = name.or(self.object.as_ref().map(|object| object.name.as_str()));
        let mut path = format!("/v{}", self.version);
        for segment in segments(self.row.path) {
            path.push('/');
            if segment.starts_with('{') {
                percent_encode(name.unwrap_or_default(), "/:@", &mut path);
            } else {
                path.push_str(segment);
            }
        }
        path
    }

    /// The path as it is written in the audit: with the client's name for the object, no version.
    pub fn audited_path(&self) -> String {
        let path = self.path(None);
        path.get(format!("/v{}", self.version).len()..)
            .unwrap_or_default()
            .to_owned()
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').skip(1)
}

/// Read the request line. `speaks` is what the engine speaks.
pub fn parse(method: &str, target: &[u8], speaks: Speaks) -> Result<Request, Refusal> {
    let Some(method) = Method::parse(method) else {
        return Err(Refusal::malformed(
            rule::METHOD,
            "method",
            format!("is `{method}`"),
        ));
    };
    let (path, query) = split(target)?;
    let mut parts: Vec<&str> = segments(path).collect();
    let asked = match parts.first() {
        Some(first) if is_version(first) => Some(parts.remove(0)),
        _ => None,
    };
    if parts.is_empty() || parts.iter().any(|part| ["", ".", ".."].contains(part)) {
        return Err(target_refused(path, "has empty or dot segments"));
    }
    let version = speaks.upstream(asked)?;
    let Some((row, raw)) = ROUTES.iter().find_map(|row| matches(row, method, &parts)) else {
        return Err(Refusal::forbidden(
            rule::ROUTE,
            format!("{method} {path}"),
            "is refused",
        ));
    };
    if let Permission::Refused(rule) = row.permission {
        let refusal = Refusal::forbidden(rule, format!("{method} {path}"), "is refused");
        // docker's `inspect` without a type asks for a plugin at last, and reports anything but this
        let status = match row.path {
            "/plugins/{any}/json" => 404,
            _ => refusal.status,
        };
        return Err(Refusal { status, ..refusal });
    }
    let object = match raw {
        Some((placeholder, raw)) => Some(object(placeholder, &raw, path)?),
        None => None,
    };
    Ok(Request {
        row,
        version,
        object,
        query: Query::parse(query, row, |name| repeated_in_query(row, name))?,
    })
}

/// docker-modem (dockerode) writes the whole body of a create into the query, too; the engine reads
/// only `name` and `platform` of a container there, and of others nothing. None of it is passed on.
fn repeated_in_query(row: &Row, name: &str) -> bool {
    let creates = [
        super::Route::ContainerCreate,
        super::Route::NetworkCreate,
        super::Route::VolumeCreate,
    ];
    creates.contains(&row.route) && name.starts_with(|c: char| c.is_ascii_uppercase())
}

fn target_refused(path: &str, cause: &str) -> Refusal {
    Refusal::malformed(rule::TARGET, path, cause)
}

/// The path and the query, in visible ASCII.
fn split(target: &[u8]) -> Result<(&str, &str), Refusal> {
    if target.len() > LONGEST {
        let refusal = Refusal::malformed(rule::SIZE, "target", "is too long");
        return Err(Refusal {
            status: 414,
            ..refusal
        });
    }
    let text = std::str::from_utf8(target).ok();
    let visible = |text: &&str| text.bytes().all(|b| b.is_ascii_graphic());
    let Some(text) = text.filter(visible) else {
        return Err(target_refused("target", "is not visible ASCII"));
    };
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    if !path.starts_with('/') {
        return Err(target_refused(path, "does not begin with `/`"));
    }
    if text.contains('#') || path.contains(['\\', ';']) {
        return Err(target_refused(path, "has `#`, `;` or a backslash"));
    }
    Ok((path, query))
}

/// Whether a first segment is meant as a version: `v`, then digits and dots.
fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            && rest.chars().all(|c| c.is_ascii_digit() || c == '.')
    })
}

type Matched = (&'static Row, Option<(&'static str, String)>);

/// The row, and its first placeholder with the raw segments in its place.
fn matches(row: &'static Row, method: Method, parts: &[&str]) -> Option<Matched> {
    let pattern: Vec<&'static str> = segments(row.path).collect();
    let fits = row.method == method;
    let taken = fits.then(|| fit(&pattern, parts)).flatten()?;
    let placeholder = pattern.into_iter().find(|part| part.starts_with('{'));
    Some((row, placeholder.zip(taken.into_iter().next())))
}

/// What the placeholders stand for. Images, plugins and whole areas have names with slashes, of which
/// the longest is tried first as the engine's `{name:.*}` does; all others are one segment.
fn fit(pattern: &[&str], parts: &[&str]) -> Option<Vec<String>> {
    let Some((first, rest)) = pattern.split_first() else {
        return parts.is_empty().then(Vec::new);
    };
    if !first.starts_with('{') {
        let (part, parts) = parts.split_first()?;
        return (part == first).then(|| fit(rest, parts)).flatten();
    }
    let wide = ["{image}", "{any}"].contains(first);
    let most = if wide {
        parts.len()
    } else {
        1.min(parts.len())
    };
    (1..=most).rev().find_map(|count| {
        let (taken, parts) = parts.split_at_checked(count)?;
        let mut all = vec![taken.join("/")];
        all.extend(fit(rest, parts)?);
        Some(all)
    })
}

/// Decode the object's name once, and hold it against the grammar of its kind.
fn object(placeholder: &str, raw: &str, path: &str) -> Result<Object, Refusal> {
    let kind = match placeholder {
        "{container}" => Kind::Container,
        "{exec}" => Kind::Exec,
        "{network}" => Kind::Network,
        "{volume}" => Kind::Volume,
        _ => Kind::Image,
    };
    let name = percent_decode_segment(raw).ok_or_else(|| {
        target_refused(path, "is not UTF-8, percent-encoded once and without NUL")
    })?;
    let fits = match kind {
        Kind::Image => is_image(&name),
        _ => is_name(&name),
    };
    if !fits {
        let field = format!("{kind} {name}");
        return Err(Refusal::malformed(rule::NAME, field, "is not a name or id"));
    }
    Ok(Object { kind, name })
}

/// docker's names of containers, volumes and networks, and ids (`[a-zA-Z0-9][a-zA-Z0-9_.-]*`).
pub fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.len() <= LONGEST_NAME
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

/// An image's reference or id, by its characters: enough to be one thing in a path and in the engine.
pub fn is_image(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.len() <= 2 * LONGEST_NAME
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_.-/:@".contains(c))
        && !name.split('/').any(|part| ["", ".", ".."].contains(&part))
}
