//! Why a session ended, in a line that names the flag.

use crate::plan::Ending;

/// One reason.
pub fn ending(name: &str, ending: Ending) -> String {
    match ending {
        Ending::Memory { had, command } => {
            let who = if command { name } else { "a process" };
            let within = if command { "" } else { &format!(" of {name}") };
            match had {
                None => format!(
                    "{who}{within} was killed: this machine, or its engine, had no memory left"
                ),
                Some(had) => format!(
                    "{who}{within} was killed: the session has {had} of memory, and wanted more; `--memory` gives it more"
                ),
            }
        }
        Ending::Pids { had, times } => {
            let times = match times {
                1 => "once".to_owned(),
                times => format!("{times} times"),
            };
            format!(
                "{times} a process could not be started in {name}, which can have {had}; `--pids-limit` gives it more"
            )
        }
        Ending::Network => format!(
            "the network of {name} was another container's (the parent's, unless you chose one), which has ended; `--direct` starts a session with one of its own"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Memory;

    #[test]
    fn a_line_names_the_session_the_limit_and_the_flag() {
        let memory = |had, command| {
            let had = Memory::in_force(had);
            ending("s", Ending::Memory { had, command })
        };
        assert_eq!(
            memory(4 << 30, true),
            "s was killed: the session has 4g of memory, and wanted more; `--memory` gives it more"
        );
        assert!(memory(4 << 30, false).starts_with("a process of s was killed"));
        assert!(memory(0, true).contains("this machine"));
        let pids = |times| ending("s", Ending::Pids { had: 100, times });
        assert!(
            pids(1).starts_with("once a process could not be started in s, which can have 100")
        );
        assert!(pids(7).starts_with("7 times"));
        assert!(ending("s", Ending::Network).contains("`--direct`"));
    }
}
