//! The options of `docker run` and `docker create`: which take a value, and which letters they have.

use std::collections::BTreeMap;

/// Those that take none.
const SWITCHES: &[(&str, Option<char>)] = &[
    ("detach", Some('d')),
    ("disable-content-trust", None),
    ("help", None),
    ("init", None),
    ("interactive", Some('i')),
    ("no-healthcheck", None),
    ("oom-kill-disable", None),
    ("privileged", None),
    ("publish-all", Some('P')),
    ("quiet", Some('q')),
    ("read-only", None),
    ("rm", None),
    ("sig-proxy", None),
    ("tty", Some('t')),
    ("use-api-socket", None),
];

/// Those that take one, also the hidden ones (docker/cli `cli/command/container/opts.go`).
const VALUES: &[(&str, Option<char>)] = &[
    ("add-host", None),
    ("annotation", None),
    ("attach", Some('a')),
    ("blkio-weight", None),
    ("blkio-weight-device", None),
    ("cap-add", None),
    ("cap-drop", None),
    ("cgroup-parent", None),
    ("cgroupns", None),
    ("cidfile", None),
    ("cpu-count", None),
    ("cpu-percent", None),
    ("cpu-period", None),
    ("cpu-quota", None),
    ("cpu-rt-period", None),
    ("cpu-rt-runtime", None),
    ("cpu-shares", Some('c')),
    ("cpus", None),
    ("cpuset-cpus", None),
    ("cpuset-mems", None),
    ("detach-keys", None),
    ("device", None),
    ("device-cgroup-rule", None),
    ("device-read-bps", None),
    ("device-read-iops", None),
    ("device-write-bps", None),
    ("device-write-iops", None),
    ("dns", None),
    ("dns-opt", None),
    ("dns-option", None),
    ("dns-search", None),
    ("domainname", None),
    ("entrypoint", None),
    ("env", Some('e')),
    ("env-file", None),
    ("expose", None),
    ("gpus", None),
    ("group-add", None),
    ("health-cmd", None),
    ("health-interval", None),
    ("health-retries", None),
    ("health-start-interval", None),
    ("health-start-period", None),
    ("health-timeout", None),
    ("hostname", Some('h')),
    ("io-maxbandwidth", None),
    ("io-maxiops", None),
    ("ip", None),
    ("ip6", None),
    ("ipc", None),
    ("isolation", None),
    ("kernel-memory", None),
    ("label", Some('l')),
    ("label-file", None),
    ("link", None),
    ("link-local-ip", None),
    ("log-driver", None),
    ("log-opt", None),
    ("mac-address", None),
    ("memory", Some('m')),
    ("memory-reservation", None),
    ("memory-swap", None),
    ("memory-swappiness", None),
    ("mount", None),
    ("name", None),
    ("net", None),
    ("net-alias", None),
    ("network", None),
    ("network-alias", None),
    ("oom-score-adj", None),
    ("pid", None),
    ("pids-limit", None),
    ("platform", None),
    ("publish", Some('p')),
    ("pull", None),
    ("restart", None),
    ("runtime", None),
    ("security-opt", None),
    ("shm-size", None),
    ("stop-signal", None),
    ("stop-timeout", None),
    ("storage-opt", None),
    ("sysctl", None),
    ("tmpfs", None),
    ("ulimit", None),
    ("user", Some('u')),
    ("userns", None),
    ("uts", None),
    ("volume", Some('v')),
    ("volume-driver", None),
    ("volumes-from", None),
    ("workdir", Some('w')),
];

/// Options and how they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    takes_value: BTreeMap<String, bool>,
    letters: BTreeMap<char, String>,
}

impl Flags {
    /// Those of `docker run`, as far as this release knows them.
    pub fn of_run() -> Self {
        Self::of(SWITCHES, VALUES)
    }

    pub(super) fn of(switches: &[(&str, Option<char>)], values: &[(&str, Option<char>)]) -> Self {
        let mut flags = Self::default();
        for (table, takes_value) in [(switches, false), (values, true)] {
            for (name, letter) in table {
                flags.add(name, *letter, takes_value);
            }
        }
        flags
    }

    /// Those that docker's own help tells of: a client can be newer than we are. An option is a
    /// line `  -d, --detach  words` or `      --cpus decimal  words`, in which only what takes a
    /// value has a word behind its name (pflag `FlagUsages`).
    pub fn of_help(help: &str) -> Self {
        let mut flags = Self::default();
        for line in help.lines() {
            let option = line.trim_start();
            let (letter, option) = match option.strip_prefix('-').filter(|it| !it.starts_with('-'))
            {
                Some(rest) => match rest.split_once(", ") {
                    Some((letter, option)) => (letter.chars().next(), option),
                    None => continue,
                },
                None => (None, option),
            };
            let Some(option) = option.strip_prefix("--") else {
                continue;
            };
            let (name, rest) = option.split_once(' ').unwrap_or((option, ""));
            // What it is for stands two spaces away, at least.
            flags.add(name, letter, !rest.is_empty() && !rest.starts_with(' '));
        }
        flags
    }

    /// These and those.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.takes_value.extend(others.takes_value);
        self.letters.extend(others.letters);
        self
    }

    /// Whether the option of this long name takes a value, where it is known.
    pub fn takes_value(&self, name: &str) -> Option<bool> {
        self.takes_value.get(name).copied()
    }

    /// The long name behind a letter.
    pub fn long_of(&self, letter: char) -> Option<&str> {
        self.letters.get(&letter).map(String::as_str)
    }

    /// All long names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.takes_value.keys().map(String::as_str)
    }

    fn add(&mut self, name: &str, letter: Option<char>, takes_value: bool) {
        self.takes_value.insert(name.to_owned(), takes_value);
        if let Some(letter) = letter {
            self.letters.insert(letter, name.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dockers_help_is_read() {
        let help = "Usage:  docker run [OPTIONS] IMAGE\n\nOptions:\n      --blkio-weight uint16   Block IO\n                              between --this and\n  -d, --detach                Run in background\n      --rm                    Remove it\n  -e, --env list              Set variables\n      --bare\n";
        let flags = Flags::of_help(help);
        for (name, takes_value) in [
            ("blkio-weight", Some(true)),
            ("detach", Some(false)),
            ("rm", Some(false)),
            ("env", Some(true)),
            ("bare", Some(false)),
            ("this", None),
        ] {
            assert_eq!(flags.takes_value(name), takes_value, "{name}");
        }
        assert_eq!(flags.long_of('d'), Some("detach"));
        assert_eq!(flags.long_of('e'), Some("env"));
        assert_eq!(flags.long_of('r'), None);
    }
}
