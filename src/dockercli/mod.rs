//! Docker's own language: the same container as a command line and as a request to the API; and the
//! command lines that users type themselves.

mod argv;
mod body;
mod quote;
mod run_flags;
mod typed;

pub use argv::{Flag, Run, attach, mount_words, run};
pub use body::{CreateRequest, create_request, spare_request};
pub use quote::shell_lines;
pub use run_flags::Flags;
pub use typed::{Given, Making, Unread, given, making};
