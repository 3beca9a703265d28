//! The rules of the guard: every refusal and every silent change names one of these. The tables are
//! declarative so that they can be read here and printed (`hal-9000 audit --rules`).

/// Declare rules as constants, and collect them in a list that cannot miss one.
macro_rules! table {
    ($list:ident; $($area:ident: { $($name:ident = $id:literal, $stops:literal, $instead:literal;)* })*) => {
        $($(
            #[doc = $stops]
            pub const $name: &crate::guard::rule::GuardRule = &crate::guard::rule::GuardRule {
                id: $id,
                area: crate::guard::rule::Area::$area,
                stops: $stops,
                instead: $instead,
            };
        )*)*
        pub(super) const $list: &[&crate::guard::rule::GuardRule] = &[$($($name),*),*];
    };
}
use table;

use std::fmt;

mod buildkit;
mod container;
mod request;
mod resource;

pub use buildkit::*;
pub use container::*;
pub use request::*;
pub use resource::*;

/// What part of the API a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Area {
    /// The request itself: line, headers, query, JSON.
    Request,
    /// Who an object belongs to.
    Ownership,
    /// What a container may be.
    Container,
    /// What a container may mount.
    Mount,
    /// Commands run in a container.
    Exec,
    /// Networks.
    Network,
    /// Volumes.
    Volume,
    /// Images.
    Image,
    /// Builds.
    Build,
    /// The engine as a whole.
    System,
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "request",
            Self::Ownership => "ownership",
            Self::Container => "container",
            Self::Mount => "mount",
            Self::Exec => "exec",
            Self::Network => "network",
            Self::Volume => "volume",
            Self::Image => "image",
            Self::Build => "build",
            Self::System => "system",
        })
    }
}

/// One rule. Its id is stable: audit lines, tests and documentation refer to it.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
pub struct GuardRule {
    /// `HAL-G-…`
    pub id: &'static str,
    /// The part of the API.
    pub area: Area,
    /// What it stops or does, and why: completes the sentence `<field> <cause>: …`.
    pub stops: &'static str,
    /// What to do instead.
    pub instead: &'static str,
}

/// Every rule, by area.
pub fn rules() -> impl Iterator<Item = &'static GuardRule> {
    [REQUEST, CONTAINER, RESOURCE, BUILDKIT_RULES]
        .into_iter()
        .flatten()
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_unique_and_sentences_are_whole() {
        let mut ids = BTreeSet::new();
        for rule in rules() {
            assert!(ids.insert(rule.id), "{} twice", rule.id);
            let word = rule.id.strip_prefix("HAL-G-").unwrap();
            let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
            assert!(word.chars().all(plain), "{}", rule.id);
            for text in [rule.stops, rule.instead] {
                assert!(
                    !text.is_empty() && !text.ends_with('.'),
                    "{}: {text}",
                    rule.id
                );
            }
        }
        assert!(ids.len() > 60);
    }
}
