//! Options of a tmpfs. `exec`, `suid` and `dev` are no more than the container's own root has, and
//! what is written counts towards its memory; other words would be mount flags nobody looked at.

use crate::guard::Refusal;
use crate::guard::json::Value;
use crate::guard::rule;
use crate::guard::schema::At;

const FLAGS: &[&str] = &[
    "ro",
    "rw",
    "exec",
    "noexec",
    "suid",
    "nosuid",
    "dev",
    "nodev",
    "atime",
    "noatime",
    "diratime",
    "nodiratime",
    "relatime",
    "norelatime",
    "strictatime",
    "nostrictatime",
    "sync",
    "async",
    "dirsync",
];
const NUMBERS: &[&str] = &["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks"];

fn known(name: &str, value: Option<&str>) -> bool {
    match value {
        None => FLAGS.contains(&name),
        Some(value) => {
            // `size=64m`, `size=50%`
            let number = value.trim_end_matches(['k', 'm', 'g', 'K', 'M', 'G', '%']);
            let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
            NUMBERS.contains(&name) && digits && value.len() <= number.len() + 1
        }
    }
}

/// `TmpfsOptions.Options`: `[["exec"], ["size", "64m"]]`
pub(super) fn option_lists(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    for option in value.as_list() {
        let words: Vec<&str> = option.as_texts().collect();
        let fits = match words[..] {
            [flag] => known(flag, None),
            [name, value] => known(name, Some(value)),
            _ => false,
        };
        if !fits {
            let cause = format!("has `{}`", words.join("="));
            return Err(at.forbidden(rule::MOUNT_TMPFS, cause));
        }
    }
    Ok(())
}

/// `HostConfig.Tmpfs`: `{"/run": "rw,noexec,size=64m"}`
pub(crate) fn option_list(value: &Value, at: &At<'_>) -> Result<(), Refusal> {
    for (target, options) in value.as_map().into_iter().flatten() {
        super::target(&at.path.to_string(), target)?;
        if let Some(option) = odd(options.as_text()) {
            return Err(at.forbidden(rule::MOUNT_TMPFS, format!("has `{option}`")));
        }
    }
    Ok(())
}

/// Whether every option in a list is known, as for a volume of memory.
pub(crate) fn is_tmpfs(options: &str) -> bool {
    odd(options).is_none()
}

fn odd(options: &str) -> Option<&str> {
    let mut options = options.split(',').filter(|word| !word.is_empty());
    options.find(|option| match option.split_once('=') {
        None => !known(option, None),
        Some((name, value)) => !known(name, Some(value)),
    })
}
