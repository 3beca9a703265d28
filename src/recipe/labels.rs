//! The labels by which images, volumes and fillers are found again.

use std::collections::BTreeMap;

/// Label keys.
pub mod keys {
    /// What the object is for (see [`super::super::Role`]); `stage` on what a build leaves behind.
    pub const ROLE: &str = "hal9000.role";
    /// The toolchain profile of an image that sessions start from.
    pub const PROFILE: &str = "hal9000.profile";
    /// The version of hal-9000 that made the object.
    pub const VERSION: &str = "hal9000.version";
    /// Hash of everything that makes the object what it is.
    pub const INPUTS: &str = "hal9000.inputs";
    /// The reference of the image that an intermediate stage was built for.
    pub const STAGE: &str = "hal9000.stage";
    /// The version of this label schema.
    pub const SCHEMA: &str = "hal9000.schema";
    /// Bytes in a runtime volume (engines before API 1.42 measure volumes by walking all of them).
    pub const SIZE: &str = "hal9000.size";
}

/// Labels in a fixed order, so that output is the same every time.
pub type Labels = BTreeMap<String, String>;
