//! Every exit status that we produce ourselves (contract §3).

/// An exit status with a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Success,
    /// A management command failed.
    Failure,
    /// The command line or a setting cannot be understood.
    Usage,
    /// Management: the engine cannot be reached.
    NoEngine,
    /// Management: no such session.
    NoSession,
    /// A session could not be started.
    NotStarted,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failure => 1,
            Self::Usage => 2,
            Self::NoEngine => 3,
            Self::NoSession => 5,
            Self::NotStarted => 125,
        }
    }
}
