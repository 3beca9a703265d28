//! Join a running session, or start one, and under which name.

use super::{Note, Request};
use crate::model::ContainerName;

/// A container that matters for the decision: of this project, or with a name like its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Existing {
    /// Its name.
    pub name: String,
    /// A session of this user and instance, of this project.
    pub ours: bool,
    /// Whether it runs.
    pub running: bool,
    /// Its label `hal9000.command`.
    pub command: String,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Join this one.
    Join(String),
    /// Start one under this name, after removing an ended one of ours that still has it.
    Start {
        /// The name.
        name: ContainerName,
        /// Whether an ended container of ours has that name.
        replace: bool,
    },
    /// The name that was asked for belongs to somebody else's container.
    NameTaken(String),
}

/// Decide. `reserved` tells whether another start is about to use a name.
pub fn decide(
    request: &Request,
    base: &ContainerName,
    terminal: bool,
    existing: &[Existing],
    mut reserved: impl FnMut(&ContainerName) -> bool,
) -> (Decision, Vec<Note>) {
    let kind = request.what.kind();
    // Without a terminal nobody could see the session that would be joined.
    let joinable = kind != "command" && !request.new && (terminal || request.detach);
    let named = |container: &&Existing| {
        request
            .name
            .as_ref()
            .is_none_or(|name| name.as_str() == container.name)
    };
    if joinable {
        let running = |c: &&Existing| c.ours && c.running && c.command == kind;
        if let Some(container) = existing.iter().filter(named).find(running) {
            return (Decision::Join(container.name.clone()), Vec::new());
        }
    }
    let holder = |name: &ContainerName| existing.iter().find(|c| c.name == name.as_str());
    let start = |name: ContainerName, replace| Decision::Start { name, replace };
    if let Some(name) = &request.name {
        let decision = match holder(name) {
            None => start(name.clone(), false),
            Some(container) if container.ours && !container.running => start(name.clone(), true),
            Some(_) => Decision::NameTaken(name.to_string()),
        };
        return (decision, Vec::new());
    }
    let mut notes = Vec::new();
    for number in 1.. {
        let name = base.numbered(number);
        match holder(&name) {
            Some(container) if !container.ours => notes.push(Note::NameTaken(name.to_string())),
            Some(container) if container.running => {}
            _ if reserved(&name) => {}
            held => return (start(name, held.is_some()), notes),
        }
    }
    unreachable!("there are more numbers than containers")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::What;

    fn existing(name: &str, ours: bool, running: bool, command: &str) -> Existing {
        Existing {
            name: name.to_owned(),
            ours,
            running,
            command: command.to_owned(),
        }
    }

    fn base() -> ContainerName {
        "hal-9000-p-12345678".parse().unwrap()
    }

    fn starts(number: usize, replace: bool) -> Decision {
        Decision::Start {
            name: base().numbered(number),
            replace,
        }
    }

    fn run(request: &Request, existing: &[Existing]) -> Decision {
        decide(request, &base(), true, existing, |_| false).0
    }

    #[test]
    fn the_same_kind_is_joined_and_everything_else_starts_beside_it() {
        let claude = Request::new(What::Claude(vec![]));
        let here = [existing("hal-9000-p-12345678", true, true, "claude")];
        assert_eq!(run(&claude, &[]), starts(1, false));
        assert_eq!(
            run(&claude, &here),
            Decision::Join("hal-9000-p-12345678".to_owned())
        );
        let piped = decide(&claude, &base(), false, &here, |_| false).0;
        assert_eq!(piped, starts(2, false));
        assert_eq!(
            run(
                &Request {
                    new: true,
                    ..claude.clone()
                },
                &here
            ),
            starts(2, false)
        );
        assert_eq!(
            run(&Request::new(What::Shell(vec![])), &here),
            starts(2, false)
        );
        let prompt = Request::new(What::Claude(vec!["-p".to_owned()]));
        assert_eq!(run(&prompt, &here), starts(2, false));
        let named = [existing("mine", true, true, "claude")];
        assert_eq!(run(&claude, &named), Decision::Join("mine".to_owned()));
    }

    #[test]
    fn an_ended_session_makes_room() {
        let claude = Request::new(What::Claude(vec![]));
        let ended = [existing("hal-9000-p-12345678", true, false, "claude")];
        assert_eq!(run(&claude, &ended), starts(1, true));
    }

    #[test]
    fn a_foreign_container_is_never_touched() {
        let claude = Request::new(What::Claude(vec![]));
        for running in [true, false] {
            let foreign = [existing("hal-9000-p-12345678", false, running, "claude")];
            let (decision, notes) = decide(&claude, &base(), true, &foreign, |_| false);
            assert_eq!(decision, starts(2, false));
            assert_eq!(notes, [Note::NameTaken("hal-9000-p-12345678".to_owned())]);
            let named = Request {
                name: Some(base()),
                ..claude.clone()
            };
            let taken = Decision::NameTaken("hal-9000-p-12345678".to_owned());
            assert_eq!(run(&named, &foreign), taken);
        }
    }

    #[test]
    fn a_name_that_another_start_is_about_to_use_is_left_to_it() {
        let claude = Request::new(What::Claude(vec![]));
        let (decision, _) = decide(&claude, &base(), true, &[], |name| *name == base());
        assert_eq!(decision, starts(2, false));
    }
}
