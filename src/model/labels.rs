//! The labels by which everything of ours is found again (contract §4).

use std::collections::BTreeMap;

/// Label keys.
pub mod keys {
    /// `true` on every session's container.
    pub const SESSION: &str = "hal9000.session";
    /// What the object is for: `session`, `warm`, `runtime`, `worker`, `profile`, …
    pub const ROLE: &str = "hal9000.role";
    /// The project's path on the host.
    pub const PROJECT: &str = "hal9000.project";
    /// The toolchain profile; empty where another image was asked for.
    pub const PROFILE: &str = "hal9000.profile";
    /// `<userhash>` of the owner.
    pub const USER: &str = "hal9000.user";
    /// Hash of everything that makes the container what it is.
    pub const SPEC: &str = "hal9000.spec";
    /// The instance (`HAL9000_INSTANCE`), `default` for most.
    pub const INSTANCE: &str = "hal9000.instance";
    /// The version of this label schema.
    pub const SCHEMA: &str = "hal9000.schema";
    /// The version of hal-9000 that made an image.
    pub const VERSION: &str = "hal9000.version";
    /// Hash of everything that went into an image: the same inputs are never built again.
    pub const INPUTS: &str = "hal9000.inputs";
    /// On the intermediate images of a build, the repository that it is for.
    pub const STAGE: &str = "hal9000.stage";
    /// On a runtime volume, the bytes in it: the engine does not count them cheaply.
    pub const SIZE: &str = "hal9000.size";
    /// The parent whose network namespace a session is in, by name.
    pub const VIA: &str = "hal9000.via";
    /// The name that a container was given as a spare of the warm pool. A start that takes it gives
    /// it another name: as long as it has this one, it is no session.
    pub const SPARE: &str = "hal9000.spare";
    /// On what a session has made with its docker, the session's name.
    pub const MADE_BY: &str = "hal9000.made-by";
    /// What runs inside: `claude` or `shell` can be joined again, `command` is a one-off.
    pub const COMMAND: &str = "hal9000.command";
}

/// Labels in a fixed order, so that output is the same every time.
pub type Labels = BTreeMap<String, String>;

/// Whether the container of this name is a spare that no start has taken.
pub fn is_spare(labels: &Labels, name: &str) -> bool {
    labels.get(keys::SPARE).map(String::as_str) == Some(name)
}

/// The labels that every session of one user (`<userhash>`) in one instance has.
pub fn owned(user: &str, instance: &str) -> Labels {
    [
        (keys::SESSION, "true"),
        (keys::USER, user),
        (keys::INSTANCE, instance),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .collect()
}
