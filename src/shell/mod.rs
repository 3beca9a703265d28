//! hal-9000 at home in a shell: the completions that packages install, made from the clap tree; what
//! a shell runs at its start; and what is offered at a cursor.
//!
//! Pure: a tree and words in, text out. Who is asked for the names of sessions is `cli`'s to say.

mod init;
mod line;
mod offer;
mod place;
mod presence;
mod statics;

pub use init::{Wish, deactivate, init, setup};
pub use line::{Line, line};
pub use offer::{Candidate, Offer, Paths, commands, dockers, flags, possible_values};
pub use place::{Place, Wanted, place};
pub use presence::{Presence, presence};
pub use statics::{completions, file_name};

/// The shells that there is something for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Shell {
    /// GNU bash
    Bash,
    /// The Z shell
    Zsh,
    /// The friendly interactive shell
    Fish,
    /// Elvish
    Elvish,
    /// `PowerShell`
    Powershell,
}

impl Shell {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Bash,
        Self::Zsh,
        Self::Fish,
        Self::Elvish,
        Self::Powershell,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::Elvish => "elvish",
            Self::Powershell => "powershell",
        }
    }
}
