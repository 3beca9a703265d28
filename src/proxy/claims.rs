//! Names that must be nobody's yet: asked of the engine right before they are used.

use super::images;
use super::shared::Shared;
use super::stop::Stop;
use crate::guard::ownership::{Kind, Record};
use crate::guard::path::{Method, percent_encode};
use crate::guard::verdict::Claim;
use crate::guard::volume;
use hyper::StatusCode;

/// Refuse names that somebody has who is not the session.
pub(super) async fn check(shared: &Shared, claims: &[Claim]) -> Result<(), Stop> {
    for claim in claims {
        // since the decision another request of the session's can have got it
        if shared.owned.borrow().has(claim.kind, &claim.name) {
            continue;
        }
        let taken = match claim.kind {
            Kind::Image => images::id(shared, &claim.name).await?.is_some(),
            kind => exists(shared, kind, &claim.name).await?,
        };
        if taken {
            return Err(claim.taken().into());
        }
    }
    Ok(())
}

async fn exists(shared: &Shared, kind: Kind, name: &str) -> Result<bool, Stop> {
    let mut path = format!("{}/{kind}s/", shared.version());
    percent_encode(name, "", &mut path);
    let (status, _) = shared.engine.ask(Method::Get, &path, "", None).await?;
    match status {
        StatusCode::NOT_FOUND => Ok(false),
        status if status.is_success() => Ok(true),
        status => Err(Stop::unsaid(kind, name, status)),
    }
}

/// Make the volumes that a container names: the engine would make them without a label.
pub(super) async fn make_volumes(shared: &Shared, claims: &[Claim]) -> Result<(), Stop> {
    for claim in claims {
        if claim.kind != Kind::Volume || shared.owned.borrow().has(claim.kind, &claim.name) {
            continue;
        }
        let body = volume::create_body(&claim.name, &shared.config.policy);
        let path = format!("{}/volumes/create", shared.version());
        let asked = shared.engine.ask(Method::Post, &path, "", Some(body));
        let (status, answer) = asked.await?;
        if !status.is_success() {
            return Err(Stop::Failed(format!(
                "the volume {} could not be made ({status}): {answer}",
                claim.name
            )));
        }
        shared.record(&[Record::Made {
            kind: Kind::Volume,
            id: claim.name.clone(),
            name: Some(claim.name.clone()),
            of: None,
        }])?;
    }
    Ok(())
}
