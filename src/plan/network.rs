//! The network of a session: one of its own, the one that was asked for, or the parent's.

use super::session::Planner;
use super::{PlanError, Via};
use crate::model::{ContainerName, Field, Network, Origin};

impl Planner<'_> {
    /// The parent, where the session is started through it.
    pub(super) fn parent(&self) -> Option<&ContainerName> {
        let parent = self.facts.parent.as_ref();
        parent.filter(|_| self.request.may_use_parent())
    }

    pub(super) fn network(&mut self) -> Result<Network, PlanError> {
        let flag = |name: &str| Origin::Flag(name.to_owned());
        if let Some(parent) = self.parent().cloned() {
            let origin = match self.request.via {
                Via::Parent => flag("--via-parent"),
                _ => Origin::Found("the parent runs; `--direct` goes without".to_owned()),
            };
            let why = "the parent's: ChromaDB is at localhost, and no network has to be made";
            self.reasons.add(Field::Network, &origin, why);
            if !self.request.publish.is_empty() {
                return Err(PlanError::ParentsPorts);
            }
            return Ok(Network::of_container(&parent));
        }
        let network = self.request.network.clone();
        let origin = network
            .as_ref()
            .map_or(Origin::BuiltIn, |_| flag("--network"));
        self.reasons.add(
            Field::Network,
            &origin,
            "reaches the internet, not the host's loopback",
        );
        let network = network.unwrap_or_else(Network::bridge);
        if !self.request.publish.is_empty() && !network.can_publish() {
            return Err(PlanError::NothingToPublishOn(network.as_str().to_owned()));
        }
        for port in &self.request.publish {
            self.reasons.add(
                Field::Publish(port.to_string()),
                &flag("--publish"),
                "as asked",
            );
        }
        Ok(network)
    }
}
