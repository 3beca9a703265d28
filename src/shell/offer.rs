//! What is offered at the cursor, and how each shell is told.

use super::line::Line;
use clap::Command;

/// One candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What would be typed.
    pub value: String,
    /// What it is.
    pub about: String,
}

impl Candidate {
    /// A candidate.
    pub fn new(value: impl Into<String>, about: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            about: about.into(),
        }
    }
}

/// Everything that is offered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// The candidates, in the order in which they are shown.
    pub candidates: Vec<Candidate>,
    /// What the shell itself completes besides.
    pub paths: Option<Paths>,
    /// Whether more of the same word follows.
    pub unfinished: bool,
}

/// Paths that a shell completes by itself: it knows best how they are quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paths {
    /// Directories.
    Directories,
    /// Files of all kinds.
    Files,
}

/// The commands below one.
pub fn commands(command: &Command) -> Vec<Candidate> {
    let visible = command.get_subcommands().filter(|it| !it.is_hide_set());
    visible
        .map(|it| Candidate::new(it.get_name(), first_line(it.get_about())))
        .collect()
}

/// The flags of a command that can still be given.
pub fn flags(command: &Command, given: &[&str]) -> Vec<Candidate> {
    let repeated = |arg: &clap::Arg| matches!(arg.get_action(), clap::ArgAction::Append);
    let visible = command.get_arguments().filter(|arg| !arg.is_hide_set());
    visible
        .filter(|arg| repeated(arg) || !given.contains(&arg.get_id().as_str()))
        .filter_map(|arg| {
            let long = arg.get_long()?;
            Some(Candidate::new(
                format!("--{long}"),
                first_line(arg.get_help()),
            ))
        })
        .collect()
}

/// The values that the grammar itself knows.
pub fn possible_values(arg: &clap::Arg) -> Vec<Candidate> {
    let values = arg.get_possible_values();
    let visible = values.iter().filter(|value| !value.is_hide_set());
    visible
        .map(|value| Candidate::new(value.get_name(), first_line(value.get_help())))
        .collect()
}

fn first_line(text: Option<&clap::builder::StyledStr>) -> String {
    let text = text.map(ToString::to_string).unwrap_or_default();
    text.lines().next().unwrap_or_default().to_owned()
}

impl Offer {
    /// Keep what begins with what was typed.
    pub fn beginning_with(&mut self, typed: &str) {
        self.candidates.retain(|it| it.value.starts_with(typed));
    }

    /// A line a candidate: its value, a tabulator, and what it is; then `:dirs`, `:files`, `:nospace`.
    /// bash shows values only, and has them quoted.
    pub fn text(&self, bash: Option<&Line>) -> String {
        let mut text = String::new();
        for candidate in &self.candidates {
            let (value, about) = (&candidate.value, &candidate.about);
            // A line break or a tabulator would end the candidate.
            if value.is_empty() || value.chars().any(char::is_control) {
                continue;
            }
            if let Some(line) = bash {
                text.push_str(&line.written(value));
            } else {
                let about = about.replace(char::is_control, " ");
                text.push_str(&format!("{value}\t{about}"));
            }
            text.push('\n');
        }
        match self.paths {
            Some(Paths::Directories) => text.push_str(":dirs\n"),
            Some(Paths::Files) => text.push_str(":files\n"),
            None => {}
        }
        if self.unfinished {
            text.push_str(":nospace\n");
        }
        text
    }
}

/// What docker's own completion says (cobra's `__complete`): candidates in lines like ours, and a
/// number of bits at the end.
pub fn dockers(answer: &str) -> Offer {
    let mut offer = Offer::default();
    let mut bits: u32 = 1;
    for line in answer.lines() {
        if let Some(number) = line.strip_prefix(':').and_then(|it| it.parse().ok()) {
            bits = number;
        } else {
            let (value, about) = line.split_once('\t').unwrap_or((line, ""));
            offer.candidates.push(Candidate::new(value, about));
        }
    }
    // ShellCompDirective of cobra: error 1, no space 2, no files 4, file extensions 8, directories 16.
    if bits & 1 != 0 {
        return Offer::default();
    }
    offer.unfinished = bits & 2 != 0;
    if bits & 16 != 0 {
        offer.paths = Some(Paths::Directories);
    } else if bits & 4 == 0 {
        offer.paths = Some(Paths::Files);
    }
    offer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::line;

    #[test]
    fn dockers_bits_are_read() {
        let offer = dockers("none\nhost\tthe host's\n:4\n");
        let expected = [
            Candidate::new("none", ""),
            Candidate::new("host", "the host's"),
        ];
        assert_eq!(offer.candidates, expected);
        assert_eq!((offer.paths, offer.unfinished), (None, false));
        assert_eq!(dockers(":0").paths, Some(Paths::Files));
        assert_eq!(dockers("x=\n:6").paths, None);
        assert!(dockers("x=\n:6").unfinished);
        assert_eq!(dockers(":16").paths, Some(Paths::Directories));
        for broken in ["x\n:1", "x", ""] {
            assert_eq!(dockers(broken), Offer::default(), "{broken}");
        }
    }

    #[test]
    fn a_candidate_is_one_line() {
        let offer = Offer {
            candidates: vec![
                Candidate::new("a b", "x\ty\nz"),
                Candidate::new("a\nb", ""),
                Candidate::new("", "nothing"),
            ],
            paths: Some(Paths::Directories),
            unfinished: true,
        };
        assert_eq!(offer.text(None), "a b\tx y z\n:dirs\n:nospace\n");
        let line = line("h ", "");
        assert_eq!(offer.text(Some(&line)), "a\\ b\n:dirs\n:nospace\n");
    }
}
