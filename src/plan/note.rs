//! What the user should hear about a start besides its output.

/// One remark; `ui` has the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// `ANTHROPIC_API_KEY` is set here and was not handed on.
    ApiKeyStaysHere,
    /// The project is the user's whole home directory.
    ProjectIsHome,
    /// The host path cannot be used inside; the session works at `/workspace`. The path.
    HostPathReserved(String),
    /// A derived name was taken by a container that is not this user's; the next one was used.
    NameTaken(String),
    /// A variable that `--env NAME` was to hand on is not set here. Its name.
    VariableNotSet(String),
    /// The caller is root and so is the project's owner: Claude is root without any capability.
    RunsAsRoot,
}
