//! Docker's own language: the same container as a command line and as a request to the API.

mod argv;
mod body;
mod quote;

pub use argv::{Flag, Run, attach, run};
pub use body::{CreateRequest, create_request, spare_request};
pub use quote::shell_lines;
