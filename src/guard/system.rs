//! Bodies of the engine's own routes.

use super::rule;
use super::schema::{Kind, Schema, allow, omit};

/// The body of `POST /auth`: credentials that the client has, for a registry that it names.
pub(super) static AUTH: Schema = Schema {
    name: "AuthConfig",
    fields: &[
        allow("username", Kind::Text),
        allow("password", Kind::Text),
        allow("auth", Kind::Text),
        allow("serveraddress", Kind::Text),
        allow("identitytoken", Kind::Text),
        allow("registrytoken", Kind::Text),
        omit("email", Kind::Text, rule::OUTPUT_FIELD),
    ],
};

/// Columns of `ps` whose values are one word each.
#[rustfmt::skip]
const ONE_WORD: &[&str] = &[
    "c", "cp", "cputime", "egid", "egroup", "etime", "etimes", "euid", "euser", "f", "flags", "gid",
    "group", "lwp", "ni", "nice", "nlwp", "pcpu", "pgid", "pgrp", "pid", "pmem", "ppid", "pri",
    "psr", "rgid", "rgroup", "rss", "ruid", "ruser", "s", "sid", "sgid", "spid", "stat", "state",
    "stime", "suid", "sz", "thcount", "tid", "time", "tname", "tt", "tty", "uid", "user", "vsz",
];

/// Those with any number of words.
const LAST: &[&str] = &["args", "cmd", "comm", "command", "ucmd", "ucomm"];

/// Whole formats that begin with columns of one word up to the PID.
#[rustfmt::skip]
const FORMATS: &[&str] = &[
    "-A", "-F", "-L", "-T", "-a", "-e", "-eF", "-eLf", "-ef", "-f", "-l", "-w", "-ww", "-x", "a",
    "au", "aux", "auxw", "auxww", "ax", "axu", "l", "u", "w", "ww", "x",
];

/// Whether the engine shows with these arguments of `ps` only processes of the container. It runs `ps`
/// as root for all of the host, takes the word that is under the heading `PID`, and leaves out what is
/// not in the container; a word that is no number it repeats in its error. So a column of several words
/// before that one, and a heading of the client's, show what is on the host: command lines and, by `e`,
/// environments.
pub(super) fn is_ps(args: &str) -> bool {
    let mut words = args.split(' ').filter(|word| !word.is_empty());
    let mut columns = 0;
    while let Some(word) = words.next() {
        let fits = match word {
            "-o" | "-eo" | "-Ao" => {
                columns += 1;
                words.next().is_some_and(are_columns)
            }
            format => FORMATS.contains(&format),
        };
        // two lists of columns are one, the last of the first in its middle
        if !fits || columns > 1 {
            return false;
        }
    }
    true
}

fn are_columns(list: &str) -> bool {
    let mut columns = list.split(',').rev();
    let last = columns.next().unwrap_or_default();
    (ONE_WORD.contains(&last) || LAST.contains(&last))
        && columns.all(|column| ONE_WORD.contains(&column))
}

#[cfg(test)]
mod tests {
    #[test]
    fn ps_shows_the_container_alone() {
        for args in [
            "",
            "-ef",
            "aux",
            "-o pid,args",
            "-eo user,pid,ppid,stat,comm",
            "-o args",
            " -e  -o pid",
        ] {
            assert!(super::is_ps(args), "{args}");
        }
        for args in [
            "-eo args,pid",
            "f -C sshd -o args,stat,pid",
            "-C sshd",
            "e",
            "axe",
            "-eouid=PID,args",
            "-eo uid=PID,args",
            "-o args -o pid",
            "-o comm,pid",
            "-o",
            "-o ,pid",
            "-o pid,lstart,args",
            "--ppid 1",
            "-q 1",
            "f",
        ] {
            assert!(!super::is_ps(args), "{args}");
        }
    }
}
