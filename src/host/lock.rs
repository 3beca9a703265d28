//! Names that a start is about to use.
//!
//! The name of a container is chosen before `docker run` makes the container. Until then it is
//! reserved by a lock on a file, which the docker client inherits: the lock lasts for as long as
//! the client that makes the container, and the kernel lifts it whatever happens to it.

use super::{Dirs, Env, dirs};
use crate::model::ContainerName;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use std::fs::File;
use std::io;
use std::os::fd::AsFd;

/// A name that is reserved for as long as this value, or a program that inherits it, lives.
#[derive(Debug)]
pub struct Reservation {
    file: File,
}

impl Reservation {
    /// Let the program that this process becomes keep the reservation.
    pub fn inherit(&self) -> io::Result<()> {
        inherit(&self.file)
    }
}

/// Let the programs that this process starts have an open file, too.
pub fn inherit(file: impl AsFd) -> io::Result<()> {
    fcntl(file, FcntlArg::F_SETFD(FdFlag::empty()))?;
    Ok(())
}

/// Reserve `name`; `None` where another start has it.
pub fn reserve(dirs: &Dirs, env: &Env, name: &ContainerName) -> io::Result<Option<Reservation>> {
    let directory = dirs.runtime.join("names");
    dirs::private(&dirs.runtime, env.identity.uid)?;
    dirs::private(&directory, env.identity.uid)?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(directory.join(short(name)))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Reservation { file })),
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}

/// A file name for any container name: those may be longer than the 255 bytes of a file name.
fn short(name: &ContainerName) -> String {
    let text = name.as_str();
    text[text.len().saturating_sub(200)..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_reserved_once() {
        let dir = tempfile::tempdir().unwrap();
        let env = Env::capture();
        let dirs = Dirs {
            config: dir.path().join("c"),
            state: dir.path().join("s"),
            runtime: dir.path().join("r"),
        };
        let name: ContainerName = "ab".parse().unwrap();
        let first = reserve(&dirs, &env, &name).unwrap();
        assert!(first.is_some());
        assert!(reserve(&dirs, &env, &name).unwrap().is_none());
        assert!(reserve(&dirs, &env, &name.numbered(2)).unwrap().is_some());
        drop(first);
        // A program that another test starts at this moment has the file, too, until its exec.
        let free = |_| {
            std::thread::yield_now();
            reserve(&dirs, &env, &name).unwrap().is_some()
        };
        assert!((0..1_000_000).any(free));
        let long: ContainerName = "a".repeat(300).parse().unwrap();
        assert!(reserve(&dirs, &env, &long).unwrap().is_some());
    }
}
