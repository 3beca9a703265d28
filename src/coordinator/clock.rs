//! The clock of the container, which is the machine's.
#![expect(
    clippy::disallowed_methods,
    reason = "this is where the coordinator's clock is read"
)]

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970.
pub(super) fn now() -> i64 {
    i64::try_from(millis() / 1000).unwrap_or(i64::MAX)
}

/// Milliseconds since 1970.
pub(super) fn millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}
