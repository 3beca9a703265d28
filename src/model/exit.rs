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
    /// All of them, by their numbers.
    pub const ALL: [Self; 6] = [
        Self::Success,
        Self::Failure,
        Self::Usage,
        Self::NoEngine,
        Self::NoSession,
        Self::NotStarted,
    ];

    /// What it means, for the manual.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Success => "Done",
            Self::Failure => "Failed",
            Self::Usage => "The command line or a setting cannot be understood",
            Self::NoEngine => "The engine cannot be reached",
            Self::NoSession => "There is no such session",
            Self::NotStarted => "The session could not be started",
        }
    }

    /// Whether what starts a session has it.
    pub fn of_sessions(self) -> bool {
        matches!(self, Self::Usage | Self::NotStarted)
    }

    /// Whether what manages has it.
    pub fn of_management(self) -> bool {
        self != Self::NotStarted
    }

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
