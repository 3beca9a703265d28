//! Requests that write or remove images.

use super::Reference;
use crate::guard::Refusal;
use crate::guard::ownership::{Kind, Owned, Record, Resolved};
use crate::guard::path::{Query, is_image};
use crate::guard::policy::Bounds;
use crate::guard::rule;
use crate::guard::verdict::{Claim, Effect};

/// What a name in a request stands for, in any spelling.
pub(in crate::guard) fn resolve(owned: &Owned, name: &str) -> Resolved {
    match owned.resolve(Kind::Image, name) {
        Resolved::Shared(_) => match Reference::parse(name, None) {
            Some(full) => match owned.resolve(Kind::Image, &full.to_string()) {
                Resolved::Shared(_) => Resolved::Shared(name.to_owned()),
                own => own,
            },
            None => Resolved::Shared(name.to_owned()),
        },
        own => own,
    }
}

/// A reference that will be written: not one of hal-9000's, and new unless it is the session's.
pub(in crate::guard) fn written(
    field: &str,
    name: &str,
    tag: Option<&str>,
    bounds: &Bounds<'_>,
) -> Result<(Reference, Option<Claim>), Refusal> {
    let Some(reference) = Reference::parse(name, tag) else {
        let cause = format!("is `{name}`");
        return Err(Refusal::malformed(rule::IMAGE_NAME, field, cause));
    };
    let reserved = |prefix: &String| reference.starts_with(prefix);
    if bounds.policy.reserved_images.iter().any(reserved) {
        let cause = format!("is `{reference}`");
        return Err(Refusal::forbidden(rule::IMAGE_RESERVED, field, cause));
    }
    let name = reference.to_string();
    let own = matches!(bounds.owned.resolve(Kind::Image, &name), Resolved::Owned(_));
    let kind = Kind::Image;
    let claim = (!own).then_some(Claim { kind, name });
    Ok((reference, claim))
}

/// What a request does beside being sent.
pub(in crate::guard) type Outcome = (Vec<Claim>, Effect);

fn to(query: &mut Query, bounds: &Bounds<'_>) -> Result<Outcome, Refusal> {
    let name = query.get("repo").unwrap_or_default();
    let (reference, claim) = written("query repo", name, query.get("tag"), bounds)?;
    query.set("repo", reference.repository());
    query.set("tag", reference.tag());
    let effect = Effect::Refers(vec![reference.to_string()]);
    Ok((claim.into_iter().collect(), effect))
}

/// `POST /images/{name}/tag`
pub(in crate::guard) fn tag(query: &mut Query, bounds: &Bounds<'_>) -> Result<Outcome, Refusal> {
    to(query, bounds)
}

/// `POST /commit`: an image without a name is nobody else's.
pub(in crate::guard) fn commit(query: &mut Query, bounds: &Bounds<'_>) -> Result<Outcome, Refusal> {
    let container = query.get("container").unwrap_or_default();
    let id = bounds.owned.require(Kind::Container, container)?;
    query.set("container", id);
    if query.get("repo").is_some() {
        return to(query, bounds);
    }
    let effect = Effect::Makes {
        kind: Kind::Image,
        name: None,
        of: None,
    };
    Ok((Vec::new(), effect))
}

/// `POST /images/create`: a pull brings what its registry has under that name; an import writes.
pub(in crate::guard) fn create(query: &mut Query, bounds: &Bounds<'_>) -> Result<Outcome, Refusal> {
    match (query.get("fromImage"), query.get("fromSrc")) {
        (None, Some("-")) if query.get("repo").is_none() => {
            Ok((Vec::new(), Effect::Refers(Vec::new())))
        }
        (None, Some("-")) => to(query, bounds),
        (None, Some(url)) => {
            let cause = format!("is `{url}`");
            Err(Refusal::forbidden(
                rule::IMAGE_IMPORT,
                "query fromSrc",
                cause,
            ))
        }
        (Some(name), None) if is_image(name) => {
            let tag = query.get("tag");
            // a digest is not a name that anything else could be under
            let digest = name.contains('@') || tag.is_some_and(|tag| tag.contains(':'));
            if digest {
                return Ok((Vec::new(), Effect::Refers(Vec::new())));
            }
            let (reference, _) = written("query fromImage", name, tag, bounds)?;
            let repository = reference.repository().to_owned();
            let effect = Effect::Refers(vec![reference.to_string()]);
            let tag = reference.tag().to_owned();
            query.set("fromImage", repository);
            query.set("tag", tag);
            Ok((Vec::new(), effect))
        }
        _ => {
            let cause = "is not the name of one image";
            Err(Refusal::malformed(
                rule::IMAGE_NAME,
                "query fromImage",
                cause,
            ))
        }
    }
}

/// `POST /images/{name}/push`: the engine has no credentials; the client's name is what is pushed.
pub(in crate::guard) fn push(query: &Query, name: &str) -> Result<(), Refusal> {
    match Reference::parse(name, query.get("tag")) {
        Some(_) => Ok(()),
        None => Err(Refusal::malformed(
            rule::IMAGE_NAME,
            name,
            "cannot be pushed",
        )),
    }
}

/// `DELETE /images/{name}`: a reference of the session, or an image that only it has.
pub(in crate::guard) fn delete(
    name: &str,
    bounds: &Bounds<'_>,
) -> Result<(String, Effect), Refusal> {
    let Resolved::Owned(id) = resolve(bounds.owned, name) else {
        return Err(Refusal::forbidden(
            rule::IMAGE_DELETE,
            name,
            "is not removed",
        ));
    };
    let kind = Kind::Image;
    let full = Reference::parse(name, None).map(|reference| reference.to_string());
    let named = full.filter(|full| bounds.owned.names(kind, &id).any(|name| name == full));
    // by its name only that name goes: the id can have others
    Ok(match named {
        // a reference to an image that others have, too, is its own id
        Some(name) if name != id => (
            name.clone(),
            Effect::Records(vec![Record::Unnamed { kind, name }]),
        ),
        _ => (
            id.clone(),
            Effect::Records(vec![Record::Removed { kind, id }]),
        ),
    })
}
