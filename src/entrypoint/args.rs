//! The arguments that the host gives: a fixed grammar between two copies of one program, so
//! anything unexpected means that they do not belong together.
//!
//! `--user=NAME --uid=N --gid=N --home=DIR [--socket=PATH [--guard=PATH]] [--supervise] -- COMMAND ARGS…`

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use super::Failure;
use crate::plan::privilege::Request;

/// What to run, with its arguments untouched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Command {
    /// A path, or a name to look up in PATH.
    pub(super) program: OsString,
    /// The rest.
    pub(super) args: Vec<OsString>,
    /// Whether to stay beside it (`supervise`) rather than become it.
    pub(super) supervised: bool,
}

const KEYS: [&str; 6] = ["user", "uid", "gid", "home", "socket", "guard"];

/// Read the arguments after `entrypoint`.
pub(super) fn parse(
    args: impl IntoIterator<Item = OsString>,
) -> Result<(Request, Command), Failure> {
    let mut args = args.into_iter();
    let mut values: [Option<OsString>; KEYS.len()] = [const { None }; KEYS.len()];
    let mut supervised = false;
    loop {
        let Some(arg) = args.next() else {
            return Err(bad("`--` and a command are missing"));
        };
        if arg == "--" {
            break;
        }
        if arg == "--supervise" && !supervised {
            supervised = true;
            continue;
        }
        let Some((index, value)) = split(&arg) else {
            return Err(bad(format!("unexpected `{}`", arg.display())));
        };
        if let Some(slot) = values.get_mut(index)
            && slot.replace(value).is_some()
        {
            return Err(bad(format!("`{}` is given twice", arg.display())));
        }
    }
    let Some(program) = args.next().filter(|program| !program.is_empty()) else {
        return Err(bad("the command is missing"));
    };

    let [user, uid, gid, home, socket, guard] = values;
    let request = Request {
        user: name(user)?,
        uid: id("uid", uid)?,
        gid: id("gid", gid)?,
        home: path("home", home)?.ok_or_else(|| bad("--home is missing"))?,
        socket: path("socket", socket)?,
        guard: path("guard", guard)?,
    };
    let command = Command {
        program,
        args: args.collect(),
        supervised,
    };
    Ok((request, command))
}

fn split(arg: &OsStr) -> Option<(usize, OsString)> {
    let rest = arg.as_bytes().strip_prefix(b"--")?;
    let equals = rest.iter().position(|byte| *byte == b'=')?;
    let (key, value) = rest.split_at(equals);
    let index = KEYS.iter().position(|known| known.as_bytes() == key)?;
    let value = value.strip_prefix(b"=")?;
    Some((index, OsString::from_vec(value.to_vec())))
}

/// A name that `/etc/passwd` can hold; the rule of useradd(8).
fn name(value: Option<OsString>) -> Result<String, Failure> {
    let value = value.ok_or_else(|| bad("--user is missing"))?;
    value
        .into_string()
        .ok()
        .filter(|name| {
            name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
                && name.len() <= 32
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
        })
        .ok_or_else(|| bad("--user is no user name"))
}

fn id(key: &str, value: Option<OsString>) -> Result<u32, Failure> {
    let value = value.ok_or_else(|| bad(format!("--{key} is missing")))?;
    value
        .to_str()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|text| text.parse().ok())
        // (uid_t) -1 means "leave it as it is" to setresuid(2) and chown(2).
        .filter(|id| *id != u32::MAX)
        .ok_or_else(|| bad(format!("--{key} is no id: `{}`", value.display())))
}

fn path(key: &str, value: Option<OsString>) -> Result<Option<PathBuf>, Failure> {
    let Some(value) = value else { return Ok(None) };
    // `:` and newline would break the line in `/etc/passwd`.
    let broken = value
        .as_bytes()
        .iter()
        .any(|byte| key == "home" && matches!(byte, b':' | b'\n'));
    let path = PathBuf::from(value);
    if broken || !path.is_absolute() {
        return Err(bad(format!(
            "--{key} is no usable absolute path: `{}`",
            path.display()
        )));
    }
    Ok(Some(path))
}

fn bad(why: impl std::fmt::Display) -> Failure {
    Failure::refused(format_args!(
        "entrypoint arguments: {why}; this program is started by `hal-9000` on the host, of the same version"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [&str; 4] = ["--user=claude", "--uid=1000", "--gid=100", "--home=/home/c"];

    fn words(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn everything_after_the_dashes_is_untouched() {
        let mut args = words(&GOOD);
        args.push("--socket=/s".into());
        args.push("--".into());
        let rest = [
            OsString::from("claude"),
            OsString::from_vec(vec![0xff, b'=', 0xfe]),
            OsString::new(),
            OsString::from("--"),
            OsString::from("--uid=0"),
        ];
        args.extend(rest.clone());
        let (request, command) = parse(args).unwrap();
        assert_eq!(request.uid, 1000);
        assert_eq!(request.gid, 100);
        assert_eq!(request.socket, Some(PathBuf::from("/s")));
        assert_eq!(command.program, rest[0]);
        assert_eq!(command.args, rest[1..]);
        assert!(!command.supervised);
        let (_, command) =
            parse(words(&[&GOOD[..], &["--supervise", "--", "x"]].concat())).unwrap();
        assert!(command.supervised);
    }

    #[test]
    fn a_path_need_not_be_text() {
        let mut args = words(&GOOD[..3]);
        args.push(OsString::from_vec(b"--home=/home/caf\xe9".to_vec()));
        args.extend(words(&["--", "x"]));
        let (request, _) = parse(args).unwrap();
        assert_eq!(request.home.as_os_str().as_bytes(), b"/home/caf\xe9");
    }

    #[test]
    fn anything_else_is_refused() {
        for (replaced, by) in [
            (0, "--user="),
            (0, "--user=a:b"),
            (0, "--user=0"),
            (1, "--uid=-1"),
            (1, "--uid=4294967295"),
            (1, "--uid=4294967296"),
            (1, "--uid=+1"),
            (1, "--uid="),
            (2, "--gid=users"),
            (3, "--home=home"),
            (3, "--home=/a:b"),
            (3, "--home=/a\nb"),
            (3, "--home"),
            (3, "--shell=/bin/sh"),
            (3, "--uid=7"),
            (3, "--supervise"),
            (3, "--supervise=no"),
            (3, "claude"),
        ] {
            let mut args = GOOD;
            args[replaced] = by;
            let args = [&args[..], &["--", "true"]].concat();
            assert!(parse(words(&args)).is_err(), "{by:?}");
        }
        for args in [
            vec![],
            GOOD.to_vec(),
            [&GOOD[..], &["--"]].concat(),
            [&GOOD[..], &["--", ""]].concat(),
            [&GOOD[..], &["--", "ok"]].concat()[1..].to_vec(),
        ] {
            assert!(parse(words(&args)).is_err(), "{args:?}");
        }
        assert!(parse(words(&[&GOOD[..], &["--", "ok"]].concat())).is_ok());
    }
}
