//! The process's environment, captured once: nothing else reads it.
#![expect(
    clippy::disallowed_methods,
    reason = "this is where the environment is captured"
)]

use crate::model::Identity;
use crate::plan::Caller;
use crate::plan::privilege::accounts;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

/// Arguments, variables, working directory, terminals and ids of this process.
#[derive(Debug, Clone)]
pub struct Env {
    /// Arguments, the program's own name first.
    pub args: Vec<OsString>,
    /// Variables whose name and value are text; others cannot be handed to docker anyway.
    pub variables: BTreeMap<String, String>,
    /// The working directory; an error where it was removed.
    pub directory: Result<PathBuf, String>,
    /// Standard input and output are a terminal.
    pub terminal: bool,
    /// Standard error is a terminal.
    pub stderr_terminal: bool,
    /// The effective uid and gid.
    pub identity: Identity,
    /// The supplementary groups.
    pub groups: Vec<u32>,
}

impl Env {
    /// Look once.
    pub fn capture() -> Self {
        let text = |(name, value): (OsString, OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        let groups = nix::unistd::getgroups().unwrap_or_default();
        Self {
            args: std::env::args_os().collect(),
            variables: std::env::vars_os().filter_map(text).collect(),
            directory: std::env::current_dir().map_err(|error| error.to_string()),
            terminal: io::stdin().is_terminal() && io::stdout().is_terminal(),
            stderr_terminal: io::stderr().is_terminal(),
            identity: Identity {
                uid: nix::unistd::geteuid().as_raw(),
                gid: nix::unistd::getegid().as_raw(),
            },
            groups: groups.into_iter().map(nix::unistd::Gid::as_raw).collect(),
        }
    }

    /// A variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(name).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }

    /// The home directory.
    pub fn home(&self) -> Option<PathBuf> {
        self.get("HOME").map(PathBuf::from)
    }

    /// The caller, as a plan sees it. The name is the one of the user database where the uid is in
    /// it (a static program has no NSS, so only `/etc/passwd` counts), else `$USER`, else the uid.
    pub fn caller(&self) -> Caller {
        let passwd = std::fs::read("/etc/passwd").unwrap_or_default();
        let name = accounts::name_of(&passwd, self.identity.uid)
            .map(str::to_owned)
            .or(self.get("USER").map(str::to_owned))
            .unwrap_or_else(|| self.identity.uid.to_string());
        Caller {
            name,
            identity: self.identity,
            home: self.get("HOME").map(str::to_owned),
            terminal: self.terminal,
            environment: self.variables.clone(),
            timezone: self.get("TZ").map(str::to_owned).or_else(timezone),
        }
    }
}

/// `Europe/Berlin`, from the link that `/etc/localtime` is (localtime(5)).
fn timezone() -> Option<String> {
    let link = std::fs::read_link(Path::new("/etc/localtime")).ok()?;
    let text = link.to_str()?;
    text.split_once("zoneinfo/")
        .map(|(_, zone)| zone.to_owned())
}
