//! What a check-up has looked at: facts of the machine, the engine and the settings.

use super::Trouble;
use crate::model::{Machine, Product, Settings};
use crate::pool;

/// Everything that was looked at.
#[derive(Debug, Clone)]
pub struct Checkup {
    /// The settings in force here; those that are built in where they cannot be understood.
    pub settings: Settings,
    /// The user's file, where there is one; why the settings cannot be used.
    pub file: Result<Option<String>, Trouble>,
    /// The real docker client.
    pub client: Result<String, Trouble>,
    /// Where the engine is looked for.
    pub address: Result<Address, Trouble>,
    /// What answers there; nothing where it could not be asked.
    pub engine: Option<Result<Engine, Trouble>>,
    /// This machine.
    pub host: Host,
    /// The directory that a session would be of.
    pub project: Result<Project, Trouble>,
    /// Certificates.
    pub certificates: Certificates,
    /// Ways out through proxies.
    pub proxies: Proxies,
    /// The shell of the user's login, where it is one that we know.
    pub shell: Option<LoginShell>,
    /// The terminal.
    pub terminal: Terminal,
}

/// Where the engine is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Its socket.
    pub socket: String,
    /// Who said so.
    pub said_by: String,
    /// Who brought it, where the path tells.
    pub product: Option<Product>,
    /// docker's current context, where it is not the default one.
    pub context: Option<String>,
    /// How this user may use it.
    pub access: Access,
}

/// How a user may use a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// As root.
    Root,
    /// As its owner.
    Owner,
    /// As a member of this group.
    Group(String),
    /// As everybody.
    Everybody,
    /// Not at all.
    Refused(Trouble),
    /// Nobody knows: it is not there.
    Unknown,
}

/// The engine and what it has for sessions.
#[derive(Debug, Clone)]
pub struct Engine {
    /// The engine itself.
    pub machine: Machine,
    /// What sessions are made from.
    pub materials: Result<Materials, Trouble>,
    /// The parent and its pool.
    pub parent: Result<Parent, Trouble>,
}

/// What a session of this directory is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Materials {
    /// Its image.
    pub image: String,
    /// Whether it is there, as it would be made now.
    pub image_here: bool,
    /// Whether hal-9000 makes it, and not the user.
    pub image_made: bool,
    /// The volume with Claude, docker and hal-9000.
    pub runtime: String,
    /// What is in it.
    pub filled: Filled,
}

/// How far the runtime volume is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filled {
    /// Everything is in it.
    Whole,
    /// It is being filled, or was when something ended that.
    Partly,
    /// There is none.
    Absent,
    /// It cannot be filled.
    Hindered(Trouble),
}

/// The parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// Its name.
    pub name: String,
    /// How it is; none where there is none.
    pub state: Option<ParentState>,
    /// The sessions whose network is gone with one before.
    pub stranded: Vec<String>,
}

/// How the parent is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParentState {
    /// Whether it runs.
    pub running: bool,
    /// The engine's word.
    pub state: String,
    /// Whether it would be made otherwise today.
    pub outdated: bool,
    /// Its port at this machine.
    pub port: Option<u16>,
    /// Whether its services are there; else why not.
    pub services: Result<(), String>,
    /// The pool.
    pub pool: Option<pool::Summary>,
}

/// This machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Host {
    /// Its name.
    pub name: String,
    /// Memory that is there, and that is not in use, in bytes.
    pub memory: Option<(u64, u64)>,
    /// How many processes and threads it can have.
    pub pids: Option<u64>,
    /// The distribution, where it is one in Windows (WSL).
    pub wsl: Option<String>,
    /// Where hal-9000 keeps its own files.
    pub state: Option<Disk>,
    /// Where the engine keeps images, where that is a directory of this machine.
    pub engine: Option<Disk>,
}

/// Room for files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disk {
    /// The directory.
    pub path: String,
    /// Bytes that this user can fill.
    pub free: u64,
    /// How many files can be made, where the file system counts them.
    pub files: Option<u64>,
}

/// The directory that a session would be of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Project {
    /// Its path.
    pub path: String,
    /// The user's home directory.
    pub home: String,
    /// The kind of its file system: `ext4`, `9p`, `fuse.sshfs`.
    pub file_system: String,
    /// Where that is mounted.
    pub mounted_at: String,
    /// Whether it was mounted for this user alone, which keeps even root out.
    pub closed: bool,
}

/// Certificates that sessions trust, and that this machine does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Certificates {
    /// What is in the file that `ca_bundle` names; why it cannot be read.
    pub bundle: Option<Result<Vec<u8>, Trouble>>,
    /// Variables that name further certificates, and their files.
    pub variables: Vec<(String, String)>,
    /// A directory in which this machine's administrator has put some, and how many.
    pub added: Option<(String, usize)>,
    /// This machine's own bundle.
    pub system: Option<String>,
    /// Now, in seconds since 1970.
    pub now: i64,
}

impl Certificates {
    /// With the reason why the bundle cannot be read.
    #[must_use]
    pub fn unreadable(mut self, trouble: Trouble) -> Self {
        self.bundle = Some(Err(trouble));
        self
    }
}

/// Ways out through proxies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    /// Variables of this environment, by their names: their values can hold passwords.
    pub variables: Vec<String>,
    /// docker's configuration file.
    pub file: String,
    /// What docker's client hands to containers by that file.
    pub handed: Vec<String>,
    /// Whether one of these is at an address of this machine alone.
    pub local: bool,
}

/// The shell of a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginShell {
    /// Its name.
    pub name: String,
    /// The file and the line that it lacks to complete our words.
    pub lacks: Option<(String, String)>,
}

/// The terminal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terminal {
    /// Whether there is one.
    pub here: bool,
    /// `TERM`
    pub term: Option<String>,
    /// Columns and rows; 0 where it does not say.
    pub size: (u16, u16),
    /// What is known of its colours.
    pub colors: &'static str,
    /// The keys that leave a session running, as people say them.
    pub keys: String,
}
