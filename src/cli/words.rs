//! Words that need more care than a grammar gives them.

use super::args::{Cli, Command, PullWhen};
use crate::ui::{Kind, Report};
use std::ffi::{OsStr, OsString};

/// `-v` is docker's letter for a volume and everybody's for verbose. A volume always has a `:` in
/// it, so the next word tells which one is meant. Words behind a command that hands its own words
/// on are left alone.
pub(super) fn settle_v(args: &[OsString]) -> Vec<OsString> {
    let mut settled = Vec::with_capacity(args.len());
    let mut words = args.iter().peekable();
    while let Some(word) = words.next() {
        let text = word.to_str();
        let volume = |next: &&OsString| next.to_string_lossy().contains(':');
        if text == Some("-v") && !words.peek().is_some_and(volume) {
            settled.push(OsString::from("--verbose"));
            continue;
        }
        settled.push(word.clone());
        if hands_on(word) {
            settled.extend(words.by_ref().cloned());
        }
    }
    settled
}

/// Whether what comes behind this word is another program's.
pub(super) fn hands_on(word: &OsStr) -> bool {
    matches!(word.to_str(), Some("claude" | "shell" | "docker" | "--"))
}

/// clap swallows a `--` that comes first among the words of `claude`, `shell` and `docker`; what is handed
/// on untouched has it.
pub(super) fn restore_separator(cli: &mut Cli, args: &[OsString]) {
    let Some(Command::Claude(words) | Command::Shell(words) | Command::Docker(words)) =
        &mut cli.command
    else {
        return;
    };
    let before = args
        .len()
        .checked_sub(words.words.len() + 1)
        .and_then(|index| args.get(index));
    if before.map(OsString::as_os_str) == Some(OsStr::new("--")) {
        words.words.insert(0, OsString::from("--"));
    }
}

/// Words for the container, which docker's API can only carry as text.
pub(super) fn as_text(words: &[OsString]) -> Result<Vec<String>, Report> {
    let text = |word: &OsString| {
        word.to_str().map(str::to_owned).ok_or_else(|| {
            let shown = word.to_string_lossy().escape_debug().to_string();
            Report::new(Kind::Usage, format!("argument `{shown}` is not UTF-8"))
                .cause("docker's API is JSON, which cannot carry such bytes")
                .hint("put it into a file of the project, or on standard input")
        })
    };
    words.iter().map(text).collect()
}

/// Options of a session in front of a command that starts none are a mistake worth saying.
pub(super) fn no_session_options(cli: &Cli) -> Result<(), Report> {
    let session = &cli.session;
    // docker's command line can be looked at as that of a session.
    let shown = !matches!(cli.command, Some(Command::Docker(_)));
    let flags = [
        ("--profile", session.profile.is_some()),
        ("--image", session.image.is_some()),
        ("--name", session.name.is_some()),
        ("--new", session.new),
        ("--detach", session.detach),
        ("--shell", session.shell),
        ("--docker", session.docker.is_some()),
        ("--memory", session.memory.is_some()),
        ("--cpus", session.cpus.is_some()),
        ("--pids-limit", session.pids_limit.is_some()),
        ("--no-limits", session.no_limits),
        ("--env", !session.env.is_empty()),
        ("--volume", !session.volume.is_empty()),
        ("--publish", !session.publish.is_empty()),
        ("--network", session.network.is_some()),
        ("--via-parent", session.via_parent),
        ("--direct", session.direct),
        ("--no-pool", session.no_pool),
        ("--read-only", session.read_only),
        ("--workdir", session.workdir.is_some()),
        ("--print", shown && session.print.is_some()),
        ("--explain", shown && session.explain),
        ("--verify", session.verify),
        ("--yes", session.yes),
        ("--pull", session.pull != PullWhen::default()),
    ];
    let given = flags
        .iter()
        .find(|(_, given)| *given)
        .map(|(name, _)| *name);
    let given = given.map(|name| format!("`{name}`"));
    let given = given.or(cli.dir.is_some().then(|| "a directory".to_owned()));
    match given {
        None => Ok(()),
        Some(what) => Err(Report::new(
            Kind::Usage,
            format!("{what} is for starting a session, and this command starts none"),
        )
        .hint("leave it out, or leave out the command")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn os(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn the_next_word_tells_which_v_is_meant() {
        for (typed, settled) in [
            (vec!["h", "-v"], vec!["h", "--verbose"]),
            (vec!["h", "-v", "."], vec!["h", "--verbose", "."]),
            (vec!["h", "-v", "a:/b"], vec!["h", "-v", "a:/b"]),
            (vec!["h", "claude", "-v"], vec!["h", "claude", "-v"]),
            (
                vec!["h", "-v", "shell", "-v"],
                vec!["h", "--verbose", "shell", "-v"],
            ),
            (vec!["h", "--", "-v"], vec!["h", "--", "-v"]),
        ] {
            assert_eq!(settle_v(&os(&typed)), os(&settled), "{typed:?}");
        }
    }

    #[test]
    fn a_first_separator_survives() {
        for words in [
            vec!["--", "-p"],
            vec!["--"],
            vec!["-p", "--", "x"],
            vec!["--", "--"],
        ] {
            let typed = os(&[&["hal-9000", "docker"], words.as_slice()].concat());
            let mut cli = Cli::try_parse_from(&typed).unwrap();
            restore_separator(&mut cli, &typed);
            let Some(Command::Docker(found)) = cli.command else {
                panic!("{words:?}")
            };
            assert_eq!(found.words, os(&words));
        }
    }

    #[test]
    fn session_options_need_a_session() {
        let cli = |words: &[&str]| Cli::try_parse_from(words).unwrap();
        assert!(no_session_options(&cli(&["h", "--print", "docker", "ps"])).is_ok());
        assert!(no_session_options(&cli(&["h", "--new", "docker", "ps"])).is_err());
        assert!(no_session_options(&cli(&["h", "--print", "sessions"])).is_err());
        assert!(no_session_options(&cli(&["h", "--memory", "1g", "sessions"])).is_err());
        assert!(no_session_options(&cli(&["h", ".", "sessions"])).is_err());
        assert!(no_session_options(&cli(&["h", "-q", "sessions", "--json"])).is_ok());
    }
}
