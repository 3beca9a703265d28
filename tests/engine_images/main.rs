//! Images and the runtime volume on a real engine: real builds, real races, everything labelled
//! and cleaned. `HAL9000_TEST_ENGINE` decides: `auto` (default) skips aloud where no engine
//! answers, `require` fails there, `off` skips.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test reads its own environment, file and clock, runs docker beside the code, and \
              ends where something is wrong"
)]

mod builds;
mod fill;
mod support;
