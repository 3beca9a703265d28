//! The one binary. Its face is chosen from its name and first argument in [`hal9000::run`].

use std::process::ExitCode;

fn main() -> ExitCode {
    hal9000::run()
}
