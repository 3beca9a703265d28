//! One finding of a check-up.

/// How well something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// As it should be.
    Well,
    /// It works, and somebody should know.
    Warning,
    /// It does not work.
    Failure,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub about: &'static str,
    /// How it is.
    pub health: Health,
    /// In words.
    pub says: String,
    /// The ways out, where one is needed.
    pub remedies: Vec<String>,
}

/// Something that failed, in the words that it has everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What, and why.
    pub says: String,
    /// The ways out.
    pub remedies: Vec<String>,
}

impl Finding {
    /// It is as it should be.
    pub fn well(about: &'static str, says: impl Into<String>) -> Self {
        Self {
            about,
            health: Health::Well,
            says: says.into(),
            remedies: Vec::new(),
        }
    }

    /// It works, and somebody should know.
    pub fn warning(
        about: &'static str,
        says: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            health: Health::Warning,
            ..Self::well(about, says)
        }
        .or(remedy)
    }

    /// It does not work.
    pub fn failure(
        about: &'static str,
        says: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            health: Health::Failure,
            ..Self::warning(about, says, remedy)
        }
    }

    /// It does not work, and was said so elsewhere already.
    pub fn trouble(about: &'static str, trouble: &Trouble) -> Self {
        Self {
            about,
            health: Health::Failure,
            says: trouble.says.clone(),
            remedies: trouble.remedies.clone(),
        }
    }

    /// With a further way out.
    #[must_use]
    pub fn or(mut self, remedy: impl Into<String>) -> Self {
        self.remedies.push(remedy.into());
        self
    }
}
