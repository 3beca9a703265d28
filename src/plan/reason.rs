//! Why each flag is there: what `--explain` shows.

use crate::model::{Field, Origin};
use std::collections::BTreeMap;

/// Why a flag is there and who decided its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Why.
    pub why: String,
    /// Who decided.
    pub origin: Origin,
}

/// The reasons of a plan, by what they explain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reasons(BTreeMap<Field, Reason>);

impl Reasons {
    /// Remember why `field` is as it is.
    pub fn add(&mut self, field: Field, origin: &Origin, why: impl Into<String>) {
        let reason = Reason {
            why: why.into(),
            origin: origin.clone(),
        };
        self.0.insert(field, reason);
    }

    /// Why `field` is as it is.
    pub fn get(&self, field: &Field) -> Option<&Reason> {
        self.0.get(field)
    }
}
