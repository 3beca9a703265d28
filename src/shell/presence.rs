//! Whether the shell that somebody sits at has what `shell-init` gives it.

use super::Shell;

/// What is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// The shell that has started this process has it.
    Here(Shell),
    /// A process above has it; the shell in between, if there is one, has not, or a script runs.
    Above(Shell),
    /// Nobody has.
    Missing,
}

/// Read it from the value of `HAL9000_SHELL`, which `shell-init` exports as `SHELL:PID`, and the
/// process that has started this one.
pub fn presence(value: Option<&str>, parent: u32) -> Presence {
    let mut parts = value.unwrap_or_default().split(':');
    let name = parts.next().unwrap_or_default();
    let Some(shell) = Shell::ALL.into_iter().find(|shell| shell.name() == name) else {
        return Presence::Missing;
    };
    match parts.next().and_then(|pid| pid.parse::<u32>().ok()) {
        Some(pid) if parent == pid => Presence::Here(shell),
        Some(_) => Presence::Above(shell),
        None => Presence::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_was_inherited_is_another_shells() {
        for (value, found) in [
            (None, Presence::Missing),
            (Some(""), Presence::Missing),
            (Some("tcsh:7"), Presence::Missing),
            (Some("bash"), Presence::Missing),
            (Some("bash:7"), Presence::Here(Shell::Bash)),
            (Some("elvish:7:claude,h"), Presence::Here(Shell::Elvish)),
            (Some("zsh:8"), Presence::Above(Shell::Zsh)),
        ] {
            assert_eq!(presence(value, 7), found, "{value:?}");
        }
    }
}
