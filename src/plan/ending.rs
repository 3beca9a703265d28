//! Why a session ended, where it was not its own doing.

use crate::model::Memory;

/// What SIGKILL makes of a status (128 + 9): nobody in the session chose it.
const KILLED: u8 = 137;

/// What was seen of a session while it ran, and after.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Its memory, where it has a limit.
    pub memory: Option<Memory>,
    /// How many processes it could have; 0 for no limit.
    pub pids: u64,
    /// How often a process could not be started for that (pids(7), `pids.events`).
    pub refused: u64,
    /// Whether the kernel has ended something in it that wanted more memory.
    pub out_of_memory: bool,
    /// Whether it lived in the network of a container that runs no more.
    pub network_gone: bool,
}

/// A reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It, or something in it, was killed for want of memory.
    Memory {
        /// What it had, where that was limited.
        had: Option<Memory>,
        /// Whether it was the session's own command.
        command: bool,
    },
    /// Processes could not be started.
    Pids {
        /// How many it could have.
        had: u64,
        /// How many times.
        times: u64,
    },
    /// Its network ended before it.
    Network,
}

/// The reasons for which a session ended with this status. None for one that ended well: what it met
/// on its way was not its end.
pub fn endings(status: u8, seen: &Seen) -> Vec<Ending> {
    let mut endings = Vec::new();
    if status == 0 {
        return endings;
    }
    if seen.out_of_memory {
        endings.push(Ending::Memory {
            had: seen.memory,
            command: status == KILLED,
        });
    }
    if seen.refused > 0 {
        endings.push(Ending::Pids {
            had: seen.pids,
            times: seen.refused,
        });
    }
    if seen.network_gone {
        endings.push(Ending::Network);
    }
    endings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_has_its_reasons() {
        let seen = Seen {
            memory: Memory::in_force(64),
            pids: 20,
            ..Seen::default()
        };
        let memory = Seen {
            out_of_memory: true,
            ..seen.clone()
        };
        let both = Seen {
            refused: 3,
            ..memory.clone()
        };
        let network = Seen {
            network_gone: true,
            ..seen.clone()
        };
        let of = |command| Ending::Memory {
            had: seen.memory,
            command,
        };
        let pids = Ending::Pids { had: 20, times: 3 };
        for (status, seen, expected) in [
            (0, &both, vec![]),
            (1, &seen, vec![]),
            (KILLED, &seen, vec![]),
            (KILLED, &memory, vec![of(true)]),
            (2, &memory, vec![of(false)]),
            (1, &both, vec![of(false), pids]),
            (KILLED, &network, vec![Ending::Network]),
        ] {
            assert_eq!(endings(status, seen), expected, "{status} {seen:?}");
        }
    }
}
